"""Decisions about a password of one's own, as given, when, then."""

from datetime import date, timedelta

from services.auth.sign_in.domain import ACTIVATION, PASSWORD, RESET
from shared.contract.auth import commands, events
from shared.contract.refusals import Reason
from shared.contract.values import Licence, LicenceField, MemberClass, Role
from tests.services.auth.samples import NOON, stamps
from tests.support.given import given

MEMBER, OFFICER = "member:0123", "officer:modir"
LICENCE = Licence(member_class=MemberClass.GRADE_2, fields=(LicenceField.EXTRACTION,), expires_on=date(2028, 3, 19))
ENROLLED = events.MemberEnrolled(
    member="0123", province="isfahan", licence=LICENCE, enrolled_by="officer:admin", enrolled_at=NOON
)
REMOVED = events.MemberRemoved(member="0123", province="isfahan", removed_by="officer:admin", removed_at=NOON)
APPOINTED = events.OfficerAppointed(
    officer="modir", roles=(Role.MANAGER,), provinces=("isfahan",), appointed_by="officer:admin", appointed_at=NOON
)
DISMISSED = events.OfficerDismissed(officer="modir", dismissed_by="officer:admin", dismissed_at=NOON)


def set_password(actor: str) -> commands.SetPassword:
    return commands.SetPassword(**{**stamps(), "actor": actor, "current": "0019378653", "new": "a long enough one"})


def test_the_holder_of_an_account_sets_a_password_any_number_of_times() -> None:
    changed = events.PasswordChanged(account=MEMBER, changed_by=MEMBER, changed_at=NOON)
    assert given(PASSWORD, ENROLLED).when(set_password(MEMBER)) == [changed]
    assert given(PASSWORD, ENROLLED, changed).when(set_password(MEMBER)) == [changed]


def test_nobody_has_no_password() -> None:
    given(PASSWORD).refuses(set_password(MEMBER), Reason.UNKNOWN_MEMBER)
    given(PASSWORD, ENROLLED, REMOVED).refuses(set_password(MEMBER), Reason.UNKNOWN_MEMBER)
    given(PASSWORD).refuses(set_password(OFFICER), Reason.UNKNOWN_OFFICER)
    given(PASSWORD, APPOINTED, DISMISSED).refuses(set_password(OFFICER), Reason.UNKNOWN_OFFICER)


def test_a_members_credentials_are_taken_back_any_number_of_times() -> None:
    reset = commands.ResetMember(**{**stamps(), "member": "0123"})
    recorded = events.PasswordReset(member="0123", reset_by="officer:admin", reset_at=NOON)
    changed = events.PasswordChanged(account=MEMBER, changed_by=MEMBER, changed_at=NOON)
    assert given(RESET, ENROLLED).when(reset) == [recorded]
    assert given(RESET, ENROLLED, changed, recorded).when(reset) == [recorded]
    assert given(PASSWORD, ENROLLED, recorded).when(set_password(MEMBER)) == [changed]


def test_a_code_for_the_first_sign_in_is_printed_any_number_of_times_for_two_weeks() -> None:
    issue = commands.IssueActivationCode(**{**stamps(), "member": "0123"})
    recorded = events.ActivationCodeIssued(
        member="0123", issued_by="officer:admin", issued_at=NOON, expires_at=NOON + timedelta(days=14)
    )
    assert given(ACTIVATION, ENROLLED).when(issue) == [recorded]
    assert given(ACTIVATION, ENROLLED, recorded).when(issue) == [recorded]
    given(ACTIVATION, ENROLLED, REMOVED).refuses(issue, Reason.UNKNOWN_MEMBER)


def test_who_is_not_on_the_register_has_nothing_to_take_back() -> None:
    reset = commands.ResetMember(**{**stamps(), "member": "0123"})
    given(RESET).refuses(reset, Reason.UNKNOWN_MEMBER)
    given(RESET, ENROLLED, REMOVED).refuses(reset, Reason.UNKNOWN_MEMBER)
