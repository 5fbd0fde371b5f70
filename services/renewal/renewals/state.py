"""The state of a member's renewal of a year, folded from its events, and what a decision on it rests on; pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, assert_never

from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import events
from shared.contract.renewal.correction import DeclarationField, opened
from shared.contract.renewal.declaration import Declaration
from shared.contract.values import Employment, Job, Licence, UnpaidYear

RenewalEvent = (
    events.RenewalRequested
    | events.DeclarationSubmitted
    | events.RenewalReturned
    | events.RenewalRejected
    | events.RenewalApproved
    | events.RenewalWithdrawn
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


@dataclass(frozen=True)
class DecisionContext:
    """What a decision rests on beside the stream: the member, when a review is due (None: no hours in sight), payments, the last form."""

    member: Member | None = None
    review_due_at: datetime | None = None
    payments: PaymentHistory = PaymentHistory()
    last_form: Declaration | None = None


@dataclass(frozen=True)
class Renewal:
    """The state of a member's renewal of a year."""

    status: Literal["none", "requested", "submitted", "returned", "approved", "rejected", "withdrawn"] = "none"
    province: str = ""
    licence: Licence | None = None
    declaration_version: int = 0
    employment: Employment | None = None
    jobs: tuple[Job, ...] = ()
    open_fields: tuple[DeclarationField, ...] = ()
    """What a correction may change; empty where the whole declaration is open."""


def evolve(renewal: Renewal, event: RenewalEvent) -> Renewal:
    match event:
        case events.RenewalRequested():
            return replace(renewal, status="requested", province=event.province, licence=event.licence)
        case events.DeclarationSubmitted():
            return replace(
                renewal,
                status="submitted",
                licence=event.licence,
                declaration_version=event.declaration_version,
                employment=event.employment,
                jobs=event.jobs,
                open_fields=(),
            )
        case events.RenewalReturned():
            return replace(renewal, status="returned", open_fields=opened(one.field for one in event.fields))
        case events.RenewalRejected():
            return replace(renewal, status="rejected")
        case events.RenewalApproved():
            return replace(renewal, status="approved")
        case events.RenewalWithdrawn():
            return replace(renewal, status="withdrawn", open_fields=())
        case _:
            assert_never(event)


def require_requested(renewal: Renewal) -> None:
    if renewal.status in ("none", "withdrawn"):
        raise Refused(Reason.NOT_REQUESTED)


def require_submitted(renewal: Renewal) -> None:
    require_requested(renewal)
    if renewal.status in ("approved", "rejected"):
        raise Refused(Reason.ALREADY_DECIDED)
    if renewal.status != "submitted":
        raise Refused(Reason.NOT_SUBMITTED)
