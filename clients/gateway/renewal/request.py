"""The renewal request: submitting it, its progress, and withdrawing it."""

from collections.abc import Mapping

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from clients.gateway.declaration import declaration_form, topics, unproved
from clients.gateway.progress import next_action, renewal_progress
from shared.contract.notification.values import Way
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import commands, queries
from shared.contract.renewal.answers import MemberRenewal, OfficeHours, Renewal

BLUEPRINT = flask.Blueprint("request", __name__)


@BLUEPRINT.get("/member/renewal")
def renewal() -> ResponseReturnValue:
    """The form of a request, or, where there is one, what became of it."""
    visitor = web.session.member()
    return progress_page(visitor, visitor.call(queries.GetRenewal(member=visitor.name)), web.Form())


def progress_page(visitor: web.Visitor, found: MemberRenewal, form: web.Form) -> ResponseReturnValue:
    """What became of the request; the form of one where there is none."""
    if found.renewal is None or found.renewal.status in renewal_progress.CLOSED:
        return request_page(visitor, found, form)
    invoices = web.queries.invoices(visitor)
    health = web.queries.bank_health_to_pay(visitor, invoices or ())
    progress = renewal_progress.of_current_year(found, invoices, health, web.rpc.now())
    action = next_action.of_renewal(progress)
    return web.forms.render(
        "renewal/renewal.html",
        form,
        renewal=found.renewal,
        progress=progress,
        action=action,
        to_correct=fields_to_correct(found.renewal),
        hours=hours_to_correct(visitor, found.renewal),
        unproved=declared_and_unproved(visitor, found.renewal),
    )


@BLUEPRINT.post("/member/renewal")
def request_renewal() -> ResponseReturnValue:
    visitor = web.session.member()
    form = web.forms.posted()
    year = int(form.text("year")) if form.text("year").isdecimal() else 0
    try:
        found = visitor.call(commands.RequestRenewal(member=visitor.name, year=year, **web.rpc.form_command()))
    except (Refused, ValueError) as error:
        refused = error if isinstance(error, Refused) else Refused(Reason.NOT_THIS_YEAR)
        web.forms.put_refusal(form, refused)
        return request_page(visitor, visitor.call(queries.GetRenewal(member=visitor.name)), form)
    flask.flash("درخواست تمدید عضویت ثبت شد.")
    is_open = found.status == "requested"
    return flask.redirect(flask.url_for("declare.declaration" if is_open else "request.renewal"), 303)


@BLUEPRINT.get("/member/renewal/withdraw")
def confirm_withdrawal() -> ResponseReturnValue:
    """Confirmation before the request leaves the manager's desk."""
    web.session.member()
    return web.forms.confirmation(
        "از درخواست انصراف می‌دهید؟",
        "درخواست و خوداظهاری آن از کارتابل مدیر برداشته می‌شود. برای تمدید باید دوباره درخواست کنید. پولی گرفته نمی‌شود.",
        "انصراف از درخواست",
        flask.url_for("request.renewal"),
    )


@BLUEPRINT.post("/member/renewal/withdraw")
def withdraw() -> ResponseReturnValue:
    visitor = web.session.member()
    found = visitor.call(queries.GetRenewal(member=visitor.name))
    visitor.call(commands.WithdrawRenewal(member=visitor.name, year=found.current_year, **web.rpc.form_command()))
    return web.forms.done("از درخواست تمدید انصراف دادید. هر زمان بخواهید می‌توانید دوباره درخواست کنید.", "home.page")


def hours_to_correct(visitor: web.Visitor, renewal: Renewal) -> OfficeHours | None:
    """By when a correction that is sent now would be reviewed; None where none is awaited, or it is not known."""
    if renewal.status != "returned":
        return None
    hours = visitor.call_if_known(queries.GetOfficeHours(province=renewal.province))
    return hours if hours and hours.is_known else None


def declared_and_unproved(visitor: web.Visitor, renewal: Renewal) -> Mapping[Way, str]:
    """What of a declaration that waits for its review is still to be proved, so that its result can be sent there."""
    if renewal.status != "submitted" or not renewal.declarations:
        return {}
    return unproved.of_declaration(visitor, renewal.declarations[-1].form)


def fields_to_correct(renewal: Renewal) -> list[dict[str, str]]:
    """What the manager wants corrected, each with the topic of the declaration on whose page it is."""
    decision = renewal.decision if renewal.open_fields else None
    return [
        {
            **one.model_dump(),
            "slug": topics.of_field(one.field).slug,
            "label": declaration_form.label(one.field),
        }
        for one in (decision.fields if decision else ())
    ]


def request_page(visitor: web.Visitor, found: MemberRenewal, form: web.Form) -> ResponseReturnValue:
    """The form of a request, with the fee estimate."""
    card = web.queries.member_card(visitor)
    fee = web.queries.fee_estimate(visitor, card, found) if card else None
    return web.forms.render(
        "renewal/request.html",
        form,
        is_expired=found.renewal is not None and found.renewal.status == "expired",
        card=card,
        year=found.current_year,
        fee=fee,
        covers=web.sentences.uncharged_years(fee),
    )
