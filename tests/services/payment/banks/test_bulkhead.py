"""A slow bank takes few workers: who finds no room is told at once, and other services are answered meanwhile."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from services.payment.attempts import callback, reconciler
from services.payment.attempts.verification import Verification
from services.payment.banks import bulkhead, circuit_breaker, exchange_log, http_client
from services.payment.banks.port import Exchange, Paid
from shared.contract.payment import commands
from shared.contract.refusals import Reason, Refused
from shared.event_store.command_handler import Records
from tests.services.payment.attempts.test_verification import attempt
from tests.services.payment.fake_bank import FakeBank
from tests.services.payment.samples import AT, AUTHORITY, BANK, ISSUE, REFERENCE, record, stamped, start


def test_other_services_are_answered_while_all_calls_to_the_bank_are_held(broker_url: str, tmp_path: Path) -> None:
    program = [sys.executable, "-W", "ignore", "-m", "tests.services.payment.banks.slow_bank"]
    command = [*program, broker_url, "sqlite:///{var}/{program}.db", str(tmp_path)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert ran.returncode == 0, ran.stderr[-3000:]
    outcomes = json.loads(ran.stdout.splitlines()[-1])
    assert outcomes == {"bank_busy": 40 - bulkhead.BANK_CALLS_MAX, "opened": bulkhead.BANK_CALLS_MAX}


def test_an_answer_in_drips_is_none_after_a_named_time_and_the_bank_counts_as_failing() -> None:
    program = [sys.executable, "-W", "ignore", "-m", "tests.services.payment.banks.dripping_bank"]
    ran = subprocess.run(program, capture_output=True, text=True, timeout=100, check=False)
    assert ran.returncode == 0, ran.stderr[-3000:]
    expected = f"unknown {[(http_client.TOO_SLOW, False)]}"
    assert ran.stdout.splitlines() == ["hung up", expected] * 2


@contextmanager
def no_room() -> Iterator[None]:
    """Within the block other calls take all the room."""
    with ExitStack() as calls:
        for _ in range(bulkhead.BANK_CALLS_MAX):
            calls.enter_context(bulkhead.room())
        yield


def test_a_call_that_ends_gives_its_room_to_the_next_also_by_an_error() -> None:
    for _ in range(2 * bulkhead.BANK_CALLS_MAX):
        with pytest.raises(LookupError), bulkhead.room():
            raise LookupError
    with bulkhead.has_room() as is_free:
        assert is_free


def come_back(verification: Verification) -> None:
    about = {name: value for name, value in stamped().items() if name not in {"member", "year"}}
    callback.handle_callback(commands.VerifyPayment(**about, authority=AUTHORITY), verification)


def test_a_browser_that_comes_back_when_there_is_no_room_loses_nothing(sqlite_records: Records) -> None:
    record(sqlite_records, ISSUE, start())
    bank = FakeBank(Paid(REFERENCE))
    verification = Verification(sqlite_records, bank)
    with no_room():
        with pytest.raises(Refused) as refused, bulkhead.room():
            pass
        assert refused.value.reason is Reason.BANK_BUSY
        come_back(verification)
        assert (attempt(sqlite_records).status, bank.inquiries) == ("started", [])
    reconciler.poll_due_attempts(verification, AT + callback.POLL_AFTER)
    assert attempt(sqlite_records).status == "settled"


def exchange(*, is_late: bool) -> Exchange:
    return Exchange("verify", AUTHORITY, "{}", "200 {}", is_usable=True, is_late=is_late)


def test_answers_that_come_late_open_the_circuit_breaker(sqlite_records: Records) -> None:
    keep = exchange_log.recorder(sqlite_records.database, BANK, lambda: AT)
    for _ in range(circuit_breaker.FAILURES_MAX):
        with sqlite_records.read() as connection:
            assert not circuit_breaker.is_down(connection, BANK)
        keep(exchange(is_late=True))
    with sqlite_records.read() as connection:
        assert circuit_breaker.health_of(connection, BANK).down_since == AT
    keep(exchange(is_late=False))
    with sqlite_records.read() as connection:
        assert circuit_breaker.health_of(connection, BANK).is_up


def test_while_the_bank_is_down_a_browser_that_comes_back_is_not_made_to_wait_for_it(sqlite_records: Records) -> None:
    record(sqlite_records, ISSUE, start())
    keep = exchange_log.recorder(sqlite_records.database, BANK, lambda: AT)
    for _ in range(circuit_breaker.FAILURES_MAX):
        keep(exchange(is_late=True))
    bank = FakeBank(Paid(REFERENCE))
    come_back(Verification(sqlite_records, bank))
    assert bank.inquiries == []
    keep(exchange(is_late=False))
    reconciler.poll_due_attempts(Verification(sqlite_records, bank), AT + callback.POLL_AFTER)
    assert attempt(sqlite_records).status == "settled"


@pytest.mark.parametrize(
    ("elapsed", "is_late"), [(http_client.LATE, False), (http_client.LATE + timedelta(milliseconds=1), True)]
)
def test_an_answer_is_late_after_a_named_time(elapsed: timedelta, is_late: bool) -> None:
    response = httpx.Response(200)
    response.elapsed = elapsed
    assert http_client.is_late(response) is is_late
    assert not http_client.is_late(None)
