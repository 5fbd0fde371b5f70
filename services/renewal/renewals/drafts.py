"""Drafts of declarations: what a member has typed and not submitted yet, stored for that member alone and without an event."""

import json

from sqlalchemy import Connection, delete, select

from services.renewal.tables import DRAFTS
from shared.contract.renewal import answers, commands
from shared.event_store import upsert


def save(connection: Connection, command: commands.SaveDraft) -> None:
    """Store a draft in place of an earlier one."""
    fields = json.dumps(command.fields, ensure_ascii=False)
    key = {"member": command.member, "year": command.year}
    upsert.put(connection, DRAFTS, key, {"fields": fields, "kept_at": command.at})


def find(connection: Connection, member: str, year: int) -> answers.Draft | None:
    """The member's draft of a year's declaration."""
    query = select(DRAFTS.c.fields, DRAFTS.c.kept_at).where(DRAFTS.c.member == member, DRAFTS.c.year == year)
    row = connection.execute(query).one_or_none()
    return answers.Draft(fields=json.loads(row.fields), kept_at=row.kept_at) if row else None


def discard(connection: Connection, member: str, year: int) -> None:
    """Delete the draft of a declaration that is submitted or withdrawn."""
    connection.execute(delete(DRAFTS).where(DRAFTS.c.member == member, DRAFTS.c.year == year))
