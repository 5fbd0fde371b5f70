"""Previews of decisions: what each would do now, by the same decider as the decision itself; nothing is recorded."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from services.renewal.casework import assignments
from services.renewal.office_hours.rules import Rule
from services.renewal.renewals import handler, queries
from services.renewal.renewals.domain import Command, renewal_decider
from shared.contract.passport import Passport
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import answers, commands
from shared.contract.renewal.queries import PreviewDecisions, RenewalKey
from shared.contract.values import Role
from shared.event_store.command_handler import Records

NO_ID = UUID(int=0)
REASON = "دلیلی که مدیر می‌نویسد"
"""In place of the reason that is not written yet."""


def preview(
    records: Records, rule: Rule, caller: Passport, query: PreviewDecisions, at: datetime
) -> answers.DecisionPreviews:
    """One preview for each renewal of the query; what another province's managers decide is refused by itself."""
    with records.read() as connection:
        found = [preview_one(connection, records, rule, (caller, query, at), key) for key in query.renewals]
    return answers.DecisionPreviews(previews=tuple(found))


def preview_one(
    connection: Connection,
    records: Records,
    rule: Rule,
    decision: tuple[Passport, PreviewDecisions, datetime],
    key: RenewalKey,
) -> answers.DecisionPreview:
    caller, query, at = decision
    try:
        require_manager(connection, caller, key)
        history = records.own_log().stream(connection, f"renewal/{key.member}/{key.year}")
    except Refused as refused:
        return answers.DecisionPreview(member=key.member, year=key.year, refusal=refused.reason)
    version = queries.newest_version(connection, key.member, key.year)
    stamps = {"id": NO_ID, "deadline": at, "at": at, "actor": caller.actor, "despite_holder": query.despite_holder}
    command = command_of(query.outcome, {**vars(key), **stamps}, version)
    decider = renewal_decider(handler.decision_context(connection, rule, command))
    state = decider.fold(one.event for one in history)
    refusal = ""
    try:
        if query.outcome == "assigned":
            assignments.require_assignable(connection, key.member, key.year, (caller.actor, at))
        elif not decider.decide(command, state):
            refusal = Reason.ALREADY_DECIDED
    except Refused as refused:
        refusal = refused.reason
    status = None if state.status == "none" else state.status
    return answers.DecisionPreview(
        member=key.member, year=key.year, refusal=refusal, status=status, declaration_version=version
    )


def require_manager(connection: Connection, caller: Passport, key: RenewalKey) -> None:
    """Refuse whoever could not decide: no manager of the province, or nothing to decide on."""
    province = queries.province_of(connection, key.member, key.year)
    caller.must_have(Role.MANAGER, province)
    if province is None:
        raise Refused(Reason.NOT_REQUESTED)


def command_of(outcome: str, stamps: dict[str, object], version: int) -> Command:
    """The decision as a command that nobody sends; for a hand-over any, since it rests on the same state."""
    if outcome == "approved":
        return commands.ApproveRenewal.model_validate({**stamps, "declaration_version": max(version, 1)})
    kind = commands.ReturnRenewal if outcome == "returned" else commands.RejectRenewal
    return kind.model_validate({**stamps, "reason": REASON})
