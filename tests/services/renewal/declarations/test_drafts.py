"""Drafts: the last one counts, whichever copy of the program stores it, and only while the declaration may be submitted."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.renewal import subscriptions
from services.renewal.declarations import drafts
from services.renewal.renewals.domain import Command, renewal_decider
from services.renewal.service import LOG
from shared.contract import base
from shared.contract.auth import events as auth_events
from shared.contract.envelope import Metadata, Recorded
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import answers, commands
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from tests.services.renewal import samples
from tests.services.renewal.samples import AT, NUMBER, YEAR, stamped
from tests.support.waiting import behind

RENEWAL = renewal_decider(samples.CONTEXT)
LAST_MINUTE = datetime(2027, 3, 20, 20, 29, tzinfo=UTC)
"""One minute to midnight on 29 Esfand 1405, in Tehran."""
YEAR_LATER = LAST_MINUTE + timedelta(minutes=1)
STREAM = f"renewal/{NUMBER}/{YEAR}"


@pytest.fixture
def copies(postgres_url: str) -> tuple[Database, Database]:
    first, second = Database(postgres_url), Database(postgres_url)
    enrol(Records(first, LOG))
    Records(first, LOG).handle(STREAM, samples.REQUEST, RENEWAL)
    return first, second


@pytest.fixture
def records(database_url: str) -> Records:
    database = Database(database_url)
    made = Records(database, LOG)
    enrol(made)
    return made


def enrol(records: Records, position: int = 1) -> None:
    enrolled = auth_events.MemberEnrolled(
        member=NUMBER, province="isfahan", licence=samples.LICENCE, enrolled_by="officer:admin", enrolled_at=AT
    )
    follow(records, enrolled, position)


def remove(records: Records) -> None:
    removed = auth_events.MemberRemoved(member=NUMBER, province="isfahan", removed_by="officer:admin", removed_at=AT)
    follow(records, removed, 2)


def follow(records: Records, event: base.Event, position: int) -> None:
    metadata = Metadata(correlation_id=uuid4(), causation_id=uuid4())
    about = ("auth", position, f"member/{NUMBER}", position, uuid4(), type(event).__name__)
    recorded = Recorded(*about, event.model_dump_json(), metadata, AT)
    records.write(lambda connection: subscriptions.on_auth_event(connection, recorded))


def typed(city: str, **more: Any) -> commands.SaveDraft:
    return commands.SaveDraft(**stamped(fields={"city": city}, **more))


def stored(records: Records) -> answers.Draft | None:
    with records.read() as connection:
        return drafts.find(connection, NUMBER, YEAR)


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
    assert stored(records) is not None


def test_a_year_that_has_ended_takes_no_draft(records: Records) -> None:
    records.handle(STREAM, samples.REQUEST, RENEWAL)
    with pytest.raises(Refused) as refused:
        records.write(lambda connection: drafts.save(connection, typed("اردستان", at=YEAR_LATER)))
    assert refused.value.reason is Reason.NOT_THIS_YEAR
    assert stored(records) is None


def test_a_draft_is_deleted_with_its_member(records: Records) -> None:
    records.handle(STREAM, samples.REQUEST, RENEWAL)
    records.write(lambda connection: drafts.save(connection, typed("اردستان")))
    remove(records)
    assert stored(records) is None
    enrol(records, position=3)
    assert stored(records) is None


def test_somebody_who_was_removed_stores_no_draft(records: Records) -> None:
    records.handle(STREAM, samples.REQUEST, RENEWAL)
    remove(records)
    with pytest.raises(Refused) as refused:
        records.write(lambda connection: drafts.save(connection, typed("اردستان")))
    assert refused.value.reason is Reason.UNKNOWN_MEMBER


def test_a_draft_saved_while_its_member_is_removed_is_deleted(copies: tuple[Database, Database]) -> None:
    first, second = copies
    with behind(
        first,
        lambda connection: drafts.save(connection, typed("اردستان")),
        lambda: remove(Records(second, LOG)),
    ) as outcome:
        outcome.result()
    assert stored(Records(second, LOG)) is None


def test_a_draft_holds_64_kilobytes() -> None:
    full = {f"jobs.{number}.title": "م" * 1000 for number in range(32)}
    assert base.parse(commands.SaveDraft, stamped(fields=full)).fields == full
    with pytest.raises(Refused) as refused:
        base.parse(commands.SaveDraft, stamped(fields=full | {"jobs.32.title": "م" * 1000}))
    assert refused.value.details == {"fields": "string_too_long"}
