"""Persons who can be told something: a member or an officer, named as actors are, such as `member:0123456`, and what an e-mail address is."""

import re

MEMBER = "member:"
MAIL_ADDRESS_LENGTH_MAX = 254


def member_of(person: str) -> str:
    """The membership number of a person; empty for an officer."""
    return person.removeprefix(MEMBER) if person.startswith(MEMBER) else ""


ATOM = "[A-Za-z0-9_+&=~-]+"
LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
MAIL_ADDRESS = re.compile(
    rf"(?=[^@]{{1,64}}@.{{4,255}}$){ATOM}(\.{ATOM})*@({LABEL}\.)+([A-Za-z]{{2,63}}|xn--[A-Za-z0-9-]{{1,59}})"
)
"""One mailbox of a domain, and nothing that a letter's head or a mail server reads otherwise: no blank, comma, quote, percent sign or control sign."""


def is_mail_address(text: str) -> bool:
    return len(text) <= MAIL_ADDRESS_LENGTH_MAX and MAIL_ADDRESS.fullmatch(text) is not None
