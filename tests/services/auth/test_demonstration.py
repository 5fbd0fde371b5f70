"""The demonstration's register and officers are such that auth takes them whole, and that every case can be tried."""

import csv
from datetime import date
from pathlib import Path

import pytest

from deploy import demonstration
from services.auth.accounts import queries
from services.auth.officers import appointments
from services.auth.register import import_batch, import_file
from services.auth.sign_in import credentials
from services.auth.sign_in.credentials import Passwords
from shared.contract.auth import commands
from shared.contract.values import LicenceField, MemberClass
from shared.event_store.command_handler import Records
from shared.text import persian
from tests.services.auth.samples import ADMIN, NOON, appoint, stamps

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


@pytest.mark.parametrize("later", [0, 1, 9])
def test_in_a_later_year_the_register_says_the_same_of_that_year(later: int) -> None:
    year = demonstration.REGISTER_YEAR
    before, after = ([import_file.parse(row) for row in demonstration.register(of)] for of in (year, year + later))
    assert [one.paid_through for one in after] == [one.paid_through and one.paid_through + later for one in before]
    ends = [(one.licence.expires_on, other.licence.expires_on) for one, other in zip(before, after, strict=True)]
    assert [end and persian.jalali_year_of(end) for _, end in ends] == [
        end and persian.jalali_year_of(end) + later for end, _ in ends
    ]


def test_the_demonstrations_officers_can_be_appointed_and_sign_in(records: Records, passwords: Passwords) -> None:
    """As `deploy/demonstration` does: the first admin appoints the second, who requests all others."""
    appointments.appoint_first(records, passwords, demonstration.admin_password(), NOON)
    for row in sorted(rows("officers.csv"), key=lambda row: row["officer"] != demonstration.SECOND_ADMIN):
        roles, provinces = row["roles"].split(), row["provinces"].split()
        command = commands.AppointOfficer(**{**stamps(), **row, "roles": roles, "provinces": provinces})
        if row["officer"] == demonstration.SECOND_ADMIN:
            appointments.appoint(records, passwords, command, ADMIN)
        elif row["officer"] != "admin":
            appoint(records, passwords, command)
    for row in rows("officers.csv"):
        with records.read() as connection:
            passport = queries.passport_of(connection, f"officer:{row['officer']}")
            kept = credentials.find(connection, f"officer:{row['officer']}")
        assert passport is not None
        assert passport.roles == set(row["roles"].split())
        assert credentials.verify(passwords, kept, row["password"])
