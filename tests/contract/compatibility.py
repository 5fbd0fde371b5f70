"""Which changes of the contract break programs of the older one, or can't read what was recorded by it."""

import re
from collections.abc import Iterator
from typing import Any

from tests.contract.schemas import Contract
from tests.contract.shapes import LOWER_BOUNDS, UPPER_BOUNDS, Field

Fields = dict[str, Field]
FIXED = ("type", "format", "pattern", "nullable")
"""What a field never changes: that would be another field, with another name."""
NAMES = re.compile(r"\^\(([a-z_|]+)\)\$")
"""A pattern that is one of several names."""
VERSION = "schema_version"
READ_LATER = {"events", "asks", "api", "forms", "notices"}
"""Words that somebody else wrote, or wrote long ago: a field that they lack must have a default."""
WRITTEN = {"events", "answers", "messages", "tokens", "problems"}
"""Words that somebody else reads: what is always there stays so, and what has one of several names still has one."""


def breaks(before: Contract, now: Contract) -> list[str]:
    """Each way in which `now` is not what `before` promised, as a sentence; additions are no such way."""
    return [
        sentence
        for kind, words in before.items()
        for name, word in words.items()
        for sentence in word_breaks(kind, name, word, now.get(kind, {}).get(name))
    ]


def word_breaks(kind: str, name: str, before: dict[str, Any], now: dict[str, Any] | None) -> Iterator[str]:
    if now is None:
        yield f"{kind}: {name} is gone"
        return
    for about in sorted(before.keys() - {"fields"}):
        if now.get(about) != before[about]:
            yield f"{kind}: {name} has another {about}: {now.get(about)} instead of {before[about]}"
    for sentence in fields_break(kind, before.get("fields", {}), now.get("fields", {})):
        yield f"{kind}: {name}.{sentence}"


def fields_break(kind: str, before: Fields, now: Fields) -> Iterator[str]:
    for place, field in before.items():
        if place == VERSION and newer(field, now.get(place)):
            continue
        for sentence in field_breaks(kind, field, now.get(place)):
            yield f"{place} {sentence}"
    for place in now.keys() - before.keys() if kind in READ_LATER else ():
        if now[place].get("required") and stood(outside(place), before):
            yield f"{place} is new and has no default"


def newer(before: Field, now: Field | None) -> bool:
    """Whether an event's data has a later version; a test holds that it has an upcaster."""
    return now is not None and now.get("enum", [0])[0] > before["enum"][0]


def field_breaks(kind: str, before: Field, now: Field | None) -> Iterator[str]:
    if now is None:
        yield "is gone"
        return
    for about in FIXED:
        if before.get(about) != now.get(about) and not has_more_names(before.get(about), now.get(about)):
            yield f"has another {about}: {now.get(about)} instead of {before.get(about)}"
    yield from presence_breaks(kind, before, now)
    yield from choice_breaks(kind, before, now)
    for bound in (*LOWER_BOUNDS, *UPPER_BOUNDS):
        if bound in now and is_narrower(kind, bound, before.get(bound), now[bound]):
            yield f"is held to a narrower {bound}: {now[bound]} instead of {before.get(bound)}"


def presence_breaks(kind: str, before: Field, now: Field) -> Iterator[str]:
    """What may be left out may be so still, and means the same; what is always there is so still."""
    if kind in READ_LATER and now.get("required") and not before.get("required"):
        yield "has lost its default"
    elif "default" in before and now.get("default") != before["default"]:
        yield f"has another default: {now.get('default')} instead of {before['default']}"
    is_dropped = before.get("required") and not now.get("required")
    if (kind in WRITTEN and is_dropped) or (before.get("always") and not now.get("always")):
        yield "is no longer always there"


def choice_breaks(kind: str, before: Field, now: Field) -> Iterator[str]:
    if "enum" in now and (lost := [one for one in before.get("enum", ["any"]) if one not in now["enum"]]):
        yield f"can no longer be {', '.join(map(str, lost))}"
    if kind in WRITTEN and "enum" in before and "enum" not in now:
        yield "is no longer one of some names"
    if kind in READ_LATER and now.get("uniqueItems") and not before.get("uniqueItems"):
        yield "can no longer hold the same twice"


def has_more_names(before: object, now: object) -> bool:
    """Whether both are patterns of fixed names, such as those of the services, and none is gone: as with an enum."""
    names = [set(found[1].split("|")) for one in (before, now) if (found := NAMES.fullmatch(str(one)))]
    return len(names) == len((before, now)) and names[0] < names[1]


def is_narrower(kind: str, bound: str, before: float | None, now: float) -> bool:
    if before is None:  # what is asked may be given its first upper bound: beyond every one there was only a failure
        return kind != "asks" or bound in LOWER_BOUNDS
    return now > before if bound in LOWER_BOUNDS else now < before


def outside(place: str) -> str:
    """The place that a place lies in; nothing for a word's own fields."""
    return place.removesuffix("[]").removesuffix("{}") if place.endswith(("[]", "{}")) else place.rpartition(".")[0]


def stood(place: str, fields: Fields) -> bool:
    """Whether a place was there before; a word itself always was."""
    return not place or place in fields
