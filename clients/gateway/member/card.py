"""The membership card and its PDF, the link and QR code by which strangers check it, and the page that they see: no session, no number."""

from dataclasses import dataclass
from datetime import date

import flask
from flask.typing import ResponseReturnValue
from pydantic import SecretStr

from clients.gateway import organization, pdf_files, web
from clients.gateway.member import card_pdf
from shared.contract.auth import commands
from shared.contract.auth import queries as auth_queries
from shared.contract.auth.answers import CardLink, MemberCard
from shared.contract.capacity import queries as capacity_queries
from shared.contract.capacity.answers import CapacityBand
from shared.contract.refusals import Reason, Refused
from shared.text import persian

BLUEPRINT = flask.Blueprint("card", __name__)
CONFIRMATIONS = {
    "issue": ("پیوند تازه می‌سازید؟", "ساختن پیوند تازه"),
    "revoke": ("پیوند را باطل می‌کنید؟", "باطل کردن پیوند"),
}
"""Title and button of the page before an act that ends the present link."""


@BLUEPRINT.get("/member/card")
def page() -> ResponseReturnValue:
    visitor = web.session.member()
    link = visitor.call(auth_queries.GetCardLink(member=visitor.name))
    card = web.queries.member_card(visitor)
    return flask.render_template(
        "member/card.html",
        card=card,
        membership=membership_now(card) if card else None,
        link=link,
        address=check_address(link),
    )


@BLUEPRINT.get("/member/card.pdf")
def as_pdf() -> ResponseReturnValue:
    visitor = web.session.member()
    card = web.queries.member_card(visitor)
    if card is None:
        raise Refused(Reason.NO_ANSWER)
    link = visitor.call(auth_queries.GetCardLink(member=visitor.name))
    return pdf_files.download("tamdid-card", card_pdf.render, card_texts(card, check_address(link)))


def card_texts(card: MemberCard, address: str) -> card_pdf.CardTexts:
    """What is written on the card; every text is ready for its reader."""
    held, found = card.licence, membership_now(card)
    facts = [
        ("شمارهٔ عضویت", persian.digits_to_persian(card.member)),
        ("پایه و رسته", web.filters.licence(held)),
        ("استان عضویت", web.labels.province(card.province)),
        ("اعتبار عضویت", f"تا {web.filters.shown_day(found.valid_until)}" if found.valid_until else "—"),
        (
            "اعتبار پروانه",
            f"تا {web.filters.shown_day(held.expires_on)}" if held.expires_on else "پروانه‌ای ثبت نشده است",
        ),
    ]
    return card_pdf.CardTexts(
        letterhead=organization.of_province(card.province).letterhead,
        name=f"{card.first_name} {card.last_name}",
        facts=facts,
        not_valid="" if found.is_valid else "تمدید نشده",
        address=address,
        printed_at=web.filters.plain_instant(web.rpc.now()),
    )


def check_address(link: CardLink) -> str:
    """Where strangers check the card; empty without a link."""
    portal = web.rpc.program().settings.portal_url
    return portal + flask.url_for("card.check", token=link.token) if link.token else ""


@BLUEPRINT.get("/member/card/<any('issue', 'revoke'):act>")
def confirm_change(act: str) -> ResponseReturnValue:
    """Confirmation before the present link leads nowhere any more."""
    web.session.member()
    title, button = CONFIRMATIONS[act]
    text = "پیوند و رمزینهٔ کنونی، هر جا که داده یا چاپ کرده باشید، دیگر به جایی نمی‌رسد. این کار برگشت ندارد."
    return web.forms.confirmation(title, text, button, flask.url_for("card.page"))


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
        membership=membership(found.paid_through, band, year, persian.day_of(at)),
        today=persian.day_of(at),
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


def membership_now(card: MemberCard) -> Membership:
    """The member's own membership today."""
    at = web.rpc.now()
    year = persian.jalali_year(at)
    band = capacity(card.member, year)
    return membership(card.paid_through, band, year, persian.day_of(at))


def membership(paid_through: int | None, band: CapacityBand | None, year: int, today: date) -> Membership:
    """The membership by the register, and for the current year by the capacity, which follows from the confirmed payment."""
    is_confirmed = band is not None and band.status != "none"
    through = max(paid_through or 0, year if is_confirmed else 0)
    valid_until = persian.year_bounds(through)[1] if through else None
    return Membership(valid_until, valid_until is not None and today <= valid_until)
