"""The sandbox bank's switchboard: `/sandbox/faults`, to make things go wrong from outside."""

from flask import Blueprint, Response, abort, jsonify, request

from clients.bank.sandbox import faults
from clients.bank.sandbox.faults import Fault
from shared.command_handler import Records


def make_switches(records: Records) -> Blueprint:
    """`GET` and `DELETE /sandbox/faults`, and `PUT /sandbox/faults/{name}` with `{"value": times}` or, for a delay, seconds."""
    switches = Blueprint("sandbox_faults", __name__, url_prefix="/sandbox/faults")

    @switches.get("")
    def show() -> Response:
        with records.read() as connection:
            return jsonify(faults.switched(connection))

    @switches.delete("")
    def clear() -> Response:
        records.write(faults.clear)
        return show()

    @switches.put("/<name>")
    def switch(name: str) -> Response:
        value = (request.get_json(silent=True) or {}).get("value")
        if name not in set(Fault) or type(value) is not int or not 0 <= value <= faults.VALUE_MAX:
            abort(400)
        records.write(lambda connection: faults.switch(connection, Fault(name), value))
        return show()

    return switches
