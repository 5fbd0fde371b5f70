"""Recovery: a manager of the province takes back a member's credentials."""

from datetime import timedelta
from typing import Any

import pytest

from services.auth.register import import_batch
from services.auth.sign_in import credentials, recovery, sessions
from services.auth.sign_in.credentials import Passwords
from services.auth.sign_in.sign_in import SignIn
from shared.contract.auth import commands
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from tests.services.auth.samples import ADMIN, NOON, ROW, import_of, sign_in, stamps

MEMBER = "member:012345"
PASSWORD = "kooh-e-1405"


def officer(*roles: Role, province: str = "isfahan") -> Passport:
    return Passport(
        principal_kind=PrincipalKind.OFFICER, subject="modir", roles=frozenset(roles), provinces=frozenset({province})
    )


MANAGER = officer(Role.MANAGER)


@pytest.fixture
def lost(records: Records, passwords: Passwords) -> SignIn:
    """A member whose account somebody else has taken over: with a password, a session and a known device."""
    import_batch.import_members(records, import_of(ROW), ADMIN)
    service = SignIn(records, passwords, "never")
    service.open_session(sign_in("012345", "19378653"), "the thief's", "the thief's device")
    service.set_password(
        commands.SetPassword(
            **{**stamps(), "actor": MEMBER, "current": "19378653", "new": PASSWORD, "session": "the thief's"}
        )
    )
    service.open_session(sign_in("012345", PASSWORD), "the thief's second", "the thief's device")
    return service


def reset(service: SignIn, caller: Passport = MANAGER, member: str = "012345", **more: Any) -> Reason | None:
    command = commands.ResetMember(**{**stamps(), "actor": caller.actor, "member": member, **more})
    try:
        recovery.reset_member(service.records, command, caller)
    except Refused as refusal:
        return refusal.reason
    return None


def is_reset(service: SignIn) -> bool:
    with service.records.read() as connection:
        return recovery.reset_at(connection, MEMBER) is not None


def test_after_a_reset_the_first_sign_in_is_as_at_the_beginning(lost: SignIn) -> None:
    assert reset(lost) is None
    with pytest.raises(Refused):
        lost.open_session(sign_in("012345", PASSWORD), "again", "device")
    session = lost.open_session(sign_in("012345", "19378653", NOON + timedelta(minutes=1)), "again", "device")
    assert session.passport.actor == MEMBER
    with lost.records.read() as connection:
        assert not credentials.has_own_password(connection, MEMBER)


def test_a_reset_ends_all_sessions_and_forgets_devices_and_failures(lost: SignIn) -> None:
    for minute in range(6):
        with pytest.raises(Refused):
            lost.open_session(sign_in("012345", "wrong", NOON + timedelta(minutes=minute)), "none", "device")
    assert reset(lost) is None
    for token in ("the thief's", "the thief's second"):
        with pytest.raises(Refused) as refusal:
            sessions.use(lost.records, token, NOON)
        assert refusal.value.reason is Reason.NOT_SIGNED_IN
    right = sign_in("012345", "19378653", NOON + timedelta(minutes=6), known_device="the thief's device")
    assert lost.open_session(right, "again", "the member's device").known_device == "the member's device"


def test_a_reset_is_recorded_without_a_secret_and_once_for_each_command(lost: SignIn) -> None:
    id_ = stamps()["id"]
    assert [reset(lost, id=id_), reset(lost, id=id_)] == [None, None]
    with lost.records.read() as connection:
        history = lost.records.own_log().stream(connection, "member/012345")
    assert [one.type for one in history] == ["MemberEnrolled", "PasswordChanged", "PasswordReset"]
    assert history[-1].metadata.actor == "officer:modir"
    assert '"reset_by":"officer:modir"' in history[-1].data.replace(" ", "")


def test_the_member_is_shown_the_reset_until_a_password_is_set(lost: SignIn) -> None:
    assert not is_reset(lost)
    reset(lost)
    assert is_reset(lost)
    lost.set_password(commands.SetPassword(**{**stamps(), "actor": MEMBER, "current": "19378653", "new": PASSWORD}))
    assert not is_reset(lost)


def test_the_notice_of_a_reset_ends_in_time(lost: SignIn) -> None:
    reset(lost)
    lost.records.write(lambda connection: recovery.delete_expired(connection, NOON + recovery.NOTICE_LIFE / 2))
    assert is_reset(lost)
    lost.records.write(lambda connection: recovery.delete_expired(connection, NOON + recovery.NOTICE_LIFE))
    assert not is_reset(lost)


@pytest.mark.parametrize(
    ("caller", "member", "reason"),
    [
        (officer(Role.MANAGER, province="fars"), "012345", Reason.NOT_ALLOWED),
        (officer(Role.FINANCE, Role.ADMIN), "012345", Reason.NOT_ALLOWED),
        (Passport(principal_kind=PrincipalKind.MEMBER, subject="012345"), "012345", Reason.NOT_ALLOWED),
        (MANAGER, "999999", Reason.UNKNOWN_MEMBER),
    ],
    ids=["another province", "another role", "the member", "nobody"],
)
def test_only_a_manager_of_the_province_resets(lost: SignIn, caller: Passport, member: str, reason: Reason) -> None:
    assert reset(lost, caller, member) is reason
    assert sessions.use(lost.records, "the thief's", NOON).passport.actor == MEMBER
    assert not is_reset(lost)
