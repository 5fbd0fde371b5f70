"""Events of renewal, which its log records; each docstring is the event's entry in docs/events.md."""

from datetime import date, time
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime

from shared.contract.base import Event
from shared.contract.renewal.correction import ReturnedDeclaration, ReturnedField
from shared.contract.values import Employment, Job, Licence, UnpaidYear, Waiver


class RenewalRequested(Event, source="renewal"):
    """A member has requested the renewal of the membership for a Jalali year; after a withdrawal or an expiry again in the same stream, with another tracking code."""

    member: str
    year: int
    province: str
    licence: Licence
    tracking_code: str
    requested_at: AwareDatetime


class DeclarationSubmitted(Event, source="renewal"):
    """A member has declared (خوداظهاری); the form's texts lie in the row of this version, jobs and employment are here."""

    member: str
    year: int
    declaration_version: int
    licence: Licence
    employment: Employment
    jobs: tuple[Job, ...]
    submitted_at: AwareDatetime
    review_due_at: AwareDatetime
    review_is_promised: bool = True
    """False where the office's calendar had no hours in sight: `review_due_at` is then only how far it could be seen."""


class RenewalReturned(Event, source="renewal"):
    """The manager has sent the declaration back for correction, the whole or some fields; the reason's text, if any, is the row `note`."""

    member: str
    year: int
    note: UUID
    fields: tuple[ReturnedField, ...] = ()
    """The only fields that the correction may change, with those that `opened` adds; without any, the whole declaration is open."""
    returned_by: str
    returned_at: AwareDatetime
    correction_due_at: AwareDatetime | None = None
    """Until when the correction is awaited; then the request expires. None: without a deadline, as before there were any."""


class ReviewOpened(Event, source="renewal"):
    """A manager has opened the review of a version that lies on the desk, the first of them: the member can recall it no more."""

    is_optional: ClassVar[bool] = True
    member: str
    year: int
    declaration_version: int
    opened_by: str
    opened_at: AwareDatetime


class DeclarationRecalled(Event, source="renewal"):
    """The member has taken a version back that no manager had opened: it may be edited and sent again, and `returned` counts."""

    member: str
    year: int
    declaration_version: int
    returned: ReturnedDeclaration | None = None
    """The version that was returned before; None where the recalled one was the first of the request."""
    recalled_at: AwareDatetime


class MemberNoteAdded(Event, source="renewal"):
    """The member has added a note to the version that lies on the desk, for the manager to read; its text is the row `note`."""

    member: str
    year: int
    declaration_version: int
    note: UUID
    added_at: AwareDatetime


class DecisionUndone(Event, source="renewal"):
    """The manager has undone a return or a rejection of the last minutes: the declaration lies on the desk as before it."""

    member: str
    year: int
    decision: UUID
    """The return's or rejection's own `note`."""
    outcome: Literal["returned", "rejected"]
    undone_by: str
    undone_at: AwareDatetime


class RenewalExpired(Event, source="renewal"):
    """A correction was not sent until its deadline: the request is closed, nothing is charged, and it may be requested again."""

    member: str
    year: int
    expired_at: AwareDatetime


class RenewalRejected(Event, source="renewal"):
    """The manager has rejected the renewal for good; the reason's text is the row `note`."""

    member: str
    year: int
    note: UUID
    rejected_by: str
    rejected_at: AwareDatetime


class RenewalApproved(Event, source="renewal"):
    """The renewal is approved, by a manager or by the province's rule: the amount is fixed now and payment opens. Carries all that payment and capacity need."""

    member: str
    year: int
    province: str
    licence: Licence
    employment: Employment
    jobs: tuple[Job, ...]
    unpaid_years: tuple[UnpaidYear, ...] = ()
    """Earlier years that the register does not have as paid, the oldest first; payment knows which of them it was paid itself."""
    never_paid: bool = False
    """Whether the register knows of no paid year at all: then the entrance fee is due."""
    paid_through: int | None = None
    """The last year that the register has as paid; it may lie after the renewal's own."""
    enrolled_years: tuple[UnpaidYear, ...] = ()
    """Of whom the register has as never paid: the earlier years since the enrolment, with their classes; payment knows which are owed."""
    waivers: tuple[Waiver, ...] = ()
    """What the manager wants to let the member off; payment waits for a second officer to grant it."""
    note: UUID | None = None
    """The row with the reason of the waivers."""
    approved_by: str
    """`officer:<name>`, or `rule:unchanged` where the province's rule has approved it, without waivers (`ApprovalRuleSwitched`)."""
    approved_at: AwareDatetime


class RenewalWithdrawn(Event, source="renewal"):
    """The member has taken the request back before its approval; it may be requested again."""

    member: str
    year: int
    withdrawn_at: AwareDatetime


class RenewalAssigned(Event, source="renewal"):
    """A submitted renewal is assigned to an officer, who claimed it or to whom a colleague handed it over; it ends by itself."""

    member: str
    year: int
    officer: str
    """By actor, such as `officer:maryam`."""
    until: AwareDatetime
    assigned_by: str
    assigned_at: AwareDatetime


class RenewalReleased(Event, source="renewal"):
    """A renewal is assigned to nobody any more, before its assignment would have ended by itself."""

    member: str
    year: int
    released_by: str
    released_at: AwareDatetime


class CalendarDaySet(Event, source="renewal"):
    """An officer has set a province's office hours of one day; without hours the office is closed."""

    province: str
    on: date
    opens: time | None
    closes: time | None
    label: str
    set_by: str
    set_at: AwareDatetime


class PolicyAmended(Event, source="renewal"):
    """An officer has corrected the capacity policy of a Jalali year: from now on its tables are those of `after`.

    Both texts are whole TOML files, so that every moment before and after can be derived from this log alone. Why is the
    row `note`.
    """

    year: int
    before: str
    after: str
    digest: str
    """By what the text `after` is known: the end of the policy's version, such as `1405-3f2a9c0d1e4b`."""
    note: UUID
    amended_by: str
    """Who has requested it."""
    amended_at: AwareDatetime
    request: UUID | None = None
    granted_by: str = ""
    """The second admin; nobody before amendments were granted."""


class PolicyAmendmentRequested(Event, source="renewal"):
    """An admin has requested what `PolicyAmended` says once a second admin grants it; why is the row `note`."""

    year: int
    request: UUID
    before: str
    after: str
    note: UUID
    requested_by: str
    requested_at: AwareDatetime


class PolicyAmendmentDeclined(Event, source="renewal"):
    """An admin has declined what a colleague requested about a year's policy, or has withdrawn the own request."""

    year: int
    request: UUID
    declined_by: str
    declined_at: AwareDatetime


class ApprovalRuleSwitched(Event, source="renewal"):
    """A manager has switched on or off that a province's unchanged and clean requests are approved by rule; off before the first.

    The id of a province's first one, with its time, is the salt by which a tenth of the requests is left for people.
    """

    province: str
    is_on: bool
    switched_by: str
    switched_at: AwareDatetime
