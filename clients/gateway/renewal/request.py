"""The renewal request: asking for it, seeing where it stands, and taking it back."""

import flask
from flask.typing import ResponseReturnValue

from clients.gateway.member import home
from clients.gateway.progress import next_action
from clients.gateway.web import covered_years, forms, rpc, session
from clients.gateway.web.forms import Form
from clients.gateway.web.session import Visitor
from shared.contract.auth import queries as auth_queries
from shared.contract.auth.answers import MemberCard
from shared.contract.payment import queries as payment_queries
from shared.contract.payment.answers import FeeEstimate
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import commands
from shared.contract.renewal import queries as renewal_queries
from shared.contract.renewal.answers import MemberRenewal

BLUEPRINT = flask.Blueprint("renewing", __name__)


@BLUEPRINT.get("/member/renewal")
def renewal() -> ResponseReturnValue:
    """The request's own page: the form to ask for it, or, where there is one, what became of it."""
    visitor = session.member()
    found = visitor.ask(renewal_queries.GetRenewal(member=visitor.name))
    if found.renewal is None or found.renewal.status == "withdrawn":
        return request_page(visitor, found, Form())
    money = home.invoices(visitor)
    where = home.standing_of(found, money, home.bank_health(visitor, money or ()))
    action = next_action.of_renewal(where)
    return flask.render_template("renewal/renewal.html", renewal=found.renewal, where=where, action=action)


@BLUEPRINT.post("/member/renewal")
def request_renewal() -> ResponseReturnValue:
    visitor = session.member()
    form = forms.posted()
    year = int(form.text("year")) if form.text("year").isdecimal() else 0
    try:
        command = commands.RequestRenewal(member=visitor.name, year=year, **rpc.once())
        found = visitor.ask(command)
    except (Refused, ValueError) as error:
        refused = error if isinstance(error, Refused) else Refused(Reason.NOT_THIS_YEAR)
        forms.take(form, refused)
        return request_page(visitor, visitor.ask(renewal_queries.GetRenewal(member=visitor.name)), form)
    flask.flash("درخواست تمدید عضویت ثبت شد.")
    is_open = found.status == "requested"
    return flask.redirect(flask.url_for("declaring.declaration" if is_open else "renewing.renewal"), 303)


@BLUEPRINT.post("/member/renewal/withdraw")
def withdraw() -> ResponseReturnValue:
    visitor = session.member()
    found = visitor.ask(renewal_queries.GetRenewal(member=visitor.name))
    visitor.ask(commands.WithdrawRenewal(member=visitor.name, year=found.current_year, **rpc.once()))
    flask.flash("از درخواست تمدید انصراف دادید. هر زمان بخواهید می‌توانید دوباره درخواست کنید.")
    return flask.redirect(flask.url_for("member.home"), 303)


def request_page(visitor: Visitor, found: MemberRenewal, form: Form) -> ResponseReturnValue:
    """What is asked for, and what it will cost, before anything is typed."""
    card = rpc.if_known(lambda: visitor.ask(auth_queries.GetMember(member=visitor.name)))
    fee = estimate(visitor, card, found) if card else None
    return forms.page(
        "renewal/request.html", form, card=card, year=found.current_year, fee=fee, covers=covered_years.of_estimate(fee)
    )


def estimate(visitor: Visitor, card: MemberCard, found: MemberRenewal) -> FeeEstimate | None:
    """What the member's year would cost, with the years that are owed, less what the member has to the good."""
    question = payment_queries.EstimateFee(
        year=found.renewal.year if found.renewal else found.current_year,
        member_class=card.licence.member_class,
        unpaid_years=found.unpaid_years,
        never_paid=found.never_paid,
        paid_through=found.paid_through,
        member=card.member,
    )
    return rpc.if_known(lambda: visitor.ask(question))
