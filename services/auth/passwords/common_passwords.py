"""The list of common passwords that no account may have, read once from the file beside this module."""

from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("common_passwords.txt")


@cache
def passwords() -> frozenset[str]:
    """Some twelve thousand passwords as `domain.letters` writes them."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
