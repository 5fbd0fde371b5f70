"""The timeline of a case for auditors: its events, and which officers have read the member's rows, in one list; and what the member was told."""

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from clients.gateway.casework import sent_notices, timeline
from clients.gateway.declaration import declaration_form
from clients.gateway.member import reads
from shared.contract.bounds import PAGE_MAX
from shared.contract.renewal import queries
from shared.contract.values import Role

BLUEPRINT = flask.Blueprint("case_timeline", __name__)
READ = "read"


@BLUEPRINT.get("/desk/reads/<member:member>/<year:year>")
def page(member: str, year: int) -> ResponseReturnValue:
    """Events without internal notes, the newest reads of the member's rows that are of this year or of none, and what the member was told."""
    visitor = web.session.officer(Role.AUDITOR)
    entries = visitor.call(queries.GetTimeline(member=member, year=year)).entries
    found, total, silent = reads.merged(visitor, {"member": member}, PAGE_MAX)
    looks = [one for one in reads.looks(found) if year in one.years or not one.years]
    return flask.render_template(
        "member/case_timeline.html",
        member=member,
        year=year,
        timeline=timeline.in_order(visitor, [*map(timeline.line, entries), *map(line, looks)]),
        label_of=declaration_form.label,
        notices=sent_notices.of_member(visitor, member, year),
        silent=silent,
        is_all=total <= PAGE_MAX,
    )


def line(look: reads.Look) -> timeline.Line:
    return timeline.Line(code=READ, at=look.first.at, by=look.first.actor, text="؛ ".join(look.what))
