"""The membership card, the link and QR code by which strangers check it, and the page that they see: no session, no number."""

from dataclasses import dataclass
from datetime import date

import flask
from flask.typing import ResponseReturnValue
from pydantic import SecretStr

from clients.gateway import web
from shared.contract.auth import commands
from shared.contract.auth import queries as auth_queries
from shared.contract.auth.answers import CheckedMember
from shared.contract.capacity import queries as capacity_queries
from shared.contract.capacity.answers import CapacityBand
from shared.contract.refusals import Reason, Refused
from shared.text import persian

BLUEPRINT = flask.Blueprint("card", __name__)


@BLUEPRINT.get("/member/card")
def page() -> ResponseReturnValue:
    visitor = web.session.member()
    link = visitor.call(auth_queries.GetCardLink(member=visitor.name))
    address = (
        web.rpc.program().settings.portal_url + flask.url_for("card.check", token=link.token) if link.token else ""
    )
    return flask.render_template(
        "member/card.html",
        card=web.queries.member_card(visitor),
        link=link,
        address=address,
    )


@BLUEPRINT.post("/member/card/<any('issue', 'revoke'):act>")
def change(act: str) -> ResponseReturnValue:
    """Issue a new link, or revoke the one there is."""
    visitor = web.session.member()
    if act == "issue":
        visitor.call(commands.IssueCardLink(member=visitor.name, **web.rpc.form_command()))
        flask.flash("پیوند تازه ساخته شد. پیوند پیشین، اگر بود، دیگر به جایی نمی‌رسد.")
    else:
        visitor.call(commands.RevokeCardLink(member=visitor.name, **web.rpc.form_command()))
        flask.flash("پیوند باطل شد و دیگر به جایی نمی‌رسد.")
    return flask.redirect(flask.url_for("card.page"), 303)


@BLUEPRINT.get("/card/<token>")
def check(token: str) -> ResponseReturnValue:
    """The public check of a member by the link's secret token: name, class, membership and roughly the capacity left."""
    secret = SecretStr(token[: web.session.TOKEN_LENGTH_MAX])
    opened = commands.OpenCardLink(token=secret, address=web.rpc.client_address(), **web.rpc.new_command())
    found = web.rpc.program().call(opened)
    at = web.rpc.now()
    year = persian.jalali_year(at)
    band = capacity(found.member, year)
    page = flask.render_template(
        "member/card_check.html",
        checked=found,
        band=band,
        membership=membership(found, band, year, at.astimezone(persian.TEHRAN).date()),
        today=at.astimezone(persian.TEHRAN).date(),
        at=at,
        portal=web.rpc.program().settings.portal_url,
    )
    response = flask.make_response(page)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def capacity(member: str, year: int) -> CapacityBand | None:
    """Roughly what is left; None in a year without a policy. Without an answer nothing is shown: half of it would mislead."""
    try:
        return web.rpc.program().call(capacity_queries.GetCapacityBand(member=member, year=year))
    except Refused as refused:
        if refused.reason is Reason.NO_POLICY:
            return None
        raise


@dataclass(frozen=True)
class Membership:
    """Until when a membership is valid; None: it never was."""

    valid_until: date | None
    is_valid: bool


def membership(found: CheckedMember, band: CapacityBand | None, year: int, today: date) -> Membership:
    """The membership by the register, and for the current year by the capacity, which follows from the confirmed payment."""
    is_confirmed = band is not None and band.status != "none"
    through = max(found.paid_through or 0, year if is_confirmed else 0)
    valid_until = persian.year_bounds(through)[1] if through else None
    return Membership(valid_until, valid_until is not None and today <= valid_until)
