"""Queries that renewal answers."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from shared.contract import overview_answers
from shared.contract.base import Query
from shared.contract.bounds import COUNTED, PAGE_MAX, Limit, Offset
from shared.contract.renewal import answers, calendar_answers, casework_answers, mine_answers, rule_answers
from shared.contract.text_types import AS_LINE
from shared.contract.values import (
    JalaliYear,
    LicenceField,
    MemberClass,
    MembershipNo,
    Province,
    Value,
)
from shared.text import persian

NoneOrSome = Literal["none", "some"]
NoneOrAny = Literal["none", "any"]
LIKE_DIGITS = str.maketrans("OIL", "011")
"""Letters that the alphabet of tracking codes leaves out, for they are read as digits."""


def tracking_key(text: object) -> object:
    """A tracking code as it was given out, of what was typed: in any case and digits, with or without separators."""
    return persian.code_key(text).translate(LIKE_DIGITS) if isinstance(text, str) else text


TrackingCode = Annotated[str, StringConstraints(pattern="^[0-9A-HJKMNP-TV-Z]{10}$"), BeforeValidator(tracking_key)]


class GetRenewal(Query[answers.MemberRenewal], service="renewal"):
    """The state of a member's renewal of a year; without a year, of the current one."""

    member: MembershipNo
    year: JalaliYear | None = None


class ListDesk(Query[answers.Desk], service="renewal"):
    """The manager's desk in a province; each filter leaves those that match, and without one all of the status are left."""

    province: Province
    status: Literal["submitted", "returned", "approved", "rejected", "withdrawn", "requested", "expired"] = "submitted"
    member_class: MemberClass | None = None
    field: LicenceField | None = None
    """One of the licence's fields."""
    jobs: NoneOrSome | None = None
    """Whether any job is declared."""
    change: answers.Change | None = None
    debt: NoneOrSome | None = None
    """Whether the register has an earlier year as unpaid."""
    flag: answers.Flag | NoneOrAny | None = None
    deadline: Literal["overdue", "today"] | None = None
    returned: NoneOrSome | None = None
    """Whether it was returned for correction before."""
    holder: Literal["mine", "nobody"] | None = None
    """Whom it is assigned to now; what an absent officer holds counts as that of the deputy."""
    sort: Literal["deadline", "newest", "jobs", "debt"] = "deadline"
    """The earliest due review first; the last submitted; the most jobs; the oldest debt."""
    limit: Limit = 50
    offset: Offset = 0


class GetDeskOverview(Query[overview_answers.DeskOverview], service="renewal"):
    """A province's queue by age, requests and approvals by week, and times in states; for its managers and auditors."""

    province: Province


class FindRenewals(Query[answers.FoundRenewals], service="renewal"):
    """The renewals of a province by tracking code, by a mine's code in any spelling, or of these members; for its managers."""

    province: Province
    code: Annotated[str, StringConstraints(max_length=100), AS_LINE] = ""
    members: Annotated[tuple[MembershipNo, ...], Field(max_length=PAGE_MAX)] = ()
    limit: Limit = 50


class FollowRenewal(Query[answers.FollowedRenewal], service="renewal"):
    """How far a request is, by its tracking code; sent by the gateway for whoever has the code."""

    tracking_code: TrackingCode


class RenewalKey(Value):
    """Which renewal a decision is on."""

    member: MembershipNo
    year: JalaliYear


class PreviewDecisions(Query[answers.DecisionPreviews], service="renewal"):
    """What one decision on each of these renewals would do now, or a hand-over; nothing is recorded. For managers."""

    outcome: Literal["approved", "returned", "rejected", "assigned"]
    despite_holder: bool = False
    """As in the decisions."""
    renewals: Annotated[tuple[RenewalKey, ...], Field(max_length=PAGE_MAX)]


class GetTimeline(Query[casework_answers.Timeline], service="renewal"):
    """What has happened to a renewal, with the internal notes about it; for the managers of its province, and without notes for its auditors."""

    member: MembershipNo
    year: JalaliYear


class ListColleagues(Query[casework_answers.Colleagues], service="renewal"):
    """The managers of a province, to whom its renewals can be handed over, and who stands in for whom; for its managers."""

    province: Province


class ListContestedMines(Query[mine_answers.ContestedMines], service="renewal"):
    """Mines that several members claim to manage in days of a year, one of them of this province; for its managers."""

    province: Province
    year: JalaliYear
    limit: Limit = 50
    offset: Offset = 0


class ListPolicyActs(Query[answers.PolicyActs], service="renewal"):
    """The corrections of a year's capacity policy, with their reasons; for anybody signed in."""

    year: JalaliYear


class GetOfficeHours(Query[answers.OfficeHours], service="renewal"):
    """Is the office open, and by when would a request of this moment be reviewed? For anyone."""

    province: Province


class GetOfficeMonth(Query[calendar_answers.OfficeMonth], service="renewal"):
    """The office hours of each day of a Jalali month in a province; for anybody signed in."""

    province: Province
    year: JalaliYear
    month: Annotated[int, Field(ge=1, le=12), COUNTED]


class GetCalendar(Query[calendar_answers.Calendar], service="renewal"):
    """The special days of a Jalali year in a province."""

    province: Province
    year: JalaliYear


class GetApprovalRule(Query[rule_answers.ApprovalRule], service="renewal"):
    """Whether a province's unchanged and clean requests are approved by rule; for its managers and admins."""

    province: Province
