"""The phone's own interface, for tests and the demonstration: `/messages`, `/templates` and `/faults`."""

from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from clients.phone import approved_templates, faults, messages
from clients.phone.account import Clock
from clients.phone.faults import Fault
from clients.phone.messages import PROVIDERS, SEGMENT_RIALS, Sent
from clients.small_apps import sent_object
from shared.event_store.command_handler import Records
from shared.text import persian

TEXT_SIGNS_MAX = 1_000
MESSAGES_MAX = 100_000
NAME_SIGNS_MAX = 100


def make_api(records: Records, clock: Clock) -> Blueprint:
    """`GET /messages?to=`, and `PUT /templates/{provider}/{name}`, which takes `{"text": "کد شما {code} است"}`."""
    api = Blueprint("phone_api", __name__)

    @api.get("/messages")
    def list_messages() -> Response:
        with records.read() as connection:
            found = messages.listed(connection, address_of(request.args.get("to", "")), MESSAGES_MAX)
        return jsonify([shown(one, clock) for one in found])

    @api.put("/templates/<provider>/<name>")
    def register(provider: str, name: str) -> Response:
        text = sent_object().get("text")
        if provider not in SEGMENT_RIALS or not isinstance(text, str) or not 0 < len(text) <= TEXT_SIGNS_MAX:
            abort(400)
        if len(name) > NAME_SIGNS_MAX:
            abort(400)
        records.write(lambda connection: approved_templates.register(connection, provider, name, text))
        return jsonify(provider=provider, name=name, tokens=approved_templates.tokens_of(text))

    return api


def make_switches(records: Records) -> Blueprint:
    """`/faults` to show, switch and clear what shall go wrong.

    `PUT /faults/{provider}/{name}` takes `{"value": times}` (for `slow` seconds), and `"to"` where it shall go wrong with one
    address only.
    """
    switches = Blueprint("phone_faults", __name__)

    @switches.get("/faults")
    def show() -> Response:
        with records.read() as connection:
            return jsonify(faults.switched(connection))

    @switches.delete("/faults")
    def clear() -> Response:
        records.write(faults.clear)
        return show()

    @switches.put("/faults/<provider>/<name>")
    def switch(provider: str, name: str) -> Response:
        sent = sent_object()
        value, to = sent.get("value"), sent.get("to", "")
        if provider not in PROVIDERS or name not in set(faults.faults_of(provider)) or not isinstance(to, str):
            abort(400)
        if type(value) is not int or not 0 <= value <= faults.VALUE_MAX:
            abort(400)
        address = address_of(to)
        records.write(lambda connection: faults.switch(connection, provider, Fault(name), value, address))
        return show()

    return switches


def address_of(typed: str) -> str:
    """A number or an e-mail address as messages have it."""
    return persian.mobile(typed) or typed.strip().lower()


def shown(sent: Sent, clock: Clock) -> dict[str, Any]:
    return {
        "provider": sent.provider,
        "reference": str(sent.reference),
        "client_reference": sent.client_reference,
        "to": sent.address,
        "template": sent.template,
        "subject": sent.subject,
        "text": sent.text,
        "html": sent.html,
        "sent_at": sent.sent_at.isoformat(),
        "state": sent.state(clock()).value,
        "segments": sent.segments,
        "cost_rials": sent.cost_rials,
    }
