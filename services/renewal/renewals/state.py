"""The state of a member's renewal of a year, folded from its events, and what a decision on it rests on; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, NamedTuple, assert_never
from uuid import UUID

from services.renewal.casework.domain import Assignment
from shared.contract.base import Event
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import events
from shared.contract.renewal.correction import DeclarationField, ReturnedDeclaration, opened
from shared.contract.renewal.declaration import Declaration
from shared.contract.values import Employment, Job, Licence, UnpaidYear

RenewalEvent = (
    events.RenewalRequested
    | events.DeclarationSubmitted
    | events.RenewalReturned
    | events.RenewalRejected
    | events.RenewalApproved
    | events.RenewalWithdrawn
    | events.ReviewOpened
    | events.DeclarationRecalled
    | events.MemberNoteAdded
    | events.DecisionUndone
    | events.RenewalExpired
)


@dataclass(frozen=True)
class Member:
    """A member by auth's events."""

    province: str
    licence: Licence


@dataclass(frozen=True)
class PaymentHistory:
    """A member's payments by the register, for a year to be renewed."""

    unpaid_years: tuple[UnpaidYear, ...] = ()
    """The earlier years that it does not have as paid."""
    never_paid: bool = False
    paid_through: int | None = None
    enrolled_years: tuple[UnpaidYear, ...] = ()
    """Where it has none as paid: the earlier years since the enrolment."""


@dataclass(frozen=True)
class DecisionContext:
    """What a decision rests on beside the stream: the member, the payments, the last form, and by when a review or correction is due.

    What is due is None where no office hours are in sight.
    """

    member: Member | None = None
    review_due_at: datetime | None = None
    payments: PaymentHistory = PaymentHistory()
    last_form: Declaration | None = None
    correction_due_at: datetime | None = None
    held: Assignment | None = None
    """The assignment of the renewal to a colleague of the manager who decides, while it lasts."""


Status = Literal["none", "requested", "submitted", "returned", "approved", "rejected", "withdrawn", "expired"]
STATUS_AFTER: Mapping[type[Event], Status] = {
    events.DecisionUndone: "submitted",
    events.RenewalWithdrawn: "withdrawn",
    events.RenewalExpired: "expired",
}


class LastDecision(NamedTuple):
    """A return or rejection after which nothing else has happened."""

    note: UUID
    outcome: Literal["returned", "rejected"]
    by: str
    at: datetime


@dataclass(frozen=True)
class Renewal:
    """The state of a member's renewal of a year."""

    status: Status = "none"
    province: str = ""
    licence: Licence | None = None
    declaration_version: int = 0
    """The newest, recalled or not."""
    counting_version: int = 0
    """The newest that was not recalled."""
    employment: Employment | None = None
    jobs: tuple[Job, ...] = ()
    open_fields: tuple[DeclarationField, ...] = ()
    """What a correction may change; empty where the whole declaration is open."""
    submitted_at: datetime | None = None
    opened_version: int = 0
    """The last version that a manager has opened."""
    before_submission: "Renewal | None" = None
    """What a recall of the last version leads back to."""
    is_recalled: bool = False
    """Whether the last version was recalled and no other one is sent."""
    correction: UUID | None = None
    """The return of which a correction is awaited."""
    correction_due_at: datetime | None = None
    last_decision: LastDecision | None = None
    member_notes: int = 0

    @property
    def as_returned(self) -> ReturnedDeclaration | None:
        """The version that counts; None before the first."""
        if self.licence is None or self.employment is None or self.submitted_at is None:
            return None
        return ReturnedDeclaration(
            declaration_version=self.counting_version,
            licence=self.licence,
            employment=self.employment,
            jobs=self.jobs,
            submitted_at=self.submitted_at,
            correction_due_at=self.correction_due_at,
        )


def evolve(renewal: Renewal, event: RenewalEvent) -> Renewal:
    match event:
        case events.RenewalRequested():
            return replace(renewal, status="requested", province=event.province, licence=event.licence)
        case events.DeclarationSubmitted():
            return submitted(renewal, event)
        case events.DeclarationRecalled() | events.ReviewOpened() | events.MemberNoteAdded():
            return on_the_desk(renewal, event)
        case events.RenewalReturned():
            return returned(renewal, event)
        case events.RenewalRejected():
            last = LastDecision(event.note, "rejected", event.rejected_by, event.rejected_at)
            return replace(renewal, status="rejected", last_decision=last)
        case events.RenewalApproved():
            return replace(renewal, status="approved")
        case events.DecisionUndone() | events.RenewalWithdrawn() | events.RenewalExpired():
            return replace(closed(renewal), status=STATUS_AFTER[type(event)])
        case _:
            assert_never(event)


def on_the_desk(
    renewal: Renewal, event: events.DeclarationRecalled | events.ReviewOpened | events.MemberNoteAdded
) -> Renewal:
    match event:
        case events.DeclarationRecalled():
            before = renewal.before_submission or renewal
            notes = renewal.member_notes
            return replace(before, declaration_version=event.declaration_version, is_recalled=True, member_notes=notes)
        case events.ReviewOpened():
            return replace(renewal, opened_version=event.declaration_version)
        case events.MemberNoteAdded():
            return replace(renewal, member_notes=renewal.member_notes + 1)
        case _:
            assert_never(event)


def submitted(renewal: Renewal, event: events.DeclarationSubmitted) -> Renewal:
    before = replace(renewal, before_submission=None, last_decision=None)
    return replace(
        closed(renewal),
        status="submitted",
        licence=event.licence,
        declaration_version=event.declaration_version,
        counting_version=event.declaration_version,
        employment=event.employment,
        jobs=event.jobs,
        submitted_at=event.submitted_at,
        before_submission=before,
        is_recalled=False,
    )


def returned(renewal: Renewal, event: events.RenewalReturned) -> Renewal:
    return replace(
        renewal,
        status="returned",
        open_fields=opened(one.field for one in event.fields),
        correction=event.note,
        correction_due_at=event.correction_due_at,
        last_decision=LastDecision(event.note, "returned", event.returned_by, event.returned_at),
    )


def closed(renewal: Renewal) -> Renewal:
    """A renewal of which no correction is awaited, and no decision can be undone."""
    return replace(renewal, open_fields=(), correction=None, correction_due_at=None, last_decision=None)


def require_requested(renewal: Renewal) -> None:
    if renewal.status in ("none", "withdrawn", "expired"):
        raise Refused(Reason.NOT_REQUESTED)


def require_submitted(renewal: Renewal) -> None:
    require_requested(renewal)
    if renewal.status in ("approved", "rejected"):
        raise Refused(Reason.ALREADY_DECIDED)
    if renewal.status != "submitted":
        raise Refused(Reason.NOT_SUBMITTED)
