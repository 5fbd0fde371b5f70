"""Decisions about an erasure, as given, when, then: one admin of the province requests it, a second one grants it."""

from typing import Any
from uuid import uuid4

from services.auth.erasure.domain import Command, Context, erasure_decider
from shared.contract.auth import commands, events
from shared.contract.refusals import Reason
from shared.contract.values import Licence, MemberClass
from tests.services.auth.samples import ADMIN, NOON, SECOND, stamps
from tests.support.given import given

MEMBER = "0123456"
REACH = frozenset({"isfahan"})
ERASURE = erasure_decider(Context(REACH))
ENROLLED = events.MemberEnrolled(
    member=MEMBER,
    province="isfahan",
    licence=Licence(member_class=MemberClass.INTERN, fields=(), expires_on=None),
    enrolled_by=ADMIN.actor,
    enrolled_at=NOON,
)
REQUEST = commands.RequestErasure(**stamps(), member=MEMBER, reason="wish_of_member")
REQUESTED = events.ErasureRequested(
    member=MEMBER, province="isfahan", cause="wish_of_member", requested_by=ADMIN.actor, requested_at=NOON
)
GRANT = commands.GrantErasure(**stamps() | {"actor": SECOND.actor}, member=MEMBER)
ERASED = events.MemberErased(
    member=MEMBER,
    province="isfahan",
    cause="wish_of_member",
    requested_by=ADMIN.actor,
    granted_by=SECOND.actor,
    erased_at=NOON,
)
DECLINE = commands.DeclineErasure(**stamps() | {"actor": SECOND.actor}, member=MEMBER)
DECLINED = events.ErasureDeclined(member=MEMBER, declined_by=SECOND.actor, declined_at=NOON)


def again(command: Command, **fields: Any) -> Command:
    return command.model_copy(update={**fields, "id": uuid4()})


def test_an_erasure_is_requested_and_done_once_a_second_admin_grants_it() -> None:
    assert given(ERASURE, ENROLLED).when(REQUEST) == [REQUESTED]
    assert given(ERASURE, ENROLLED, REQUESTED).when(again(REQUEST)) == []
    assert given(ERASURE, ENROLLED, REQUESTED).when(GRANT) == [ERASED]
    given(ERASURE, ENROLLED, REQUESTED, ERASED).refuses(again(REQUEST), Reason.MEMBER_ERASED)
    given(ERASURE, ENROLLED, REQUESTED, ERASED).refuses(again(GRANT), Reason.UNKNOWN_REQUEST)


def test_nobody_grants_what_nobody_has_requested() -> None:
    given(ERASURE, ENROLLED).refuses(GRANT, Reason.UNKNOWN_REQUEST)


def test_who_is_no_second_person_grants_nothing() -> None:
    own = erasure_decider(Context(REACH, Reason.OWN_REQUEST))
    given(own, ENROLLED, REQUESTED).refuses(GRANT, Reason.OWN_REQUEST)
    assert given(own, ENROLLED, REQUESTED).when(DECLINE) == [DECLINED], "it is withdrawn so"


def test_a_request_that_has_taken_the_place_of_the_one_that_was_seen_is_not_granted() -> None:
    ordered = REQUESTED.model_copy(update={"cause": "ordered"})
    seen = again(GRANT, reason="wish_of_member")
    assert given(ERASURE, ENROLLED, REQUESTED).when(seen) == [ERASED]
    given(ERASURE, ENROLLED, REQUESTED, DECLINED, ordered).refuses(seen, Reason.CHANGED_SINCE)


def test_only_members_of_the_admins_provinces_are_erased() -> None:
    given(ERASURE).refuses(REQUEST, Reason.UNKNOWN_MEMBER)
    elsewhere = erasure_decider(Context(frozenset({"fars"})))
    given(elsewhere, ENROLLED).refuses(REQUEST, Reason.NOT_ALLOWED)
    given(elsewhere, ENROLLED, REQUESTED).refuses(DECLINE, Reason.NOT_ALLOWED)


def test_what_is_declined_waits_no_more_and_may_be_requested_again() -> None:
    assert given(ERASURE, ENROLLED, REQUESTED).when(DECLINE) == [DECLINED]
    given(ERASURE, ENROLLED, REQUESTED, DECLINED).refuses(again(GRANT), Reason.UNKNOWN_REQUEST)
    given(ERASURE, ENROLLED).refuses(DECLINE, Reason.UNKNOWN_REQUEST)
    assert given(ERASURE, ENROLLED, REQUESTED, DECLINED).when(again(REQUEST)) == [REQUESTED]
