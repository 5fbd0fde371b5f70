"""Answers of renewal to its commands and queries."""

from datetime import date, time
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.contract.base import Answer
from shared.contract.renewal.casework_answers import Assignment
from shared.contract.renewal.correction import DeclarationField, FieldFault
from shared.contract.renewal.declaration import Declaration
from shared.contract.renewal.mine_answers import ContestedMine
from shared.contract.renewal.status import RenewalStatus
from shared.contract.values import Employment, Job, Licence, UnpaidYear

Change = Literal["first", "same", "changed"]
Part = Literal["licence", "employment", "jobs"]
Flag = Literal["contested_mine", "licence_ends", "duplicate_contact", "over_ceiling", "degree_not_allowed"]
"""A mine that another member claims too; a licence that ends before the year; a mobile number that another member declares too; by the
year's capacity policy: more use than the ceiling, or than a field's; a job of a degree that the class may not have."""


class DeclarationOnFile(Answer):
    """One kept version of a declaration."""

    version: int
    submitted_at: AwareDatetime
    form: Declaration


class FieldNote(Answer):
    """What the manager found wrong with a field of the declaration, and the own words about it, if any."""

    field: DeclarationField
    fault: FieldFault
    note: str = ""


class Decision(Answer):
    """What the manager decided, when and why."""

    outcome: Literal["returned", "rejected", "approved"]
    by: str
    at: AwareDatetime
    reason: str = ""
    fields: tuple[FieldNote, ...] = ()
    """Of a return by field; without any, the whole declaration was returned."""
    decision: UUID | None = None
    """By what a return or rejection is undone."""
    undone_at: AwareDatetime | None = None


class MemberNote(Answer):
    """What a member has added to a declaration on the desk."""

    declaration_version: int
    text: str
    at: AwareDatetime


class DeskNotes(Answer):
    """What a manager sorts the desk out by, beside the renewal itself."""

    change: Change | None = None
    """Against the declaration before, of this or an earlier year: licence, employment and jobs, which events have; None before one."""
    changed_parts: tuple[Part, ...] = ()
    debt_years: int = 0
    """Earlier years that the register has as unpaid; payment may know better."""
    flags: tuple[Flag, ...] = ()
    times_returned: int = 0
    approved_by_rule: bool = False
    minutes_left: int | None = None
    """Working minutes until the review is due; below zero: so many since then. None where it is not due or was not promised."""


class Renewal(Answer):
    """The state of a renewal."""

    member: str
    year: int
    province: str
    licence: Licence
    status: RenewalStatus
    tracking_code: str
    requested_at: AwareDatetime
    submitted_at: AwareDatetime | None = None
    review_due_at: AwareDatetime | None = None
    declarations: tuple[DeclarationOnFile, ...] = ()
    """Oldest first; only in the answer about one renewal, for the member and managers."""
    decisions: tuple[Decision, ...] = ()
    opened_at: AwareDatetime | None = None
    """When a manager first opened the review of the version that lies on the desk; then it is recalled no more."""
    recalled_at: AwareDatetime | None = None
    """When the member took the last version back; None once another one is sent."""
    correction_due_at: AwareDatetime | None = None
    """Until when a correction is awaited; then the request expires."""
    member_notes: tuple[MemberNote, ...] = ()
    """The oldest first; as `declarations`."""
    open_fields: tuple[DeclarationField, ...] = ()
    """What a correction may change, while it is awaited of some fields; empty where the whole declaration is open."""
    employment: Employment | None = None
    jobs: tuple[Job, ...] = ()
    contested_mines: tuple[ContestedMine, ...] = ()
    """Mines of this declaration that others claim too; only in the answer about one renewal, and for officers alone."""
    desk: DeskNotes | None = None
    """Only in a list for managers."""
    assignment: Assignment | None = None

    @property
    def decision(self) -> Decision | None:
        """The last decision that was not undone."""
        return next((one for one in reversed(self.decisions) if one.undone_at is None), None)


class Draft(Answer):
    """What a member has typed into the declaration and not sent, by the form's dotted names."""

    fields: dict[str, str]
    kept_at: AwareDatetime


class MemberRenewal(Answer):
    """A member's renewal of a year, if there is one, and the year that can be renewed now."""

    current_year: int
    renewal: Renewal | None = None
    last_declaration: Declaration | None = None
    """To fill the form with, from this or an earlier year; as `declarations`, for the member and managers."""
    earlier_declaration: Declaration | None = None
    """The last one of an earlier year than the renewal's; as `declarations`, for the member and managers."""
    draft: Draft | None = None
    """Of the renewal's declaration; shown to the member alone."""
    unpaid_years: tuple[UnpaidYear, ...] = ()
    """The earlier years that the register does not have as paid."""
    never_paid: bool = False
    paid_through: int | None = None
    """The last year that the register has as paid; one that covers the year to be renewed is not charged again."""
    enrolled_years: tuple[UnpaidYear, ...] = ()
    """Of whom the register has as never paid: the earlier years since the enrolment, with their classes; payment knows which are owed."""

    @property
    def year(self) -> int:
        """The year of the renewal, else the year that can be renewed now."""
        return self.renewal.year if self.renewal else self.current_year


class PolicyAct(Answer):
    """A correction of a year's capacity policy: who, when, why, and each cell that it changes; requested, or granted and so in force."""

    year: int
    position: int
    """Of the event in renewal's log, which the lines that follow from it name."""
    by: str
    at: AwareDatetime
    reason: str
    version: str
    """The policy that has counted since."""
    changes: tuple[str, ...]
    """Such as `ceilings.grade_2.extraction: 72000 → 73000`, in units of 0.01 P."""
    request: UUID | None = None
    """By what it is granted or declined."""
    granted_by: str = ""
    """The second admin; nobody of what is only requested."""
    hindrance: str = ""
    """Of what is requested, the reason for which the one who asks may not grant it; empty where nothing hinders."""


class PolicyActs(Answer):
    """The corrections of a year's capacity policy, and for admins what is requested, the oldest first."""

    acts: tuple[PolicyAct, ...]
    requests: tuple[PolicyAct, ...] = ()


class Desk(Answer):
    """A page of the manager's desk (کارتابل), the oldest promise first."""

    renewals: tuple[Renewal, ...]
    total: int
    overdue: int
    counts: dict[str, int] = Field(default_factory=dict)
    """How many renewals of the province have each status; a status without any may be left out."""
    late_before: AwareDatetime | None = None
    """As `OfficeHours` has it."""


class CalendarDay(Answer):
    """A day that differs from the week's rule."""

    on: date
    opens: time | None
    closes: time | None
    label: str


class FoundRenewals(Answer):
    """Renewals that a search has found, the newest first."""

    renewals: tuple[Renewal, ...]
    is_all: bool
    """False where there are more."""


class FollowedRenewal(Answer):
    """How far a request is, for whoever has its tracking code: nothing of the member."""

    year: int
    status: RenewalStatus
    requested_at: AwareDatetime
    submitted_at: AwareDatetime | None = None
    review_due_at: AwareDatetime | None = None


class DecisionPreview(Answer):
    """What a decision on one renewal would do now: record it, or be refused for a reason."""

    member: str
    year: int
    refusal: str = ""
    """The code of the refusal, such as `already_decided`; empty where the decision would be recorded."""
    status: RenewalStatus | None = None
    """None where the renewal is not the caller's to see."""
    declaration_version: int = 0
    """The newest, which an approval names."""


class DecisionPreviews(Answer):
    """What the decisions would do, in the order of the query."""

    previews: tuple[DecisionPreview, ...]


class OfficeHours(Answer):
    """Whether the office is open now, and when it opens next."""

    open_now: bool
    opens_at: AwareDatetime
    closes_at: AwareDatetime
    """Of the current window when open, else of the next one."""
    review_due_at: AwareDatetime
    """By when a request submitted now would be reviewed."""
    is_known: bool = True
    """False while the calendar has no coming hours for a due time: the instants have no meaning then."""
    correction_due_at: AwareDatetime | None = None
    """By when a correction would be due of what is returned now; None without hours in sight."""
    next_closure: CalendarDay | None = None
    """The next day on which the office is closed though the week's rule would have it open."""
    late_before: AwareDatetime | None = None
    """What has waited since before this instant has waited for a whole working day; None without hours in sight."""
