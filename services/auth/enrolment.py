"""A batch of the roll is put on record: entries as events, persons as rows, in one transaction; wrong rows are told."""

from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import Connection

from services.auth import credentials, domain, roll, views
from shared import command_handler, command_ids
from shared.command_handler import DECISIONS_MAX, Records
from shared.contract import answers, commands, events
from shared.contract.envelope import Metadata
from shared.contract.passport import Passport
from shared.contract.refusals import Reason, Refused
from shared.event_log import VersionConflict

Outcome = Literal["enrolled", "changed", "unchanged", "wrong"]


@dataclass
class Batch:
    """One batch within its transaction; it remembers whom its rows name, so that nobody stands in it twice."""

    connection: Connection
    records: Records
    command: commands.ImportMembers
    caller: Passport
    members: set[str] = field(default_factory=set)
    national_codes: set[str] = field(default_factory=set)

    def result(self, index: int) -> answers.RollRowResult:
        """What becomes of a row."""
        row = self.command.first_row + index
        try:
            entry = roll.read(self.command.rows[index])
            self.check(entry)
        except roll.Wrong as wrong:
            return answers.RollRowResult(row=row, outcome="wrong", errors=wrong.errors)
        return answers.RollRowResult(row=row, outcome=self.put(entry))

    def check(self, entry: roll.RollEntry) -> None:
        """Hold an entry against the other rows, the roll, and the provinces that the caller serves."""
        errors = {}
        standing = views.province_of(self.connection, entry.member)
        if not {entry.province, standing or entry.province} <= self.caller.provinces:
            errors["province"] = "not_your_province"
        if entry.member in self.members:
            errors["membership_no"] = "member_twice"
        holder = views.holder_of(self.connection, entry.national_code)
        if entry.national_code in self.national_codes or holder not in (None, f"member:{entry.member}"):
            errors["national_code"] = "national_code_taken"
        if errors:
            raise roll.Wrong(errors)
        self.members.add(entry.member)
        self.national_codes.add(entry.national_code)

    def put(self, entry: roll.RollEntry) -> Outcome:
        """Record what is new of an entry, or only tell what would be."""
        stream = f"member/{entry.member}"
        put = domain.PutOnRoll(
            id=self.command.id,
            at=self.command.at,
            actor=self.caller.actor,
            member=entry.member,
            province=entry.province,
            licence=entry.licence,
            paid_through=entry.paid_through,
        )
        log = self.records.own_log()
        if self.command.dry_run:
            state = domain.MEMBER.fold(one.event for one in log.stream(self.connection, stream))
            happened = domain.MEMBER.decide(put, state)
            return outcome(happened, is_other_person=self.is_other_person(entry))
        metadata = Metadata(correlation_id=self.records.correlation_id or put.id, causation_id=put.id, actor=put.actor)
        handled = command_handler.handle(self.connection, log, stream, put, domain.MEMBER, metadata)
        came_again = bool(handled.recorded) and not handled.fresh
        is_other_person = not came_again and self.put_person(entry)
        return outcome([one.event for one in handled.recorded], is_other_person=is_other_person)

    def is_other_person(self, entry: roll.RollEntry) -> bool:
        known = views.person(self.connection, f"member:{entry.member}")
        return known != views.Person(entry.first_name, entry.last_name, entry.national_code)

    def put_person(self, entry: roll.RollEntry) -> bool:
        """Keep names and code; a corrected code is the first credential from now on."""
        account = f"member:{entry.member}"
        known = views.person(self.connection, account)
        if known is not None and known.national_code != entry.national_code:
            credentials.drop(self.connection, account, only_first=True)
        return views.put_person(
            self.connection, account, views.Person(entry.first_name, entry.last_name, entry.national_code)
        )


def outcome(happened: list[events.Event], *, is_other_person: bool) -> Outcome:
    """How the report names what happened to a row."""
    if any(isinstance(event, events.MemberEnrolled) for event in happened):
        return "enrolled"
    return "changed" if happened or is_other_person else "unchanged"


def put_on_record(records: Records, command: commands.ImportMembers, caller: Passport) -> answers.RollReport:
    """Put a batch on record, or with `dry_run` only tell what would become of its rows."""

    def work(connection: Connection) -> answers.RollReport:
        if not command.dry_run:
            command_ids.claim(connection, command)
        batch = Batch(connection, records, command, caller)
        return answers.RollReport(rows=tuple(batch.result(index) for index in range(len(command.rows))))

    for _ in range(DECISIONS_MAX):
        try:
            if command.dry_run:
                with records.read() as connection:
                    return work(connection)
            return records.write(work)
        except VersionConflict:
            continue
    raise Refused(Reason.CONFLICT)
