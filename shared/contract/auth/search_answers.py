"""Answers of auth to a search of members."""

from shared.contract.base import Answer


class FoundMember(Answer):
    """A member whom a search has found; the name is empty where the personal data is erased."""

    member: str
    full_name: str


class FoundMembers(Answer):
    """The members whom a search has found, in the order of the word that was searched for."""

    members: tuple[FoundMember, ...]
    is_all: bool
    """False where there are more."""
