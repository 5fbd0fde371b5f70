"""The approved texts that an SMS provider knows: registered once, and filled by the provider with the tokens of a send."""

import re
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, select

from clients.phone.tables import TEMPLATES
from shared.event_store.sql import upsert

TOKEN = re.compile(r"\{(\w+)\}")


def register(connection: Connection, provider: str, name: str, text: str) -> None:
    """Let a provider know the approved text of a template, with `{token}` where a value goes."""
    upsert.put(connection, TEMPLATES, {"provider": provider, "name": name}, {"text": text})


def text_of(connection: Connection, provider: str, name: str) -> str | None:
    """The text that a provider knows by a name, if it does."""
    query = select(TEMPLATES.c.text).where(TEMPLATES.c.provider == provider, TEMPLATES.c.name == name)
    return connection.execute(query).scalar()


def tokens_of(text: str) -> list[str]:
    """The tokens of a text, each once, in the order in which they first appear."""
    return list(dict.fromkeys(TOKEN.findall(text)))


def filled(text: str, values: Mapping[str, str]) -> str | None:
    """The text with the values of its tokens; None where one is missing."""
    if any(name not in values for name in tokens_of(text)):
        return None
    return TOKEN.sub(lambda found: values[found[1]], text)


def filled_by_name(text: str, values: Mapping[str, str]) -> str | None:
    """The text with its tokens' values by their names, in letters of any case; None where one is missing."""
    folded = {name.casefold(): value for name, value in values.items()}
    return filled(text, {name: folded[name.casefold()] for name in tokens_of(text) if name.casefold() in folded})


def filled_in_order(text: str, values: Sequence[str]) -> str | None:
    """The text with its tokens' values in the order in which the tokens first appear; None where one is missing."""
    names = tokens_of(text)
    return filled(text, dict(zip(names, values, strict=False)))
