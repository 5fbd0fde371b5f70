"""A batch of the roll is put on record: entries as events, persons as rows, in one transaction; wrong rows are told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection

from services.auth.accounts import projection
from services.auth.register import domain, import_file, undo_import
from services.auth.register.import_file import RollEntry
from services.auth.sign_in import credentials
from shared.contract import base
from shared.contract.auth import answers, commands, events
from shared.contract.envelope import Metadata
from shared.contract.passport import Passport
from shared.event_store import command_handler
from shared.event_store.command_handler import Records
from shared.text import persian

Outcome = Literal["enrolled", "changed", "unchanged", "wrong"]


@dataclass
class Batch:
    """One batch within its transaction."""

    connection: Connection
    records: Records
    command: commands.ImportMembers
    caller: Passport
    metadata: Metadata | None
    """Of its events; none in a dry run."""

    def results(self) -> tuple[answers.RollRowResult, ...]:
        """What becomes of each row."""
        entries, errors = self.readable()
        before = {index: projection.roll_entry(self.connection, entry.member) for index, entry in entries.items()}
        held = self.taken(entries)
        wanted = {index: entry for index, entry in entries.items() if index not in held}
        if self.metadata is not None:
            self.give_up_codes(wanted, before)
        found: list[answers.RollRowResult] = []
        for index in range(len(self.command.rows)):
            row = self.command.first_row + index
            if index in wanted:
                found.append(self.put(row, wanted[index], before[index]))
            else:
                wrong = errors.get(index, {"national_code": "national_code_taken"})
                found.append(answers.RollRowResult(row=row, outcome="wrong", errors=wrong, held_by=held.get(index, "")))
        return tuple(found)

    def readable(self) -> tuple[dict[int, RollEntry], dict[int, dict[str, str]]]:
        """Rows that can be put by what they say themselves, and the errors of the others."""
        entries: dict[int, RollEntry] = {}
        errors: dict[int, dict[str, str]] = {}
        for index, row in enumerate(self.command.rows):
            try:
                entry = import_file.read(row)
            except import_file.Wrong as wrong:
                errors[index] = wrong.errors
                continue
            if found := self.errors_of(entry, entries):
                errors[index] = found
            else:
                entries[index] = entry
        return entries, errors

    def errors_of(self, entry: RollEntry, earlier: Mapping[int, RollEntry]) -> dict[str, str]:
        """Hold an entry against the rows before it and the provinces that the caller serves."""
        errors = {}
        standing = projection.province_of(self.connection, entry.member)
        if not {entry.province, standing or entry.province} <= self.caller.provinces:
            errors["province"] = "not_your_province"
        if any(entry.member == other.member for other in earlier.values()):
            errors["membership_no"] = "member_twice"
        if any(entry.national_code == other.national_code for other in earlier.values()):
            errors["national_code"] = "national_code_twice"
        if not domain.can_be_paid(entry.paid_through, persian.jalali_year(self.command.at)):
            errors["paid_through"] = "year_ahead"
        return errors

    def taken(self, entries: Mapping[int, RollEntry]) -> dict[int, str]:
        """Rows whose national code another member has, with that member; a code that its holder gives up here is free."""
        codes = projection.holders_of(self.connection, [entry.national_code for entry in entries.values()])
        held: dict[int, str] = {}
        while True:
            moving = {entry.member: entry.national_code for index, entry in entries.items() if index not in held}
            found = {
                index: holder
                for index, entry in entries.items()
                if index not in held
                and (holder := codes.get(entry.national_code, entry.member)) != entry.member
                # a row that is refused gives nothing up: whoever counted on it is looked at again
                and moving.get(holder, entry.national_code) == entry.national_code
            }
            if not found:
                return held
            held |= found

    def give_up_codes(self, entries: Mapping[int, RollEntry], before: Mapping[int, RollEntry | None]) -> None:
        """Corrected codes are free before the first is put, and are the first credential no more."""
        moved = []
        for index, entry in entries.items():
            known = before[index]
            if known is not None and known.national_code != entry.national_code:
                credentials.follow_code(
                    self.connection, f"member:{entry.member}", known.national_code, entry.national_code
                )
                moved.append(entry.member)
        projection.free_codes(self.connection, moved)

    def put(self, row: int, entry: RollEntry, before: RollEntry | None) -> answers.RollRowResult:
        """Record what is new of an entry, or only tell what would be."""
        put = domain.PutOnRoll(
            id=self.command.id,
            at=self.command.at,
            actor=self.caller.actor,
            member=entry.member,
            province=entry.province,
            licence=entry.licence,
            paid_through=entry.paid_through,
        )
        changes = import_file.changes(before, entry) if before else ()
        if self.metadata is None:
            happened = domain.MEMBER.decide(put, before.on_roll if before else None)
            return answers.RollRowResult(row=row, outcome=outcome(happened, is_changed=bool(changes)), changes=changes)
        handled = command_handler.handle(
            self.connection, self.records.own_log(), f"member/{entry.member}", put, domain.MEMBER, self.metadata
        )
        happened = [one.event for one in handled.recorded]
        projection.put_person(self.connection, f"member:{entry.member}", entry.person)
        if before != entry:
            version = len(self.records.own_log().stream(self.connection, f"member/{entry.member}"))
            undo_import.keep(self.connection, self.command, undo_import.Change(entry.member, before, entry, version))
        return answers.RollRowResult(row=row, outcome=outcome(happened, is_changed=bool(changes)), changes=changes)


def outcome(happened: list[base.Event], *, is_changed: bool) -> Outcome:
    """How the report names what happened to a row."""
    if any(isinstance(event, events.MemberEnrolled) for event in happened):
        return "enrolled"
    return "changed" if happened or is_changed else "unchanged"


def put_on_record(records: Records, command: commands.ImportMembers, caller: Passport) -> answers.RollReport:
    """Put a batch on record, or with `dry_run` only tell what would become of its rows."""

    def work(connection: Connection, metadata: Metadata | None) -> answers.RollReport:
        return answers.RollReport(rows=Batch(connection, records, command, caller, metadata).results())

    def once(connection: Connection, metadata: Metadata) -> answers.RollReport:
        if (told := undo_import.report_of(connection, command)) is not None:
            return told
        report = work(connection, metadata)
        undo_import.keep_report(connection, command, report)
        return report

    if command.dry_run:
        with records.read() as connection:
            return work(connection, None)
    return records.transact(command, once)
