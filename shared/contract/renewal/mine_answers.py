"""Answers about mines that several members declare to manage."""

from datetime import date

from pydantic import AwareDatetime

from shared.contract.base import Answer
from shared.contract.renewal.status import RenewalStatus


class MineClaim(Answer):
    """A member has declared to be a mine's technical manager for some days of a year."""

    member: str
    year: int
    province: str
    """Of the member's renewal."""
    status: RenewalStatus
    starts_on: date
    ends_on: date
    claimed_at: AwareDatetime


class ContestedMine(Answer):
    """A mine that several members declare as its technical manager, in days that overlap; the first claim first."""

    cadastre_code: str
    """As the first of them has written it."""
    claims: tuple[MineClaim, ...]


class ContestedMines(Answer):
    """A page of mines that several members claim, in the order of their codes."""

    mines: tuple[ContestedMine, ...]
    total: int
