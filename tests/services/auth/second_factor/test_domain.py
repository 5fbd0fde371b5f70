"""Codes of an authenticator and recovery codes, by the clock that is passed in; and the events, as given, when, then."""

import re
from datetime import datetime, timedelta

import pyotp
import pytest

from services.auth.second_factor import domain
from services.auth.second_factor.domain import SECOND_FACTOR, matching_step
from shared.contract.auth import commands, events
from shared.text import persian
from tests.services.auth.samples import NOON, stamps
from tests.support.given import given

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
STEP = int(NOON.timestamp()) // domain.STEP_SECONDS
OFFICER = "officer:modir"


def code(steps: int = 0) -> str:
    return pyotp.TOTP(SECRET).at(NOON, counter_offset=steps)


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_the_codes_of_the_present_step_and_of_those_beside_it_are_right(steps: int) -> None:
    assert matching_step(SECRET, code(steps), NOON, 0) == STEP + steps


@pytest.mark.parametrize("typed", [code(-2), code(2), "", "000 000", "12345", code()[:-1], code() + "0", "x" * 1000])
def test_any_other_code_is_wrong(typed: str) -> None:
    assert matching_step(SECRET, typed, NOON, 0) is None


@pytest.mark.parametrize("typed", [persian.digits_to_persian(code()), f" {code()[:3]} {code()[3:]} "])
def test_a_code_may_be_typed_in_groups_and_in_any_digits(typed: str) -> None:
    assert matching_step(SECRET, typed, NOON, 0) == STEP


def test_a_code_that_was_used_and_those_before_it_are_used_up() -> None:
    assert matching_step(SECRET, code(), NOON, STEP) is None
    assert matching_step(SECRET, code(-1), NOON, STEP) is None
    assert matching_step(SECRET, code(1), NOON, STEP) == STEP + 1


def test_the_code_is_that_of_every_authenticator() -> None:
    """RFC 6238, appendix B, for SHA-1 and six digits."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    at = datetime.fromtimestamp(1111111109, tz=NOON.tzinfo)
    assert matching_step(secret, "081804", at, 0) == 1111111109 // 30
    assert domain.provisioning_uri(secret, OFFICER) == f"otpauth://totp/Tamdid:modir?secret={secret}&issuer=Tamdid"


def test_a_recovery_code_can_be_typed() -> None:
    made = domain.recovery_code(bytes(range(domain.RECOVERY_BYTES)))
    assert re.fullmatch("[a-z2-7]{4}(-[a-z2-7]{4}){3}", made)
    same = (made.upper(), made.replace("-", ""), f" {made} ", made.replace("-", "\u2013"))
    assert {domain.recovery_hash(one) for one in same} == {domain.recovery_hash(made)}
    assert made not in domain.recovery_hash(made)


def test_setting_and_removing_are_recorded_without_a_secret() -> None:
    own = {**stamps(NOON + timedelta(minutes=1)), "actor": OFFICER, "code": "123456"}
    confirm = commands.ConfirmSecondFactor(**{**own, "session": "token"})
    remove = commands.RemoveSecondFactor(**own)
    was_set = events.SecondFactorSet(account=OFFICER, set_at=confirm.at)
    removed = events.SecondFactorRemoved(account=OFFICER, removed_by=OFFICER, removed_at=remove.at)
    assert given(SECOND_FACTOR).when(confirm) == [was_set]
    assert given(SECOND_FACTOR, was_set).when(remove) == [removed]
