"""Alerts about payments: forged, replayed or contradicting callbacks and notices, counted a row each."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, RowMapping, bindparam, func, or_, select, update

from services.payment.tables import ALERTS, ATTEMPTS, INVOICES
from shared.contract import base
from shared.contract.bank import events as bank_events
from shared.contract.payment import events, finance_answers, queries
from shared.contract.payment.finance_answers import AlertKind
from shared.event_store.sql import by_key, upsert
from shared.event_store.sql.prepared import Prepared
from shared.text import persian

SUBJECT_LENGTH_MAX = 40
"""Of an alert's subject: an attempt, a day, a bank's key, or a member and year."""
PAYMENT_UNKNOWN = "payment_unknown"
KIND_OF_REFUSAL: dict[str, AlertKind] = {"not_signed": "notice_not_signed", "differs": "notice_differs"}

COUNT = Prepared(
    update(ALERTS)
    .where(ALERTS.c.kind == bindparam("of_kind"), ALERTS.c.subject == bindparam("of_subject"))
    .values(times=ALERTS.c.times + bindparam("more")),
    ("last_at",),
)
OWNER = Prepared(
    select(ATTEMPTS.c.member, ATTEMPTS.c.year, INVOICES.c.province)
    .join(INVOICES, (ATTEMPTS.c.member == INVOICES.c.member) & (ATTEMPTS.c.year == INVOICES.c.year))
    .where(ATTEMPTS.c.attempt == bindparam("of"))
)


def record(  # noqa: PLR0913 - how the first is counted, and those after it
    connection: Connection, kind: str, at: datetime, attempt: UUID | None = None, first: int = 1, more: int = 1
) -> None:
    """Count an alert; what names no attempt of ours is one row a day, however often it comes."""
    subject = str(attempt) if attempt else persian.format_date(persian.day_of(at))
    count(connection, kind, subject, at, attempt, first, more)


def record_unknown_payment(connection: Connection, authority: str, at: datetime) -> None:
    """Count the bank's own word about a session that no attempt has, such as one that our log lost in a restore: a row each."""
    count(connection, PAYMENT_UNKNOWN, authority[:SUBJECT_LENGTH_MAX], at)


def record_lost_credit(connection: Connection, event: events.CreditWithdrawn) -> None:
    """Count an invoice that is owed again, or more, since money of another year has gone back: its member has to be informed."""
    of_invoice = {"member": event.member, "year": event.year}
    invoice = by_key.find(connection, INVOICES, of_invoice)
    if invoice.status == "open" and invoice.replaced_by_year is None and invoice.cancelled_at is None:
        about = {**of_invoice, "province": event.province}
        count(connection, "credit_gone", f"{event.member}/{event.year}", event.withdrawn_at, about=about)


def count(  # noqa: PLR0913 - as above
    connection: Connection,
    kind: str,
    subject: str,
    at: datetime,
    attempt: UUID | None = None,
    first: int = 1,
    more: int = 1,
    about: Mapping[str, object] | None = None,
) -> None:
    """Count an alert about an attempt's invoice, if it is not about another one."""
    again = {"of_kind": kind, "of_subject": subject, "more": more, "last_at": at}
    if COUNT.run(connection, again):
        return
    about = about or owner_of(connection, attempt)
    row = {"kind": kind, "subject": subject, "attempt": attempt, "times": first, "first_at": at, "last_at": at}
    if not upsert.add(connection, ALERTS, {**row, **about}):
        COUNT.run(connection, again)  # another copy was first


def owner_of(connection: Connection, attempt: UUID | None) -> dict[str, object]:
    """Whose an attempt is."""
    row = OWNER.first(connection, {"of": attempt})
    return {"member": "", "province": ""} if row is None else row._asdict()


def record_return(connection: Connection, attempt: UUID, at: datetime, *, is_known: bool) -> None:
    """Count a browser's return; only a return after the outcome is known is an alert."""
    record(connection, "callback_again", at, attempt, first=0, more=int(is_known))


def react(connection: Connection, event: base.Event) -> None:
    """The bank has contradicted our record, or taken back what counted for another invoice."""
    match event:
        case events.PaymentHeld():
            record(connection, event.cause, event.held_at, event.attempt)
        case events.CreditWithdrawn():
            record_lost_credit(connection, event)
        case _:
            pass


def on_refused_notice(connection: Connection, refused: bank_events.BankNoticeRefused) -> None:
    """The receiver of notices has refused one."""
    record(connection, KIND_OF_REFUSAL[refused.cause], refused.refused_at)


def page(connection: Connection, message: queries.ListAlerts) -> finance_answers.Alerts:
    """A page of the alerts of a province, with those of no attempt, the latest first."""
    shown = [ALERTS.c.times > 0, or_(ALERTS.c.province == message.province, ALERTS.c.province == "")]
    if message.member is not None:
        shown.append(ALERTS.c.member == message.member)
    total = connection.execute(select(func.count()).select_from(ALERTS).where(*shown)).scalar_one()
    query = select(ALERTS).where(*shown).order_by(ALERTS.c.last_at.desc(), ALERTS.c.kind, ALERTS.c.subject)
    rows = connection.execute(query.limit(message.limit).offset(message.offset)).mappings()
    return finance_answers.Alerts(
        alerts=tuple(finance_answers.Alert.model_validate(shown_of(row)) for row in rows), total=total
    )


def shown_of(row: RowMapping) -> dict[str, object]:
    """A row with the bank's key where no attempt has it; version 0.1.0 counted these by the day."""
    is_of_key = row["kind"] == PAYMENT_UNKNOWN and "/" not in row["subject"]
    return {**row, "authority": row["subject"] if is_of_key else ""}
