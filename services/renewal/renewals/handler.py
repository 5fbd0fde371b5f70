"""Handling of a renewal's command: its decision context, the decision, the events, and the texts that no event has, in one transaction."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from services.renewal.casework import assignments
from services.renewal.declarations import correction, drafts
from services.renewal.office_hours import calendar
from services.renewal.office_hours.rules import Rule
from services.renewal.renewals import queries, unpaid_years
from services.renewal.renewals.domain import Command, renewal_decider
from services.renewal.renewals.state import DecisionContext, Renewal
from services.renewal.tables import DECISIONS, DECLARATIONS, NOTES
from shared import personal_data
from shared.contract.envelope import Metadata, Recorded
from shared.contract.refusals import ID_TAKEN, Reason, Refused
from shared.contract.renewal import answers, commands, events
from shared.event_store import command_handler
from shared.event_store.command_handler import Handled, Records
from shared.event_store.log import EventLog
from shared.event_store.sql import by_key

SHOWN_BY_EVENTS = commands.ReturnRenewal | commands.AddMemberNote
"""Commands of which the answer shows what only their events have; those are written at the end of the transaction."""


def handle(records: Records, rule: Rule, command: Command) -> Handled[Renewal]:
    """Handle a command on the stream of its renewal, in a transaction of its own."""
    return records.transact(command, partial(handle_within, log=records.own_log(), rule=rule, command=command))


def handle_within(
    connection: Connection, metadata: Metadata, log: EventLog, rule: Rule, command: Command
) -> Handled[Renewal]:
    """Handle a command on the stream of its renewal, in a transaction that is open."""
    stream = f"renewal/{command.member}/{command.year}"
    decider = renewal_decider(decision_context(connection, rule, command))
    handled = command_handler.handle(connection, log, stream, command, decider, metadata)
    if handled.is_new:
        save_texts(connection, handled.recorded, command)
    elif handled.recorded:
        refuse_taken_back(connection, handled, command)
    return handled


def answer(records: Records, rule: Rule, command: Command) -> answers.Renewal:
    """Handle a command, and answer with the renewal as it is then; in one transaction, unless what it records is read from the log."""

    def work(connection: Connection, metadata: Metadata) -> answers.Renewal | None:
        handle_within(connection, metadata, records.own_log(), rule, command)
        return None if isinstance(command, SHOWN_BY_EVENTS) else find(connection)

    def find(connection: Connection) -> answers.Renewal | None:
        return queries.find_renewal(connection, command.member, command.year)

    renewal = records.transact(command, work)
    if isinstance(command, SHOWN_BY_EVENTS):
        with records.read() as connection:
            renewal = find(connection)
    if renewal is None:
        raise Refused(Reason.NOT_REQUESTED)
    return renewal


def decision_context(connection: Connection, rule: Rule, command: Command) -> DecisionContext:
    """What this command's decision rests on, and no more, read in its transaction."""
    found: dict[str, Any] = {}
    member = None
    if isinstance(command, commands.RequestRenewal | commands.SubmitDeclaration | commands.ReturnRenewal):
        member = found["member"] = queries.find_member(connection, command.member)
    if isinstance(command, commands.SubmitDeclaration) and member:
        hours = calendar.working_hours(connection, rule, member.province, command.at)
        found["review_due_at"] = hours.review_due_at(command.at)
        found["last_form"] = queries.last_form(connection, command.member, command.year)
    if isinstance(command, commands.ReturnRenewal) and member:
        hours = calendar.working_hours(connection, rule, member.province, command.at)
        days = rule.correction_days_of(member.province)
        found["correction_due_at"] = hours.correction_due_at(command.at, days)
    if isinstance(command, commands.ApproveRenewal):
        found["payments"] = unpaid_years.payment_history(connection, command.member, command.year)
    if isinstance(command, commands.ReturnRenewal | commands.RejectRenewal | commands.ApproveRenewal):
        about = (command.member, command.year, command.actor, command.at)
        found["held"] = assignments.held_by_colleague(connection, *about)
    return DecisionContext(**found)


def refuse_taken_back(connection: Connection, handled: Handled[Renewal], command: Command) -> None:
    """Refuse a command that is sent again once its declaration is recalled or its decision undone: nothing of it stands any more."""
    match handled.recorded[0].event:
        case events.DeclarationSubmitted(declaration_version=version):
            is_taken_back = handled.state.is_recalled and handled.state.declaration_version == version
        case events.RenewalReturned() | events.RenewalRejected():
            undone = select(DECISIONS.c.note).where(DECISIONS.c.note == command.id, DECISIONS.c.undone_at.is_not(None))
            is_taken_back = connection.execute(undone).first() is not None
        case _:
            is_taken_back = False
    if is_taken_back:
        raise Refused(Reason.CONFLICT, {"id": ID_TAKEN})


def save_texts(connection: Connection, recorded: Sequence[Recorded], command: Command) -> None:
    """Store the form and the reason in rows that can be erased, and discard the draft that is needed no longer.

    After an erasure nothing declares any more, and reasons of decisions are not stored.
    """
    is_erased = personal_data.is_erased(connection, command.member)
    match command, recorded[0].event:
        case ((commands.SubmitDeclaration() | commands.AddMemberNote()), _) if is_erased:
            raise Refused(Reason.UNKNOWN_MEMBER)
        case commands.SubmitDeclaration(), events.DeclarationSubmitted() as submitted:
            row = {"member": command.member, "year": command.year, "version": submitted.declaration_version}
            form = command.form.model_dump_json()
            row |= {"submitted_at": command.at, "form": form, "mobile": command.form.mobile}
            by_key.add(connection, DECLARATIONS, row)
            drafts.discard(connection, command.member, command.year)
        case commands.AddMemberNote(), _:
            save_note(connection, command, command.id, command.text)
        case commands.UndoDecision(), _ if is_erased:  # nothing is left on the desk to be decided anew
            raise Refused(Reason.MEMBER_ERASED)
        case commands.WithdrawRenewal(), _:
            drafts.discard(connection, command.member, command.year)
        case ((commands.ReturnRenewal() | commands.RejectRenewal() | commands.ApproveRenewal()), _) if not is_erased:
            save_notes(connection, command)
        case _:
            pass
    if isinstance(command, commands.ApproveRenewal):  # one is there where a return was undone
        drafts.discard(connection, command.member, command.year)


def save_notes(
    connection: Connection, command: commands.ReturnRenewal | commands.RejectRenewal | commands.ApproveRenewal
) -> None:
    """Store the reason of a decision, and the words about each field that it returns."""
    texts = {command.id: command.reason} if command.reason else {}
    if isinstance(command, commands.ReturnRenewal):
        texts |= {correction.note_id(command.id, one): one.note for one in command.fields if one.note}
    for note, text in texts.items():
        save_note(connection, command, note, text)


def save_note(connection: Connection, command: Command, note: UUID, text: str) -> None:
    row = {"note": note, "member": command.member, "text": text, "written_at": command.at}
    by_key.add(connection, NOTES, row)
