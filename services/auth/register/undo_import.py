"""What an import of the roll has changed, and its undoing: whole, and only while nothing has followed from it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    Column,
    Connection,
    Index,
    Integer,
    Row,
    String,
    Table,
    Text,
    Uuid,
    delete,
    insert,
    select,
    update,
)

from services.auth.accounts import projection
from services.auth.register import card_links, domain
from services.auth.register.import_file import RollEntry
from services.auth.sign_in import credentials
from shared.contract.auth import answers, commands
from shared.contract.envelope import Metadata
from shared.contract.passport import Passport
from shared.contract.refusals import Reason, Refused
from shared.event_store import command_handler, upsert
from shared.event_store.command_handler import Records
from shared.event_store.database import Instant

LIFE = timedelta(days=30)
"""How long an import can be undone: so long what stood on the roll before is kept."""
FOLLOWED_TOLD_MAX = 20
"""Members that a refusal names."""

CHANGES = Table(
    "import_changes",
    projection.TABLES,
    Column("import_id", Uuid, primary_key=True),
    Column("member", String(12), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("before", Text),
    Column("after", Text, nullable=False),
    Column("imported_at", Instant, nullable=False),
    Column("undone_by", Uuid),
    Index("import_changes_by_time", "imported_at"),
)
"""By import and member: the entry before (none for somebody new) and after it, personal data among them, and the stream's version."""

REPORTS = Table(
    "import_reports",
    projection.TABLES,
    Column("command", Uuid, primary_key=True),
    Column("report", Text, nullable=False),
    Column("reported_at", Instant, nullable=False),
    Index("import_reports_by_time", "reported_at"),
)
"""What was answered to each batch, personal data among it: the same command again is told the same, and does nothing."""

ENTRY = TypeAdapter(RollEntry)


@dataclass(frozen=True, repr=False)
class Change:
    """What an import did to one member; `version` is that of the member's stream from then on."""

    member: str
    before: RollEntry | None
    after: RollEntry
    version: int


def keep(connection: Connection, command: commands.ImportMembers, change: Change) -> None:
    """Keep what was changed, where the batch says to which import it belongs."""
    if command.import_id is None:
        return
    before = ENTRY.dump_json(change.before).decode() if change.before else None
    row = {"version": change.version, "after": ENTRY.dump_json(change.after).decode()}
    new = {"before": before, "imported_at": command.at}
    upsert.put(connection, CHANGES, {"import_id": command.import_id, "member": change.member}, row, new)


def report_of(connection: Connection, command: commands.ImportMembers) -> answers.RollReport | None:
    """What was answered when the command came before; None where it has not."""
    found = connection.execute(select(REPORTS.c.report).where(REPORTS.c.command == command.id)).scalar()
    return answers.RollReport.model_validate_json(found) if found else None


def keep_report(connection: Connection, command: commands.ImportMembers, report: answers.RollReport) -> None:
    row = {"command": command.id, "report": report.model_dump_json(), "reported_at": command.at}
    connection.execute(insert(REPORTS).values(row))


def undo(records: Records, command: commands.UndoImport, caller: Passport) -> answers.UndoneImport:
    """Put back what stood on the roll before an import; refused whole, naming members, where something has followed."""

    def work(connection: Connection, metadata: Metadata) -> answers.UndoneImport:
        of_import = CHANGES.c.import_id == command.import_id
        query = select(CHANGES).where(of_import).order_by(CHANGES.c.member)
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
        must_reach(caller, changes)
        must_not_have_followed(connection, records, changes)
        put_back(connection, records, command, changes, metadata)
        connection.execute(update(CHANGES).where(of_import).values(undone_by=command.id))
        return undone

    return records.transact(command, work)


def change_of(row: Row[Any]) -> Change:
    before = ENTRY.validate_json(row.before) if row.before else None
    return Change(row.member, before, ENTRY.validate_json(row.after), row.version)


def must_reach(caller: Passport, changes: Iterable[Change]) -> None:
    """Who undoes serves every province that the import has touched."""
    touched = {entry.province for change in changes for entry in (change.before, change.after) if entry}
    if not touched <= caller.provinces:
        raise Refused(Reason.NOT_ALLOWED)


def must_not_have_followed(connection: Connection, records: Records, changes: Sequence[Change]) -> None:
    followed: dict[str, str] = {}
    for change in changes:
        if len(followed) < FOLLOWED_TOLD_MAX and (code := what_followed(connection, records, change)):
            followed[change.member] = code
    if followed:
        raise Refused(Reason.IMPORT_FOLLOWED, followed)


def what_followed(connection: Connection, records: Records, change: Change) -> str:
    """What has happened since, as an error's code: a sign-in by a code that the import gave, a card's link, other news."""
    if has_signed_in(connection, change):
        return "signed_in_since"
    if change.before is None and card_links.of(connection, change.member).token is not None:
        return "card_linked_since"
    version = len(records.own_log().stream(connection, f"member/{change.member}"))
    return (
        ""
        if (version, projection.roll_entry(connection, change.member)) == (change.version, change.after)
        else "changed_since"
    )


def has_signed_in(connection: Connection, change: Change) -> bool:
    """Whether somebody came in by what the import gave: whom it brought, or by a corrected national code as first password."""
    proof = credentials.kept(connection, f"member:{change.member}")
    if change.before is None:
        return proof.password_hash is not None
    is_corrected = change.before.national_code != change.after.national_code
    return is_corrected and proof.password_hash is not None and not proof.is_own


def put_back(
    connection: Connection,
    records: Records,
    command: commands.UndoImport,
    changes: Sequence[Change],
    metadata: Metadata,
) -> None:
    """Record the entries before the import as news, and take off whom it brought."""
    projection.free_codes(connection, [change.member for change in changes])
    for change in changes:
        entry, account = change.before, f"member:{change.member}"
        command_handler.handle(
            connection, records.own_log(), f"member/{change.member}", way_back(command, change), domain.MEMBER, metadata
        )
        if entry is None:
            projection.drop_person(connection, account)
        else:
            credentials.follow_code(connection, account, change.after.national_code, entry.national_code)
            projection.put_person(connection, account, entry.person)


def way_back(command: commands.UndoImport, change: Change) -> domain.MemberCommand:
    """The entry as it stood before; whoever did not stand there is taken off."""
    if change.before is None:
        return domain.TakeOffRoll(id=command.id, at=command.at, actor=command.actor, member=change.member)
    was = change.before.on_roll
    return domain.PutOnRoll(
        id=command.id,
        at=command.at,
        actor=command.actor,
        member=change.member,
        province=was.province,
        licence=was.licence,
        paid_through=was.paid_through,
    )


def forget(connection: Connection, at: datetime) -> None:
    """Drop what stood on the roll before imports of long ago, and what was told of them."""
    connection.execute(delete(CHANGES).where(CHANGES.c.imported_at < at - LIFE))
    connection.execute(delete(REPORTS).where(REPORTS.c.reported_at < at - LIFE))
