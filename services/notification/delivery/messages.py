"""The message of a notice or a code as the providers of a way are handed it."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, select

from services.notification.providers.port import Message
from services.notification.tables import MESSAGES
from services.notification.templates import Rendered
from shared.contract.notification.values import Way

SAME_WORDS_WITHIN = timedelta(hours=1)
"""Messages of before that a provider may list beside one, however its clock goes."""


def others_than(connection: Connection, provider: str, message: Message, handed_at: datetime) -> frozenset[str]:
    """The references of other messages that a provider was handed for the address."""
    others = select(MESSAGES.c.reference).where(
        MESSAGES.c.handed_at > handed_at - SAME_WORDS_WITHIN,
        *(MESSAGES.c.provider == provider, MESSAGES.c.address == message.address),
        *(MESSAGES.c.reference != "", MESSAGES.c.attempt != message.attempt),
    )
    return frozenset(connection.execute(others).scalars())


def message_of(rendered: Rendered, way: Way, attempt: UUID, address: str) -> Message:
    """What a provider of a way is handed."""
    if way is Way.SMS:
        return Message(attempt, address, rendered.provider_template, rendered.tokens, rendered.sms)
    return Message(
        attempt,
        address,
        template="",
        tokens={},
        text=rendered.email_text,
        subject=rendered.subject,
        html=rendered.email_html,
        unsubscribe_url=rendered.unsubscribe_url,
    )
