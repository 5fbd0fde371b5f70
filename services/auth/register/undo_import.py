"""The changes of an import into the register, and its undo: whole, and only while nothing has followed from it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, insert, select, update

from services.auth.accounts import persons
from services.auth.register import card_links, domain, entries, search
from services.auth.register.entries import RegisterEntry
from services.auth.sign_in import credentials
from services.auth.tables import IMPORT_CHANGES, IMPORT_REPORTS
from shared.contract.auth import answers, commands
from shared.contract.envelope import Metadata
from shared.contract.passport import Passport
from shared.contract.refusals import Reason, Refused
from shared.event_store import command_handler
from shared.event_store.command_handler import Records
from shared.event_store.sql import upsert

FOLLOWED_LISTED_MAX = 20
"""Members that a refusal names."""

ENTRY = TypeAdapter(RegisterEntry)


@dataclass(frozen=True, repr=False)
class Change:
    """The change of one member's entry by an import; `version` is that of the member's stream after it."""

    member: str
    before: RegisterEntry | None
    after: RegisterEntry
    version: int


def save_change(connection: Connection, command: commands.ImportMembers, change: Change) -> None:
    """Store a change, where the batch names the import that it belongs to."""
    if command.import_id is None:
        return
    before = ENTRY.dump_json(change.before).decode() if change.before else None
    row = {"version": change.version, "after": ENTRY.dump_json(change.after).decode()}
    new = {"before": before, "imported_at": command.at}
    upsert.put(connection, IMPORT_CHANGES, {"import_id": command.import_id, "member": change.member}, row, new)


def find_report(connection: Connection, command: commands.ImportMembers) -> answers.ImportReport | None:
    """The answer to an earlier arrival of the command; None where there was none."""
    found = connection.execute(select(IMPORT_REPORTS.c.report).where(IMPORT_REPORTS.c.command == command.id)).scalar()
    return answers.ImportReport.model_validate_json(found) if found else None


def require_not_undone(connection: Connection, command: commands.ImportMembers) -> None:
    """Refuse what goes on with an import, or sends it again, that was undone: nothing of it stands any more."""
    undone = select(IMPORT_CHANGES.c.member).where(
        IMPORT_CHANGES.c.import_id == command.import_id, IMPORT_CHANGES.c.undone_by.is_not(None)
    )
    if connection.execute(undone.limit(1)).first():
        raise Refused(Reason.IMPORT_UNDONE)


def save_report(connection: Connection, command: commands.ImportMembers, report: answers.ImportReport) -> None:
    row = {"command": command.id, "report": report.model_dump_json(), "reported_at": command.at}
    connection.execute(insert(IMPORT_REPORTS).values(row))


def undo(records: Records, command: commands.UndoImport, caller: Passport) -> answers.UndoneImport:
    """Restore the entries before an import; refused whole, naming members, where something has followed."""

    def work(connection: Connection, metadata: Metadata) -> answers.UndoneImport:
        of_import = IMPORT_CHANGES.c.import_id == command.import_id
        query = select(IMPORT_CHANGES).where(of_import).order_by(IMPORT_CHANGES.c.member)
        rows = connection.execute(query.with_for_update()).all()  # two at once: names alone are no conflict of versions
        if not rows:
            raise Refused(Reason.UNKNOWN_IMPORT)
        undone = answers.UndoneImport(
            changed=sum(row.before is not None for row in rows), removed=sum(row.before is None for row in rows)
        )
        if {row.undone_by for row in rows} == {command.id}:
            return undone
        if any(row.undone_by for row in rows):
            raise Refused(Reason.NOTHING_CHANGES)
        changes = [change_of(row) for row in rows]
        require_reach(caller, changes)
        require_nothing_followed(connection, records, changes)
        restore(connection, records, command, changes, metadata)
        connection.execute(update(IMPORT_CHANGES).where(of_import).values(undone_by=command.id))
        return undone

    return records.transact(command, work)


def change_of(row: Row[Any]) -> Change:
    before = ENTRY.validate_json(row.before) if row.before else None
    return Change(row.member, before, ENTRY.validate_json(row.after), row.version)


def require_reach(caller: Passport, changes: Iterable[Change]) -> None:
    """Who undoes serves every province that the import has touched."""
    touched = {entry.province for change in changes for entry in (change.before, change.after) if entry}
    if not touched <= caller.provinces:
        raise Refused(Reason.NOT_ALLOWED)


def require_nothing_followed(connection: Connection, records: Records, changes: Sequence[Change]) -> None:
    followed: dict[str, str] = {}
    for change in changes:
        if len(followed) < FOLLOWED_LISTED_MAX and (code := what_followed(connection, records, change)):
            followed[change.member] = code
    if followed:
        raise Refused(Reason.IMPORT_FOLLOWED, followed)


def what_followed(connection: Connection, records: Records, change: Change) -> str:
    """What has happened since, as an error code: a sign-in by a code from the import, a card's link, another change; else empty."""
    if has_signed_in(connection, change):
        return "signed_in_since"
    if change.before is None and card_links.find(connection, change.member).token is not None:
        return "card_linked_since"
    version = len(records.own_log().stream(connection, f"member/{change.member}"))
    is_same = (version, entries.find(connection, change.member)) == (change.version, change.after)
    return "" if is_same else "changed_since"


def has_signed_in(connection: Connection, change: Change) -> bool:
    """Whether a member whom the import enrolled has signed in, or another by the corrected national code as first password."""
    proof = credentials.find(connection, f"member:{change.member}")
    if change.before is None:
        return proof.password_hash is not None
    is_corrected = change.before.national_code != change.after.national_code
    return is_corrected and proof.password_hash is not None and not proof.is_own


def restore(
    connection: Connection,
    records: Records,
    command: commands.UndoImport,
    changes: Sequence[Change],
    metadata: Metadata,
) -> None:
    """Record the entries before the import as changes, and remove the members whom it enrolled."""
    persons.release_codes(connection, [change.member for change in changes])
    for change in changes:
        entry, account = change.before, f"member:{change.member}"
        command_handler.handle(
            connection, records.own_log(), f"member/{change.member}", inverse(command, change), domain.MEMBER, metadata
        )
        if entry is None:
            persons.erase(connection, account)
            search.remove(connection, change.member)
        else:
            if change.after.national_code != entry.national_code:
                credentials.delete_first_hash(connection, account)
            persons.save(connection, account, entry.person)
            search.save(connection, entry.found, province=entry.province)


def inverse(command: commands.UndoImport, change: Change) -> domain.Command:
    """The command that restores the entry before, or removes a member who had none."""
    id_, at, actor = command.id, command.at, command.actor
    if change.before is None:
        return domain.RemoveMember(id_, at, actor, change.member)
    return domain.RegisterMember(id_, at, actor, change.member, change.before.membership)
