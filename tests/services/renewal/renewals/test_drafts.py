"""Drafts: the last one counts, whichever copy of the program stores it, and only while the declaration may be submitted."""

import pytest

from services.renewal.renewals import drafts
from services.renewal.renewals.domain import Command, renewal_decider
from services.renewal.service import LOG
from services.renewal.tables import TABLES
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import commands
from shared.event_store import log
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.messaging import relay_cursor
from tests.services.renewal import samples
from tests.services.renewal.samples import NUMBER, YEAR, stamped
from tests.support.waiting import behind

RENEWAL = renewal_decider(samples.CONTEXT)
STREAM = f"renewal/{NUMBER}/{YEAR}"


@pytest.fixture
def copies(postgres_url: str) -> tuple[Database, Database]:
    first, second = Database(postgres_url), Database(postgres_url)
    first.create_tables(log.TABLES, relay_cursor.TABLES, TABLES)
    Records(first, LOG).handle(STREAM, samples.REQUEST, RENEWAL)
    return first, second


@pytest.fixture
def records(database_url: str) -> Records:
    database = Database(database_url)
    database.create_tables(log.TABLES, relay_cursor.TABLES, TABLES)
    return Records(database, LOG)


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


@pytest.mark.parametrize(
    ("past", "reason"),
    [
        ([], Reason.NOT_REQUESTED),
        ([samples.REQUEST, samples.WITHDRAW], Reason.NOT_REQUESTED),
        ([samples.REQUEST, samples.SUBMIT], Reason.ALREADY_SUBMITTED),
        ([samples.REQUEST, samples.SUBMIT, samples.REJECT], Reason.ALREADY_DECIDED),
        ([samples.REQUEST, samples.SUBMIT, samples.APPROVE], Reason.ALREADY_DECIDED),
    ],
)
def test_no_draft_is_stored_where_nothing_can_be_declared(
    records: Records, past: list[Command], reason: Reason
) -> None:
    for command in past:
        records.handle(STREAM, command, RENEWAL)
    with pytest.raises(Refused) as refused:
        records.write(lambda connection: drafts.save(connection, typed("اردستان")))
    assert refused.value.reason is reason
    with records.read() as connection:
        assert drafts.find(connection, NUMBER, YEAR) is None


def test_a_returned_declaration_takes_a_draft(records: Records) -> None:
    for command in (samples.REQUEST, samples.SUBMIT, samples.RETURN):
        records.handle(STREAM, command, RENEWAL)
    records.write(lambda connection: drafts.save(connection, typed("اردستان")))
    with records.read() as connection:
        assert drafts.find(connection, NUMBER, YEAR) is not None
