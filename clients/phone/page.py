"""The phone's pages: the messages of every number and mailbox as they would have come, and the switches of what shall go wrong."""

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from clients.phone import faults, messages
from clients.phone.account import Clock
from clients.phone.api import address_of
from clients.phone.messages import PROVIDERS, State
from shared.event_store.command_handler import Records
from shared.text import persian

POLICY = "default-src 'none'; style-src 'self'; style-src-attr 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
"""No script, no picture, nothing from elsewhere; a mail's own style attributes are shown, in its frame without rights."""
PROVIDERS_SHOWN = {
    "kavenegar": "کاوه‌نگار",
    "smsir": "اس‌ام‌اس‌دات‌آی‌آر",
    "melipayamak": "ملی‌پیامک",
    "ghasedak": "قاصدک",
    "smtp": "رایانامه",
}
STATES_SHOWN = {State.ON_ITS_WAY: "هنوز نرسیده", State.DELIVERED: "رسیده", State.BLOCKED: "مسدود"}


def make_pages(records: Records, clock: Clock) -> Blueprint:
    """`/`, `/?to={address}` and `/switches`."""
    pages = Blueprint("phone", __name__, template_folder="templates", static_folder="static", static_url_path="/static")
    pages.add_app_template_filter(persian.format_number, "number")
    pages.add_app_template_filter(lambda at: persian.digits_to_persian(persian.format_instant(at)), "instant")
    pages.add_app_template_filter(PROVIDERS_SHOWN.get, "provider")
    pages.add_app_template_filter(persian.digits_to_persian, "digits")

    @pages.get("/")
    def show() -> Response:
        address, now = address_of(request.args.get("to", "")), clock()
        with records.read() as connection:
            if not address:
                return page("conversations.html", conversations=messages.conversations(connection))
            found = messages.listed(connection, address)
        shown = [(one, STATES_SHOWN[one.state(now)]) for one in found]
        return page("conversation.html", address=address, messages=shown, cost=sum(one.cost_rials for one in found))

    @pages.get("/switches")
    def switches() -> Response:
        return switches_page(records)

    @pages.post("/switches/<provider>")
    def switch(provider: str) -> AnyResponse:
        if provider not in PROVIDERS:
            abort(404)
        values = {fault: number_of(request.form.get(fault.value, "")) for fault in faults.faults_of(provider)}
        if None in values.values():
            return switches_page(records, mistaken=provider)
        records.write(lambda connection: faults.switch_each(connection, provider, values))
        return redirect(url_for("phone.switches", _anchor=provider), 303)

    @pages.post("/switches")
    def clear() -> AnyResponse:
        records.write(faults.clear)
        return redirect(url_for("phone.switches"), 303)

    return pages


def switches_page(records: Records, mistaken: str = "") -> Response:
    """The switches; with a word about the provider where a number was mistaken."""
    with records.read() as connection:
        switched = faults.switched(connection)
    providers = [
        (name, [(fault, faults.SHOWN[fault], switched.get(name, {}).get(fault, 0)) for fault in faults.faults_of(name)])
        for name in PROVIDERS
    ]
    response = page("switches.html", providers=providers, mistaken=mistaken, most=faults.VALUE_MAX)
    response.status_code = 400 if mistaken else 200
    return response


def number_of(typed: str) -> int | None:
    """A typed number of times or seconds, nothing being 0; None where it is none."""
    digits = persian.digits_to_ascii(typed.strip()) or "0"
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= len(str(faults.VALUE_MAX))
    return int(digits) if is_number and int(digits) <= faults.VALUE_MAX else None


def page(template: str, **values: object) -> Response:
    response = make_response(render_template(f"phone/{template}", **values))
    response.headers["Content-Security-Policy"] = POLICY
    return response
