"""Values of others' JSON, read defensively: a whole number or a short text, each of which may come as the other."""

from typing import Any

TEXT_MAX = 100
"""No text that we keep is longer; a longer one is nonsense, and cutting it could make two references one."""


def whole_number(value: object) -> int | None:
    """A whole number that may come as text."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    try:
        return int(value)
    except ValueError:
        return None


def short_text(value: object) -> str:
    """A short text that may come as a number; empty where it is neither."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return ""
    try:
        text = str(value)
    except ValueError:  # a number of more digits than Python writes
        return ""
    return text if len(text) <= TEXT_MAX else ""


def first_object(value: object) -> dict[str, Any]:
    """An object, or the first of a list of them; empty where it is neither."""
    if isinstance(value, list) and value:
        value = value[0]
    return value if isinstance(value, dict) else {}
