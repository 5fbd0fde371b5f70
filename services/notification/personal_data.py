"""Which rows of notification are about members: addresses and messages can be erased, what the events say stays."""

from sqlalchemy import ColumnElement, select

from services.notification.tables import (
    ATTEMPTS,
    ATTEMPTS_TO_PAY,
    CALENDAR,
    CHOICES,
    CONTACTS,
    HEALTH,
    INVOICES,
    LEFT_ADDRESSES,
    MEMBERS,
    MESSAGES,
    NOTES,
    NOTICES,
    OFFICERS,
    RENEWALS,
    SENT_CODES,
    STARTS,
    STATE,
)
from services.notification.webhook_tables import DELIVERIES, WEBHOOKS
from shared import recorded_reads
from shared.personal_data import Declaration, Kind, by_member
from shared.subscriptions.replay.jobs import REBUILDS
from shared.subscriptions.timers import TIMERS


def attempts_of(member: str) -> ColumnElement[bool]:
    """A message belongs to a notice, and the notice to its member."""
    return ATTEMPTS.c.notice.in_(select(NOTICES.c.notice).where(NOTICES.c.member == member))


PERSONAL_DATA = Declaration(
    kinds=(
        recorded_reads.KIND,
        Kind("contacts", CONTACTS, by_member(CONTACTS), hidden=("code_hash",)),
        Kind("sent_codes", SENT_CODES, by_member(SENT_CODES), age=SENT_CODES.c.sent_at, hidden=("address_digest",)),
        Kind(
            "left_addresses",
            LEFT_ADDRESSES,
            by_member(LEFT_ADDRESSES),
            age=LEFT_ADDRESSES.c.left_at,
            hidden=("address",),
        ),
        Kind("message_choices", CHOICES, by_member(CHOICES)),
        Kind("messages", MESSAGES, by_member(MESSAGES), age=MESSAGES.c.handed_at, hidden=("address_id",)),
        Kind("resend_notes", NOTES, by_member(NOTES), age=NOTES.c.written_at),
        Kind("webhook_deliveries", DELIVERIES, by_member(DELIVERIES), age=DELIVERIES.c.recorded_at),
        Kind("known_members", MEMBERS, by_member(MEMBERS)),
        Kind("known_renewals", RENEWALS, by_member(RENEWALS), kept="accounts"),
        Kind("known_invoices", INVOICES, by_member(INVOICES), kept="accounts"),
        Kind("known_attempts", ATTEMPTS_TO_PAY, by_member(ATTEMPTS_TO_PAY), kept="accounts"),
        Kind("notices", NOTICES, by_member(NOTICES), kept="evidence"),
        Kind("message_states", ATTEMPTS, attempts_of, kept="evidence"),
    ),
    without_members=(CALENDAR, OFFICERS, HEALTH, STARTS, WEBHOOKS, STATE.tables[TIMERS.name], REBUILDS),
)
