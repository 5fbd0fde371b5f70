"""Drafts of declarations: what a member has typed and not submitted yet, in the table `drafts`, for that member alone and without an event."""

import json
from collections.abc import Iterable, Mapping

from pydantic_core import PydanticCustomError
from sqlalchemy import Connection, bindparam, delete, select

from services.renewal.tables import DRAFTS, MEMBERS, RENEWALS
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import answers, commands
from shared.event_store.sql import by_key, upsert
from shared.event_store.sql.prepared import Prepared
from shared.text import persian

REFUSALS = {
    None: Reason.NOT_REQUESTED,
    "withdrawn": Reason.NOT_REQUESTED,
    "submitted": Reason.ALREADY_SUBMITTED,
    "approved": Reason.ALREADY_DECIDED,
    "rejected": Reason.ALREADY_DECIDED,
    "expired": Reason.NOT_REQUESTED,
}
"""Why a renewal of a status takes no draft: the same as it takes no declaration."""

STATUS = Prepared(
    select(RENEWALS.c.status)
    .where(RENEWALS.c.member == bindparam("of_member"), RENEWALS.c.year == bindparam("of_year"))
    .with_for_update(read=True)
)
ON_REGISTER = Prepared(
    select(MEMBERS.c.member).where(MEMBERS.c.member == bindparam("of_member")).with_for_update(read=True)
)


def save(connection: Connection, command: commands.SaveDraft) -> None:
    """Store what was typed, as long as the declaration of the present year may be submitted.

    The rows of renewal and member are locked: a submission or removal at the same moment waits, and then deletes this draft.
    The draft's own row is locked as well: what another page stores at the same moment of other fields is not lost.
    """
    key = {"member": command.member, "year": command.year}
    renewal = STATUS.first(connection, by_key.of(key))
    status = renewal.status if renewal else None
    if status in REFUSALS:
        raise Refused(REFUSALS[status])
    if command.year != persian.jalali_year(command.at):
        raise Refused(Reason.NOT_THIS_YEAR)
    if ON_REGISTER.first(connection, {"of_member": command.member}) is None:
        raise Refused(Reason.UNKNOWN_MEMBER)
    upsert.add(connection, DRAFTS, {**key, "fields": "{}", "kept_at": command.at})
    before = json.loads(by_key.find(connection, DRAFTS, key, locks=True).fields)
    fields = merged(before, command)
    row = {"fields": json.dumps(fields, ensure_ascii=False), "kept_at": command.at}
    by_key.change(connection, DRAFTS, key, row)


def merged(before: Mapping[str, str], command: commands.SaveDraft) -> dict[str, str]:
    """The draft with the texts of a command in place of the fields that it replaces; `Refused` where that is more than a draft may hold."""
    if not command.replaces:
        return command.fields
    kept = {name: text for name, text in before.items() if not is_of(name, command.replaces)}
    fields = kept | command.fields
    if len(fields) > commands.DRAFT_FIELDS_MAX:
        raise Refused(Reason.BAD_INPUT, {"fields": "too_long"})
    try:
        return commands.require_small(fields)
    except PydanticCustomError as error:
        raise Refused(Reason.BAD_INPUT, {"fields": error.type}) from None


def is_of(name: str, fields: Iterable[str]) -> bool:
    """Whether a text belongs to one of these fields: itself, or in one of its rows."""
    return any(name == field or name.startswith(f"{field}.") for field in fields)


def find(connection: Connection, member: str, year: int) -> answers.Draft | None:
    """The member's draft of a year's declaration."""
    row = by_key.find(connection, DRAFTS, {"member": member, "year": year})
    return answers.Draft(fields=json.loads(row.fields), kept_at=row.kept_at) if row else None


def discard(connection: Connection, member: str, year: int) -> None:
    """Delete the draft of a declaration that is submitted, withdrawn or approved; any other goes by its age (retention.toml)."""
    by_key.remove(connection, DRAFTS, {"member": member, "year": year})


def discard_of_removed(connection: Connection, member: str) -> None:
    """Delete the drafts of a member who is removed from the register; whoever stores one at this moment is waited for."""
    connection.execute(select(MEMBERS.c.member).where(MEMBERS.c.member == member).with_for_update())
    connection.execute(delete(DRAFTS).where(DRAFTS.c.member == member))
