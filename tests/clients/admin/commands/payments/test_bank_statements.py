from datetime import date
from pathlib import Path
from typing import Any

import pytest

from shared.contract.payment import answers, commands, finance_answers
from shared.contract.refusals import Reason, Refused
from tests.clients.admin.fake_server import Tamdid

HEADER = "paid_at_iso,authority,amount_rial,ref_id,status"
PAID = "2026-10-07T11:00:00+00:00,S01,9000000,201,VERIFIED"


def counted(call: Any) -> finance_answers.Statement:
    return finance_answers.Statement(statement=call.statement, status="counted", lines=1, lines_here=1, total_rials=1)


@pytest.fixture
def bank(maryam: Tamdid) -> Tamdid:
    maryam.server.replies = {
        "payment.get_bank_health": answers.BankHealth(bank="zarinpal", is_up=True),
        **dict.fromkeys((f"payment.{word}" for word in ("open_statement", "add_statement_lines")), counted),
        "payment.count_statement": counted,
    }
    return maryam


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return written(tmp_path, HEADER, PAID)


def written(folder: Path, *lines: str) -> Path:
    path = folder / "bank.csv"
    path.write_text("\n".join(lines), encoding="utf-8-sig")
    return path


def test_without_apply_nothing_is_handed_over(bank: Tamdid, file: Path) -> None:
    result = bank("statement", "import", str(file))
    assert result.exit_code == 0, result.output
    assert "1405/07/15" in result.stdout
    assert "1 lines, 9,000,000 rials" in result.stdout
    assert "A dry run" in result.stderr
    assert bank.server.messages == []


def test_with_apply_the_file_goes_in_batches_and_counts(bank: Tamdid, tmp_path: Path) -> None:
    lines = [f"1405/07/15 10:00,S{number:03},10000,,paid" for number in range(450)]
    document = bank.json("statement", "import", str(written(tmp_path, HEADER, *lines)), "--apply", "--total", "4500000")
    assert (document["dry_run"], document["lines"], document["total_rials"]) == (False, 450, 4_500_000)
    [opened] = bank.server.sent(commands.OpenStatement)
    assert (opened.lines, opened.total_rials, opened.bank, opened.statement) == (
        450,
        4_500_000,
        "zarinpal",
        document["statement"],
    )
    assert [call.first_line for call in bank.server.sent(commands.AddStatementLines)] == [1, 201, 401]
    assert len(bank.server.sent(commands.CountStatement)) == 1


def test_a_wrong_file_is_refused_whole_with_its_rows(bank: Tamdid, tmp_path: Path) -> None:
    path = str(written(tmp_path, HEADER, PAID, "x,S02,9.5,,LOST"))
    result = bank("statement", "import", path, "--apply")
    assert result.exit_code == 1
    assert "The time of the payment can't be read." in result.stdout
    assert "3 faults: the file is refused" in result.stderr
    assert {fault["row"] for fault in bank.json("statement", "import", path, exit_code=1)["faults"]} == {3}
    assert bank.server.messages == []


def test_a_wrong_total_is_refused(bank: Tamdid, file: Path) -> None:
    result = bank("statement", "import", str(file), "--total", "۹۰۰۰۰۰۱", "--apply")
    assert result.exit_code == 1
    assert "do not add up" in result.stdout
    assert bank.server.messages == []


def test_columns_are_named_by_field(bank: Tamdid, tmp_path: Path) -> None:
    path = str(written(tmp_path, "time,key,amount", "1405/07/15 14:30,S01,9000000"))
    assert bank("statement", "import", path).exit_code == 1
    assert bank("statement", "import", path, "--column", "paid_at=time", "--column", "authority=key").exit_code == 0
    assert bank("statement", "import", path, "--column", "when=time").exit_code == 2


def test_a_file_that_counts_already_is_said_to(bank: Tamdid, file: Path) -> None:
    bank.server.replies["payment.open_statement"] = Refused(Reason.STATEMENT_COUNTED)
    result = bank("statement", "import", str(file), "--apply")
    assert result.exit_code == 1
    assert "This file is counted already." in result.stderr


def test_a_file_that_is_not_there_is_wrong_usage(bank: Tamdid, tmp_path: Path) -> None:
    assert bank("statement", "import", str(tmp_path / "none.csv")).exit_code == 2


DIFFERENCE = finance_answers.StatementDifference(
    same=2,
    added=0,
    changed=1,
    given_back=0,
    gone=0,
    before_rials=900_000,
    after_rials=9_000_000,
    changes=(
        finance_answers.StatementChange(
            kind="changed",
            authority="S01",
            before_rials=900_000,
            after_rials=9_000_000,
            before_on=date(2026, 10, 7),
            after_on=date(2026, 10, 7),
        ),
    ),
    reopens=(date(2026, 10, 7),),
)


def waiting(call: Any) -> finance_answers.Statement:
    """A correction that a colleague brought."""
    about = {"statement": getattr(call, "statement", "b" * 64), "lines": 1, "lines_here": 1, "total_rials": 9_000_000}
    return finance_answers.Statement.model_validate(
        {**about, "status": "open", "is_correction": True, "difference": DIFFERENCE}
    )


def test_a_correction_is_shown_and_not_counted_by_whoever_brings_it(bank: Tamdid, file: Path) -> None:
    counted_already = counted(waiting(None)).model_copy(update={"statement": "a" * 64})
    bank.server.replies |= {
        "payment.list_statements": finance_answers.Statements(statements=(counted_already,), total=1),
        "payment.add_statement_lines": waiting,
    }
    result = bank("statement", "import", str(file), "--apply", "--corrects", "aaaaaa")
    assert result.exit_code == 0, result.output
    assert [call.corrects for call in bank.server.sent(commands.OpenStatement)] == ["a" * 64]
    assert bank.server.sent(commands.CountStatement) == []
    for text in ("changed", "900,000 rials -> 9,000,000 rials", "1405/07/15 is opened again"):
        assert text in result.stdout
    assert "a colleague has to count it" in result.stderr


def test_a_colleague_lists_shows_and_counts_it_by_the_beginning_of_its_digest(bank: Tamdid) -> None:
    bank.server.replies |= {
        "payment.list_statements": finance_answers.Statements(statements=(waiting(None),), total=1),
        "payment.get_statement": waiting,
    }
    assert "correction, waits for a colleague" in bank("statement", "list").stdout
    assert "2 payments count already" in bank("statement", "show", "bbbbbb").stdout
    assert bank.json("statement", "show", "bbbbbb")["difference"]["changed"] == 1
    assert bank("statement", "count", "BBBBBB").exit_code == 0
    assert [call.statement for call in bank.server.sent(commands.CountStatement)] == ["b" * 64]


def test_a_statement_that_nobody_knows_is_said_so(bank: Tamdid) -> None:
    bank.server.replies["payment.list_statements"] = finance_answers.Statements(statements=(), total=0)
    assert bank("statement", "count", "cccccc").exit_code == 1
    assert bank("statement", "count", "x").exit_code == 2
