"""Loads `fa.toml` of a folder, or says all that is wrong with it, by file and line."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from services.notification.templates.rendering import Texts
from services.notification.templates.texts import Context, KindTexts, MailFrame
from services.notification.templates.tokens import KINDS, LACKING, TokenLimits, Tokens
from shared.policies.policy_files import PolicyError

FILE = "fa.toml"
MAIL = "mail"
HEADER = re.compile(r"\s*\[([\w.]+)\]")
KEY = re.compile(r"\s*(\w+)\s*=\s*(.*)")
MULTILINE = re.compile("\"{3}|'{3}")

M = TypeVar("M", bound=BaseModel)


def load(folder: Path, portal_url: str, limits: Mapping[str, TokenLimits] | None = None) -> Texts:
    """The texts of a folder, for SMS providers with these limits; `PolicyError` names each problem in a line, such as `fa.toml:12: [approved] sms: lacks {until}`."""
    file = folder / FILE
    try:
        return parse(file.read_text(encoding="utf-8"), portal_url, str(file), limits)
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(f"{file}: can't be read ({error})") from error


def parse(text: str, portal_url: str, file: str = FILE, limits: Mapping[str, TokenLimits] | None = None) -> Texts:
    """The texts in a TOML text; `PolicyError` names the file by `file`."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line ([0-9]+)", str(error))
        raise PolicyError(f"{file}:{found[1] if found else len(text.splitlines())}: {error}") from error
    reader = Reader(lines_of(text), portal_url, limits or {})
    texts = reader.texts(tables)
    if texts is None:
        raise PolicyError("\n".join(f"{file}:{line}: {problem}" for line, problem in sorted(reader.problems)))
    return texts


class Reader:
    """Reads the tables of one file, and collects what is wrong with its line."""

    def __init__(self, lines: Mapping[str, int], portal_url: str, limits: Mapping[str, TokenLimits]) -> None:
        self.lines = lines
        self.portal_url = portal_url
        self.limits = limits
        self.problems: list[tuple[int, str]] = []

    def texts(self, tables: Mapping[str, Any]) -> Texts | None:
        """The texts, or None where anything is wrong."""
        for unknown in tables.keys() - {*KINDS, MAIL}:
            self.add(unknown, "", "is no kind of notice")
        kinds, lacking = {}, {}
        for kind, known in KINDS.items():
            table = self.table(tables, kind)
            if kind in LACKING and table is not None:
                name, less = f"without_{LACKING[kind][0]}", known.without(LACKING[kind][1])
                variant = self.table(table, name, f"{kind}.")
                lacking[kind] = self.read(KindTexts, f"{kind}.{name}", variant, self.context(kind, less))
                table = {field: text for field, text in table.items() if field != name}
            kinds[kind] = self.read(KindTexts, kind, table, self.context(kind, known))
        mail = self.read(MailFrame, MAIL, self.table(tables, MAIL))
        if self.problems or mail is None:
            return None
        return Texts(self.portal_url, mail, present(kinds), present(lacking))

    def table(self, tables: Mapping[str, Any], name: str, inside: str = "") -> Mapping[str, Any] | None:
        """A table; where there is none, that is one problem, not one for each of its lines."""
        found = tables.get(name)
        if isinstance(found, Mapping):
            return found
        self.add(inside + name, "", "is missing")
        return None

    def context(self, kind: str, tokens: Tokens) -> Context:
        return Context(kind, tokens, self.portal_url, self.limits)

    def read(
        self, model: type[M], place: str, table: Mapping[str, Any] | None, context: Context | None = None
    ) -> M | None:
        if table is None:
            return None
        try:
            return model.model_validate(table, context=context)
        except ValidationError as error:
            for one in error.errors(include_url=False):
                self.add(place, ".".join(str(part) for part in one["loc"]), one["msg"])
            return None

    def add(self, place: str, field: str, problem: str) -> None:
        """Put a problem on record, at the line of the field, else of its table, else of the table around it."""
        around = place.rpartition(".")[0]
        line = self.lines.get(f"{place}.{field}") or self.lines.get(place) or self.lines.get(around) or 1
        self.problems.append((line, f"[{place}] {field}: {problem}" if field else f"[{place}] {problem}"))


def present(texts: Mapping[str, KindTexts | None]) -> dict[str, KindTexts]:
    return {kind: one for kind, one in texts.items() if one is not None}


def lines_of(text: str) -> dict[str, int]:
    """The line of each table and of each key in it, by its dotted place; inside a text of several lines there are none."""
    return dict(places(text))


def places(text: str) -> Iterator[tuple[str, int]]:
    table, closes = "", ""
    for number, line in enumerate(text.split("\n"), start=1):
        if closes:
            closes = "" if closes in line else closes
        elif header := HEADER.match(line):
            table = header[1]
            yield table, number
        elif key := KEY.match(line):
            yield f"{table}.{key[1]}" if table else key[1], number
            marks = MULTILINE.findall(key[2])
            closes = marks[0] if len(marks) == 1 else ""
