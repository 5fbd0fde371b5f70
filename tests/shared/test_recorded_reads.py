"""Reads by officers on real databases: a row for each member and ten minutes, for the member and for auditors of the province."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Column, Connection, MetaData, String, Table, delete, func, insert, select
from sqlalchemy.exc import OperationalError

from shared import recorded_reads
from shared.contract.auth import answers as auth_answers
from shared.contract.auth import queries as auth_queries
from shared.contract.operations import answers, queries
from shared.contract.passport import NOBODY, Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.nameko_extensions import ReadsRpc, rpc
from shared.recorded_reads import READS, window
from tests.support.servers.prepared_databases import Prepare

AT = datetime(2026, 4, 18, 8, 39, 59, tzinfo=UTC)
TEN = timedelta(minutes=10)
OURS, FAR = "0012345", "0077777"
TABLES = MetaData()
READS.to_metadata(TABLES)
MEMBERS = Table("members", TABLES, Column("member", String(12)), Column("province", String(20)))

MODIR = Passport(
    principal_kind=PrincipalKind.OFFICER,
    subject="modir",
    roles=frozenset({Role.MANAGER, Role.FINANCE}),
    provinces=frozenset({"isfahan", "fars"}),
)
HESABDAR = MODIR.model_copy(update={"subject": "hesabdar", "roles": frozenset({Role.FINANCE})})
AUDITOR = MODIR.model_copy(update={"subject": "bazres", "roles": frozenset({Role.AUDITOR}), "provinces": {"isfahan"}})
MEMBER = Passport(principal_kind=PrincipalKind.MEMBER, subject=OURS)


class Names(ReadsRpc):
    """Answers names of members, as auth does."""

    name = "auth"
    members = MEMBERS

    @rpc
    def get_member_names(self, query: auth_queries.GetMemberNames) -> auth_answers.MemberNames:
        return auth_answers.MemberNames(names=dict.fromkeys(query.members, "آرمین سنگ‌تراش"))


def create_tables(of: Database) -> None:
    of.create_tables(TABLES)


@pytest.fixture
def prepare() -> Prepare:
    return create_tables


@pytest.fixture
def service(database_url: str) -> Iterator[Names]:
    database = Database(database_url)
    rows = [{"member": OURS, "province": "isfahan"}, {"member": FAR, "province": "fars"}]
    database.write(lambda connection: connection.execute(insert(MEMBERS), rows))
    made = Names()
    made.records = Records(database, None)
    yield made
    database.close()


def read(service: Names, officer: Passport, *members: str, at: datetime = AT, message: str = "GetMember") -> None:
    found = [(member, 1405) for member in members]
    recorded_reads.record(service.records, officer, message, found, at)


def listed(service: Names, caller: Passport, **which: object) -> answers.Reads:
    service.caller = caller
    query = queries.ListReads.model_validate(which).model_dump(mode="json")
    return answers.Reads.model_validate(service.list_reads(query))


def refusal(service: Names, caller: Passport, **which: object) -> Reason:
    with pytest.raises(Refused) as refused:
        listed(service, caller, **which)
    return refused.value.reason


def count(service: Names) -> int:
    with service.records.read() as connection:
        return connection.execute(select(func.count()).select_from(READS)).scalar_one()


def test_a_member_sees_who_has_read_what_and_when(service: Names) -> None:
    read(service, MODIR, OURS, FAR)
    (seen,) = listed(service, MEMBER, member=OURS).reads
    assert seen == answers.Read(
        member=OURS, year=1405, officer="modir", roles=(Role.FINANCE, Role.MANAGER), message="GetMember",
        at=datetime(2026, 4, 18, 8, 30, tzinfo=UTC),
    )  # fmt: skip


def test_the_same_again_within_ten_minutes_is_one_read(service: Names) -> None:
    for seconds in (0, 0, 30 * 60 + 1):
        read(service, MODIR, OURS, at=AT - timedelta(minutes=9) + timedelta(seconds=seconds))
    read(service, HESABDAR, OURS)
    read(service, MODIR, OURS, message="GetRenewal")
    found = [(one.officer, one.message, one.at.minute) for one in listed(service, MEMBER, member=OURS).reads]
    assert found == [
        ("modir", "GetMember", 0),
        ("hesabdar", "GetMember", 30),
        ("modir", "GetMember", 30),
        ("modir", "GetRenewal", 30),
    ]


def test_a_read_that_is_recorded_already_writes_nothing(service: Names, monkeypatch: pytest.MonkeyPatch) -> None:
    read(service, MODIR, OURS, FAR)
    written: list[object] = []
    write = Database.write

    def counted(self: Database, work: Callable[[Connection], Any]) -> Any:
        written.append(work)
        return write(self, work)

    monkeypatch.setattr(Database, "write", counted)
    read(service, MODIR, OURS)
    read(service, MODIR, FAR, OURS)
    assert written == []
    service.records.write(lambda connection: connection.execute(delete(READS).where(READS.c.member == FAR)).close())
    read(service, MODIR, OURS, FAR)
    assert (len(written), count(service)) == (2, 2)


@pytest.mark.parametrize("instant", [AT, window(AT), AT.replace(minute=0, second=0), AT.replace(microsecond=999_999)])
def test_a_window_begins_at_a_whole_ten_minutes_and_holds_the_instant(instant: datetime) -> None:
    assert window(instant) <= instant < window(instant) + TEN
    assert window(instant).timestamp() % TEN.total_seconds() == 0


def test_nobody_but_the_member_and_auditors_of_the_province_sees_reads(service: Names) -> None:
    read(service, MODIR, OURS, FAR)
    other = Passport(principal_kind=PrincipalKind.MEMBER, subject=FAR)
    everybody_else = [other, MODIR, HESABDAR, Passport(principal_kind=PrincipalKind.PROGRAM, subject="gateway")]
    assert {refusal(service, one, member=OURS) for one in everybody_else} == {Reason.NOT_ALLOWED}
    assert {refusal(service, one, officer="modir") for one in everybody_else} == {Reason.NOT_ALLOWED}
    assert refusal(service, MEMBER, officer="modir") is Reason.NOT_ALLOWED
    assert refusal(service, NOBODY, member=OURS) is Reason.NOT_SIGNED_IN
    assert refusal(service, AUDITOR, member=FAR) is Reason.NOT_ALLOWED
    assert listed(service, AUDITOR, member=OURS).total == 1


def test_an_auditor_lists_what_an_officer_has_read_in_the_served_provinces(service: Names) -> None:
    read(service, MODIR, OURS, FAR)
    read(service, HESABDAR, OURS)
    read(service, MODIR, queries.EVERYBODY, message="ReadEvents")
    found = listed(service, AUDITOR, officer="modir")
    assert [(one.member, one.message) for one in found.reads] == [("", "ReadEvents"), (OURS, "GetMember")]
    assert listed(service, AUDITOR, officer="modir", member=OURS).total == 1
    assert refusal(service, AUDITOR) is Reason.BAD_INPUT


def test_reads_come_by_pages_the_newest_first(service: Names) -> None:
    for hours in range(5):
        read(service, MODIR, OURS, at=AT + timedelta(hours=hours))
    page = listed(service, MEMBER, member=OURS, limit=2, offset=1)
    assert ([one.at.hour for one in page.reads], page.total) == ([11, 10], 5)


def test_an_officers_answer_is_recorded_for_each_member_that_it_shows(service: Names) -> None:
    for caller in (MODIR, MEMBER, Passport(principal_kind=PrincipalKind.PROGRAM, subject="gateway")):
        service.caller = caller
        service.get_member_names({"members": [OURS, FAR]})
    assert count(service) == 2
    assert [one.message for one in listed(service, MEMBER, member=OURS).reads] == ["GetMemberNames"]


def test_what_an_auditor_reads_is_recorded_too(service: Names) -> None:
    read(service, MODIR, OURS)
    listed(service, AUDITOR, member=OURS)
    listed(service, AUDITOR, officer="modir")
    found = [(one.officer, one.message, one.year) for one in listed(service, MEMBER, member=OURS).reads]
    assert sorted(found, key=str) == [
        ("bazres", "ListReads", 1405),
        ("bazres", "ListReads", None),
        ("modir", "GetMember", 1405),
    ]


def test_a_read_that_can_not_be_recorded_is_refused(service: Names, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise OperationalError("disk full", None, OSError())

    monkeypatch.setattr(recorded_reads, "add", fail)
    service.caller = MODIR
    with pytest.raises(Refused) as refused:
        service.get_member_names({"members": [OURS]})
    assert refused.value.reason is Reason.NO_ANSWER
