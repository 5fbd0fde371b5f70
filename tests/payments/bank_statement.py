"""The sandbox bank's statement of a member's payments, handed over and counted by an officer of finance."""

import csv
import hashlib
import io
from datetime import datetime
from typing import Any

from clients.admin.transport.http import HttpServer
from shared.contract.payment import commands
from shared.contract.refusals import Reason, Refused
from shared.contract.values import StatementLine
from tests.support.member import Member, Visit
from tests.support.system import fresh


def row(member: Member, visit: Visit) -> dict[str, str]:
    """The row of a session in the bank's own statement."""
    text = member.cluster.bank.get("/sandbox/statement.csv").content.decode("utf-8-sig")
    return next(one for one in csv.DictReader(io.StringIO(text)) if one["authority"] == visit.authority)


def line(member: Member, visit: Visit, **more: Any) -> StatementLine:
    """That row as it is handed over."""
    found = row(member, visit)
    return StatementLine(
        authority=visit.authority,
        amount_rials=int(found["amount_rial"]),
        bank_reference=found["ref_id"],
        status=found["status"].lower(),
        paid_at=datetime.fromisoformat(found["paid_at_iso"]),
        **more,
    )


def digest_of(lines: list[StatementLine]) -> str:
    return hashlib.sha256("".join(one.model_dump_json() for one in lines).encode()).hexdigest()


def hand_over(officer: HttpServer, lines: list[StatementLine], wrong_by: int = 0, **more: Any) -> str:
    """Hand a statement over, all but the last word; what it is known by."""
    digest = digest_of(lines)
    total = sum(one.amount_rials for one in lines if one.status != "reversed") + wrong_by
    officer.call(commands.OpenStatement(**fresh(), **more, statement=digest, lines=len(lines), total_rials=total))
    officer.call(commands.AddStatementLines(**fresh(), statement=digest, first_line=1, lines=tuple(lines)))
    return digest


def counting(member: Member, lines: list[StatementLine], wrong_by: int = 0) -> Reason | None:
    """Hand a statement over and have it counted; why it is not."""
    finance = member.cluster.finance
    try:
        finance.call(commands.CountStatement(**fresh(), statement=hand_over(finance, lines, wrong_by)))
    except Refused as refused:
        return refused.reason
    return None


def count(member: Member, lines: list[StatementLine]) -> None:
    assert counting(member, lines) is None
