"""Delays and locks, by the clock that is passed in."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Connection

from services.auth.sign_in import throttle
from services.auth.sign_in.throttle import ACCOUNT_FAILURES_MAX, ADDRESS_FAILURES_MAX, LOCK, Attempt
from shared.contract.refusals import Refused
from shared.event_store.command_handler import Records
from tests.services.auth.samples import NOON


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def attempt(at: datetime = NOON, account: str = "member:0123", address: str = "192.0.2.7") -> Attempt:
    return Attempt(uuid4(), account, address, at)


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


@pytest.mark.parametrize(("count", "seconds"), [(1, 0), (2, 2), (3, 4), (4, 8), (5, 900), (6, 900)])
def test_the_delay_grows_until_it_is_a_lock(count: int, seconds: int) -> None:
    assert throttle.account_free_at([NOON] * count) == after(seconds)


@pytest.mark.parametrize("rule", [throttle.account_free_at, throttle.address_free_at])
def test_who_has_not_failed_does_not_wait(rule: Callable[[list[datetime]], datetime | None]) -> None:
    assert rule([]) is None


def test_one_slip_costs_no_time_and_a_second_one_two_seconds(records: Records) -> None:
    fail(records, attempt())
    assert waits_until(records, attempt()) is None
    fail(records, attempt(after(1)))
    assert waits_until(records, attempt(after(2))) == after(3)
    assert waits_until(records, attempt(after(3))) is None


def test_five_failures_lock_the_account_for_a_quarter_of_an_hour_from_anywhere(records: Records) -> None:
    fail(records, *(attempt(after(20 * number)) for number in range(ACCOUNT_FAILURES_MAX)))
    elsewhere = {"address": "198.51.100.9"}
    assert waits_until(records, attempt(after(100), **elsewhere)) == after(80) + LOCK
    assert waits_until(records, attempt(after(80) + LOCK, **elsewhere)) is None


def test_another_account_is_not_locked_with_it(records: Records) -> None:
    fail(records, *(attempt() for _ in range(ACCOUNT_FAILURES_MAX)))
    assert waits_until(records, attempt(account="member:0124")) is None


def test_an_address_that_tries_many_accounts_is_locked(records: Records) -> None:
    fail(records, *(attempt(after(n), account=f"member:{n:04}") for n in range(ADDRESS_FAILURES_MAX)))
    assert waits_until(records, attempt(after(60), account="member:9999")) == NOON + LOCK
    assert waits_until(records, attempt(after(60), account="member:9999", address="198.51.100.9")) is None
    assert waits_until(records, attempt(after(60), account="member:9999", address="")) is None


def test_success_forgives_the_account_but_not_what_others_did_from_the_address(records: Records) -> None:
    fail(records, *(attempt(account=f"member:{n:04}") for n in range(ADDRESS_FAILURES_MAX)))
    right = attempt(account="member:0000")
    fail(records, right)
    records.write(lambda connection: throttle.clear_after_success(connection, right))
    with records.read() as connection:
        assert throttle.failures(connection, "account member:0000", NOON) == []
        assert len(throttle.failures(connection, "address 192.0.2.7", NOON)) == ADDRESS_FAILURES_MAX


def test_a_phrase_is_asked_for_after_two_failures_of_a_quarter_of_an_hour(records: Records) -> None:
    fail(records, attempt(), attempt(after(60)))
    with records.read() as connection:
        assert throttle.needs_captcha(connection, "member:0123", after(61))
        assert not throttle.needs_captcha(connection, "member:0123", NOON + LOCK)
        assert not throttle.needs_captcha(connection, "member:0124", after(61))


def test_what_counts_no_more_is_forgotten_and_an_admin_can_unlock(records: Records) -> None:
    fail(records, attempt(), attempt(after(60)))
    records.write(lambda connection: throttle.delete_expired(connection, NOON + LOCK))
    with records.read() as connection:
        assert throttle.failures(connection, "account member:0123", after(61)) == [after(60)]
    records.write(lambda connection: throttle.unlock(connection, "member:0123"))
    with records.read() as connection:
        assert throttle.failures(connection, "account member:0123", after(61)) == []
        assert throttle.failures(connection, "address 192.0.2.7", after(61)) == [after(60)]
