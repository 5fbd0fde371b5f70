from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, text

from clients.bank.notices.signatures import Signatures
from clients.bank.sandbox import outbox
from clients.bank.sandbox.outbox import Sender
from services.payment.banks.port import Opened, Order
from shared.contract.bank import events
from shared.event_store.command_handler import Records
from shared.subscriptions.timers import TIMERS
from tests.support import sandbox_bank
from tests.support.sandbox_bank import SECRETS, SandboxBank


def pay(bank: SandboxBank) -> str:
    answer = bank.adapter.create(Order(ORDER, 9_000_000, "حق عضویت"))
    assert isinstance(answer, Opened)
    bank.choose(answer.authority, "close")
    return answer.authority


ORDER = UUID(int=2)


def received(records: Records) -> list[str]:
    with records.read() as connection:
        found = [one.event for one in records.own_log().read(connection, 0, 100)]
    return [one.authority for one in found if isinstance(one, events.BankNoticeReceived)]


def next_try(records: Records) -> datetime | None:
    with records.read() as connection:
        return connection.execute(select(TIMERS.c.due_at)).scalar_one_or_none()


def test_a_paid_session_is_told_of_once(bank: SandboxBank) -> None:
    authority = pay(bank)
    assert received(bank.records) == []
    assert [bank.send_notices(), bank.send_notices()] == [1, 0]
    assert received(bank.records) == [authority]
    assert next_try(bank.records) is None


def test_a_notice_outlives_a_crash_of_the_bank(tmp_path: Path) -> None:
    with sandbox_bank.running(tmp_path) as bank:
        authority = pay(bank)
    with sandbox_bank.running(tmp_path) as again:
        assert again.send_notices() == 1
        assert received(again.records) == [authority]
        assert again.adapter.verify(authority, 9_000_000).__class__.__name__ == "Paid"


def test_a_notice_that_could_not_be_stored_is_sent_again_after_a_pause(bank: SandboxBank) -> None:
    authority = pay(bank)
    bank.records.write(lambda connection: connection.execute(text("ALTER TABLE events RENAME TO lost")))
    assert bank.send_notices() == 0
    bank.records.write(lambda connection: connection.execute(text("ALTER TABLE lost RENAME TO events")))
    waits_until = next_try(bank.records)
    assert waits_until is not None
    sender = Sender(bank.records, Signatures(SECRETS), f"{bank.url}/webhooks/bank")
    assert sender.send_due(waits_until - timedelta(seconds=1)) == 0
    assert sender.send_due(waits_until) == 1
    assert received(bank.records) == [authority]


def test_a_receiver_that_is_not_there_is_tried_with_growing_pauses_and_then_given_up(bank: SandboxBank) -> None:
    pay(bank)
    sender = Sender(bank.records, Signatures(SECRETS), "http://127.0.0.1:1/webhooks/bank")
    at, pauses = datetime.now(UTC), []
    while at is not None:
        assert sender.send_due(at) == 0
        after = next_try(bank.records)
        if after is None:
            break
        pauses.append((after - at).total_seconds())
        at = after
    assert tuple(pauses) == outbox.PAUSES_SECONDS
    assert pauses == sorted(pauses)


def test_without_a_secret_nothing_is_sent(bank: SandboxBank) -> None:
    pay(bank)
    assert Sender(bank.records, Signatures([]), bank.url).send_due(datetime.now(UTC)) == 0
    assert next_try(bank.records) is not None


@pytest.mark.parametrize("choice", ["cancel", "lose"])
def test_what_the_bank_does_not_tell_of_lies_in_no_outbox(bank: SandboxBank, choice: str) -> None:
    answer = bank.adapter.create(Order(ORDER, 9_000_000, "حق عضویت"))
    assert isinstance(answer, Opened)
    bank.choose(answer.authority, choice)
    assert bank.send_notices() == 0


def test_a_notice_may_come_twice_and_is_stored_once(bank: SandboxBank) -> None:
    bank.switch("notice_twice")
    authority = pay(bank)
    assert bank.send_notices() == 1
    assert received(bank.records) == [authority]


def test_a_notice_with_a_wrong_signature_is_refused_and_told_of_and_the_next_try_is_good(bank: SandboxBank) -> None:
    bank.switch("notice_forged")
    authority = pay(bank)
    assert bank.send_notices() == 0
    waits_until = next_try(bank.records)
    assert waits_until is not None
    assert Sender(bank.records, Signatures(SECRETS), f"{bank.url}/webhooks/bank").send_due(waits_until) == 1
    assert received(bank.records) == [authority]
    with bank.records.read() as connection:
        found = [one.type for one in bank.records.own_log().read(connection, 0, 100)]
    assert found == ["BankNoticeRefused", "BankNoticeReceived"]
