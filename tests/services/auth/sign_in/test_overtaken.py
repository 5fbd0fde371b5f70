"""What a password has proved counts no more where the password was changed or taken back while it was checked."""

from collections.abc import Callable

import pytest

from services.auth.register import import_batch
from services.auth.sign_in import known_devices, recovery, sessions
from services.auth.sign_in.credentials import Passwords
from services.auth.sign_in.sign_in import SignIn
from shared.contract.auth import commands
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from tests.services.auth.conftest import CHEAP
from tests.services.auth.samples import ADMIN, NOON, ROW, appoint, appointment, import_of, sign_in, stamps

MEMBER, CODE, ACCOUNT = "012345", "0019378653", "member:012345"
OLD, NEW, OTHER = "koohe-alvand-1405", "rood-karoon-1405", "dasht-e-lut-1405"
MANAGER = Passport(
    principal_kind=PrincipalKind.OFFICER,
    subject="modir",
    roles=frozenset({Role.MANAGER}),
    provinces=frozenset({"isfahan"}),
)


class Overtaken(Passwords):
    """Something else comes in between when a password has turned out right."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        super().__init__(hasher=CHEAP)
        self.meanwhile = meanwhile
        self.is_done = False

    def verify(self, stored: str | None, password: str) -> bool:
        is_right = super().verify(stored, password)
        if is_right and not self.is_done:
            self.is_done = True
            self.meanwhile()
        return is_right


@pytest.fixture
def holder(records: Records, passwords: Passwords) -> SignIn:
    """A member with a password of their own, and an officer."""
    import_batch.import_members(records, import_of(ROW), ADMIN)
    service = SignIn(records, passwords, "never")
    change(service, CODE, OLD)
    appoint(records, passwords, appointment(password=OLD))
    return service


def change(service: SignIn, current: str, new: str) -> None:
    fields = {**stamps(), "current": current, "new": new, "actor": ACCOUNT}
    service.set_password(commands.SetPassword(**fields))


def reset(service: SignIn) -> None:
    recovery.reset_member(service.records, commands.ResetMember(**stamps(), member=MEMBER), MANAGER)


def overtaken(service: SignIn, meanwhile: Callable[[], object]) -> SignIn:
    return SignIn(service.records, Overtaken(meanwhile), "never")


def refusal(work: Callable[[], object]) -> Reason:
    with pytest.raises(Refused) as refused:
        work()
    return refused.value.reason


@pytest.mark.parametrize("act", [lambda one: change(one, OLD, NEW), reset])
def test_a_sign_in_by_the_password_of_before_opens_nothing(holder: SignIn, act: Callable[[SignIn], None]) -> None:
    """Whoever has stolen a password and tries it again and again would otherwise outlive its change."""
    thief = overtaken(holder, lambda: act(holder))
    assert refusal(lambda: thief.open_session(sign_in(MEMBER, OLD), "late", "device")) is Reason.WRONG_CREDENTIALS
    with holder.records.read() as connection:
        assert sessions.find(connection, "late", NOON) is None
        assert not known_devices.has_any(connection, ACCOUNT)


def test_a_sign_in_by_an_officers_password_of_before_opens_nothing(holder: SignIn) -> None:
    thief = overtaken(
        holder, lambda: appoint(holder.records, holder.passwords, appointment(password="another-long-one"))
    )
    late = sign_in("modir", OLD, principal_kind="officer")
    assert refusal(lambda: thief.open_session(late, "late", "device")) is Reason.WRONG_CREDENTIALS


def test_the_password_of_before_sets_no_other(holder: SignIn) -> None:
    thief = overtaken(holder, lambda: change(holder, OLD, NEW))
    assert refusal(lambda: change(thief, OLD, OTHER)) is Reason.WRONG_CREDENTIALS
    assert holder.open_session(sign_in(MEMBER, NEW), "token", "device").passport.subject == MEMBER


def test_two_first_sign_ins_at_once_both_open(records: Records, passwords: Passwords) -> None:
    import_batch.import_members(records, import_of(ROW), ADMIN)
    first = SignIn(records, passwords, "never")

    class Beside(Passwords):
        """The other one is done while this one's code is hashed."""

        def hash(self, password: str) -> str:
            first.open_session(sign_in(MEMBER, CODE), "one", "device")
            return super().hash(password)

    SignIn(records, Beside(hasher=CHEAP), "never").open_session(sign_in(MEMBER, CODE), "two", "device")
    with records.read() as connection:
        assert all(sessions.find(connection, token, NOON) for token in ("one", "two"))
