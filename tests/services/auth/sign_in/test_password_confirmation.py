"""An open session of an account without a second factor is confirmed by the password."""

import pytest
from pydantic import SecretStr

from services.auth.sign_in import sessions
from services.auth.sign_in.credentials import Passwords
from services.auth.sign_in.second_step import SecondStep
from services.auth.sign_in.sign_in import SignIn
from services.auth.sign_in.throttle import FAILURES_MAX
from shared.contract.auth import answers, commands, queries
from shared.contract.refusals import Reason
from shared.event_store.command_handler import Records
from tests.services.auth.samples import NOON, stamps
from tests.services.auth.sign_in.test_second_step import (
    OFFICER,
    PASSWORD,
    after,
    code,
    enrol,
    holder,
    open_pending,
    reason,
    step,
    turn_on,
    with_factor,
)

__all__ = ["step", "with_factor"]


@pytest.fixture
def service(records: Records, passwords: Passwords) -> SignIn:
    return SignIn(records, passwords, "never", initial_lasts=True)


def confirmed(service: SignIn, typed: str = PASSWORD, session: str = "first", seconds: float = 0) -> answers.Session:
    command = commands.ConfirmSession(**{**stamps(after(seconds)), "session": session, "password": typed})
    return service.confirm_by_password(command)


def way(step: SecondStep, session: str = "first") -> bool:
    return step.ways(queries.GetSecondStep(session=SecretStr(session)), NOON).by_password


def test_the_password_confirms_an_open_session(step: SecondStep, service: SignIn) -> None:
    assert way(step)
    assert holder(step, "first", NOON).passport.confirmed_at is None
    assert confirmed(service).passport.confirmed_at == NOON
    assert holder(step, "first", after(60)).passport.confirmed_at == NOON


def test_a_wrong_password_confirms_nothing_and_holds_up_this_session_alone(step: SecondStep, service: SignIn) -> None:
    step.records.write(lambda connection: sessions.start(connection, "second", OFFICER, NOON))
    for number in range(FAILURES_MAX):
        assert reason(confirmed, service, "other", "first", 20 * number) is Reason.WRONG_CREDENTIALS
    assert reason(confirmed, service, PASSWORD, "first", 110) is Reason.TOO_MANY_ATTEMPTS
    assert holder(step, "first", NOON).passport.confirmed_at is None
    assert confirmed(service, PASSWORD, "second", 110).passport.confirmed_at == after(110)


def test_only_an_open_session_is_confirmed(step: SecondStep, service: SignIn) -> None:
    assert reason(confirmed, service, PASSWORD, "nobody's") is Reason.NOT_SIGNED_IN


def test_where_there_is_a_second_factor_the_password_confirms_nothing(
    with_factor: SecondStep, passwords: Passwords, service: SignIn
) -> None:
    open_pending(with_factor, passwords, "second")
    assert (way(with_factor), way(with_factor, "second")) == (False, False)
    assert reason(confirmed, service, PASSWORD, "first", 1) is Reason.WRONG_CODE
    assert reason(confirmed, service, PASSWORD, "second", 1) is Reason.NOT_SIGNED_IN
    assert holder(with_factor, "first", NOON).passport.confirmed_at == NOON


def test_a_new_second_factor_does_not_count_what_the_password_has_confirmed(
    step: SecondStep, passwords: Passwords, service: SignIn
) -> None:
    step.records.write(lambda connection: sessions.start(connection, "second", OFFICER, NOON))
    confirmed(service, session="second")
    enrol(step, passwords)
    turn_on(step, typed=code(NOON))
    passport = holder(step, "second", NOON).passport
    assert reason(lambda: passport.must_be_confirmed(NOON, is_required=False)) is Reason.CODE_NEEDED
    assert holder(step, "first", NOON).passport.confirmed_at == NOON
