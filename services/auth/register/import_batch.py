"""Import of a batch of register rows: entries as events, persons as rows, in one transaction; wrong rows are reported."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection

from services.auth.accounts import persons, queries
from services.auth.register import domain, entries, import_file, search, undo_import
from services.auth.register.entries import RegisterEntry
from services.auth.sign_in import credentials
from shared.contract import base
from shared.contract.auth import answers, commands, events
from shared.contract.envelope import Metadata
from shared.contract.passport import Passport
from shared.event_store import command_handler
from shared.event_store.command_handler import Records
from shared.personal_data import erased_among
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

    def results(self) -> tuple[answers.RegisterRowResult, ...]:
        """The outcome of each row."""
        parsed, errors = self.parse_rows()
        before = {index: entries.find(self.connection, entry.member) for index, entry in parsed.items()}
        held = self.codes_held_by_others(parsed)
        accepted = {index: entry for index, entry in parsed.items() if index not in held}
        if self.metadata is not None:
            self.release_corrected_codes(accepted, before)
        found: list[answers.RegisterRowResult] = []
        for index in range(len(self.command.rows)):
            row = self.command.first_row + index
            if index in accepted:
                found.append(self.register(row, accepted[index], before[index]))
            else:
                wrong = errors.get(index, {"national_code": "national_code_taken"})
                found.append(
                    answers.RegisterRowResult(row=row, outcome="wrong", errors=wrong, held_by=held.get(index, ""))
                )
        return tuple(found)

    def parse_rows(self) -> tuple[dict[int, RegisterEntry], dict[int, dict[str, str]]]:
        """The entries of rows without an error of their own, and the errors of the others."""
        parsed: dict[int, RegisterEntry] = {}
        errors: dict[int, dict[str, str]] = {}
        numbers = (persian.membership_no(row.get("membership_no", "")) for row in self.command.rows)
        erased = erased_among(self.connection, {number for number in numbers if number})
        for index, row in enumerate(self.command.rows):
            try:
                entry = import_file.parse(row)
            except import_file.WrongRow as wrong:
                errors[index] = wrong.errors
                continue
            if entry.member in erased:
                errors[index] = {"membership_no": "member_erased"}
            elif found := self.errors_of(entry, parsed):
                errors[index] = found
            else:
                parsed[index] = entry
        return parsed, errors

    def errors_of(self, entry: RegisterEntry, earlier: Mapping[int, RegisterEntry]) -> dict[str, str]:
        """Check an entry against the rows before it and the provinces that the caller serves."""
        errors = {}
        current = queries.province_of(self.connection, entry.member)
        if not {entry.province, current or entry.province} <= self.caller.provinces:
            errors["province"] = "not_your_province"
        if any(entry.member == other.member for other in earlier.values()):
            errors["membership_no"] = "member_twice"
        if any(entry.national_code == other.national_code for other in earlier.values()):
            errors["national_code"] = "national_code_twice"
        if not domain.can_be_paid(entry.paid_through, persian.jalali_year(self.command.at)):
            errors["paid_through"] = "year_ahead"
        return errors

    def codes_held_by_others(self, parsed: Mapping[int, RegisterEntry]) -> dict[int, str]:
        """Rows whose national code another member has, with that member; a code that its holder gives up here is free."""
        codes = persons.holders_by_code(self.connection, [entry.national_code for entry in parsed.values()])
        held: dict[int, str] = {}
        while True:
            moving = {entry.member: entry.national_code for index, entry in parsed.items() if index not in held}
            found = {
                index: holder
                for index, entry in parsed.items()
                if index not in held
                and (holder := codes.get(entry.national_code, entry.member)) != entry.member
                # a refused row gives nothing up: whoever counted on it is checked again
                and moving.get(holder, entry.national_code) == entry.national_code
            }
            if not found:
                return held
            held |= found

    def release_corrected_codes(
        self, accepted: Mapping[int, RegisterEntry], before: Mapping[int, RegisterEntry | None]
    ) -> None:
        """Corrected codes are free before the first row is stored, and no longer the first credential."""
        moved = []
        for index, entry in accepted.items():
            known = before[index]
            if known is not None and known.national_code != entry.national_code:
                credentials.delete_first_hash(self.connection, f"member:{entry.member}")
                moved.append(entry.member)
        persons.release_codes(self.connection, moved)

    def register(self, row: int, entry: RegisterEntry, before: RegisterEntry | None) -> answers.RegisterRowResult:
        """Record the changes of an entry; in a dry run, only report them."""
        id_, at, actor = self.command.id, self.command.at, self.caller.actor
        command = domain.RegisterMember(id_, at, actor, entry.member, entry.membership)
        if self.metadata is None:
            happened = domain.MEMBER.decide(command, before.membership if before else None)
        else:
            happened = self.record(command, entry, before, self.metadata)
        changes = entries.changes(before, entry) if before else ()
        return answers.RegisterRowResult(
            row=row,
            outcome=outcome(happened, is_changed=bool(changes)),
            changes=changes,
            member=entry.member if changes else "",
        )

    def record(
        self, command: domain.RegisterMember, entry: RegisterEntry, before: RegisterEntry | None, metadata: Metadata
    ) -> list[base.Event]:
        """Append the events of an entry, and store the person and the change for an undo."""
        log, stream = self.records.own_log(), f"member/{entry.member}"
        handled = command_handler.handle(self.connection, log, stream, command, domain.MEMBER, metadata)
        persons.save(self.connection, f"member:{entry.member}", entry.person)
        if before != entry:
            search.save(self.connection, entry.found, province=entry.province)
            version = len(log.stream(self.connection, stream))
            change = undo_import.Change(entry.member, before, entry, version)
            undo_import.save_change(self.connection, self.command, change)
        return [one.event for one in handled.recorded]


def outcome(happened: list[base.Event], *, is_changed: bool) -> Outcome:
    """The outcome of a row in the report."""
    if any(isinstance(event, events.MemberEnrolled) for event in happened):
        return "enrolled"
    return "changed" if happened or is_changed else "unchanged"


def import_members(records: Records, command: commands.ImportMembers, caller: Passport) -> answers.ImportReport:
    """Import a batch, or with `dry_run` only report the outcome that its rows would have."""

    def work(connection: Connection, metadata: Metadata | None) -> answers.ImportReport:
        return answers.ImportReport(rows=Batch(connection, records, command, caller, metadata).results())

    def once(connection: Connection, metadata: Metadata) -> answers.ImportReport:
        undo_import.require_not_undone(connection, command)
        if (report := undo_import.find_report(connection, command)) is not None:
            return report
        report = work(connection, metadata)
        undo_import.save_report(connection, command, report)
        return report

    if command.dry_run:
        with records.read() as connection:
            return work(connection, None)
    return records.transact(command, once)
