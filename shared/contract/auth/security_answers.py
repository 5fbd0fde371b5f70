"""Answers of auth about the security events of an account, and the code for its first sign-in."""

from typing import Literal

from pydantic import AwareDatetime

from shared.contract.base import Answer

SecurityEventKind = Literal[
    "new_device",
    "password_changed",
    "password_reset",
    "activation_code_issued",
    "code_set",
    "code_removed",
    "passkey_added",
    "passkey_removed",
]
"""What auth records; a change of the addresses for messages is on record in notification."""


class SecurityEvent(Answer):
    """What has happened to an account."""

    kind: SecurityEventKind
    at: AwareDatetime
    device: str = ""
    """Of a sign-in: the family of browser and system."""
    is_seen: bool = False
    """Whether the holder has acknowledged it."""


class SecurityEvents(Answer):
    """The security events of the last 30 days, the newest first."""

    events: tuple[SecurityEvent, ...]


class ActivationCode(Answer):
    """A code for the first sign-in, shown this once: it is stored as a hash only."""

    code: str
    expires_at: AwareDatetime
