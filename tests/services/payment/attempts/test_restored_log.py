"""After a restore of payment's log the bank is asked again: what it did since the backup is found, and counts once."""

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import insert

from services.payment import service, subscriptions
from services.payment.attempts import alerts, polling, reconciler
from services.payment.attempts.verification import Verification
from services.payment.banks.port import NotPaid, Opened, Order, SessionStatus
from services.payment.invoices.internal_commands import FailAttempt
from services.payment.tables import INQUIRIES, SWEEPS
from shared.contract.bank import events as bank_events
from shared.contract.payment import queries
from shared.event_store.command_handler import Records
from shared.event_store.epoch import FORMER, begin_epoch
from shared.settings import Settings
from tests.services.payment.attempts.test_verification import at_bank, attempt, types
from tests.services.payment.fake_bank import FakeBank
from tests.services.payment.samples import (
    AMOUNT,
    AT,
    AUTHORITY,
    FIRST,
    OTHER_AUTHORITY,
    PROVINCE,
    SECOND,
    as_recorded,
    fail,
    issue,
    record,
    settle,
    start,
)
from tests.support.sandbox_bank import SandboxBank

LATER = AT + timedelta(minutes=20)


@pytest.fixture(autouse=True)
def recorded_when_it_happened(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The backup's moment is that of the last event that it has."""
    used = "records" if "records" in request.fixturenames else "sqlite_records"
    monkeypatch.setattr(request.getfixturevalue(used).own_log(), "now", lambda: AT)


def restore(records: Records) -> int:
    """The log is as it is, and has another epoch; then its program starts."""
    records.write(begin_epoch)
    return polling.inquire_again(records, LATER)


def polled(records: Records) -> set[str]:
    with records.read() as connection:
        return set(INQUIRIES.armed(connection, (FIRST, SECOND), polling.MARKED))


def found_alerts(records: Records) -> list[tuple[str, str, int]]:
    with records.read() as connection:
        page = alerts.page(connection, queries.ListAlerts(province=PROVINCE))
    return [(one.kind, one.authority, one.times) for one in page.alerts]


def test_a_log_that_was_never_restored_asks_nothing_again(records: Records) -> None:
    record(records, issue(), start(), settle())
    assert polling.inquire_again(records, LATER) == 0
    assert polled(records) == set()


def test_a_log_of_version_0_1_0_that_is_migrated_asks_nothing_again(records: Records) -> None:
    """Its migration begins an epoch after that of 0.1.0, which had no name; a restore after that is one."""
    record(records, issue(), start(), settle())
    records.write(lambda connection: connection.execute(insert(FORMER).values(number=1, epoch="", began_at=0)))
    assert polling.inquire_again(records, LATER) == 0
    assert polled(records) == set()
    assert restore(records) == 1


def test_each_attempt_since_the_backup_less_a_margin_is_asked_about_once_for_each_restore(
    records: Records,
) -> None:
    before = AT - polling.CHANGEABLE_FOR - timedelta(minutes=1)
    record(records, issue(), start(at=before), FailAttempt(uuid4(), before, FIRST, "failed"))
    record(records, start(SECOND, OTHER_AUTHORITY), fail(SECOND))
    assert restore(records) == 1
    assert polled(records) == {str(SECOND)}
    with records.read() as connection:
        assert SWEEPS.armed(connection, ["zarinpal"]).get("zarinpal", LATER) <= LATER
    records.write(lambda connection: INQUIRIES.cancel(connection, SECOND))
    assert polling.inquire_again(records, LATER) == 0
    assert polled(records) == set()
    assert restore(records) == 1


def test_the_service_does_it_when_it_starts(sqlite_records: Records) -> None:
    record(sqlite_records, issue(), start(), settle())
    sqlite_records.write(begin_epoch)
    service.start(sqlite_records, Settings(), LATER)
    assert polled(sqlite_records) == {str(FIRST)}


def poll(verification: Verification) -> None:
    reconciler.poll_due_attempts(verification, LATER)


def test_a_payment_whose_verification_is_lost_counts_once(records: Records, bank: SandboxBank) -> None:
    """The bank has verified it already, and says so."""
    verification, opened = at_bank(records, bank.adapter)
    bank.choose(opened.authority, "lose")
    bank.adapter.verify(opened.authority, AMOUNT)
    restore(records)
    poll(verification)
    poll(verification)
    assert types(records) == ["InvoiceIssued", "PaymentStarted", "PaymentSettled"]


def test_a_payment_that_came_after_its_attempt_was_closed_is_found(records: Records, bank: SandboxBank) -> None:
    verification, opened = at_bank(records, bank.adapter)
    record(records, fail(opened.attempt, "expired"))
    bank.choose(opened.authority, "lose")
    restore(records)
    poll(verification)
    assert attempt(records).status == "settled"


def test_a_reversal_that_is_lost_is_found(records: Records, bank: SandboxBank) -> None:
    verification, opened = at_bank(records, bank.adapter)
    bank.choose(opened.authority, "lose")
    verification.verify_and_record(opened, AT)
    bank.adapter.reverse(opened.authority)
    restore(records)
    poll(verification)
    assert attempt(records).status == "reversed"


def test_what_has_not_changed_at_the_bank_stays_as_it_is(sqlite_records: Records) -> None:
    record(sqlite_records, issue(), start(), fail())
    before = types(sqlite_records)
    restore(sqlite_records)
    poll(Verification(sqlite_records, FakeBank(NotPaid("not_paid"), SessionStatus.FAILED)))
    assert types(sqlite_records) == before
    assert polled(sqlite_records) == set()


def test_a_payment_of_an_attempt_that_the_log_has_lost_is_before_a_person_by_the_banks_key(
    records: Records, bank: SandboxBank
) -> None:
    verification, _ = at_bank(records, bank.adapter)
    lost = bank.adapter.create(Order(SECOND, AMOUNT, "of the time after the backup"))
    assert isinstance(lost, Opened)
    bank.choose(lost.authority, "lose")
    restore(records)
    assert reconciler.sweep(verification, LATER) == 0
    assert reconciler.sweep(verification, LATER + timedelta(hours=1)) == 0
    assert found_alerts(records) == [("payment_unknown", lost.authority, 2)]


def test_a_notice_about_an_attempt_that_the_log_has_lost_is_before_a_person_too(records: Records) -> None:
    record(records, issue(), start())
    for authority in (OTHER_AUTHORITY, AUTHORITY):
        notice = bank_events.BankNoticeReceived(
            notice_id="msg_1", authority=authority, body_digest="0" * 64, received_at=AT
        )
        records.write(partial(subscriptions.on_bank_event, event=as_recorded(notice)))
    assert found_alerts(records) == [("payment_unknown", OTHER_AUTHORITY, 1)]
