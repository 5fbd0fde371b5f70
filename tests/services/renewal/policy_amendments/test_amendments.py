"""A correction of the year's capacity policy is a recorded act: who, when, why, and each cell that changed."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid4

import pytest

from services.renewal.policy_amendments import amendments
from services.renewal.policy_amendments.domain import Colleagues, policy_decider
from services.renewal.service import LOG, RenewalService
from services.renewal.subscriptions import on_auth_event
from shared.contract import base
from shared.contract.auth import events as auth_events
from shared.contract.envelope import Metadata, Recorded
from shared.contract.passport import NOBODY, Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import answers, commands, events, queries
from shared.contract.values import Role
from shared.policies import capacity_policy
from shared.policies.capacity_policy import parse
from shared.policies.two_persons import INDEPENDENT_AFTER, SetUp
from shared.settings import Settings
from tests.support.given import given

SAMPLE = Path(__file__).parents[3] / "contract" / "samples" / "PolicyAmended.v1.json"
TEXT = (Settings().policies_folder / "1405.toml").read_text(encoding="utf-8")
HIGHER = TEXT.replace("{ extraction = 720", "{ extraction = 760")
HIGHEST = TEXT.replace("{ extraction = 720", "{ extraction = 800")
AT = datetime(2026, 10, 7, 11, 0, tzinfo=UTC)
REASON = "سقف پایه ۲ در مصوبهٔ تازه ۷۶۰ است."
ADMIN = Passport(principal_kind=PrincipalKind.OFFICER, subject="root", roles=frozenset({Role.ADMIN}))
SECOND = ADMIN.model_copy(update={"subject": "rahbar"})
C = TypeVar("C", bound=commands.GrantPolicyAmendment | commands.DeclinePolicyAmendment)
MANAGER = ADMIN.model_copy(update={"roles": frozenset({Role.MANAGER}), "provinces": frozenset({"isfahan"})})
MEMBER = Passport(principal_kind=PrincipalKind.MEMBER, subject="0123456")


def amend(before: str = TEXT, after: str = HIGHER, **changes: Any) -> commands.AmendPolicy:
    stamps = {"id": uuid4(), "deadline": datetime.now(UTC) + timedelta(seconds=10), "at": AT, "actor": "officer:root"}
    return commands.AmendPolicy(
        **{**stamps, "year": 1405, "before": before, "after": after, "reason": REASON, **changes}
    )


REQUEST = amend()
REQUESTED = events.PolicyAmendmentRequested(
    year=1405, request=REQUEST.id, before=TEXT, after=HIGHER, note=REQUEST.id, requested_by=ADMIN.actor, requested_at=AT
)
AMENDED = events.PolicyAmended(
    year=1405, before=TEXT, after=HIGHER, digest=parse(HIGHER).digest, note=REQUEST.id, amended_by=ADMIN.actor,
    amended_at=AT, request=REQUEST.id, granted_by=SECOND.actor,
)  # fmt: skip
POLICY = policy_decider(Colleagues())


def decision(kind: type[C], actor: str = SECOND.actor, **changes: Any) -> C:
    stamps = {"id": uuid4(), "deadline": datetime.now(UTC) + timedelta(seconds=10), "at": AT, "actor": actor}
    made: C = kind.model_validate({**stamps, "year": 1405, "request": REQUEST.id, **changes})  # type: ignore[assignment]
    return made


def test_a_correction_is_requested_with_both_texts_and_without_its_reason() -> None:
    (recorded,) = given(POLICY).when(REQUEST)
    assert recorded == REQUESTED
    assert REASON not in recorded.model_dump_json()


def test_a_second_admin_grants_it_and_then_it_holds() -> None:
    grant = decision(commands.GrantPolicyAmendment)
    assert given(POLICY, REQUESTED).when(grant) == [AMENDED]
    assert given(POLICY, REQUESTED, AMENDED).state.text == HIGHER
    given(POLICY, REQUESTED, AMENDED).refuses(grant, Reason.UNKNOWN_REQUEST)


def test_nobody_grants_the_own_correction() -> None:
    own = decision(commands.GrantPolicyAmendment, ADMIN.actor)
    given(POLICY, REQUESTED).refuses(own, Reason.OWN_REQUEST)


def test_nor_does_a_colleague_whom_the_requester_has_set_up_or_who_has_set_up_the_requester_lately() -> None:
    grant = decision(commands.GrantPolicyAmendment)
    lately, before = SetUp(AT - timedelta(days=29), is_alone=False), SetUp(AT - INDEPENDENT_AFTER, is_alone=False)
    for dependent in (
        Colleagues(granter_set_up_by_requester=lately),
        Colleagues(granter_set_up_by_requester=SetUp(lately.at, is_alone=True)),
        Colleagues(requester_set_up_by_granter=lately),
    ):
        given(policy_decider(dependent), REQUESTED).refuses(grant, Reason.NOT_INDEPENDENT)
    for independent in (
        Colleagues(granter_set_up_by_requester=before, requester_set_up_by_granter=before),
        Colleagues(requester_set_up_by_granter=SetUp(lately.at, is_alone=True)),
    ):
        assert given(policy_decider(independent), REQUESTED).when(grant) == [AMENDED]


def test_what_an_admin_requested_who_is_none_any_more_is_not_granted() -> None:
    gone = policy_decider(Colleagues(is_requester_admin=False))
    given(gone, REQUESTED).refuses(decision(commands.GrantPolicyAmendment), Reason.REQUESTER_DISMISSED)


def test_a_declined_correction_is_not_granted() -> None:
    (declined,) = given(POLICY, REQUESTED).when(decision(commands.DeclinePolicyAmendment))
    assert isinstance(declined, events.PolicyAmendmentDeclined)
    given(POLICY, REQUESTED, declined).refuses(decision(commands.GrantPolicyAmendment), Reason.UNKNOWN_REQUEST)
    given(POLICY, REQUESTED, declined).refuses(decision(commands.DeclinePolicyAmendment), Reason.UNKNOWN_REQUEST)


def test_a_correction_follows_the_one_before_and_another_one_in_between_is_a_conflict() -> None:
    second, late = amend(HIGHER, HIGHEST), amend(TEXT, HIGHEST)
    assert [type(one) for one in given(POLICY, REQUESTED, AMENDED).when(second)] == [events.PolicyAmendmentRequested]
    given(POLICY, REQUESTED, AMENDED).refuses(late, Reason.CONFLICT)
    (requested,) = given(POLICY).when(late)
    grant = decision(commands.GrantPolicyAmendment, request=late.id)
    given(POLICY, requested, REQUESTED, AMENDED).refuses(grant, Reason.CONFLICT)


def refusal(command: commands.AmendPolicy, *past: base.Event) -> Refused:
    with pytest.raises(Refused) as refused:
        POLICY.decide(command, POLICY.fold(past))
    return refused.value


@pytest.mark.parametrize("after", [TEXT, f"# a note\n{TEXT}"])
def test_a_file_that_says_the_same_changes_nothing(after: str) -> None:
    refused = refusal(amend(after=after))
    assert refused.reason is Reason.NOTHING_CHANGES


def test_a_wrong_cell_is_refused_by_file_table_and_cell() -> None:
    wrong = TEXT.replace("surveying = 540", "surveying = '5/4'").replace('per = "day"', 'per = "dya"')
    refused = refusal(amend(after=wrong))
    assert refused.reason is Reason.POLICY_WRONG
    first, second = refused.details.values()
    assert first.startswith("1405.toml [ceilings] grade_2.surveying: '5/4' is no number of P")
    assert second.startswith("1405.toml [deductions] person_day.per")


def test_another_years_file_is_refused() -> None:
    refused = refusal(amend(after=HIGHER.replace("year = 1405", "year = 1404")))
    assert (refused.reason, refused.details) == (Reason.POLICY_WRONG, {"year": "1404"})


def test_a_text_that_was_once_on_record_can_still_be_counted_by() -> None:
    sample = json.loads(SAMPLE.read_text(encoding="utf-8"))
    before, after = parse(sample["before"]), parse(sample["after"])
    assert capacity_policy.changes(before, after) == ["ceilings.grade_2.surveying: 54000 → 56000"]
    assert after.digest == sample["digest"]


Sent = commands.AmendPolicy | commands.GrantPolicyAmendment


def send(service: RenewalService, command: Sent, caller: Passport = ADMIN) -> answers.PolicyAct:
    service.caller = caller
    return answers.PolicyAct.model_validate(getattr(service, command.method)(command.model_dump(mode="json")))


def listed(service: RenewalService, caller: Passport) -> answers.PolicyActs:
    service.caller = caller
    query = queries.ListPolicyActs(year=1405).model_dump(mode="json")
    return answers.PolicyActs.model_validate(service.list_policy_acts(query))


def grant(service: RenewalService, request: UUID) -> answers.PolicyAct:
    command = decision(commands.GrantPolicyAmendment, request=request)
    return send(service, command, SECOND)


def test_the_amendments_of_a_year_are_listed_with_who_why_and_which_cells(service: RenewalService) -> None:
    first = amend()
    requested = send(service, first)
    assert send(service, first) == requested
    assert (requested.request, requested.granted_by, listed(service, MEMBER).acts) == (first.id, "", ())
    act = grant(service, first.id)
    assert send(service, first) == requested
    second = amend(HIGHER, HIGHEST, reason="اصلاح دوبارهٔ همان خانه")
    send(service, second)
    grant(service, second.id)
    found = listed(service, MEMBER).acts
    assert [(one.position, one.by, one.granted_by, one.reason) for one in found] == [
        (2, ADMIN.actor, SECOND.actor, REASON),
        (4, ADMIN.actor, SECOND.actor, "اصلاح دوبارهٔ همان خانه"),
    ]
    assert found[0] == act
    assert act.changes == ("ceilings.grade_2.extraction: 72000 → 76000",)
    assert act.version == parse(HIGHER).version
    with pytest.raises(Refused, match="not_signed_in"):
        listed(service, NOBODY)


def test_what_is_requested_is_listed_for_admins_with_what_hinders_them(service: RenewalService) -> None:
    first = amend()
    send(service, first)
    assert listed(service, MEMBER).requests == ()
    (own,) = listed(service, ADMIN).requests
    (others,) = listed(service, SECOND).requests
    assert (own.hindrance, others.hindrance, others.request, others.reason) == ("own_request", "", first.id, REASON)
    service.caller = SECOND
    service.decline_policy_amendment(
        decision(commands.DeclinePolicyAmendment, request=first.id).model_dump(mode="json")
    )
    assert listed(service, ADMIN).requests == ()


def test_nobody_grants_of_whom_renewal_has_not_heard_yet(service: RenewalService) -> None:
    """Who has set up the granter comes with the appointment, which may be late, or parked."""
    third = Passport(principal_kind=PrincipalKind.OFFICER, subject="sevvom", roles=frozenset({Role.ADMIN}))
    first = amend()
    send(service, first)
    command = decision(commands.GrantPolicyAmendment, third.actor, request=first.id)
    with pytest.raises(Refused, match="no_answer"):
        send(service, command, third)
    assert listed(service, third).requests[0].hindrance == "no_answer"
    receive(service, appointed("sevvom"))
    assert send(service, command, third).granted_by == third.actor


def test_a_ghost_of_the_requester_grants_nothing_as_far_as_auths_events_tell(service: RenewalService) -> None:
    """One admin who has set another one up corrects no policy alone."""
    now = datetime.now(UTC)
    first, long_ago = amend(), now - timedelta(days=40)
    send(service, first)
    made = {"officer": "rahbar", "roles": (Role.ADMIN,), "provinces": (), "appointed_by": ADMIN.actor}
    receive(
        service, auth_events.OfficerAppointed.model_validate({**made, "appointed_at": now, "granted_by": "officer:x"})
    )
    with pytest.raises(Refused, match="not_independent"):
        grant(service, first.id)
    assert listed(service, SECOND).requests[0].hindrance == "not_independent"
    receive(service, auth_events.OfficerAppointed.model_validate({**made, "appointed_at": long_ago}))
    assert grant(service, first.id).granted_by == SECOND.actor


def test_what_a_dismissed_admin_requested_is_not_granted(service: RenewalService) -> None:
    first = amend()
    send(service, first)
    receive(service, auth_events.OfficerDismissed(officer="root", dismissed_by=SECOND.actor, dismissed_at=AT))
    with pytest.raises(Refused, match="requester_dismissed"):
        grant(service, first.id)


def appointed(officer: str) -> auth_events.OfficerAppointed:
    """By an admin who has nothing to do with the correction."""
    about = {"officer": officer, "roles": (Role.ADMIN,), "provinces": (), "appointed_by": "officer:kohan"}
    return auth_events.OfficerAppointed.model_validate(about | {"appointed_at": AT})


@pytest.fixture(autouse=True)
def second_admin(request: pytest.FixtureRequest) -> None:
    """The admin who grants is known to the service, where a test has one."""
    if "service" in request.fixturenames:
        receive(request.getfixturevalue("service"), appointed("rahbar"))


def receive(service: RenewalService, event: base.Event) -> None:
    """An event of auth comes to renewal."""
    recorded = Recorded(
        "auth", 1, "officer/x", 1, uuid4(), type(event).__name__, event.model_dump_json(),
        Metadata(correlation_id=uuid4(), causation_id=uuid4()), AT,
    )  # fmt: skip
    service.records.write(lambda connection: on_auth_event(connection, recorded))


@pytest.mark.parametrize("caller", [MANAGER, MEMBER, NOBODY])
def test_only_an_admin_corrects_a_policy(service: RenewalService, caller: Passport) -> None:
    for command in (amend(), decision(commands.GrantPolicyAmendment)):
        with pytest.raises(Refused) as refused:
            send(service, command, caller)
        assert refused.value.reason in (Reason.NOT_ALLOWED, Reason.NOT_SIGNED_IN)
    with service.records.read() as connection:
        assert LOG.stream(connection, amendments.stream_of(1405)) == []


def test_a_correction_without_a_reason_is_refused(service: RenewalService) -> None:
    payload = amend().model_dump(mode="json") | {"reason": "کوتاه"}
    service.caller = ADMIN
    with pytest.raises(Refused) as refused:
        service.amend_policy(payload)
    assert refused.value.details == {"reason": "string_too_short"}
