"""Delays, locks and where more proof is needed, by the clock that is passed in."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Connection

from services.auth.sign_in import throttle
from services.auth.sign_in.throttle import (
    ACCOUNT_DELAY_SECONDS_MAX,
    FAILURES_MAX,
    LOCK,
    NETWORK_FAILURES_MAX,
    Attempt,
    account_free_at,
    own_free_at,
)
from shared.contract.refusals import Refused
from shared.event_store.command_handler import Records
from tests.services.auth.samples import NOON


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def attempt(at: datetime = NOON, account: str = "member:0123", address: str = "192.0.2.7", device: str = "") -> Attempt:
    return Attempt(account, address, at, device, uuid4())


def fail(records: Records, *tries: Attempt) -> None:
    def count(connection: Connection) -> None:
        for one in tries:
            throttle.count_failure(connection, one)

    records.write(count)


def waits_until(records: Records, one: Attempt) -> datetime | None:
    with records.read() as connection:
        try:
            throttle.require_unlocked(connection, one)
        except Refused as refusal:
            return datetime.fromisoformat(refusal.details["until"])
    return None


def needs_captcha(records: Records, one: Attempt) -> bool:
    with records.read() as connection:
        return throttle.needs_captcha(connection, one)


@pytest.mark.parametrize(("count", "seconds"), [(1, 0), (2, 2), (3, 4), (4, 8), (5, 900), (6, 900)])
def test_the_delay_of_one_network_grows_until_it_is_a_lock(count: int, seconds: int) -> None:
    assert own_free_at([NOON] * count) == after(seconds)


@pytest.mark.parametrize(("count", "seconds"), [(5, 1), (6, 2), (7, 4), (8, 8), (9, 8), (1000, 8)])
def test_the_delay_of_an_account_grows_to_some_seconds_and_never_to_a_lock(count: int, seconds: int) -> None:
    assert account_free_at([NOON] * count) == after(seconds)


def test_who_has_not_failed_does_not_wait() -> None:
    assert own_free_at([]) is None
    assert account_free_at([]) is None
    assert account_free_at([NOON] * 4) is None


def test_one_slip_costs_no_time_and_a_second_one_two_seconds(records: Records) -> None:
    fail(records, attempt())
    assert waits_until(records, attempt()) is None
    fail(records, attempt(after(1)))
    assert waits_until(records, attempt(after(2))) == after(3)
    assert waits_until(records, attempt(after(3))) is None


def test_five_failures_lock_the_account_for_a_quarter_of_an_hour_from_that_network(records: Records) -> None:
    fail(records, *(attempt(after(20 * number)) for number in range(FAILURES_MAX)))
    assert waits_until(records, attempt(after(100))) == after(80) + LOCK
    assert waits_until(records, attempt(after(80) + LOCK)) is None


def test_five_failures_of_a_stranger_keep_nobody_out_elsewhere(records: Records) -> None:
    """They locked any officer for a quarter of an hour, again and again."""
    fail(records, *(attempt(after(20 * number)) for number in range(FAILURES_MAX)))
    assert waits_until(records, attempt(after(80.5), address="198.51.100.9")) == after(81)
    assert waits_until(records, attempt(after(81), address="198.51.100.9")) is None


def test_addresses_of_one_ipv6_network_count_together(records: Records) -> None:
    fail(records, *(attempt(after(20 * n), address=f"2001:db8::{n:x}") for n in range(FAILURES_MAX)))
    assert waits_until(records, attempt(after(100), address="2001:db8::ffff:1")) == after(80) + LOCK
    assert waits_until(records, attempt(after(100), address="2001:db8:0:1::1")) is None


def test_a_known_device_passes_what_strangers_have_failed_even_in_its_own_network(records: Records) -> None:
    fail(records, *(attempt(after(n / 100)) for n in range(1000)))
    assert waits_until(records, attempt(after(10))) == after(9.99) + LOCK
    assert waits_until(records, attempt(after(10), device="known")) is None


def test_a_known_device_is_delayed_and_locked_by_its_own_failures_alone(records: Records) -> None:
    fail(records, *(attempt(after(20 * n), device="stolen") for n in range(FAILURES_MAX)))
    assert waits_until(records, attempt(after(100), device="stolen")) == after(80) + LOCK
    assert waits_until(records, attempt(after(100), device="another")) is None
    assert waits_until(records, attempt(after(100))) is None


def test_another_account_is_not_locked_with_it(records: Records) -> None:
    fail(records, *(attempt() for _ in range(FAILURES_MAX)))
    assert waits_until(records, attempt(account="member:0124")) is None


def test_guesses_from_any_number_of_networks_come_eight_seconds_apart(records: Records) -> None:
    """The account's own delay bounds them: a thousand take two hours."""
    at, guesses = NOON, 0
    while guesses < 60:
        one = attempt(at, address=f"2001:db8:{guesses:x}::1")
        until = waits_until(records, one)
        if until is None:
            fail(records, one)
            guesses += 1
        at = until or at
    assert at - NOON >= timedelta(seconds=ACCOUNT_DELAY_SECONDS_MAX * (60 - 9))


def test_a_network_that_tries_many_accounts_needs_more_proof_and_is_not_refused(records: Records) -> None:
    """Twenty failures refused everybody behind a proxy or in a mobile network."""
    fail(records, *(attempt(after(n), account=f"member:{n:04}") for n in range(NETWORK_FAILURES_MAX)))
    behind = attempt(after(60), account="member:9999")
    assert waits_until(records, behind) is None
    assert needs_captcha(records, behind)
    assert not needs_captcha(records, attempt(after(60), account="member:9999", address="198.51.100.9"))
    assert not needs_captcha(records, attempt(NOON + LOCK, account="member:9999"))
    assert not needs_captcha(records, attempt(after(60), account="member:9999", address=""))


def test_success_forgives_ones_own_failures_but_not_what_others_did(records: Records) -> None:
    others = [attempt(after(n / 10), address=f"198.51.100.{n}") for n in range(5)]
    behind = [attempt(account=f"member:{n:04}") for n in range(1000, 1003)]
    right = attempt(after(1))
    fail(records, attempt(), *others, *behind, right)
    records.write(lambda connection: throttle.clear_after_success(connection, right))
    with records.read() as connection:
        assert throttle.failures(connection, right.own_key, after(1)) == []
        assert throttle.failures(connection, right.account_key, after(1)) == [one.at for one in others]
        assert throttle.failures(connection, others[0].own_key, after(1)) == [others[0].at]
        assert len(throttle.failures(connection, right.network_key, after(1))) == len(behind) + 1


def test_success_with_ones_own_account_forgives_no_guess_at_another_under_the_same_id(records: Records) -> None:
    """A member who guesses at others, and signs in to the own account between the guesses, all as one command."""
    guesses = [Attempt("member:0999", "192.0.2.7", after(20 * number), id=uuid4()) for number in range(FAILURES_MAX)]
    fail(records, *guesses)
    for guess in guesses:
        own = Attempt("member:0123", "192.0.2.7", guess.at + timedelta(seconds=1), id=guess.id)
        fail(records, own)
        records.write(lambda connection, own=own: throttle.clear_after_success(connection, own))  # type: ignore[misc]
    assert waits_until(records, attempt(after(100), "member:0999")) == after(80) + LOCK
    assert waits_until(records, attempt(after(100))) is None
    with records.read() as connection:
        assert len(throttle.failures(connection, attempt().network_key, after(100))) == FAILURES_MAX


def test_a_phrase_is_asked_for_after_two_failures_of_a_quarter_of_an_hour(records: Records) -> None:
    fail(records, attempt(), attempt(after(60)))
    for address in ("192.0.2.7", "198.51.100.9"):
        assert needs_captcha(records, attempt(after(61), address=address))
        assert not needs_captcha(records, attempt(NOON + LOCK, address=address))
    assert not needs_captcha(records, attempt(after(61), account="member:0124"))
    assert not needs_captcha(records, attempt(after(61), device="known"))


def test_what_counts_no_more_is_forgotten_and_an_admin_can_unlock(records: Records) -> None:
    one, other = attempt(after(60)), attempt(after(60), account="member:01234")
    fail(records, attempt(), one, other, attempt(after(60), device="known"))
    records.write(lambda connection: throttle.delete_expired(connection, NOON + LOCK))
    with records.read() as connection:
        assert throttle.failures(connection, one.account_key, after(61)) == [after(60)]
    records.write(lambda connection: throttle.unlock(connection, "member:0123"))
    with records.read() as connection:
        of_account = (one.own_key, one.account_key, attempt(device="known").own_key)
        assert [throttle.failures(connection, key, after(61)) for key in of_account] == [[], [], []]
        assert throttle.failures(connection, other.own_key, after(61)) == [after(60)]
        assert throttle.failures(connection, one.network_key, after(61)) == [after(60)] * 3
