"""The capacity of a year with every line that makes it, for the member and for officers of the province."""

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import asking, visits
from shared.contract import questions

BLUEPRINT = flask.Blueprint("capacity", __name__)


@BLUEPRINT.get("/member/capacity/<int:year>")
def explained(year: int) -> ResponseReturnValue:
    visitor = visits.member()
    return page(visitor, visitor.name, year)


@BLUEPRINT.get("/desk/<member>/<int:year>/capacity")
def of_member(member: str, year: int) -> ResponseReturnValue:
    return page(visits.officer(), member, year)


def page(visitor: visits.Visitor, member: str, year: int) -> ResponseReturnValue:
    """The lines in their order with the sum after each."""
    question = questions.ExplainCapacity(member=member, year=year)
    found = asking.if_known(lambda: visitor.ask(question))
    sums: list[int] = []
    for line in found.lines if found else ():
        sums.append((sums[-1] if sums else 0) + line.units)
    return flask.render_template("capacity.html", found=found, sums=sums, member=member, year=year)
