"""Answers about a province's approval rule."""

from uuid import UUID

from pydantic import AwareDatetime

from shared.contract.base import Answer


class ApprovalRule(Answer):
    """Whether a province's unchanged and clean requests are approved by rule."""

    province: str
    is_on: bool
    by: str = ""
    """Who has switched it last; nobody before the first time."""
    at: AwareDatetime | None = None
    salt: UUID | None = None
    """With a member's number and the year it says who is of the tenth that is left for people."""
    approved: int = 0
    """Renewals of the province that the rule has approved."""
