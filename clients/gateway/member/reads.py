"""Who has read a member's rows («چه کسی پروندهٔ مرا دیده است»), for the member; for auditors by member or by officer."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from shared.contract import base
from shared.contract.auth.queries import GetOfficerNames
from shared.contract.bounds import PAGE_MAX
from shared.contract.operations.answers import Read
from shared.contract.operations.queries import ListReads
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role
from shared.services import SERVICES, WITH_MEMBERS
from shared.text import persian

BLUEPRINT = flask.Blueprint("reads", __name__)
START_MAX = 5_000
"""The first row of the last page that is offered."""
FILE_ROWS = 200
"""Rows of a file that are read at once; the officers among them are named by one query."""
OF_MEMBER = ("زمان", "نام", "نقش‌ها", "چه چیزی", "سال")
OF_OTHERS = (*OF_MEMBER, "نام کاربری", "پروندهٔ عضو")
"""Columns of a file: the name by which an officer signs in is for auditors alone, as on the page."""
TYPED_MAX = 40


@dataclass(frozen=True)
class Look:
    """What an officer read of one member in the same ten minutes; each answer is a row of its own."""

    reads: tuple[Read, ...]

    @property
    def first(self) -> Read:
        return self.reads[0]

    @property
    def what(self) -> list[str]:
        """What was shown, each once."""
        return list(dict.fromkeys(web.labels.READS.get(one.message, one.message) for one in self.reads))

    @property
    def years(self) -> list[int]:
        """Of the cases that were shown."""
        return sorted({one.year for one in self.reads if one.year})


@BLUEPRINT.get("/member/reads")
def own() -> ResponseReturnValue:
    visitor = web.session.member()
    return reads_page(visitor, {"member": visitor.name})


@BLUEPRINT.get("/desk/reads")
def of_others() -> ResponseReturnValue:
    """For auditors: the reads of a member's rows, or those of an officer."""
    visitor = web.session.officer(Role.AUDITOR)
    typed = {name: flask.request.args.get(name, "").strip()[:TYPED_MAX] for name in ("member", "officer")}
    which = {**typed, "member": persian.membership_no(typed["member"]) or typed["member"]}
    which = {name: text for name, text in which.items() if text}
    if not which or not is_right(which):
        return flask.render_template("member/reads.html", typed=typed, looks=None, is_wrong=bool(which))
    return reads_page(visitor, which, typed=typed)


def is_right(which: dict[str, str]) -> bool:
    """Whether what was typed can be a member's number and an officer's name."""
    try:
        base.parse(ListReads, which)
    except Refused:
        return False
    return True


def reads_page(visitor: web.Visitor, which: dict[str, str], **context: object) -> ResponseReturnValue:
    web.lists.offer(visitor, as_file(visitor, which))
    start = web.url_arguments.number("start", 0, START_MAX) or 0
    found, total, silent = merged(visitor, which, start + web.url_arguments.ROWS_MAX)
    page = found[start:]
    names = visitor.call_if_known(names_of(page)) if page else None
    return flask.render_template(
        "member/reads.html",
        looks=list(looks(page)),
        names={**programs_of(page), **(names.names if names else {})},
        which=which,
        start=start,
        rows_max=web.url_arguments.ROWS_MAX,
        total=min(total, START_MAX),
        silent=silent,
        **context,
    )


def names_of(reads: list[Read]) -> GetOfficerNames:
    return GetOfficerNames(officers=tuple({one.officer for one in reads if not one.is_by_program}))


def programs_of(reads: list[Read]) -> dict[str, str]:
    """What the program accounts among the readers are called."""
    return {one.officer: web.queries.program_name(one.actor) for one in reads if one.is_by_program}


def as_file(visitor: web.Visitor, which: dict[str, str]) -> web.lists.List:
    """Every read in a row of its own, as it was recorded."""

    def page(visitor: web.Visitor, offset: int) -> tuple[web.lists.Rows, int]:
        found, total, silent = merged(visitor, which, min(START_MAX, offset + FILE_ROWS))
        if silent:
            raise Refused(Reason.NO_ANSWER)
        names = {**programs_of(found), **visitor.call(names_of(found[offset:])).names}
        rows: web.lists.Rows = [
            (
                *(web.lists.instant(one.at), names.get(one.officer) or one.officer),
                "، ".join(web.labels.ROLES[role] for role in one.roles),
                *(web.labels.READS.get(one.message, one.message), one.year),
                *(() if visitor.is_member else (one.officer, one.member)),
            )
            for one in found[offset:]
        ]
        return rows, total

    headings = OF_MEMBER if visitor.is_member else OF_OTHERS
    return web.lists.List("reads", "دسترسی‌ها", headings, page, START_MAX)


def merged(visitor: web.Visitor, which: dict[str, str], wanted: int) -> tuple[list[Read], int, bool]:
    """The newest reads of all services, as many as are wanted; how many there are; whether a service did not answer."""
    found: list[Read] = []
    total, silent = 0, False
    for service in WITH_MEMBERS if visitor.is_member else SERVICES:  # the bank's rows are nobody's
        offset, here = 0, 1
        while offset < min(wanted, here):
            query = base.parse(ListReads, {**which, "limit": min(PAGE_MAX, wanted - offset), "offset": offset})
            answer = web.rpc.if_known(lambda: visitor.call(query, service))  # noqa: B023 - called at once
            if answer is None:
                silent = True
                break
            found += answer.reads
            offset, here = offset + PAGE_MAX, answer.total
        else:
            total += here
    return sorted(found, key=order)[:wanted], total, silent


def order(one: Read) -> tuple[float, str, str, str, int]:
    return -one.at.timestamp(), one.officer, one.member, one.message, one.year or 0


def looks(page: list[Read]) -> Iterator[Look]:
    """The rows of a page, those of one officer, member and ten minutes together."""

    def same(one: Read) -> tuple[datetime, str, str]:
        return one.at, one.officer, one.member

    for _, reads in groupby(page, key=same):
        yield Look(tuple(reads))
