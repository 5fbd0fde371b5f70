"""Queries that renewal answers."""

from typing import Literal

from shared.contract.base import Query
from shared.contract.bounds import Limit, Offset
from shared.contract.renewal import answers
from shared.contract.values import (
    JalaliYear,
    MembershipNo,
    Province,
)


class GetRenewal(Query[answers.MemberRenewal], service="renewal"):
    """The state of a member's renewal of a year; without a year, of the current one."""

    member: MembershipNo
    year: JalaliYear | None = None


class ListDesk(Query[answers.Desk], service="renewal"):
    """The manager's desk in a province."""

    province: Province
    status: Literal["submitted", "returned", "approved", "rejected", "withdrawn", "requested"] = "submitted"
    limit: Limit = 50
    offset: Offset = 0


class ListContestedMines(Query[answers.ContestedMines], service="renewal"):
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


class GetCalendar(Query[answers.Calendar], service="renewal"):
    """The special days of a Jalali year in a province."""

    province: Province
    year: JalaliYear
