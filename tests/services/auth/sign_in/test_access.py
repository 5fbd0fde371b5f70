"""What the holder of an account hears of as a fact: a sign-in by a new device, and a lock, on SQLite and on PostgreSQL."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from services.auth.register import import_batch
from services.auth.sign_in.credentials import Passwords
from services.auth.sign_in.domain import ACCESS, LOCK_APART, Lock, SignInByNewDevice, access_stream_of
from services.auth.sign_in.sign_in import SignIn
from shared.contract.auth import events
from shared.contract.refusals import Refused
from shared.event_store.command_handler import Records
from tests.services.auth.samples import ADMIN, NOON, OTHER, ROW, import_of, sign_in
from tests.support.given import given

MEMBER = "member:012345"
LOCKED = events.AccountLocked(account=MEMBER, locked_at=NOON)
NETWORKS = [f"203.0.113.{number}" for number in range(3)]


@pytest.fixture
def service(records: Records, passwords: Passwords) -> SignIn:
    import_batch.import_members(records, import_of(ROW, OTHER), ADMIN)
    return SignIn(records, passwords, "never")


def facts(service: SignIn, account: str = MEMBER) -> list[object]:
    with service.records.read() as connection:
        return [one.event for one in service.records.own_log().stream(connection, access_stream_of(account))]


CODE = "19378653"


def enter(service: SignIn, known_device: str = "", typed: str = CODE, at: datetime = NOON) -> str:
    """The device's token after a sign-in."""
    command = sign_in("012345", typed, at, known_device=known_device or None)
    return service.open_session(command, str(command.id), f"device {command.id}").known_device


def fail(service: SignIn, at: datetime = NOON, address: str = NETWORKS[0], name: str = "012345") -> None:
    for number in range(5):
        with pytest.raises(Refused):
            service.open_session(
                sign_in(name, "wrong", at + timedelta(minutes=number), address=address), "token", "device"
            )


def test_the_first_device_is_nothing_to_tell_and_each_later_one_is(service: SignIn) -> None:
    first = enter(service)
    assert enter(service, first)
    assert facts(service) == []
    second = enter(service)
    assert facts(service) == [events.NewDeviceSignedIn(account=MEMBER, signed_in_at=NOON)]
    enter(service, second)
    enter(service, first)
    assert len(facts(service)) == 1


def test_a_fact_of_a_sign_in_is_the_accounts_own_act_and_names_no_device(service: SignIn) -> None:
    enter(service)
    enter(service)
    with service.records.read() as connection:
        (recorded,) = service.records.own_log().stream(connection, access_stream_of(MEMBER))
    assert recorded.metadata.actor == MEMBER
    assert set(events.NewDeviceSignedIn.model_fields) == {"account", "signed_in_at"}


def test_the_try_that_locks_is_told_and_none_before_or_after_it(service: SignIn) -> None:
    for number in range(4):
        with pytest.raises(Refused):
            enter(service, typed="wrong", at=NOON + timedelta(minutes=number))
    assert facts(service) == []
    for number in range(4, 8):
        with pytest.raises(Refused):
            enter(service, typed="wrong", at=NOON + timedelta(minutes=number))
    assert facts(service) == [events.AccountLocked(account=MEMBER, locked_at=NOON + timedelta(minutes=4))]


def test_the_right_password_at_the_last_try_locks_nothing(service: SignIn) -> None:
    for number in range(4):
        with pytest.raises(Refused):
            enter(service, typed="wrong", at=NOON + timedelta(minutes=number))
    enter(service, at=NOON + timedelta(minutes=4))
    assert facts(service) == []


def test_a_name_that_somebody_made_up_is_in_no_fact(service: SignIn) -> None:
    fail(service, name="999999")
    assert facts(service, "member:999999") == []


def test_whoever_locks_again_and_again_sends_one_message_a_day(service: SignIn) -> None:
    for number, address in enumerate(NETWORKS):
        fail(service, NOON + timedelta(hours=number), address)
    assert len(facts(service)) == 1
    fail(service, NOON + timedelta(days=1, minutes=5))
    assert len(facts(service)) == 2


def test_a_lock_is_recorded_once_a_day() -> None:
    def lock(after: timedelta) -> Lock:
        return Lock(uuid4(), NOON + after, MEMBER)

    assert given(ACCESS).when(lock(timedelta())) == [LOCKED]
    assert given(ACCESS, LOCKED).when(lock(LOCK_APART - timedelta(seconds=1))) == []
    assert given(ACCESS, LOCKED).when(lock(LOCK_APART)) == [LOCKED.model_copy(update={"locked_at": NOON + LOCK_APART})]


def test_each_new_device_is_told_whatever_was_locked() -> None:
    found = given(ACCESS, LOCKED).when(SignInByNewDevice(uuid4(), NOON, MEMBER))
    assert found == [events.NewDeviceSignedIn(account=MEMBER, signed_in_at=NOON)]
