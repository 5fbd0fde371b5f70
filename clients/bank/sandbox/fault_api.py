"""The sandbox bank's switchboard: `/sandbox/faults`, to make things go wrong from outside."""

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, abort, jsonify
from sqlalchemy import Connection

from clients.bank.sandbox import faults, sessions
from clients.bank.sandbox.faults import Fault
from clients.bank.sandbox.zarinpal_api import Clock
from clients.small_apps import sent_object
from shared.event_store.command_handler import Records

MINUTES_MAX = 1_000_000
"""About two years."""


def do_to(connection: Connection, authority: str, sent: dict[str, Any], now: datetime) -> bool:
    """Do to a session what is asked for; False where it can't be."""
    session, deed, minutes = sessions.find(connection, authority) or abort(404), sent.get("do"), sent.get("minutes", 0)
    if deed == "take_back":
        return sessions.take_back(connection, session, now)
    if deed != "age" or type(minutes) is not int or abs(minutes) > MINUTES_MAX:
        abort(400)
    return sessions.age(connection, session, timedelta(minutes=minutes))


def make_switches(records: Records, clock: Clock) -> Blueprint:
    """`/sandbox/faults` to show, switch and clear; `/sandbox/sessions/{authority}` to do to a session what a bank may.

    `PUT /sandbox/faults/{name}` takes `{"value": times}` (for a delay seconds, for the clock minutes), and `"authority"` where
    it shall go wrong with one session only. `POST /sandbox/sessions/{authority}` takes `{"do": "take_back"}`, or
    `{"do": "age", "minutes": 31}` for a session whose time has passed (below zero: is yet to come).
    """
    switches = Blueprint("sandbox_faults", __name__, url_prefix="/sandbox")

    @switches.get("/faults")
    def show() -> Response:
        with records.read() as connection:
            return jsonify(faults.switched(connection))

    @switches.delete("/faults")
    def clear() -> Response:
        records.write(faults.clear)
        return show()

    @switches.put("/faults/<name>")
    def switch(name: str) -> Response:
        sent = sent_object()
        value, authority = sent.get("value"), sent.get("authority", "")
        if name not in set(Fault) or type(value) is not int or not 0 <= value <= faults.VALUE_MAX:
            abort(400)
        if authority != sessions.key(authority):
            abort(400)
        records.write(lambda connection: faults.switch(connection, Fault(name), value, authority))
        return show()

    @switches.post("/sessions/<authority>")
    def act(authority: str) -> Response:
        # read here: the transaction may be run by the worker of another request
        sent = sent_object()
        done = records.write(lambda connection: do_to(connection, authority, sent, clock()))
        return jsonify(done=done) if done else abort(409)

    return switches
