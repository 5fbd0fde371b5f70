"""The decisions about a renewal: requested, declared, recalled, returned, rejected, approved, undone, withdrawn or expired."""

from services.renewal.casework.domain import held
from services.renewal.declarations.correction import require_open, require_reasons, returned_fields
from services.renewal.office_hours.rules import SIGHT
from services.renewal.renewals import after_decision, on_the_desk
from services.renewal.renewals.after_decision import ExpireCorrection
from services.renewal.renewals.state import DecisionContext, Renewal, evolve, require_requested, require_submitted
from services.renewal.renewals.tracking_code import tracking_code
from shared.contract.base import Event
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import commands, events
from shared.event_store.decider import Decider
from shared.text import persian

Command = (
    commands.RequestRenewal
    | commands.SubmitDeclaration
    | commands.WithdrawRenewal
    | commands.ReturnRenewal
    | commands.RejectRenewal
    | commands.ApproveRenewal
    | on_the_desk.Command
    | after_decision.Command
)


def decide(command: Command, renewal: Renewal, context: DecisionContext) -> list[Event]:
    """What a command makes happen; `Refused` where it may not be, as on what a colleague holds."""
    require_free(command, renewal, context)
    match command:
        case commands.RequestRenewal():
            return request(command, renewal, context)
        case commands.SubmitDeclaration():
            return submit(command, renewal, context)
        case commands.WithdrawRenewal():
            return withdraw(command, renewal)
        case commands.ReturnRenewal():
            return return_for_correction(command, renewal, context)
        case commands.RejectRenewal():
            return reject(command, renewal)
        case commands.ApproveRenewal():
            return approve(command, renewal, context)
        case _:
            return decide_around(command, renewal)


def decide_around(command: on_the_desk.Command | after_decision.Command, renewal: Renewal) -> list[Event]:
    """What is decided before and after the manager's own decision."""
    match command:
        case commands.UndoDecision() | ExpireCorrection():
            return after_decision.decide(command, renewal)
        case _:
            return on_the_desk.decide(command, renewal)


def request(command: commands.RequestRenewal, renewal: Renewal, context: DecisionContext) -> list[Event]:
    """Request the present Jalali year, again after a withdrawal or an expiry; nothing where it is open or approved, refused where it was rejected."""
    if renewal.status == "rejected":
        raise Refused(Reason.ALREADY_DECIDED)
    if renewal.status not in ("none", "withdrawn", "expired"):
        return []
    if context.member is None:
        raise Refused(Reason.UNKNOWN_MEMBER)
    if command.year != persian.jalali_year(command.at):
        raise Refused(Reason.NOT_THIS_YEAR)
    return [
        events.RenewalRequested(
            member=command.member,
            year=command.year,
            **vars(context.member),
            tracking_code=tracking_code(command.id),
            requested_at=command.at,
        )
    ]


def submit(command: commands.SubmitDeclaration, renewal: Renewal, context: DecisionContext) -> list[Event]:
    require_requested(renewal)
    if renewal.status == "submitted":
        raise Refused(Reason.ALREADY_SUBMITTED)
    if renewal.status not in ("requested", "returned"):
        raise Refused(Reason.ALREADY_DECIDED)
    if context.member is None:
        raise Refused(Reason.UNKNOWN_MEMBER)
    require_open(renewal.open_fields, context.last_form, command.form)
    return [
        events.DeclarationSubmitted(
            member=command.member,
            year=command.year,
            declaration_version=renewal.declaration_version + 1,
            licence=context.member.licence,
            employment=command.form.employment,
            jobs=tuple(declared.job for declared in command.form.jobs),
            submitted_at=command.at,
            review_due_at=context.review_due_at or command.at + SIGHT,
            review_is_promised=context.review_due_at is not None,
        )
    ]


def withdraw(command: commands.WithdrawRenewal, renewal: Renewal) -> list[Event]:
    if renewal.status == "withdrawn":
        return []
    require_requested(renewal)
    if renewal.status in ("approved", "rejected"):
        raise Refused(Reason.NOT_WITHDRAWABLE)
    return [events.RenewalWithdrawn(member=command.member, year=command.year, withdrawn_at=command.at)]


def return_for_correction(command: commands.ReturnRenewal, renewal: Renewal, context: DecisionContext) -> list[Event]:
    require_submitted(renewal)
    require_version(command.declaration_version, renewal)
    require_reasons(command)
    return [
        events.RenewalReturned(
            member=command.member,
            year=command.year,
            note=command.id,
            fields=returned_fields(command),
            returned_by=command.actor,
            returned_at=command.at,
            correction_due_at=context.correction_due_at,
        )
    ]


def reject(command: commands.RejectRenewal, renewal: Renewal) -> list[Event]:
    require_submitted(renewal)
    require_version(command.declaration_version, renewal)
    return [
        events.RenewalRejected(
            member=command.member, year=command.year, note=command.id, rejected_by=command.actor, rejected_at=command.at
        )
    ]


def approve(command: commands.ApproveRenewal, renewal: Renewal, context: DecisionContext) -> list[Event]:
    if renewal.status == "approved":
        return []
    require_submitted(renewal)
    require_version(command.declaration_version, renewal)
    if renewal.licence is None or renewal.employment is None:
        raise Refused(Reason.NOT_SUBMITTED)
    require_reason(command)
    return [
        events.RenewalApproved(
            member=command.member,
            year=command.year,
            province=renewal.province,
            licence=renewal.licence,
            employment=renewal.employment,
            jobs=renewal.jobs,
            **vars(context.payments),
            waivers=command.waivers,
            note=command.id if command.waivers else None,
            approved_by=command.actor,
            approved_at=command.at,
        )
    ]


def require_version(seen: int | None, renewal: Renewal) -> None:
    """Refuse a decision on another version of the declaration than the one that was seen."""
    if seen not in (None, renewal.declaration_version):
        raise Refused(Reason.CONFLICT)


def require_reason(command: commands.ApproveRenewal) -> None:
    """A waiver needs a reason, and waives no year that is still to come."""
    if command.waivers and command.reason is None:
        raise Refused(Reason.REASON_NEEDED, {"reason": "missing"})
    for index, waiver in enumerate(command.waivers):
        if waiver.year > command.year:
            raise Refused(Reason.BAD_INPUT, {f"waivers.{index}.year": "year_wrong"})


def require_free(command: Command, renewal: Renewal, context: DecisionContext) -> None:
    """Refuse a decision on what a colleague holds, unless the manager was told so and goes on."""
    if renewal.status != "submitted" or context.held is None:
        return
    match command:
        case commands.ReturnRenewal() | commands.RejectRenewal() | commands.ApproveRenewal():
            if not command.despite_holder:
                raise held(context.held)
        case _:
            pass


def renewal_decider(context: DecisionContext) -> Decider[Command, Renewal]:
    """The renewal's decider in the context of one command."""
    return Decider(lambda command, renewal: decide(command, renewal, context), evolve, Renewal())
