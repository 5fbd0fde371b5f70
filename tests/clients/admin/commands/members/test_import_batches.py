"""Imports with auth's own judgement behind the command line: a dry run tells what applying does, and codes change hands."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.auth.accounts import projection
from services.auth.register import entries, import_batch, undo_import
from services.auth.sign_in import credentials
from services.auth.tables import TABLES
from shared.contract.auth import commands
from shared.contract.base import Command
from shared.event_store import log
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.event_store.log import EventLog
from tests.clients.admin.fake_server import Tamdid
from tests.services.auth.samples import ADMIN, NOON

HEADER = "membership_no,national_code,first_name,last_name,province,member_class,licence_fields,licence_expires_on,paid_through"
FILLING = 200
"""Members between two rows, so that these come in different batches."""


def code_of(number: int) -> str:
    stem = f"127{number:06}"
    remainder = sum(int(digit) * (10 - place) for place, digit in enumerate(stem)) % 11
    return f"{stem}{remainder if remainder < 2 else 11 - remainder}"


def row(member: int, code: int, paid_through: str = "1404") -> str:
    return f"{member:06},{code_of(code)},رأفت,کوه‌نورد,isfahan,unlicensed,,,{paid_through}"


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    database = Database(f"sqlite:///{tmp_path}/auth.db")
    database.create_tables(log.TABLES, *TABLES)
    yield Records(database, EventLog("auth", projection.project))
    database.close()


@pytest.fixture
def tamdid(maryam: Tamdid, records: Records) -> Tamdid:
    """The command line, with auth's own import and undo behind it."""

    def stamped(command: Command[Any]) -> Any:
        return command.model_copy(update={"at": NOON, "actor": ADMIN.actor})

    maryam.server.replies["auth.import_members"] = lambda call: import_batch.import_members(
        records, stamped(call), ADMIN
    )
    maryam.server.replies["auth.undo_import"] = lambda call: undo_import.undo(records, stamped(call), ADMIN)
    return maryam


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., str]:
    def write(*lines: str) -> str:
        path = tmp_path / "register.csv"
        path.write_text("\n".join((HEADER, *lines)), encoding="utf-8")
        return str(path)

    return write


def codes(records: Records, *members: int) -> list[str]:
    with records.read() as connection:
        register = [entries.find(connection, f"{member:06}") for member in members]
    return [entry.national_code if entry else "" for entry in register]


def counts_of(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in {"dry_run", "import_id"}}


def test_codes_that_change_hands_far_apart_in_the_file_are_corrected(
    tamdid: Tamdid, records: Records, written: Callable[..., str]
) -> None:
    others = [row(number, number) for number in range(1000, 1000 + FILLING)]
    tamdid.json("members", "import", written(row(1, 1), row(2, 2), row(3, 3), *others), "--apply")
    corrected = written(row(1, 2), *others, row(2, 3), *(row(n, n) for n in range(2000, 2000 + FILLING)), row(3, 1))
    dry = tamdid.json("members", "import", corrected)
    assert codes(records, 1, 2, 3) == [code_of(1), code_of(2), code_of(3)]
    done = tamdid.json("members", "import", corrected, "--apply")
    assert counts_of(dry) == counts_of(done)
    assert (done["changed"], done["enrolled"], done["unchanged"], done["wrong_rows"]) == (3, FILLING, FILLING, 0)
    assert codes(records, 1, 2, 3) == [code_of(2), code_of(3), code_of(1)]


def test_a_code_whose_holder_leaves_it_in_a_later_batch_is_free_in_a_dry_run_too(
    tamdid: Tamdid, records: Records, written: Callable[..., str]
) -> None:
    tamdid.json("members", "import", written(row(1, 1)), "--apply")
    file = written(row(9, 1), *(row(n, n) for n in range(1000, 1000 + FILLING)), row(1, 5))
    dry = tamdid.json("members", "import", file)
    assert (dry["enrolled"], dry["changed"], dry["wrong_rows"]) == (FILLING + 1, 1, 0)
    assert counts_of(tamdid.json("members", "import", file, "--apply")) == counts_of(dry)
    assert codes(records, 9, 1) == [code_of(1), code_of(5)]


def test_a_code_of_somebody_whom_the_file_does_not_correct_stays_theirs(
    tamdid: Tamdid, records: Records, written: Callable[..., str]
) -> None:
    tamdid.json("members", "import", written(row(1, 1), row(2, 2)), "--apply")
    file = written(row(3, 1), row(4, 2), row(2, 5, "04"))
    dry = tamdid.json("members", "import", file, exit_code=1)
    assert counts_of(tamdid.json("members", "import", file, "--apply", exit_code=1)) == counts_of(dry)
    assert [(one["row"], one["code"]) for one in dry["wrong"]] == [
        (2, "national_code_taken"), (3, "national_code_taken"), (4, "year_wrong"),
    ]  # fmt: skip


def test_more_codes_than_a_command_takes_do_not_change_hands_at_once(
    tamdid: Tamdid, records: Records, written: Callable[..., str]
) -> None:
    ring = range(1, commands.IMPORT_BATCH_MAX + 2)
    tamdid.json("members", "import", written(*(row(n, n) for n in ring)), "--apply")
    file = written(*(row(n, n % len(ring) + 1) for n in ring))
    document = tamdid.json("members", "import", file, "--apply", exit_code=1)
    assert document["wrong_rows"] == document["done"] == len(ring)
    assert codes(records, 1) == [code_of(1)]


def test_a_dry_run_shows_each_field_as_it_was_and_as_it_will_be(tamdid: Tamdid, written: Callable[..., str]) -> None:
    tamdid.json("members", "import", written(row(1, 1)), "--apply")
    result = tamdid("members", "import", written(row(1, 1, "۱۴۰۵").replace("رأفت", "رحمت")))
    for text in ("first_name", "رأفت", "رحمت", "paid_through", "1404", "1405", "changed: 1"):
        assert text in result.stdout


def test_the_report_of_an_import_is_kept_as_a_file(tamdid: Tamdid, written: Callable[..., str], tmp_path: Path) -> None:
    tamdid.json("members", "import", written(row(1, 1), row(2, 2)), "--apply")
    file = written(row(1, 1, "1405"), row(2, 2), row(3, 3, "04"))
    done = tamdid.json("members", "import", file, "--apply", exit_code=1)
    path = tmp_path / f"register.{done['import_id']}.csv"
    assert path.stat().st_mode & 0o077 == 0
    with path.open(encoding="utf-8-sig", newline="") as opened:
        lines = [list(line.values())[:6] for line in csv.DictReader(opened)]
    assert lines == [
        ["2", "000001", "changed", "paid_through", "1404", "1405"],
        ["3", "000002", "unchanged", "", "", ""],
        ["4", "000003", "wrong", "paid_through", "", ""],
    ]
    assert not list(tmp_path.glob("dry*"))
    tamdid.json("members", "import", file, "--recap", str(tmp_path / "dry.csv"), exit_code=1)
    assert (tmp_path / "dry.csv").exists()


def test_an_import_is_undone_by_its_id(tamdid: Tamdid, records: Records, written: Callable[..., str]) -> None:
    tamdid.json("members", "import", written(row(1, 1), row(2, 2)), "--apply")
    done = tamdid.json("members", "import", written(row(1, 2), row(2, 1), row(3, 3)), "--apply")
    result = tamdid("members", "undo-import", done["import_id"])
    assert "Undone: 2 members as they were before, 1 new ones removed from the register." in result.stdout
    assert codes(records, 1, 2, 3) == [code_of(1), code_of(2), ""]


def test_an_import_that_something_has_followed_is_not_undone(
    tamdid: Tamdid, records: Records, written: Callable[..., str]
) -> None:
    done = tamdid.json("members", "import", written(row(1, 1)), "--apply")
    records.write(lambda connection: credentials.save_hash(connection, "member:000001", "hash", NOON, is_own=False))
    result = tamdid("members", "undo-import", done["import_id"])
    assert result.exit_code == 1
    assert "000001: This member has signed in since." in result.stderr
    assert tamdid("members", "undo-import", str(UUID(int=7))).exit_code == 1
