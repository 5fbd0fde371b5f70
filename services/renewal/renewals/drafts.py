"""What a member has typed into the declaration and not sent yet: kept to go on later, told to nobody else, no fact of its own."""

import json

from sqlalchemy import Column, Connection, Integer, String, Table, Text, delete, select

from services.renewal.renewals.projection import TABLES
from shared.contract.renewal import answers, commands
from shared.event_store import upsert
from shared.event_store.database import Instant

DRAFTS = Table(
    "drafts",
    TABLES,
    Column("member", String(12), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("fields", Text, nullable=False),
    Column("kept_at", Instant, nullable=False),
)


def keep(connection: Connection, command: commands.KeepDraft) -> None:
    """Keep a draft in place of an earlier one."""
    fields = json.dumps(command.fields, ensure_ascii=False)
    key = {"member": command.member, "year": command.year}
    upsert.put(connection, DRAFTS, key, {"fields": fields, "kept_at": command.at})


def of(connection: Connection, member: str, year: int) -> answers.Draft | None:
    """The member's draft of a year's declaration."""
    query = select(DRAFTS.c.fields, DRAFTS.c.kept_at).where(DRAFTS.c.member == member, DRAFTS.c.year == year)
    row = connection.execute(query).one_or_none()
    return answers.Draft(fields=json.loads(row.fields), kept_at=row.kept_at) if row else None


def forget(connection: Connection, member: str, year: int) -> None:
    """What is sent or withdrawn is no draft any more."""
    connection.execute(delete(DRAFTS).where(DRAFTS.c.member == member, DRAFTS.c.year == year))
