"""Persons who can be told something: a member or an officer, named as actors are, such as `member:0123456`."""

MEMBER = "member:"


def member_of(person: str) -> str:
    """The membership number of a person; empty for an officer."""
    return person.removeprefix(MEMBER) if person.startswith(MEMBER) else ""
