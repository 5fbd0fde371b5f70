"""The sandbox bank's payment page: what is to be paid, and buttons for all that a payer can do to a shop."""

import secrets
from contextlib import suppress
from datetime import datetime

import httpx
from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from clients.bank.sandbox import faults, rules, sessions
from clients.bank.sandbox.faults import Fault
from clients.bank.sandbox.rules import Session, Status
from clients.bank.sandbox.zarinpal_api import Clock
from shared.event_store.command_handler import Records
from shared.text import persian

MERCHANT = "سازمان نظام مهندسی معدن"
COMES_BACK = {"pay": "OK", "late": "OK", "cancel": "NOK"}
"""What the browser takes along; after the other buttons it does not come back."""
LATE_SECONDS = 10
OPENED_SECONDS = 5.0


def make_page(records: Records, clock: Clock) -> Blueprint:
    """`/pg/StartPay/{authority}`."""
    page = Blueprint(
        "sandbox_page",
        __name__,
        url_prefix="/pg",
        template_folder="templates",
        static_folder="static",
        static_url_path="/static",
    )
    page.add_app_template_filter(persian.format_number, "number")
    page.add_app_template_filter(lambda at: persian.digits_to_persian(persian.format_instant(at)), "instant")

    def find(authority: str) -> Session:
        with records.read() as connection:
            session = sessions.find(connection, authority)
        return session or abort(styled("sandbox/unknown.html", 404))

    @page.get("/StartPay/<authority>")
    def show(authority: str) -> Response:
        session = find(authority)
        return shown("sandbox/pay.html", session, clock())

    @page.post("/StartPay/<authority>")
    def act(authority: str) -> AnyResponse:
        session, choice, now = find(authority), request.form.get("do", ""), clock()
        is_done, back, is_opened = records.write(lambda connection: outcome(connection, session, choice, now))
        if not is_done or choice == "wrong":
            return redirect(url_for("sandbox_page.show", authority=authority), 303)
        if is_opened:
            open_before(back)
        return lead_back(session, choice, now, back) if back else shown("sandbox/closed.html", session, now)

    return page


def outcome(connection: Connection, session: Session, choice: str, now: datetime) -> tuple[bool, str, bool]:
    """Whether the choice was carried out, the shop's address where the browser goes back, and whether something opens that before."""
    if not carry_out(connection, session, choice, now):
        return False, "", False
    if choice not in COMES_BACK:
        return True, "", False
    back = way_back(connection, session, choice)
    return True, back, faults.happens(connection, Fault.CALLBACK_TWICE, session.authority)


def lead_back(session: Session, choice: str, now: datetime, back: str) -> AnyResponse:
    """Send the browser back to the shop, at once or late."""
    if choice != "late":
        return redirect(back, 303)
    response = shown("sandbox/late.html", session, now)
    response.headers["Refresh"] = f"{LATE_SECONDS}; url={back}"
    return response


def shown(template: str, session: Session, now: datetime) -> Response:
    """A page about a session. Its form leads to the shop at the end, which the policy must allow for that to happen."""
    session_status = session.session_status(now)
    response = styled(
        template,
        session=session,
        merchant=MERCHANT,
        toman=session.amount_rials // rules.RIALS_PER[rules.TOMANS],
        until=session.created_at + rules.LINK_LIFE,
        can_pay=session.can_be_paid(now),
        is_declined=session.status is Status.DECLINED,
        late_seconds=LATE_SECONDS,
        is_paid=session_status in {Status.PAID, Status.VERIFIED},
        back=rules.callback(
            session, session.authority, "OK" if session_status in {Status.PAID, Status.VERIFIED} else "NOK"
        ),
    )
    response.content_security_policy.form_action = f"'self' {rules.origin(session.callback_url)}"
    return response


def styled(template: str, status: int = 200, **values: object) -> Response:
    """A page whose policy allows its style sheet alone."""
    response = make_response(render_template(template, **values), status)
    response.content_security_policy.default_src = "'none'"
    response.content_security_policy.style_src = "'self'"
    return response


def carry_out(connection: Connection, session: Session, choice: str, now: datetime) -> bool:
    """Do what the payer chose; False where the session allows it no more, or the choice is none."""
    match choice:
        case "cancel":
            return sessions.cancel(connection, session, now)
        case "wrong":
            return sessions.decline(connection, session, now)
        case "pay" | "close" | "late":
            return paid(connection, session, now, with_notice=True)
        case "lose":
            return paid(connection, session, now, with_notice=False)
        case _:
            return False


def open_before(back: str) -> None:
    """Open the way back as a browser's helper would that fetches pages ahead; whether it is there is no matter."""
    with suppress(httpx.HTTPError):
        httpx.get(back, timeout=OPENED_SECONDS, trust_env=False)


def paid(connection: Connection, session: Session, now: datetime, *, with_notice: bool) -> bool:
    if not sessions.pay(connection, session, now, with_notice=with_notice):
        return False
    if faults.happens(connection, Fault.AMOUNT_TAMPERED, session.authority):
        sessions.tamper(connection, session)
    return True


def way_back(connection: Connection, session: Session, choice: str) -> str:
    """The shop's address, with what the browser says there: it may lie."""
    status, authority = COMES_BACK[choice], session.authority
    if choice == "cancel" and faults.happens(connection, Fault.CALLBACK_OK_UNPAID, authority):
        status = "OK"
    if choice == "pay" and faults.happens(connection, Fault.CALLBACK_NOK_PAID, authority):
        status = "NOK"
    if faults.happens(connection, Fault.CALLBACK_OTHER, authority):
        return rules.callback(session, f"S0{secrets.token_hex(17)}", status)
    return rules.callback(session, session.authority, status)
