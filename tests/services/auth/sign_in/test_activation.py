"""The first sign-in by a one-time code of the office, and what a session may do before its member has set a password."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from deploy.containers.secrets import make_keys
from services.auth.register import import_batch
from services.auth.second_factor.passkeys import Passkeys
from services.auth.service import PASSWORDS, AuthService
from services.auth.sign_in import activation, recovery, sessions
from services.auth.sign_in.credentials import Passwords
from services.auth.sign_in.domain import ACTIVATION_LIFE
from services.auth.sign_in.sign_in import SignIn
from services.auth.tables import ACCOUNTS, ACTIVATION_CODES, MEMBERS
from shared.contract.auth import commands, passkey_commands, queries, security_answers
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from shared.settings import Settings
from tests.services.auth.samples import ADMIN, NOON, OTHER, ROW, import_of, sign_in, stamps

MEMBER, NUMBER = "member:012345", "012345"
CODE, SECOND = "k7qa-mmmm-bbbb-cccc", "k7qa-nnnn-bbbb-cccc"
PASSWORD = "kooh-e-1405"


def manager(province: str = "isfahan", *roles: Role) -> Passport:
    return Passport(
        principal_kind=PrincipalKind.OFFICER,
        subject="modir",
        roles=frozenset(roles or {Role.MANAGER}),
        provinces=frozenset({province}),
    )


@pytest.fixture
def first(records: Records, passwords: Passwords) -> SignIn:
    """Two members, where the first sign-in needs a code."""
    import_batch.import_members(records, import_of(ROW, OTHER), ADMIN)
    return SignIn(records, passwords, "never", "activation", initial_lasts=True)


def issue(
    service: SignIn, code: str = CODE, at: datetime = NOON, caller: Passport | None = None, member: str = NUMBER
) -> security_answers.ActivationCode:
    caller = caller or manager()
    command = commands.IssueActivationCode(**{**stamps(at), "actor": caller.actor, "member": member})
    return recovery.issue_activation_code(service.records, command, caller, code)


def enter(service: SignIn, secret: str, at: datetime = NOON, session: str = "session", name: str = NUMBER) -> bool:
    """Whether the member may set a password and no more."""
    return service.open_session(sign_in(name, secret, at), session, "device").must_change_password


def choose(service: SignIn, current: str, at: datetime = NOON, session: str = "session") -> None:
    fields = {**stamps(at), "actor": MEMBER, "current": current, "new": PASSWORD, "session": session}
    service.set_password(commands.SetPassword(**fields))


def reason(work: Callable[..., object], *arguments: Any, **more: Any) -> Reason | None:
    try:
        work(*arguments, **more)
    except Refused as refusal:
        return refusal.reason
    return None


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_the_national_code_opens_nothing(first: SignIn) -> None:
    assert reason(enter, first, ROW["national_code"]) is Reason.WRONG_CREDENTIALS
    issue(first)
    assert reason(enter, first, ROW["national_code"], after(1)) is Reason.WRONG_CREDENTIALS
    assert enter(first, CODE, after(5))
    with first.records.read() as connection:
        assert connection.execute(ACCOUNTS.select().where(ACCOUNTS.c.account == MEMBER)).first() is None


@pytest.mark.parametrize("typed", [CODE, CODE.upper(), CODE.replace("-", " "), f" {CODE} "])
def test_a_code_opens_one_session_however_it_is_typed(first: SignIn, typed: str) -> None:
    issue(first)
    assert enter(first, typed)
    assert reason(enter, first, CODE, after(1), "again") is Reason.WRONG_CREDENTIALS
    assert sessions.use(first.records, "session", after(2)).must_change_password


def test_the_member_sets_a_password_with_the_code_and_signs_in_by_it_from_then_on(first: SignIn) -> None:
    issue(first)
    enter(first, CODE)
    assert reason(choose, first, ROW["national_code"], after(1)) is Reason.WRONG_CREDENTIALS
    assert reason(choose, first, SECOND, after(5)) is Reason.WRONG_CREDENTIALS
    choose(first, CODE, after(20))
    assert not sessions.use(first.records, "session", after(21)).must_change_password
    assert not enter(first, PASSWORD, after(22), "later")
    assert reason(enter, first, CODE, after(30), "again") is Reason.WRONG_CREDENTIALS
    with first.records.read() as connection:
        assert connection.execute(ACTIVATION_CODES.select()).first() is None


def test_a_code_is_over_in_two_weeks(first: SignIn) -> None:
    assert issue(first).expires_at == NOON + ACTIVATION_LIFE
    assert reason(enter, first, CODE, NOON + ACTIVATION_LIFE) is Reason.WRONG_CREDENTIALS
    first.records.write(lambda connection: activation.delete_expired(connection, NOON + ACTIVATION_LIFE))
    with first.records.read() as connection:
        assert connection.execute(ACTIVATION_CODES.select()).first() is None


def test_a_new_code_takes_the_place_of_the_one_before_and_of_its_session(first: SignIn) -> None:
    issue(first)
    enter(first, CODE)
    issue(first, SECOND, after(1))
    assert reason(sessions.use, first.records, "session", after(2)) is Reason.NOT_SIGNED_IN
    assert reason(enter, first, CODE, after(3)) is Reason.WRONG_CREDENTIALS
    assert enter(first, SECOND, after(10), "second")


def test_a_code_is_the_members_own(first: SignIn) -> None:
    issue(first)
    issue(first, SECOND, member=OTHER["membership_no"])
    assert reason(enter, first, SECOND) is Reason.WRONG_CREDENTIALS
    assert enter(first, SECOND, after(1), name=OTHER["membership_no"])


def test_guesses_at_a_code_are_slow_as_those_at_a_password(first: SignIn) -> None:
    issue(first)
    for number in range(5):
        assert reason(enter, first, f"{number}7qa-mmmm-bbbb-cccc", after(20 * number)) is Reason.WRONG_CREDENTIALS
    assert reason(enter, first, CODE, after(100)) is Reason.TOO_MANY_ATTEMPTS
    issue(first, SECOND, after(101))
    assert enter(first, SECOND, after(102))


def test_after_a_reset_another_code_is_needed(first: SignIn) -> None:
    issue(first)
    enter(first, CODE)
    choose(first, CODE)
    assert reason(issue, first, SECOND, after(1)) is Reason.HAS_PASSWORD
    reset = commands.ResetMember(**{**stamps(after(2)), "member": NUMBER})
    recovery.reset_member(first.records, reset, manager())
    for number, secret in enumerate((PASSWORD, ROW["national_code"], CODE)):
        assert reason(enter, first, secret, after(100 + 20 * number)) is Reason.WRONG_CREDENTIALS
    issue(first, SECOND, after(200))
    assert enter(first, SECOND, after(201), "later")


def test_a_reset_takes_a_code_back_that_nobody_has_used(first: SignIn) -> None:
    issue(first)
    recovery.reset_member(first.records, commands.ResetMember(**{**stamps(), "member": NUMBER}), manager())
    assert reason(enter, first, CODE) is Reason.WRONG_CREDENTIALS


@pytest.mark.parametrize(
    ("caller", "member", "why"),
    [
        (manager("fars"), NUMBER, Reason.NOT_ALLOWED),
        (manager("isfahan", Role.FINANCE), NUMBER, Reason.NOT_ALLOWED),
        (Passport(principal_kind=PrincipalKind.MEMBER, subject=NUMBER), NUMBER, Reason.NOT_ALLOWED),
        (manager(), "999999", Reason.UNKNOWN_MEMBER),
    ],
    ids=["another province", "another role", "the member", "nobody"],
)
def test_only_a_manager_of_the_province_prints_codes(first: SignIn, caller: Passport, member: str, why: Reason) -> None:
    assert reason(issue, first, caller=caller, member=member) is why


def test_whoever_is_erased_is_given_no_code(first: SignIn) -> None:
    gone = MEMBERS.update().where(MEMBERS.c.member == NUMBER).values(erased_at=NOON)
    first.records.write(lambda connection: connection.execute(gone).close())
    assert reason(issue, first) is Reason.UNKNOWN_MEMBER
    with first.records.read() as connection:
        assert connection.execute(ACTIVATION_CODES.select()).first() is None


def test_the_code_is_in_no_event_and_no_row(first: SignIn) -> None:
    issue(first)
    with first.records.read() as connection:
        history = first.records.own_log().stream(connection, f"member/{NUMBER}")
        rows = f"{connection.execute(ACTIVATION_CODES.select()).all()} {[one.data for one in history]}"
    assert [one.type for one in history] == ["MemberEnrolled", "ActivationCodeIssued"]
    assert CODE not in rows
    assert CODE.replace("-", "") not in rows


def test_where_the_national_code_opens_the_first_sign_in_codes_open_nothing(first: SignIn) -> None:
    issue(first)
    usual = SignIn(first.records, first.passwords, "never")
    assert reason(enter, usual, CODE) is Reason.WRONG_CREDENTIALS
    assert not enter(usual, ROW["national_code"], after(5))


# ---------------------------------------------------------------- the service


@pytest.fixture
def service(first: SignIn, tmp_path: Path) -> AuthService:
    settings = Settings(var=tmp_path, first_sign_in="activation")
    make_keys(settings.keys_folder, ["auth"])
    made = AuthService()
    made.records, made.settings, made.passkeys = first.records, settings, Passkeys.of(settings)
    return made


def call_as(service: AuthService, caller: Passport, message: Any) -> Any:
    service.caller = caller
    return getattr(service, message.method)(message.model_dump(mode="json"))


def fresh(**fields: Any) -> dict[str, Any]:
    return {**stamps(datetime.now(UTC)), **fields}


def test_the_same_command_prints_the_same_code_and_another_one_another(service: AuthService) -> None:
    command = commands.IssueActivationCode(**fresh(member=NUMBER))
    codes = [call_as(service, manager(), command)["code"] for _ in range(2)]
    assert codes[0] == codes[1]
    assert call_as(service, manager(), commands.IssueActivationCode(**fresh(member=NUMBER)))["code"] != codes[0]


def test_codes_are_printed_only_where_they_are_wanted(service: AuthService) -> None:
    service.settings = service.settings.model_copy(update={"first_sign_in": "code"})
    command = commands.IssueActivationCode(**fresh(member=NUMBER))
    assert reason(call_as, service, manager(), command) is Reason.ACTIVATION_OFF


def test_before_a_password_is_set_a_session_makes_no_link_and_no_second_factor(service: AuthService) -> None:
    own = Passport(principal_kind=PrincipalKind.MEMBER, subject=NUMBER)

    def messages() -> list[Any]:
        return [
            commands.IssueCardLink(**fresh(member=NUMBER)),
            commands.EnrolSecondFactor(**fresh(current=ROW["national_code"])),
            passkey_commands.BeginPasskey(**fresh(current=ROW["national_code"], session="x")),
        ]

    for message in messages():
        assert reason(call_as, service, own, message) is Reason.PASSWORD_NEEDED
    digest = PASSWORDS.hash(PASSWORD)
    row = {"account": MEMBER, "password_hash": digest, "is_own": True, "is_chosen": True, "changed_at": NOON}
    service.records.write(lambda connection: connection.execute(ACCOUNTS.insert().values(row)).close())
    link = call_as(service, own, messages()[0])
    assert call_as(service, own, queries.GetCardLink(member=NUMBER))["token"] == link["token"]
    service.records.write(lambda connection: connection.execute(ACCOUNTS.delete()).close())
    assert call_as(service, own, queries.GetCardLink(member=NUMBER))["token"] is None
