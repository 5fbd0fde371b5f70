"""The demonstration's register and officers are such that auth takes them whole, and that every case can be tried."""

import csv
from datetime import date
from pathlib import Path

import pytest

from services.auth.accounts import queries
from services.auth.officers import appointments
from services.auth.register import import_batch, import_file
from services.auth.sign_in import credentials
from services.auth.sign_in.credentials import Passwords
from shared.contract.auth import commands
from shared.contract.values import LicenceField, MemberClass, Role
from shared.event_store.command_handler import Records
from tests.services.auth.samples import ADMIN, NOON, stamps

FOLDER = Path(__file__).parents[3] / "deploy" / "demonstration"


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_demonstrations_register_is_enrolled_whole(records: Records) -> None:
    command = commands.ImportMembers(**{**stamps(), "rows": rows("register.csv")})
    report = import_batch.import_members(records, command, ADMIN)
    assert [row.outcome for row in report.rows] == ["enrolled"] * 14


def test_the_demonstrations_register_has_every_case() -> None:
    entries = [import_file.parse(row) for row in rows("register.csv")]
    here = [entry for entry in entries if entry.province == "isfahan"]
    assert (len(here), len(entries) - len(here)) == (12, 2)
    assert {entry.licence.member_class for entry in here} == set(MemberClass)
    assert {field for entry in here for field in entry.licence.fields} == set(LicenceField)
    assert sum(entry.national_code.startswith("00") for entry in entries) == 2
    expired = [entry for entry in entries if entry.licence.expires_on and entry.licence.expires_on < date(2025, 1, 1)]
    assert len(expired) == 1
    assert {entry.paid_through for entry in entries} >= {None, 1402, 1404}


@pytest.mark.parametrize("row", rows("officers.csv"), ids=lambda row: row["officer"])
def test_the_demonstrations_officers_can_be_appointed_and_sign_in(
    records: Records, passwords: Passwords, row: dict[str, str]
) -> None:
    expected_fields = row | {"roles": row["roles"].split(), "provinces": row["provinces"].split()}
    appointments.appoint_first(records, passwords, "the first password", NOON)
    with records.read() as connection:
        first = queries.passport_of(connection, "officer:admin")
    assert first is not None
    appointments.appoint(records, passwords, commands.AppointOfficer(**{**stamps(), **expected_fields}), first)
    with records.read() as connection:
        passport = queries.passport_of(connection, f"officer:{row['officer']}")
        kept = credentials.find(connection, f"officer:{row['officer']}")
    assert passport is not None
    assert passport.roles <= set(Role)
    assert credentials.verify(passwords, kept, row["password"])
