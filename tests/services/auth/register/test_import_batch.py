"""Batches of an import on real databases."""

from typing import Any

import pytest

from services.auth.accounts import persons, projection, queries
from services.auth.accounts.persons import Person
from services.auth.register import import_batch
from services.auth.sign_in import credentials
from services.auth.tables import ACCOUNTS, MEMBERS
from shared.contract.auth import answers, commands
from shared.contract.passport import Passport
from shared.contract.refusals import Reason, Refused
from shared.contract.values import LicenceField
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.event_store.log import EventLog
from tests.services.auth.samples import ADMIN, NOON, OTHER, ROW, import_of
from tests.support.waiting import behind

pytestmark = pytest.mark.usefixtures("replays")


def put(records: Records, *rows: dict[str, str], caller: Passport = ADMIN, **more: Any) -> answers.ImportReport:
    return import_batch.import_members(records, import_of(*rows, **more), caller)


def outcomes(report: answers.ImportReport) -> list[str]:
    return [row.outcome for row in report.rows]


def event_types(records: Records) -> list[str]:
    with records.read() as connection:
        return [one.type for one in records.own_log().read(connection, 0, 100)]


def card(records: Records, member: str) -> answers.MemberCard:
    with records.read() as connection:
        return queries.member_card(connection, member, has_own_password=False)


def test_a_batch_is_enrolled_and_shown(records: Records) -> None:
    report = put(records, ROW, OTHER, first_row=7)
    assert [(row.row, row.outcome) for row in report.rows] == [(7, "enrolled"), (8, "enrolled")]
    shown = card(records, "012345")
    assert (shown.first_name, shown.last_name, shown.national_code_masked) == ("آرمين", "سنگ‌تراش", "********53")
    assert shown.licence.fields == (LicenceField.EXTRACTION, LicenceField.EXPLORATION)
    assert (shown.province, shown.paid_through) == ("isfahan", 1404)


def test_names_and_codes_stay_out_of_the_log(records: Records) -> None:
    put(records, ROW)
    with records.read() as connection:
        (recorded,) = records.own_log().read(connection, 0, 100)
    text = recorded.data + recorded.metadata.model_dump_json()
    assert not [secret for secret in ("0019378653", "19378653", "آرمين", "سنگ‌تراش") if secret in text]
    assert (recorded.stream, recorded.metadata.actor) == ("member/012345", "officer:admin")


def test_an_unchanged_entry_is_not_recorded_again(records: Records) -> None:
    put(records, ROW, OTHER)
    assert outcomes(put(records, ROW, OTHER | {"paid_through": "1405"})) == ["unchanged", "changed"]
    assert event_types(records) == ["MemberEnrolled", "MemberEnrolled", "MembershipChanged"]


def test_a_corrected_name_is_a_change_without_an_event(records: Records) -> None:
    put(records, ROW)
    assert outcomes(put(records, ROW | {"last_name": "کوهکن"})) == ["changed"]
    assert card(records, "012345").last_name == "کوهکن"
    assert event_types(records) == ["MemberEnrolled"]


def test_wrong_rows_are_reported_and_the_others_recorded(records: Records) -> None:
    report = put(records, ROW | {"province": "atlantis"}, OTHER)
    assert outcomes(report) == ["wrong", "enrolled"]
    assert report.rows[0].errors == {"province": "enum"}
    assert event_types(records) == ["MemberEnrolled"]


@pytest.mark.parametrize(
    ("year", "outcome"), [("۱۴۰۵", "enrolled"), ("1406", "enrolled"), ("1407", "wrong"), ("1440", "wrong")]
)
def test_no_year_after_the_next_one_is_paid(records: Records, year: str, outcome: str) -> None:
    report = put(records, ROW | {"paid_through": year})
    assert outcomes(report) == [outcome]
    assert report.rows[0].errors == ({"paid_through": "year_ahead"} if outcome == "wrong" else {})


def test_a_dry_run_reports_the_same_and_records_nothing(records: Records) -> None:
    put(records, ROW)
    rows = (ROW, ROW | {"membership_no": "777"}, OTHER, {**OTHER, "membership_no": "9"})
    dry = put(records, *rows, dry_run=True)
    assert event_types(records) == ["MemberEnrolled"]
    assert dry == put(records, *rows)
    assert outcomes(dry) == ["unchanged", "wrong", "enrolled", "wrong"]
    assert outcomes(put(records, ROW | {"last_name": "کوهکن"}, dry_run=True)) == ["changed"]


def test_a_national_code_belongs_to_one_member(records: Records) -> None:
    same_code = OTHER | {"national_code": ROW["national_code"]}
    within = put(records, ROW, same_code)
    against = put(records, same_code)
    assert within.rows[1].errors == {"national_code": "national_code_twice"}
    assert (against.rows[0].errors, against.rows[0].held_by) == ({"national_code": "national_code_taken"}, "012345")


def test_a_member_stands_once_in_a_batch(records: Records) -> None:
    report = put(records, ROW, OTHER | {"membership_no": ROW["membership_no"]})
    assert report.rows[1].errors == {"membership_no": "member_twice"}


def test_an_admin_puts_only_members_of_own_provinces_on_record(records: Records) -> None:
    here = ADMIN.model_copy(update={"provinces": frozenset({"isfahan"})})
    put(records, OTHER | {"province": "fars"})
    report = put(records, ROW | {"province": "fars"}, OTHER | {"province": "isfahan"}, ROW, caller=here)
    assert outcomes(report) == ["wrong", "wrong", "enrolled"]
    assert report.rows[0].errors == report.rows[1].errors == {"province": "not_your_province"}


def test_the_same_command_again_answers_alike_and_overwrites_nothing(records: Records) -> None:
    put(records, ROW)
    command = import_of(ROW | {"first_name": "آذر", "national_code": "1281860913"}, OTHER | {"province": "atlantis"})
    first = import_batch.import_members(records, command, ADMIN)
    assert [change.column for change in first.rows[0].changes] == ["national_code", "first_name"]
    put(records, ROW | {"last_name": "کوهکن", "national_code": "1296281949"})
    assert import_batch.import_members(records, command, ADMIN) == first
    with records.read() as connection:
        kept = persons.find(connection, "member:012345")
    assert kept is not None
    assert (kept.last_name, kept.national_code) == ("کوهکن", "1296281949")
    assert event_types(records) == ["MemberEnrolled"]


def test_a_corrected_code_replaces_the_hash_of_the_wrong_one_but_no_own_password(records: Records) -> None:
    put(records, ROW, OTHER)
    records.write(lambda connection: credentials.save_hash(connection, "member:012345", "hash", NOON, is_own=False))
    records.write(lambda connection: credentials.save_hash(connection, "member:012346", "hash", NOON, is_own=True))
    put(records, ROW | {"national_code": "1281860913"}, OTHER | {"national_code": "1296281949"})
    with records.read() as connection:
        assert credentials.find(connection, "member:012345").password_hash is None
        assert credentials.find(connection, "member:012346").password_hash == "hash"


def test_the_register_can_be_read_back_from_the_events_alone(records: Records) -> None:
    put(records, ROW, OTHER)
    put(records, OTHER | {"paid_through": "1405"})
    with records.read() as connection:
        before = connection.execute(MEMBERS.select().order_by(MEMBERS.c.member)).all()
        log = records.own_log().read(connection, 0, 100)

    def again(connection: Any) -> Any:
        connection.execute(MEMBERS.delete())
        for one in log:
            projection.project(connection, one)
        return connection.execute(MEMBERS.select().order_by(MEMBERS.c.member)).all()

    assert records.write(again) == before


def test_a_full_batch_hashes_nothing(records: Records) -> None:
    rows = [{**ROW, "membership_no": f"{no}", "national_code": code_of(no)} for no in range(1000, 1200)]
    assert outcomes(put(records, *rows)) == ["enrolled"] * commands.IMPORT_BATCH_MAX
    with records.read() as connection:
        assert not connection.execute(ACCOUNTS.select()).all()


def code_of(number: int) -> str:
    stem = f"127{number:06}"
    remainder = sum(int(digit) * (10 - place) for place, digit in enumerate(stem)) % 11
    return f"{stem}{remainder if remainder < 2 else 11 - remainder}"


def test_another_batch_under_the_id_of_a_recorded_one_is_refused(records: Records) -> None:
    command = import_of(ROW)
    import_batch.import_members(records, command, ADMIN)
    with pytest.raises(Refused) as refusal:
        import_batch.import_members(records, command.model_copy(update={"rows": (OTHER,)}), ADMIN)
    assert refusal.value.reason is Reason.CONFLICT
    assert event_types(records) == ["MemberEnrolled"]


def test_two_imports_at_once_give_a_national_code_to_one_member(postgres_url: str) -> None:
    first, second = (Records(Database(postgres_url), EventLog("auth", projection.project)) for _ in range(2))
    put(first, ROW)
    holder = Person("نگار", "سنگ‌تراش", OTHER["national_code"])
    with behind(
        first.database,
        lambda connection: persons.save(connection, "member:012999", holder),
        lambda: put(second, ROW | {"national_code": OTHER["national_code"]}),
    ) as outcome:
        report = outcome.result()
    assert (report.rows[0].errors, report.rows[0].held_by) == ({"national_code": "national_code_taken"}, "012999")
