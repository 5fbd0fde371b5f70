"""`--csv` and `--xlsx`: the whole list in a file, with numbers as numbers, and nothing half-written."""

import csv
import stat
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import typer.main

from clients.admin import main
from shared.contract.auth.answers import MemberNames
from shared.contract.payment import queries as payment_queries
from shared.contract.payment.answers import Payments
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import answers, queries
from tests.clients.admin.examples import MEMBER, SETTLED, SUBMITTED
from tests.clients.admin.fake_server import Tamdid

LISTS = {
    *(
        "calendar list",
        "capacity explain",
        "capacity over-use",
        "capacity overview",
        "desk list",
        "desk mines",
        "desk timeline",
    ),
    "desk colleagues",
    *("members erasures", "members search", "officers list", "officers requests", "parked list", "payments account"),
    *("payments day", "payments list", "payments tasks", "policy acts", "policy requests", "projections list"),
    *("notices cost", "notices list", "notices undelivered", "reads", "retention", "statement list", "subscriptions"),
    *("programs list", "programs requests"),
    *("webhooks deliveries", "webhooks list"),
}
ROWS = 450


def commands(group: Any, before: tuple[str, ...] = ()) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, one in group.commands.items():
        path = (*before, name)
        found |= commands(one, path) if hasattr(one, "commands") else {" ".join(path): one}
    return found


def rows_of(file: Path) -> list[list[str]]:
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    with file.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.reader(text))


@pytest.fixture
def desk(maryam: Tamdid) -> Tamdid:
    """A desk of many, whose rows come page by page."""
    renewals = tuple(SUBMITTED.model_copy(update={"member": f"{n:07}"}) for n in range(ROWS))

    def page(query: Any) -> answers.Desk:
        return answers.Desk(renewals=renewals[query.offset : query.offset + query.limit], total=ROWS, overdue=0)

    maryam.server.replies["renewal.list_desk"] = page
    maryam.server.replies["auth.get_member_names"] = lambda query: MemberNames(
        names=dict.fromkeys(query.members, "=زهرا صفوی‌نیا")
    )
    return maryam


def test_every_list_has_both_kinds_beside_json() -> None:
    with_files = set()
    for name, one in commands(typer.main.get_command(main.app)).items():
        if name == "serve":  # starts the programs, and answers nothing
            continue
        options = {option for parameter in one.params for option in parameter.opts}
        assert "--json" in options, name
        assert ("--csv" in options) == ("--xlsx" in options), name
        with_files |= {name} if "--csv" in options else set()
    assert with_files == LISTS


def test_the_whole_list_is_in_the_file_and_not_the_first_page(desk: Tamdid, tmp_path: Path) -> None:
    file = tmp_path / "desk.csv"
    result = desk("desk", "list", "--csv", str(file))
    assert result.exit_code == 0, result.output
    rows = rows_of(file)
    assert [row[0] for row in rows[1:]] == [f"{n:07}" for n in range(ROWS)]
    assert [(one.limit, one.offset) for one in desk.server.sent(queries.ListDesk)] == [(200, 0), (200, 200), (200, 400)]
    assert f"450 rows in {file}" in result.stderr
    assert list(tmp_path.glob("*.part")) == []
    assert stat.filemode(file.stat().st_mode) == "-rw-------"


def test_a_limit_that_is_named_counts(desk: Tamdid, tmp_path: Path) -> None:
    file = tmp_path / "desk.csv"
    assert desk("desk", "list", "--limit", "3", "--offset", "1", "--csv", str(file)).exit_code == 0
    assert [row[0] for row in rows_of(file)[1:]] == ["0000001", "0000002", "0000003"]


def test_a_workbook_has_numbers_codes_and_names_without_formulas(desk: Tamdid, tmp_path: Path) -> None:
    file = tmp_path / "desk.xlsx"
    assert desk("--language", "fa", "desk", "list", "--limit", "1", "--xlsx", str(file)).exit_code == 0
    sheet = openpyxl.load_workbook(file).active
    assert sheet is not None
    first, name, _, year = (cell.value for cell in sheet[2][:4])
    assert (first, name, year) == ("0000000", "'=زهرا صفوی‌نیا", 1405)
    assert sheet.sheet_view.rightToLeft


def test_amounts_are_numbers(maryam: Tamdid, tmp_path: Path) -> None:
    maryam.server.replies["payment.list_payments"] = Payments(invoices=(SETTLED,), total=1)
    maryam.server.replies["auth.get_member_names"] = MemberNames(names={MEMBER: "x"})
    file = tmp_path / "payments.csv"
    assert maryam("payments", "list", "--csv", str(file)).exit_code == 0
    assert str(SETTLED.amount_rials) in rows_of(file)[1]
    assert maryam.server.sent(payment_queries.ListPayments)


def test_one_kind_at_a_time(desk: Tamdid, tmp_path: Path) -> None:
    for others in (["--json"], ["--xlsx", str(tmp_path / "x.xlsx")]):
        assert desk("desk", "list", "--csv", str(tmp_path / "x.csv"), *others).exit_code == 2
    assert list(tmp_path.iterdir()) == [tmp_path / "state"]


def test_a_refused_list_leaves_the_file_of_before(desk: Tamdid, tmp_path: Path) -> None:
    file = tmp_path / "desk.csv"
    file.write_text("before", encoding="utf-8")
    desk.server.replies["renewal.list_desk"] = Refused(Reason.NOT_ALLOWED)
    assert desk("desk", "list", "--csv", str(file)).exit_code == 1
    assert file.read_text(encoding="utf-8") == "before"


def test_a_folder_that_is_not_there_is_wrong_usage(desk: Tamdid, tmp_path: Path) -> None:
    for path in (str(tmp_path / "nowhere" / "desk.csv"), ".", "", "/"):
        result = desk("desk", "list", "--csv", path)
        assert result.exit_code == 2, path
        assert "--csv" in result.stderr
