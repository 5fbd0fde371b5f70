"""What a restored instance does not agree on: with the bank, between its logs, and with its projections; and which of that is before a person."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from clients.bank.sandbox.tables import SESSIONS
from services.payment.accounting.bank_statements import PAID as PAID_WITH_US
from services.payment.tables import ATTEMPTS
from shared.contract.payment.events import InvoiceIssued
from shared.contract.payment.finance_answers import StatementException
from tests.faults.invariants import PAID as PAID_AT_BANK
from tests.faults.invariants import Databases, Logs
from tests.faults.load import Accepted


@dataclass(frozen=True)
class Money:
    """Rials at the bank and with us, and those between them that are a case of finance."""

    at_bank: int
    with_us: int
    in_cases: int
    cases: int
    unexplained: tuple[str, ...]

    @property
    def difference(self) -> int:
        return self.at_bank - self.with_us - self.in_cases


NO_MONEY = Money(0, 0, 0, 0, ())


def money(databases: Databases, exceptions: Iterable[StatementException]) -> Money:
    """Each session at the bank against our attempt; where they differ, the statement's exceptions name it."""
    at_bank = {
        row["authority"]: row["amount_rials"]
        for row in databases.rows("bank", SESSIONS)
        if row["status"] in PAID_AT_BANK
    }
    with_us = {
        row["authority"]: row["amount_rials"]
        for row in databases.rows("payment", ATTEMPTS)
        if row["status"] in PAID_WITH_US
    }
    cases = {one.authority: one.bank_rials - one.our_rials for one in exceptions}
    differing = {
        authority: at_bank.get(authority, 0) - with_us.get(authority, 0)
        for authority in at_bank.keys() | with_us.keys()
        if at_bank.get(authority) != with_us.get(authority)
    }
    unexplained = tuple(
        f"the session {authority} differs by {rials} rials, and is no case"
        for authority, rials in differing.items()
        if cases.get(authority) != rials
    )
    explained = [rials for authority, rials in differing.items() if cases.get(authority) == rials]
    return Money(sum(at_bank.values()), sum(with_us.values()), sum(explained), len(explained), unexplained)


def invoices_without_approval(logs: Logs, cases: Collection[UUID]) -> Iterator[str]:
    """Invoices whose approval renewal has lost, and which are no case."""
    approvals = {one.event_id for one in logs["renewal"]}
    for one in logs["payment"]:
        cause = one.metadata.causation_id
        if one.type == InvoiceIssued.__name__ and cause not in approvals and cause not in cases:
            yield f"{one.stream} has an invoice of an approval that renewal does not have, and it is no case"


def missing(logs: Logs, commands: Iterable[Accepted]) -> list[Accepted]:
    """Answered commands whose event is not in the log."""
    present: Mapping[str, set[UUID]] = {
        source: {one.metadata.causation_id for one in log} for source, log in logs.items()
    }
    return [one for one in commands if one.command not in present[one.service]]
