"""Search of members by name in any spelling, membership number or national code, in one province."""

import re
from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Connection, Select, delete, func, select

from services.auth.tables import MEMBERS, NAME_BEGINNINGS, PERSONS
from shared.contract.auth import queries
from shared.contract.auth.search_answers import FoundMember, FoundMembers
from shared.event_store.command_handler import Records
from shared.event_store.sql import upsert
from shared.text import persian

BEGINNING_LENGTH_MAX = 60
BEGINNINGS_ALIKE = 2
"""Rows of one member that may match one word, as in «محمد محمدی»: with more, a page of a search is shorter than it may be."""
WORDS_MAX = 6
"""Words of a search that count."""
COUNTED_MAX = 3000
"""Rows that are counted to find the rarest word."""
COMPLETED_AT_ONCE = 500
"""Members whose rows one transaction completes."""
HAMZA = "ء"
"""Written or left out, as in «علاء» and «علا»."""
LAST_CHARACTER = "\U0010ffff"
BETWEEN_WORDS = re.compile(r"[\W_]+")
"""In a stored name a zero-width non-joiner parts words too; in a typed one it joins them: the beginning covers both."""


def key(word: str) -> str:
    """The same for every spelling of a word of a name."""
    return persian.search_key(word).replace(HAMZA, "").replace(" ", "")


def beginnings(full_name: str) -> set[str]:
    """A name from each of its words on, folded and without blanks: of «علی‌رضا صفوی» `علیرضاصفوی`, `رضاصفوی` and `صفوی`.

    So the words of a typed name are found in any order, written apart or together.
    """
    words = [word for part in BETWEEN_WORDS.split(persian.normalise(full_name)) if (word := key(part))]
    return {"".join(words[index:])[:BEGINNING_LENGTH_MAX] for index in range(len(words))}


def typed_words(text: str) -> list[str]:
    """The words of a search, folded, in their order."""
    visible = persian.normalise(text).replace(persian.ZWNJ, "")
    return [word for part in BETWEEN_WORDS.split(visible) if (word := key(part))][:WORDS_MAX]


def save(connection: Connection, *found: FoundMember, province: str) -> None:
    """Write the rows by which members of a province are found, in place of those of before."""
    connection.execute(delete(NAME_BEGINNINGS).where(NAME_BEGINNINGS.c.member.in_(one.member for one in found)))
    rows = [
        {"province": province, "beginning": beginning, "member": one.member, "full_name": one.full_name}
        for one in found
        for beginning in sorted(beginnings(one.full_name))
    ]
    if rows:
        upsert.add_all(connection, NAME_BEGINNINGS, rows)


def remove(connection: Connection, member: str) -> None:
    connection.execute(delete(NAME_BEGINNINGS).where(NAME_BEGINNINGS.c.member == member))


def complete(records: Records) -> None:
    """Write the rows of members whom a version without these rows has enrolled or renamed, and delete those of whom it has erased."""
    of_nobody = ~select(PERSONS).where(PERSONS.c.account == "member:" + NAME_BEGINNINGS.c.member).exists()
    records.write(lambda connection: connection.execute(delete(NAME_BEGINNINGS).where(of_nobody)).close())
    last = ""
    while last := records.write(lambda connection: complete_after(connection, last)):
        pass


def complete_after(connection: Connection, member: str) -> str:
    """Complete the rows of some members after one, by number; returns the last of them, or nothing where all have theirs."""
    full_name = PERSONS.c.first_name + " " + PERSONS.c.last_name
    own = NAME_BEGINNINGS.alias("own")
    is_right = (own.c.province == MEMBERS.c.province) & (own.c.full_name == full_name)
    query = (
        select(MEMBERS.c.member, MEMBERS.c.province, full_name.label("full_name"))
        .join(PERSONS, PERSONS.c.account == "member:" + MEMBERS.c.member)
        .where(MEMBERS.c.member > member, ~select(own).where(own.c.member == MEMBERS.c.member, is_right).exists())
        .order_by(MEMBERS.c.member)
        .limit(COMPLETED_AT_ONCE)
    )
    rows = connection.execute(query).all()
    for province in {row.province for row in rows}:
        here = (FoundMember(member=row.member, full_name=row.full_name) for row in rows if row.province == province)
        save(connection, *here, province=province)
    return rows[-1].member if rows else ""


def search(connection: Connection, query: queries.SearchMembers) -> FoundMembers:
    """The members of a province with this number or code, or else with all words of the name; one more than the limit is not shown."""
    if number := persian.membership_no(query.text):
        found = by_number(connection, query.province, number)
    else:
        found = by_name(connection, query.province, query.text, query.limit + 1)
    return FoundMembers(members=tuple(found[: query.limit]), is_all=len(found) <= query.limit)


def by_number(connection: Connection, province: str, number: str) -> list[FoundMember]:
    """Who has a membership number or a national code, which may lack its leading zeros; a member without a name is erased."""
    of_code = select(PERSONS.c.account).where(PERSONS.c.national_code == persian.national_code(number))
    numbers = [number, (connection.execute(of_code).scalar() or "").removeprefix("member:")]
    query = (
        select(MEMBERS.c.member, PERSONS.c.first_name, PERSONS.c.last_name)
        .outerjoin(PERSONS, PERSONS.c.account == "member:" + MEMBERS.c.member)
        .where(MEMBERS.c.member.in_(numbers), MEMBERS.c.province == province)
        .order_by(MEMBERS.c.member)
    )
    return [
        FoundMember(member=row.member, full_name=f"{row.first_name or ''} {row.last_name or ''}".strip())
        for row in connection.execute(query)
    ]


def by_name(connection: Connection, province: str, text: str, limit: int) -> list[FoundMember]:
    """Members by the words as one, so that «علی رضا» finds «علیرضا» and a whole name its own members first; then by all words, in the order of the rarest."""
    words = typed_words(text)
    found: dict[str, str] = {}
    for each in [["".join(words)], words] if len(words) > 1 else [words]:
        if each and len(found) < limit:
            query = with_words(province, rarest_first(connection, province, dict.fromkeys(each)), limit)
            found |= {row.member: row.full_name for row in connection.execute(query)}
    return [FoundMember(member=member, full_name=name) for member, name in found.items()]


def rarest_first(connection: Connection, province: str, words: Iterable[str]) -> list[str]:
    """The words by how many rows begin so, counted up to a bound: a look for each row of the rarest finds all."""
    cut = [word[:BEGINNING_LENGTH_MAX] for word in words]
    if len(cut) == 1:
        return cut

    def count(word: str) -> int:
        here = (NAME_BEGINNINGS.c.province == province, begins(NAME_BEGINNINGS.c.beginning, word))
        rows = select(NAME_BEGINNINGS.c.member).where(*here).limit(COUNTED_MAX).subquery()
        return connection.execute(select(func.count()).select_from(rows)).scalar_one()

    return sorted(cut, key=count)


def with_words(province: str, words: Sequence[str], limit: int) -> Select[tuple[str, str]]:
    """The members of a province whose names have words that begin so: a range of the index for the first, a look by member for each other."""
    first, *others = words
    one = NAME_BEGINNINGS.alias("one")
    conditions: list[ColumnElement[bool]] = [one.c.province == province, begins(one.c.beginning, first)]
    for index, word in enumerate(others):
        other = NAME_BEGINNINGS.alias(f"other_{index}")
        conditions.append(
            select(other.c.member).where(other.c.member == one.c.member, begins(other.c.beginning, word)).exists()
        )
    rows = select(one.c.member, one.c.full_name).where(*conditions).order_by(one.c.beginning, one.c.member)
    return rows.limit(limit * BEGINNINGS_ALIKE)


def begins(column: ColumnElement[str], word: str) -> ColumnElement[bool]:
    return (column >= word) & (column < word + LAST_CHARACTER)
