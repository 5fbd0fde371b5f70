"""An erasure in payment: what officers wrote about the member is deleted, and money stays explained by the number."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, insert, select

from services.payment import subscriptions
from services.payment.personal_data import PERSONAL_DATA
from services.payment.refunds import finance_tasks
from services.payment.tables import ENTRIES, NOTES
from shared import personal_data
from shared.contract.auth import events as auth_events
from shared.contract.envelope import Metadata, Recorded
from shared.event_store.command_handler import Records
from tests.services.payment.conftest import records_at
from tests.services.payment.samples import MEMBER, OTHER_MEMBER, PROVINCE, YEAR

NOON = datetime(2026, 10, 7, 8, 30, tzinfo=UTC)
ERASED = auth_events.MemberErased(
    member=MEMBER,
    province=PROVINCE,
    cause="ordered",
    requested_by="officer:admin",
    granted_by="officer:rahbar",
    erased_at=NOON,
)


@pytest.fixture
def records(database_url: str) -> Iterator[Records]:
    """Empty records whose entries no log gives."""
    yield from records_at(database_url)


@pytest.fixture
def noted(records: Records) -> Records:
    """Two members with a reason and an entry each."""
    for position, member in enumerate((MEMBER, OTHER_MEMBER), 1):
        entry = {"position": position, "member": member, "year": YEAR, "kind": "charge", "amount_rials": -9}
        entry |= {"bank": "", "reference": "", "by": "program:payment", "at": NOON}
        records.write(lambda connection: connection.execute(insert(ENTRIES).values(entry)).close())  # noqa: B023
        note(records, member)
    return records


def note(records: Records, member: str) -> None:
    store = finance_tasks.store_note(uuid4(), member, f"دربارهٔ {member}", NOON)
    records.write(lambda connection: store(connection, ()))


def follow(records: Records) -> None:
    metadata = Metadata(correlation_id=uuid4(), causation_id=uuid4())
    about = ("auth", 1, f"member/{MEMBER}", 1, uuid4(), "MemberErased")
    recorded = Recorded(*about, ERASED.model_dump_json(), metadata, NOON)
    records.write(lambda connection: subscriptions.on_auth_event(connection, recorded))


def rows(records: Records, column: Any) -> list[Any]:
    def read(connection: Connection) -> list[Any]:
        return list(connection.execute(select(column).order_by(column)).scalars())

    with records.read() as connection:
        return read(connection)


def test_reasons_about_the_member_are_deleted_and_entries_stay(noted: Records) -> None:
    follow(noted)
    assert rows(noted, NOTES.c.member) == [OTHER_MEMBER]
    assert rows(noted, ENTRIES.c.member) == sorted([MEMBER, OTHER_MEMBER])
    with noted.read() as connection:
        report = personal_data.erasure_report(connection, PERSONAL_DATA, MEMBER)
    assert [(one.kind, one.rows, one.kept) for one in report.kinds] == [
        ("money_notes", 1, ""),
        ("ledger_entries", 1, "accounts"),
    ]


def test_no_reason_about_the_member_is_stored_later(noted: Records) -> None:
    follow(noted)
    note(noted, MEMBER)
    note(noted, OTHER_MEMBER)
    assert rows(noted, NOTES.c.member) == [OTHER_MEMBER] * 2
