"""What is asked about; asking changes nothing."""

from decimal import Decimal
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.contract import answers
from shared.contract.asks import Question
from shared.contract.bounds import COUNTED, POSITION_MAX
from shared.contract.values import (
    JOBS_MAX,
    Day,
    Degree,
    Employment,
    Instant,
    JalaliYear,
    Job,
    JobKind,
    LicenceField,
    MemberClass,
    MembershipNo,
    OfficerName,
    Province,
    Quantity,
    Sequence,
    Source,
    StatementDigest,
    UnpaidYear,
)

PAGE_MAX = 200
"""Rows in one answer."""
OFFSET_MAX = 10**9
UNPAID_YEARS_MAX = 100
READ_EVENTS_MAX = 1000
"""Events in one answer."""

Limit = Annotated[int, Field(ge=1, le=PAGE_MAX), COUNTED]
Offset = Annotated[int, Field(ge=0, le=OFFSET_MAX), COUNTED]

# --- auth


class GetSignInRule(Question[answers.SignInRule], service="auth"):
    """Must this account solve a challenge? Answers alike for accounts that do not exist."""

    bearer: Annotated[str, StringConstraints(pattern="^(member|officer)$")]
    name: Annotated[str, StringConstraints(max_length=40)]


class GetChallengeSound(Question[answers.ChallengeSound], service="auth"):
    """The security phrase, spoken."""

    challenge_id: UUID


class GetMember(Question[answers.MemberCard], service="auth"):
    """What the roll says of a member; for the member and the officers of the province."""

    member: MembershipNo


class GetCheckLink(Question[answers.CheckLink], service="auth"):
    """The member's own link for strangers, and when it was opened."""

    member: MembershipNo


class GetMemberNames(Question[answers.MemberNames], service="auth"):
    """Full names for a page of a desk; only members of the officer's provinces are named."""

    members: Annotated[tuple[MembershipNo, ...], Field(max_length=PAGE_MAX)]


class GetOfficerNames(Question[answers.OfficerNames], service="auth"):
    """Full names of officers, also of those who serve no more, for pages that tell who did something; for officers."""

    officers: Annotated[tuple[OfficerName, ...], Field(max_length=PAGE_MAX)]


class ListOfficers(Question[answers.Officers], service="auth"):
    """All officers; for admins."""


# --- renewal


class GetRenewal(Question[answers.MemberRenewal], service="renewal"):
    """Where a member's renewal of a year stands; without a year, of the current one."""

    member: MembershipNo
    year: JalaliYear | None = None


class ListDesk(Question[answers.Desk], service="renewal"):
    """The manager's desk in a province."""

    province: Province
    status: Literal["submitted", "returned", "approved", "rejected", "withdrawn", "requested"] = "submitted"
    limit: Limit = 50
    offset: Offset = 0


class ListContestedMines(Question[answers.ContestedMines], service="renewal"):
    """Mines that several members claim to manage in days of a year, one of them of this province; for its managers."""

    province: Province
    year: JalaliYear
    limit: Limit = 50
    offset: Offset = 0


class ListPolicyActs(Question[answers.PolicyActs], service="renewal"):
    """The corrections of a year's capacity policy, with their reasons; for anybody signed in."""

    year: JalaliYear


class GetOfficeHours(Question[answers.OfficeHours], service="renewal"):
    """Is the office open, and by when would a request of this moment be reviewed? Anyone may ask."""

    province: Province


class GetCalendar(Question[answers.Calendar], service="renewal"):
    """The special days of a Jalali year in a province."""

    province: Province
    year: JalaliYear


# --- payment


class GetInvoices(Question[answers.MemberInvoices], service="payment"):
    """A member's invoices."""

    member: MembershipNo


class ListPayments(Question[answers.Payments], service="payment"):
    """Settled payments of a province, waiting for confirmation or confirmed; `reversed`: open again, for the money went back."""

    province: Province
    status: Literal["settled", "confirmed", "open", "reversed"] = "settled"
    limit: Limit = 50
    offset: Offset = 0


class GetBalance(Question[answers.Balance], service="payment"):
    """A member's ledger and balance; for the member and the officers of the province."""

    member: MembershipNo


class ListMoneyTasks(Question[answers.MoneyTasks], service="payment"):
    """What waits for an officer about a province's money: refunds, write-offs, slips, payments held; for finance and managers."""

    province: Province
    member: MembershipNo | None = None
    """Only what is about this member."""
    limit: Limit = 50
    offset: Offset = 0


class ListAlerts(Question[answers.Alerts], service="payment"):
    """Forged, replayed or contradicting words about payments, of a province and of nobody's; for finance and managers."""

    province: Province
    member: MembershipNo | None = None
    limit: Limit = 50
    offset: Offset = 0


class GetDay(Question[answers.Day], service="payment"):
    """A day's payments by the statement and by the ledger, with what they do not agree on; for finance."""

    bank: Annotated[str, StringConstraints(pattern="^[a-z]{3,20}$")] = "zarinpal"
    on: Day


class GetStatement(Question[answers.Statement], service="payment"):
    """A bank's statement, and what it would change as long as it does not count; for finance."""

    statement: StatementDigest


class ListStatements(Question[answers.Statements], service="payment"):
    """A bank's statements, the latest first; for finance."""

    bank: Annotated[str, StringConstraints(pattern="^[a-z]{3,20}$")] = "zarinpal"
    limit: Limit = 50
    offset: Offset = 0


class GetBankHealth(Question[answers.BankHealth], service="payment"):
    """Does the bank answer? For anybody signed in, and for our own programs."""


class GetPaymentResult(Question[answers.PaymentResult], service="payment"):
    """What became of an attempt, by its unguessable id; for the page after the bank, also without a session."""

    attempt: UUID


class GetReceipt(Question[answers.Receipt], service="payment"):
    """A receipt by its unguessable token; for the page where anybody checks one, without a session."""

    token: UUID


class EstimateFee(Question[answers.FeeEstimate], service="payment"):
    """What a year would cost by the fee tables: its own fee, that of each earlier year that is owed, less the member's credit."""

    year: JalaliYear
    member_class: MemberClass
    unpaid_years: Annotated[tuple[UnpaidYear, ...], Field(max_length=UNPAID_YEARS_MAX)] = ()
    """What the register does not have as paid, as `GetRenewal` tells it."""
    never_paid: bool = False
    paid_through: JalaliYear | None = None
    """The last year that the register has as paid."""
    member: MembershipNo | None = None
    """Whose it would be, for the member and officers of the province: years paid here, and credit, are counted too."""


# --- capacity


class GetCapacity(Question[answers.Capacity], service="capacity"):
    """A member's capacity of a year."""

    member: MembershipNo
    year: JalaliYear


class ExplainCapacity(Question[answers.Explanation], service="capacity"):
    """A member's capacity with the lines that make it, now or as of an instant."""

    member: MembershipNo
    year: JalaliYear
    as_of: Instant | None = None


class GetPolicy(Question[answers.PolicyInUse], service="capacity"):
    """The capacity policy that a year goes by; for anybody signed in."""

    year: JalaliYear


class CountJobUnits(Question[answers.JobUnits], service="capacity"):
    """What jobs would use by the year's policy, before they are declared; for the member's own class and fields."""

    member: MembershipNo
    year: JalaliYear
    on: Day | None = None
    employment: Employment
    jobs: Annotated[tuple[Job, ...], Field(max_length=JOBS_MAX)]


class WhatIf(Question[answers.WhatIf], service="capacity"):
    """Would a job from this day on fit into what is left of its Jalali year, and what would remain? Nothing is put on record."""

    member: MembershipNo
    kind: JobKind
    degree: Degree
    field: LicenceField | None = None
    """Without one, the licence's field with the most room."""
    quantity: Quantity = Decimal(1)
    starts_on: Day
    ends_on: Day | None = None
    """Without one, the year's last day."""


class GetCapacityBand(Question[answers.CapacityBand], service="capacity"):
    """Roughly what is left of a member's capacity; asked by the gateway for a stranger who has the member's link."""

    member: MembershipNo
    year: JalaliYear


class ListOverUse(Question[answers.OverUse], service="capacity"):
    """Members of a province whose jobs use more than their ceiling, or than a field's; for its managers."""

    province: Province
    year: JalaliYear
    field: LicenceField | None = None
    """Only those who use more than this field's ceiling."""
    limit: Limit = 50
    offset: Offset = 0


class GetCapacityOverview(Question[answers.CapacityOverview], service="capacity"):
    """How much of their ceilings a province's members use in a year, all together and by field; for its managers."""

    province: Province
    year: JalaliYear


class GetRebuild(Question[answers.Rebuild], service="capacity"):
    """How far the newest rebuild is; for admins."""


# --- every service that keeps a log


class ReadEvents(Question[answers.RecordedEvents]):
    """Events of a log after a position, in order; for our own programs and for admins. Asked of any service by `read_events`."""

    method: ClassVar[str] = "read_events"
    after: Annotated[int, Field(ge=0, le=POSITION_MAX), COUNTED]
    limit: Annotated[int, Field(ge=1, le=READ_EVENTS_MAX), COUNTED] = READ_EVENTS_MAX


# --- every service that follows others; asked of any of them by its name


class ListParked(Question[answers.ParkedEvents]):
    """Events whose handler kept failing, and those that wait behind them; for admins."""

    source: Source | None = None
    sequence: Sequence | None = None
    limit: Limit = 50
    offset: Offset = 0


class GetLanes(Question[answers.Lanes]):
    """How far a service follows its sources; for admins and our own programs."""
