"""Reactions run once: renewal's log, or payment's own, is restored, and the same approval comes again."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from sqlite3 import connect
from uuid import uuid4

import pytest
from sqlalchemy import Connection

from services.payment import process, projection, subscriptions, tables
from services.payment.fees import tariffs
from shared.contract.envelope import Metadata, Recorded
from shared.contract.renewal import events as renewal_events
from shared.contract.seal import Delivery
from shared.event_store import log
from shared.event_store.database import Database
from shared.event_store.epoch import begin_epoch
from shared.event_store.log import EventLog
from shared.subscriptions import checkpoints, parking
from shared.subscriptions.epochs import LogReplaced
from shared.subscriptions.follower import Follower
from shared.subscriptions.reconciliation import orphaned_events
from shared.subscriptions.reconciliation.taking_back import Reconciliation
from tests.services.payment.samples import APPROVED, AT, MANAGER, MEMBER, OTHER_MEMBER, YEAR
from tests.support.restorable_source import Source
from tests.support.servers.prepared_databases import Prepare

ADMIN = "officer:root"
LATER = AT + timedelta(hours=1)


class Payment:
    """Payment's records, and its subscription from renewal."""

    def __init__(self, url: str, renewal: Source) -> None:
        self.url, self.renewal = url, renewal
        self.open()

    def open(self) -> None:
        self.database = Database(self.url)
        self.log = EventLog("payment", projection.project, process.react, lambda: AT)
        self.follower = Follower(self.database, "renewal", self.apply, self.pull, lambda _seconds: None)

    def apply(self, connection: Connection, event: Recorded) -> None:
        subscriptions.on_renewal_event(connection, event, self.log, tariffs.load(), AT)

    def pull(self, after: int, limit: int) -> Sequence[Delivery]:
        answer = self.renewal.answer(after, limit)
        self.follower.source_log = self.renewal.signatures.log_state(after, answer)
        return self.renewal.signatures.deliveries(answer)

    def events(self) -> list[tuple[str, str, object]]:
        with self.database.read() as connection:
            return [(one.stream, one.type, one.event_id) for one in self.log.read(connection, 0, 100)]

    def cases(self) -> list[str]:
        with self.database.read() as connection:
            return [row["stream"] for row in orphaned_events.page(connection, 50, 0)[0]]

    def reconcile(self) -> None:
        one = Reconciliation(self.database, self.renewal.log(), subscriptions.REACTIONS)
        assert one.take_back(one.compare(), ADMIN, LATER)
        self.follower.catch_up()


def create_tables(database: Database) -> None:
    database.create_tables(log.TABLES, checkpoints.TABLES, parking.TABLES, *tables.TABLES)


@pytest.fixture
def prepare() -> Prepare:
    return create_tables


@pytest.fixture
def renewal(tmp_path: Path) -> Iterator[Source]:
    made = Source(tmp_path)
    yield made
    made.database.close()


@pytest.fixture
def payment(database_url: str, renewal: Source) -> Iterator[Payment]:
    made = Payment(database_url, renewal)
    yield made
    made.database.close()


def approval(member: str = MEMBER) -> tuple[str, renewal_events.RenewalApproved, Metadata]:
    """By a command of a manager, which can be sent again."""
    approved = APPROVED.model_copy(update={"member": member})
    return f"renewal/{member}/{YEAR}", approved, Metadata(correlation_id=uuid4(), causation_id=uuid4(), actor=MANAGER)


def record(renewal: Source, stream: str, approved: renewal_events.RenewalApproved, metadata: Metadata) -> None:
    renewal.database.write(
        lambda connection: renewal.records.own_log().append(connection, stream, 0, [approved], metadata, AT)
    )
    renewal.seal()


def of_both(first: tuple[object, ...], second: tuple[object, ...]) -> None:
    """Both approvals have their invoice."""
    assert (first[:2], second[:2]) == (
        (f"invoice/{OTHER_MEMBER}/{YEAR}", "InvoiceIssued"),
        (f"invoice/{MEMBER}/{YEAR}", "InvoiceIssued"),
    )


@pytest.mark.parametrize("again", ["by the same command", "by another command"])
def test_an_approval_that_renewal_has_lost_and_records_again_is_billed_once(
    renewal: Source, payment: Payment, again: str
) -> None:
    record(renewal, *approval(OTHER_MEMBER))
    renewal.back_up()
    lost = approval()
    record(renewal, *lost)
    payment.follower.catch_up()
    before = payment.events()
    of_both(*before)
    renewal.restore()
    with pytest.raises(LogReplaced):
        payment.follower.catch_up()
    is_same = again == "by the same command"
    if is_same:
        record(renewal, *lost)
    payment.reconcile()
    assert payment.cases() == ([] if is_same else [f"invoice/{MEMBER}/{YEAR}"])
    if not is_same:
        record(renewal, *approval())
        payment.follower.catch_up()
    assert payment.events() == before
    assert payment.follower.checkpoint() == 2


def test_payment_that_was_restored_bills_each_approval_once_and_renewal_needs_nothing(
    sqlite_url: str, renewal: Source, tmp_path: Path
) -> None:
    """The approvals since the backup are followed again: their invoices have the ids that they had in the lost log."""
    payment = Payment(sqlite_url, renewal)
    record(renewal, *approval(OTHER_MEMBER))
    payment.follower.catch_up()
    file, copy = payment.database.engine.url.database or "", tmp_path / "payment.backup"
    with closing(connect(file)) as original, closing(connect(copy)) as backup:
        original.backup(backup)
    record(renewal, *approval())
    payment.follower.catch_up()
    before = payment.events()
    payment.database.close()
    with closing(connect(copy)) as backup, closing(connect(file)) as original:
        backup.backup(original)
    payment.open()
    payment.database.write(begin_epoch)
    assert len(payment.events()) == 1
    assert Reconciliation(payment.database, renewal.log()).compare().state == "following"
    assert payment.follower.catch_up() == 1
    assert payment.events() == before
    of_both(*payment.events())
    with renewal.database.read() as connection:
        assert renewal.records.own_log().head(connection) == 2
    payment.database.close()
