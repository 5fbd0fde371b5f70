"""A draft is kept as it was typed last, whichever copy of the program was asked."""

import pytest

from services.renewal.renewals import drafts
from services.renewal.tables import TABLES
from shared.contract.renewal import commands
from shared.event_store.database import Database
from tests.services.renewal.samples import NUMBER, YEAR, stamped
from tests.support.waiting import behind


@pytest.fixture
def copies(postgres_url: str) -> tuple[Database, Database]:
    first, second = Database(postgres_url), Database(postgres_url)
    first.create_tables(TABLES)
    return first, second


def typed(city: str) -> commands.SaveDraft:
    return commands.SaveDraft(**stamped(fields={"city": city}))


def test_a_draft_from_two_copies_at_once_is_the_later_one(copies: tuple[Database, Database]) -> None:
    first, second = copies
    with behind(
        first,
        lambda connection: drafts.save(connection, typed("اردستان")),
        lambda: second.write(lambda connection: drafts.save(connection, typed("کاشان"))),
    ) as outcome:
        outcome.result()
    with second.read() as connection:
        kept = drafts.find(connection, NUMBER, YEAR)
    assert kept is not None
    assert kept.fields == {"city": "کاشان"}
