"""The message of a notice or a code as the providers of a way are handed it."""

from uuid import UUID

from services.notification.providers.port import Message
from services.notification.templates import Rendered
from shared.contract.notification.values import Way


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
