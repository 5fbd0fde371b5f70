"""Answers of auth about erasures of members' personal data."""

from pydantic import AwareDatetime

from shared.contract.base import Answer


class ErasureRequest(Answer):
    """An erasure of a member's personal data that waits for a second admin."""

    member: str
    province: str
    cause: str
    requested_by: str
    requested_at: AwareDatetime
    hindrance: str = ""
    """The reason for which the one who calls may not grant it; empty where nothing hinders."""


class ErasureRequests(Answer):
    """What waits, the oldest first."""

    requests: tuple[ErasureRequest, ...]
