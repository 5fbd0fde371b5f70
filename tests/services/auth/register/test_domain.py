"""What is decided about members and officers, as given, when, then."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest

from services.auth.register import domain
from shared.contract.auth import events
from shared.contract.refusals import Reason
from shared.contract.values import Licence, LicenceField, MemberClass, Role
from tests.services.auth.samples import NOON
from tests.support.given import given

LICENCE = Licence(member_class=MemberClass.GRADE_2, fields=(LicenceField.EXTRACTION,), expires_on=date(2028, 3, 19))
BY: dict[str, Any] = {"id": uuid4(), "at": NOON, "actor": "officer:admin"}
PUT = domain.PutOnRoll(**BY, member="0123", province="isfahan", licence=LICENCE, paid_through=1404)
ENROLLED = events.MemberEnrolled(
    member="0123", province="isfahan", licence=LICENCE, paid_through=1404, enrolled_by="officer:admin", enrolled_at=NOON
)
OWN_PASSWORD = domain.ChangePassword(**(BY | {"actor": "member:0123"}), account="member:0123")
PASSWORD_CHANGED = events.PasswordChanged(account="member:0123", changed_by="member:0123", changed_at=NOON)

APPOINT = domain.Appoint(**BY, officer="modir", roles=(Role.MANAGER,), provinces=("isfahan",), new_password=True)
APPOINTED = events.OfficerAppointed(
    officer="modir", roles=(Role.MANAGER,), provinces=("isfahan",), appointed_by="officer:admin", appointed_at=NOON
)
DISMISS = domain.Dismiss(**BY, officer="modir", reach=frozenset({"isfahan"}))
DISMISSED = events.OfficerDismissed(officer="modir", dismissed_by="officer:admin", dismissed_at=NOON)
RESET = events.PasswordChanged(account="officer:modir", changed_by="officer:admin", changed_at=NOON)


def test_a_number_new_to_the_roll_is_enrolled() -> None:
    assert given(domain.MEMBER).when(PUT) == [ENROLLED]


def test_the_same_entry_again_changes_nothing() -> None:
    assert given(domain.MEMBER, ENROLLED).when(PUT) == []


@pytest.mark.parametrize(
    "news",
    [{"province": "fars"}, {"paid_through": None}, {"licence": LICENCE.model_copy(update={"expires_on": None})}],
)
def test_a_changed_entry_is_told_whole(news: dict[str, Any]) -> None:
    says: dict[str, Any] = {"province": "isfahan", "licence": LICENCE, "paid_through": 1404} | news
    changed = events.MembershipChanged(member="0123", **says, changed_by="officer:admin", changed_at=NOON)
    assert given(domain.MEMBER, ENROLLED).when(replace(PUT, **news)) == [changed]
    assert given(domain.MEMBER, ENROLLED, changed).when(replace(PUT, **news)) == []


def test_who_is_taken_off_the_roll_may_be_enrolled_again() -> None:
    take_off = domain.TakeOffRoll(**BY, member="0123")
    removed = events.MemberRemoved(member="0123", province="isfahan", removed_by="officer:admin", removed_at=NOON)
    assert given(domain.MEMBER, ENROLLED).when(take_off) == [removed]
    assert given(domain.MEMBER, ENROLLED, removed).when(take_off) == []
    assert given(domain.MEMBER, ENROLLED, removed).when(PUT) == [ENROLLED]
    given(domain.MEMBER, ENROLLED, removed).refuses(OWN_PASSWORD, Reason.UNKNOWN_MEMBER)


def test_a_password_between_two_entries_is_no_news_of_the_roll() -> None:
    assert given(domain.MEMBER, ENROLLED).when(OWN_PASSWORD) == [PASSWORD_CHANGED]
    assert given(domain.MEMBER, ENROLLED, PASSWORD_CHANGED).when(PUT) == []


def test_nobody_has_no_password() -> None:
    given(domain.MEMBER).refuses(OWN_PASSWORD, Reason.UNKNOWN_MEMBER)
    given(domain.OFFICER).refuses(OWN_PASSWORD, Reason.UNKNOWN_OFFICER)
    given(domain.OFFICER, APPOINTED, DISMISSED).refuses(OWN_PASSWORD, Reason.UNKNOWN_OFFICER)


def test_an_officer_is_appointed_once() -> None:
    assert given(domain.OFFICER).when(APPOINT) == [APPOINTED]
    assert given(domain.OFFICER, APPOINTED).when(replace(APPOINT, new_password=False)) == []


def test_the_order_of_roles_and_provinces_is_no_news() -> None:
    two = replace(APPOINT, roles=(Role.MANAGER, Role.FINANCE), provinces=("isfahan", "fars"))
    (appointed,) = given(domain.OFFICER).when(two)
    other_way = replace(two, roles=(Role.FINANCE, Role.MANAGER, Role.FINANCE), provinces=("fars", "isfahan"))
    assert given(domain.OFFICER, appointed).when(replace(other_way, new_password=False)) == []


def test_a_first_appointment_needs_a_password() -> None:
    details = given(domain.OFFICER).refuses(replace(APPOINT, new_password=False), Reason.BAD_INPUT)
    assert details == {"password": "missing"}


def test_other_roles_are_told_and_a_password_set_by_an_admin_too() -> None:
    more = replace(APPOINT, roles=(Role.MANAGER, Role.FINANCE))
    told = APPOINTED.model_copy(update={"roles": (Role.FINANCE, Role.MANAGER)})
    assert given(domain.OFFICER, APPOINTED).when(more) == [told, RESET]
    assert given(domain.OFFICER, APPOINTED).when(APPOINT) == [RESET]


def test_an_officer_is_dismissed_once_and_may_come_back_with_a_new_password() -> None:
    assert given(domain.OFFICER, APPOINTED).when(DISMISS) == [DISMISSED]
    assert given(domain.OFFICER, APPOINTED, DISMISSED).when(DISMISS) == []
    assert given(domain.OFFICER, APPOINTED, DISMISSED).when(APPOINT) == [APPOINTED, RESET]
    given(domain.OFFICER, APPOINTED, DISMISSED).refuses(replace(APPOINT, new_password=False), Reason.BAD_INPUT)


def test_who_was_never_appointed_is_unknown() -> None:
    given(domain.OFFICER).refuses(DISMISS, Reason.UNKNOWN_OFFICER)


def test_an_admin_takes_no_other_ones_province_from_an_officer() -> None:
    of_two = APPOINTED.model_copy(update={"provinces": ("fars", "isfahan")})
    here = frozenset({"isfahan"})
    given(domain.OFFICER, of_two).refuses(replace(APPOINT, reach=here), Reason.NOT_ALLOWED)
    given(domain.OFFICER, of_two).refuses(replace(DISMISS, reach=here), Reason.NOT_ALLOWED)
    assert given(domain.OFFICER, of_two, DISMISSED).when(replace(APPOINT, reach=here)) == [APPOINTED, RESET]


def test_no_personal_data_is_in_any_event_of_auth() -> None:
    words = {"first_name", "last_name", "full_name", "national_code", "password", "password_hash", "token"}
    for event in (ENROLLED, APPOINTED, DISMISSED, PASSWORD_CHANGED):
        assert not words & type(event).model_fields.keys()
    assert isinstance(ENROLLED.enrolled_at, datetime)
