"""The desk is sorted out by filters and order, and each row says what changed, what is owed, and what to look at."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import update

from services.renewal import subscriptions
from services.renewal.renewals import contacts
from services.renewal.renewals import desk as desk_queries
from services.renewal.renewals.handler import handle
from services.renewal.service import RenewalService
from services.renewal.tables import DECLARATIONS
from shared.contract.auth import events as auth_events
from shared.contract.envelope import Metadata, Recorded
from shared.contract.passport import NOBODY, Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import answers, commands, queries
from shared.contract.values import EmploymentStatus, Licence, LicenceField, MemberClass, Role
from tests.services.renewal import samples as s

NOW = datetime(2026, 4, 18, 6, 30, tzinfo=UTC)
"""Saturday 29 Farvardin 1405, 10:00 in Tehran."""
GRADE_3 = Licence(member_class=MemberClass.GRADE_3, fields=(LicenceField.SURVEYING, LicenceField.EXPLORATION))
MANAGER = Passport(
    principal_kind=PrincipalKind.OFFICER,
    subject="modir",
    roles=frozenset({Role.MANAGER}),
    provinces=frozenset({"isfahan"}),
)
GATEWAY = Passport(principal_kind=PrincipalKind.PROGRAM, subject="gateway")
RETURNED = {"actor": s.MANAGER, "reason": s.RETURN.reason}


class Office:
    """Renewal's records, with members who request and declare."""

    def __init__(self, service: RenewalService) -> None:
        self.service = service
        self.followed = 0

    def enrol(
        self, member: str, licence: Licence = s.LICENCE, paid_through: int | None = 1404, province: str = "isfahan"
    ) -> None:
        self.followed += 1
        about: dict[str, Any] = {"member": member, "province": province, "licence": licence}
        fact = auth_events.MemberEnrolled(
            **about, paid_through=paid_through, enrolled_by="officer:admin", enrolled_at=s.AT
        )
        cause = Metadata(correlation_id=uuid4(), causation_id=uuid4())
        place = ("auth", self.followed, f"member/{member}", self.followed, uuid4(), "MemberEnrolled")
        recorded = Recorded(*place, fact.model_dump_json(), cause, s.AT)
        self.service.records.write(lambda connection: subscriptions.on_auth_event(connection, recorded))

    def send(self, kind: type[Any], member: str, **more: Any) -> None:
        handle(self.service.records, self.service.office_rule, kind(**s.stamped(member=member, **more)))

    def declare(self, member: str, at: datetime = s.AT, year: int = s.YEAR, **form: Any) -> None:
        """Request and declare; each member has a mobile number of the own unless the form names one."""
        own = {"mobile": f"0913{int(member):07}", **form}
        self.send(commands.RequestRenewal, member, year=year, at=at)
        self.send(commands.SubmitDeclaration, member, year=year, at=at, form=s.FORM.model_copy(update=own))

    def desk(self, now: datetime = NOW, **query: Any) -> answers.Desk:
        with self.service.records.read() as connection:
            message = queries.ListDesk(**{"province": "isfahan", **query})
            return desk_queries.page(connection, self.service.office_rule, message, now)

    def members(self, **query: Any) -> list[str]:
        found = self.desk(**query)
        assert found.total == len(found.renewals)
        return [one.member for one in found.renewals]

    def note(self, member: str, now: datetime = NOW) -> answers.DeskNotes:
        (one,) = (one for one in self.desk(now).renewals if one.member == member)
        assert one.desk is not None
        return one.desk

    def find(self, **query: Any) -> list[tuple[str, int]]:
        with self.service.records.read() as connection:
            message = queries.FindRenewals(**{"province": "isfahan", **query})
            found = desk_queries.find(connection, self.service.office_rule, message, NOW)
        return [(one.member, one.year) for one in found.renewals]


@pytest.fixture
def office(service: RenewalService) -> Office:
    """Three members have declared: the second another licence and no jobs, and the third owes two years."""
    made = Office(service)
    made.enrol("0001")
    made.enrol("0002", GRADE_3)
    made.enrol("0003", paid_through=1402)
    made.declare("0001")
    made.declare("0002", s.AT + timedelta(hours=1), jobs=())
    other = s.DECLARED.model_copy(update={"cadastre_code": "777"})
    made.declare("0003", s.AT + timedelta(hours=2), jobs=(other, other.model_copy(update={"cadastre_code": "778"})))
    return made


def test_without_a_filter_all_of_a_status_are_there(office: Office) -> None:
    assert office.members() == ["0001", "0002", "0003"]
    assert office.desk().counts == {"submitted": 3}


@pytest.mark.parametrize(
    ("chosen", "members"),
    [
        ({"member_class": "grade_3"}, ["0002"]),
        ({"field": "exploration"}, ["0002"]),
        ({"field": "extraction"}, ["0001", "0003"]),
        ({"field": "processing"}, []),
        ({"jobs": "none"}, ["0002"]),
        ({"jobs": "some"}, ["0001", "0003"]),
        ({"debt": "some"}, ["0003"]),
        ({"debt": "none"}, ["0001", "0002"]),
        ({"change": "first"}, ["0001", "0002", "0003"]),
        ({"change": "same"}, []),
        ({"returned": "none"}, ["0001", "0002", "0003"]),
        ({"returned": "some"}, []),
        ({"flag": "any"}, []),
        ({"flag": "none"}, ["0001", "0002", "0003"]),
        ({"sort": "newest"}, ["0003", "0002", "0001"]),
        ({"sort": "jobs"}, ["0003", "0001", "0002"]),
        ({"sort": "debt"}, ["0003", "0001", "0002"]),
        ({"debt": "none", "jobs": "some", "flag": "none"}, ["0001"]),
    ],
)
def test_each_filter_and_order(office: Office, chosen: dict[str, Any], members: list[str]) -> None:
    assert office.members(**chosen) == members


def test_the_total_is_that_of_the_filter_and_the_counts_those_of_all(office: Office) -> None:
    found = office.desk(jobs="some", limit=1, offset=1)
    assert ([one.member for one in found.renewals], found.total, found.counts) == (["0003"], 2, {"submitted": 3})


def test_a_deadline_is_overdue_or_today(office: Office) -> None:
    due = {one.member: one.review_due_at for one in office.desk().renewals}
    first, last = due["0001"], due["0003"]
    assert first is not None
    assert last is not None
    assert office.members(deadline="overdue", now=first + timedelta(minutes=1)) == ["0001"]
    assert office.members(deadline="today", now=first + timedelta(minutes=1)) == ["0002", "0003"]
    assert office.members(deadline="today", now=first - timedelta(days=3)) == []
    assert office.members(deadline="overdue", now=last + timedelta(minutes=1)) == ["0001", "0002", "0003"]


def test_a_row_tells_the_working_time_that_is_left_or_has_passed_since(office: Office) -> None:
    due_at = office.desk().renewals[0].review_due_at
    assert due_at is not None
    assert office.note("0001", due_at - timedelta(minutes=30)).minutes_left == 30
    assert office.note("0001", due_at).minutes_left == 0
    assert office.note("0001", due_at + timedelta(minutes=45)).minutes_left == -45


def test_what_changed_is_told_against_the_declaration_before(office: Office) -> None:
    assert office.note("0001").change == "first"
    office.send(commands.ReturnRenewal, "0001", **RETURNED)
    office.send(commands.SubmitDeclaration, "0001", form=s.FORM.model_copy(update={"city": "کاشان"}))
    note = office.note("0001")
    assert (note.change, note.changed_parts, note.times_returned) == ("same", (), 1)
    office.send(commands.ReturnRenewal, "0001", **RETURNED)
    other = s.EMPLOYMENT.model_copy(update={"status": EmploymentStatus.RETIRED})
    office.send(commands.SubmitDeclaration, "0001", form=s.FORM.model_copy(update={"employment": other, "jobs": ()}))
    note = office.note("0001")
    assert (note.change, note.changed_parts, note.times_returned) == ("changed", ("employment", "jobs"), 2)
    assert office.members(change="changed") == office.members(returned="some") == ["0001"]


def test_a_new_year_is_compared_with_the_last_one(office: Office) -> None:
    next_year = s.AT + timedelta(days=366)
    office.send(commands.ApproveRenewal, "0001", actor=s.MANAGER, declaration_version=1)
    office.declare("0001", next_year, 1406)
    (one,) = (one for one in office.desk(next_year).renewals if one.year == 1406)
    assert one.desk is not None
    assert (one.desk.change, one.desk.debt_years) == ("same", 1)
    office.enrol("0002", GRADE_3.model_copy(update={"member_class": MemberClass.GRADE_2}))
    office.declare("0002", next_year, 1406, jobs=())
    (one,) = (one for one in office.desk(next_year).renewals if (one.member, one.year) == ("0002", 1406))
    assert one.desk is not None
    assert one.desk.changed_parts == ("licence",)


def test_debt_follows_the_register(office: Office) -> None:
    assert office.note("0003").debt_years == 2
    office.enrol("0003", paid_through=1404)
    assert (office.note("0003").debt_years, office.members(debt="some")) == (0, [])
    office.enrol("0003", paid_through=None)
    assert (office.note("0003").debt_years, office.members(debt="some")) == (0, [])


def test_a_licence_that_ends_within_the_year_is_a_flag(office: Office) -> None:
    last_day = date(2027, 3, 20)
    for member, ends_on in (("0004", last_day), ("0005", last_day - timedelta(days=1))):
        office.enrol(member, GRADE_3.model_copy(update={"expires_on": ends_on}))
        office.declare(member, jobs=())
    assert office.members(flag="licence_ends") == office.members(flag="any") == ["0005"]
    assert office.note("0005").flags == ("licence_ends",)
    assert "0005" not in office.members(flag="none")


def test_a_mine_that_another_claims_is_a_flag_of_both_until_one_gives_it_up(office: Office) -> None:
    office.enrol("0004", province="yazd")
    office.declare("0004")
    assert office.members(flag="contested_mine") == ["0001"]
    assert office.note("0001").flags == ("contested_mine",)
    office.send(commands.WithdrawRenewal, "0004")
    assert office.members(flag="contested_mine") == []


def test_a_mobile_number_of_two_members_is_a_flag_while_both_declare_it(office: Office) -> None:
    office.enrol("0004", province="yazd")
    office.declare("0004", jobs=(), mobile="09130000002")
    assert office.members(flag="duplicate_contact") == ["0002"]
    assert office.note("0002").flags == ("duplicate_contact",)
    office.send(commands.ReturnRenewal, "0004", **RETURNED)
    office.send(commands.SubmitDeclaration, "0004", form=s.FORM.model_copy(update={"mobile": "09139999999"}))
    assert office.members(flag="duplicate_contact") == []


def test_numbers_that_a_version_without_the_column_has_stored_are_completed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contacts, "COMPLETED_AT_ONCE", 2)
    office.enrol("0004")
    office.declare("0004", jobs=(), mobile="09130000002")
    office.service.records.write(lambda connection: connection.execute(update(DECLARATIONS).values(mobile=None)))
    assert office.members(flag="duplicate_contact") == []
    contacts.complete(office.service.records)
    assert sorted(office.members(flag="duplicate_contact")) == ["0002", "0004"]


def test_a_renewal_is_found_by_tracking_code_by_mine_and_by_member_in_any_status(office: Office) -> None:
    office.send(commands.RejectRenewal, "0002", actor=s.MANAGER, reason=s.REJECT.reason)
    office.send(commands.ApproveRenewal, "0003", actor=s.MANAGER, declaration_version=1)
    code = {one.member: one.tracking_code for one in office.desk(status="rejected").renewals}["0002"]
    typed = f"{code[:5]}-{code[5:]}".lower().replace("1", "l").replace("0", "o")
    assert office.find(code=typed) == [("0002", 1405)]
    assert office.find(code="۴۰۰-۱۲۳۴۵") == [("0001", 1405)]
    assert office.find(members=["0003", "0002", "0009"]) == [("0003", 1405), ("0002", 1405)]
    assert office.find(code="778", members=["0001"]) == [("0003", 1405), ("0001", 1405)]
    assert office.find(code=code, province="yazd") == office.find(code="nobody's") == office.find() == []


def test_managers_alone_find_renewals_of_their_province(office: Office) -> None:
    service, query = office.service, {"province": "isfahan", "members": ["0001"]}
    service.caller = MANAGER
    assert [one["member"] for one in service.find_renewals(query)["renewals"]] == ["0001"]
    finance = MANAGER.model_copy(update={"roles": frozenset({Role.FINANCE})})
    elsewhere = MANAGER.model_copy(update={"provinces": frozenset({"yazd"})})
    member = Passport(principal_kind=PrincipalKind.MEMBER, subject="0001")
    for caller in (finance, elsewhere, member, NOBODY):
        service.caller = caller
        with pytest.raises(Refused):
            service.find_renewals(query)


def test_the_gateway_follows_a_request_by_its_tracking_code_and_learns_nothing_of_the_member(office: Office) -> None:
    service = office.service
    code = office.desk().renewals[0].tracking_code
    service.caller = GATEWAY
    found = service.follow_renewal({"tracking_code": code.lower()})
    assert (found["status"], found["year"]) == ("submitted", 1405)
    assert not {"member", "province", "licence", "tracking_code"} & found.keys()
    with pytest.raises(Refused) as refused:
        service.follow_renewal({"tracking_code": "0000000000"})
    assert refused.value.reason is Reason.NOT_REQUESTED
    for caller in (MANAGER, NOBODY, Passport(principal_kind=PrincipalKind.MEMBER, subject="0001")):
        service.caller = caller
        with pytest.raises(Refused):
            service.follow_renewal({"tracking_code": code})


@pytest.mark.parametrize("text", ["", "123", "XB1000000U", "۱" * 11, "XB10000000X"])
def test_what_is_no_tracking_code_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="tracking_code"):
        queries.FollowRenewal(tracking_code=text)
    assert queries.FollowRenewal(tracking_code=" xb-1oo oo۰۰۰ ").tracking_code == "XB10000000"
