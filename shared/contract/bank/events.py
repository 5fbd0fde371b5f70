"""Events of bank, which its log records; each docstring is the event's entry in docs/events.md."""

from pydantic import AwareDatetime

from shared.contract.base import Event


class BankNoticeReceived(Event, source="bank"):
    """The bank's signed notice about an attempt is stored; it proves nothing, but causes an inquiry at the bank."""

    notice_id: str
    authority: str
    body_digest: str
    """SHA-256 of the body, hexadecimal: the same notice id with another body is refused."""
    received_at: AwareDatetime


class BankNoticeRefused(Event, source="bank"):
    """Somebody sent what is no notice of the bank's, or another one under an id that was used: an alert, the first of an hour."""

    cause: str
    """`not_signed` (no good signature, or an old one), `differs` (the same id with another body)."""
    refused_at: AwareDatetime
