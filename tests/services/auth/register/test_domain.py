"""Decisions about a member's entry in the register, as given, when, then."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from services.auth.register.domain import MEMBER, Membership, RegisterMember, RemoveMember
from shared.contract.auth import events
from shared.contract.values import Licence, LicenceField, MemberClass
from tests.services.auth.samples import NOON
from tests.support.given import given

LICENCE = Licence(member_class=MemberClass.GRADE_2, fields=(LicenceField.EXTRACTION,), expires_on=date(2028, 3, 19))
BY: dict[str, Any] = {"id": uuid4(), "at": NOON, "actor": "officer:admin"}
MEMBERSHIP = Membership("isfahan", LICENCE, 1404)
REGISTER = RegisterMember(**BY, member="0123", membership=MEMBERSHIP)
ENROLLED = events.MemberEnrolled(
    member="0123", province="isfahan", licence=LICENCE, paid_through=1404, enrolled_by="officer:admin", enrolled_at=NOON
)
PASSWORD_CHANGED = events.PasswordChanged(account="member:0123", changed_by="member:0123", changed_at=NOON)


def test_a_number_new_to_the_register_is_enrolled() -> None:
    assert given(MEMBER).when(REGISTER) == [ENROLLED]


def test_the_same_entry_again_changes_nothing() -> None:
    assert given(MEMBER, ENROLLED).when(REGISTER) == []


@pytest.mark.parametrize(
    "news",
    [{"province": "fars"}, {"paid_through": None}, {"licence": LICENCE.model_copy(update={"expires_on": None})}],
)
def test_a_changed_entry_is_recorded_whole(news: dict[str, Any]) -> None:
    now = replace(MEMBERSHIP, **news)
    changed = events.MembershipChanged(member="0123", **vars(now), changed_by="officer:admin", changed_at=NOON)
    command = replace(REGISTER, membership=now)
    assert given(MEMBER, ENROLLED).when(command) == [changed]
    assert given(MEMBER, ENROLLED, changed).when(command) == []


def test_a_removed_member_may_be_enrolled_again() -> None:
    remove = RemoveMember(**BY, member="0123")
    removed = events.MemberRemoved(member="0123", province="isfahan", removed_by="officer:admin", removed_at=NOON)
    assert given(MEMBER, ENROLLED).when(remove) == [removed]
    assert given(MEMBER, ENROLLED, removed).when(remove) == []
    assert given(MEMBER, ENROLLED, removed).when(REGISTER) == [ENROLLED]


def test_a_password_between_two_entries_is_no_change_of_the_register() -> None:
    assert given(MEMBER, ENROLLED, PASSWORD_CHANGED).when(REGISTER) == []
