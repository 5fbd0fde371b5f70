"""Claims on the desk: who holds what, the lists of one's own and of nobody's, deputies, and whoever may ask."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.renewal import subscriptions
from services.renewal.casework import assignments, colleagues
from services.renewal.renewals import desk, handler
from services.renewal.service import LOG, RenewalService
from shared.contract.auth import events as auth_events
from shared.contract.base import Message, parse
from shared.contract.envelope import Metadata, Recorded
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import answers, commands, queries
from shared.contract.values import Role
from tests.services.renewal import samples as s
from tests.services.renewal.renewals.test_mine_claims import FIRST, ISFAHAN, SECOND, THIRD, YAZD, call, claim, receive

NOW = datetime.fromisoformat("2026-04-18T09:00:00+03:30")
"""Saturday 29 Farvardin 1405, an hour after opening."""
SARA = ISFAHAN.model_copy(update={"subject": "sara"})
ADMIN = ISFAHAN.model_copy(update={"subject": "root", "roles": frozenset({Role.ADMIN})})
MARYAM = "officer:maryam"
TODAY = date(2026, 4, 18)


@pytest.fixture(autouse=True)
def managers(service: RenewalService) -> None:
    """Maryam and Sara manage Isfahan, Reza manages Yazd, and one of each has gone or has another role."""
    appointed = [("maryam", Role.MANAGER, "isfahan"), ("sara", Role.MANAGER, "isfahan"), ("reza", Role.MANAGER, "yazd")]
    appointed += [("mali", Role.FINANCE, "isfahan"), ("gone", Role.MANAGER, "isfahan")]
    facts: list[auth_events.OfficerAppointed | auth_events.OfficerDismissed] = [
        auth_events.OfficerAppointed(
            officer=name, roles=(role,), provinces=(province,), appointed_by="officer:root", appointed_at=s.AT
        )
        for name, role, province in appointed
    ]
    facts.append(auth_events.OfficerDismissed(officer="gone", dismissed_by="officer:root", dismissed_at=s.AT))
    for number, fact in enumerate(facts, 1):
        place = ("auth", number, "officer/x", number, uuid4(), type(fact).__name__)
        cause = Metadata(correlation_id=uuid4(), causation_id=uuid4())
        recorded = Recorded(*place, fact.model_dump_json(), cause, s.AT)
        service.records.write(lambda connection, one=recorded: subscriptions.on_auth_event(connection, one))  # type: ignore[misc]


def send(service: RenewalService, kind: type[Any], member: str, actor: str = MARYAM, **more: Any) -> None:
    at = more.pop("at", NOW)
    stamped = {"id": uuid4(), "deadline": at, "at": at, "actor": actor, "member": member, "year": s.YEAR}
    assignments.handle(service.records, service.office_rule, kind(**stamped, **more))


def page(service: RenewalService, actor: str = MARYAM, at: datetime = NOW, **query: Any) -> answers.Desk:
    with service.records.read() as connection:
        message = queries.ListDesk(province="isfahan", **query)
        return desk.page(connection, service.office_rule, message, at, actor)


def members(service: RenewalService, holder: str, actor: str = MARYAM, at: datetime = NOW) -> list[str]:
    found = page(service, actor, at, holder=holder)
    assert found.total == len(found.renewals)
    return [one.member for one in found.renewals]


def test_the_desk_says_who_holds_what_and_has_lists_of_ones_own_and_of_nobodys(service: RenewalService) -> None:
    for hour, member in enumerate((FIRST, SECOND, THIRD)):
        claim(service, member, hour=hour)
    send(service, commands.ClaimRenewal, FIRST)
    send(service, commands.ClaimRenewal, SECOND, "officer:sara")
    rows = {one.member: one.assignment for one in page(service).renewals}
    assert {member: one.officer if one else "" for member, one in rows.items()} == {
        FIRST: MARYAM,
        SECOND: "officer:sara",
        THIRD: "",
    }
    assert [one is not None and one.is_mine for one in (rows[FIRST], rows[SECOND])] == [True, False]
    assert (members(service, "mine"), members(service, "nobody")) == ([FIRST], [THIRD])
    assert members(service, "mine", "officer:sara") == [SECOND]


def test_a_claim_lasts_two_working_hours_and_needs_no_timer_to_end(service: RenewalService) -> None:
    claim(service, FIRST)
    late = NOW.replace(hour=13)  # the office closes at 14, and opens on Sunday at 8
    send(service, commands.ClaimRenewal, FIRST, at=late)
    [row] = page(service, at=late).renewals
    assert row.assignment is not None
    until = row.assignment.until
    assert until > late + timedelta(hours=12)
    assert members(service, "mine", at=until - timedelta(minutes=1)) == [FIRST]
    assert (members(service, "mine", at=until), members(service, "nobody", at=until)) == ([], [FIRST])
    assert page(service, at=until).renewals[0].assignment is None


def test_what_leaves_the_desk_is_held_by_nobody(service: RenewalService) -> None:
    claim(service, FIRST)
    send(service, commands.ClaimRenewal, FIRST)
    receive(service, s.RETURNED.model_copy(update={"member": FIRST}))
    assert page(service, status="returned").renewals[0].assignment is None


def test_a_hand_over_goes_to_a_manager_of_the_province_alone(service: RenewalService) -> None:
    claim(service, FIRST)
    for name in ("gone", "mali", "nobody", "reza"):
        with pytest.raises(Refused) as refused:
            send(service, commands.HandOverRenewal, FIRST, officer=name)
        assert refused.value.reason is Reason.NOT_A_COLLEAGUE
    send(service, commands.HandOverRenewal, FIRST, officer="sara")
    assert members(service, "mine", "officer:sara") == [FIRST]
    assert call(service, ISFAHAN, queries.ListColleagues(province="isfahan")).officers == ("maryam", "sara")


def absence(service: RenewalService, caller: Passport, officer: str, deputy: str, **days: date) -> None:
    span = {"from_on": TODAY, "to_on": TODAY, **days}
    stamps: dict[str, Any] = {"id": uuid4(), "deadline": datetime.fromisoformat("2099-01-01T00:00Z")}
    call(service, caller, parse(commands.SetDeputy, {**stamps, "officer": officer, "deputy": deputy, **span}))


def test_what_an_absent_officer_holds_is_in_the_list_of_the_deputy_on_these_days(service: RenewalService) -> None:
    claim(service, FIRST)
    send(service, commands.HandOverRenewal, FIRST, officer="sara")
    assert members(service, "mine") == []
    absence(service, SARA, "sara", "maryam")
    assert members(service, "mine") == [FIRST]
    assert page(service).renewals[0].assignment is not None
    with service.records.read() as connection:
        about = (FIRST, s.YEAR, MARYAM)
        assert assignments.held_by_colleague(connection, *about, NOW) is None
        assert colleagues.absent(connection, MARYAM, NOW - timedelta(days=1)) == frozenset()
        assert colleagues.absent(connection, MARYAM, NOW + timedelta(days=1)) == frozenset()
    send(service, commands.ClaimRenewal, FIRST)
    assert members(service, "mine", "officer:sara") == []


def test_a_deputy_is_named_by_the_absent_officer_or_an_admin_and_is_a_colleague(service: RenewalService) -> None:
    absence(service, SARA, "sara", "maryam")
    absence(service, ADMIN, "sara", "maryam")
    for caller, officer, deputy, reason in (
        (ISFAHAN, "sara", "maryam", Reason.NOT_ALLOWED),
        (ADMIN.model_copy(update={"provinces": frozenset({"yazd"})}), "sara", "maryam", Reason.NOT_ALLOWED),
        (SARA, "sara", "reza", Reason.NOT_A_COLLEAGUE),
        (SARA, "sara", "sara", Reason.BAD_INPUT),
    ):
        with pytest.raises(Refused) as refused:
            absence(service, caller, officer, deputy)
        assert refused.value.reason is reason
    stamps: dict[str, Any] = {"id": uuid4(), "deadline": datetime.fromisoformat("2099-01-01T00:00Z")}
    call(service, SARA, commands.RemoveDeputy(**stamps, officer="sara"))
    with service.records.read() as connection:
        assert colleagues.absent(connection, MARYAM, NOW) == frozenset()


def test_a_decision_on_what_a_colleague_holds_says_so_first(service: RenewalService) -> None:
    claim(service, FIRST)
    send(service, commands.ClaimRenewal, FIRST, "officer:sara")
    stamped = s.stamped(member=FIRST, actor=MARYAM, at=NOW, reason=s.REJECT.reason)
    with pytest.raises(Refused) as refused:
        handler.handle(service.records, service.office_rule, commands.RejectRenewal(**stamped))
    assert refused.value.reason is Reason.HELD_BY_COLLEAGUE
    assert refused.value.details["officer"] == "officer:sara"
    decided = commands.RejectRenewal(**stamped, despite_holder=True)
    assert handler.handle(service.records, service.office_rule, decided).state.status == "rejected"


def test_two_who_claim_at_once_are_first_and_second(service: RenewalService) -> None:
    claim(service, FIRST)
    send(service, commands.ClaimRenewal, FIRST, "officer:sara")
    with pytest.raises(Refused) as refused:
        send(service, commands.ClaimRenewal, FIRST)
    assert refused.value.details["officer"] == "officer:sara"
    with service.records.read() as connection:
        assert len(LOG.stream(connection, assignments.stream_of(FIRST, s.YEAR))) == 1


def test_a_preview_of_a_hand_over_leaves_out_what_a_colleague_holds(service: RenewalService) -> None:
    for member in (FIRST, SECOND):
        claim(service, member)
    send(service, commands.ClaimRenewal, FIRST, "officer:sara", at=datetime.fromisoformat("2098-12-30T00:00Z"))
    keys = [{"member": member, "year": s.YEAR} for member in (FIRST, SECOND, "0999")]
    query = queries.PreviewDecisions.model_validate({"outcome": "assigned", "renewals": keys})
    found = [one.refusal for one in call(service, ISFAHAN, query).previews]
    assert found == [Reason.HELD_BY_COLLEAGUE, "", Reason.NOT_REQUESTED]


ACTS: list[tuple[type[Message[Any]], dict[str, Any]]] = [
    (commands.ClaimRenewal, {}),
    (commands.HandOverRenewal, {"officer": "sara"}),
    (commands.ReleaseRenewal, {}),
    (commands.WriteCaseNote, {"text": "تلفنی پرسیدم"}),
    (queries.GetTimeline, {}),
]


@pytest.mark.parametrize(("kind", "more"), ACTS, ids=lambda one: getattr(one, "__name__", ""))
def test_only_managers_of_the_province_work_on_a_case(
    service: RenewalService, kind: type[Message[Any]], more: dict[str, Any]
) -> None:
    claim(service, FIRST)
    if "id" in kind.model_fields:
        more = {**more, "id": uuid4(), "deadline": datetime.fromisoformat("2099-01-01T00:00Z")}
    message = kind.model_validate({"member": FIRST, "year": s.YEAR, **more})
    member = Passport(principal_kind=PrincipalKind.MEMBER, subject=FIRST)
    finance = ISFAHAN.model_copy(update={"roles": frozenset({Role.FINANCE})})
    for caller in (YAZD, finance, member, ADMIN):
        with pytest.raises(Refused) as refused:
            call(service, caller, message)
        assert refused.value.reason is Reason.NOT_ALLOWED
    call(service, ISFAHAN, message)


def test_a_member_is_not_shown_who_holds_the_request(service: RenewalService) -> None:
    claim(service, FIRST)
    send(service, commands.ClaimRenewal, FIRST, at=datetime.fromisoformat("2098-12-30T00:00Z"))
    query = queries.GetRenewal(member=FIRST, year=s.YEAR)
    for caller, is_shown in (
        (ISFAHAN, True),
        (Passport(principal_kind=PrincipalKind.MEMBER, subject=FIRST), False),
    ):
        renewal = call(service, caller, query).renewal
        assert renewal is not None
        assert (renewal.assignment is not None) == is_shown
