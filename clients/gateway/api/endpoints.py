"""The JSON API: the contract as it is, `POST /api/<service>/<method>`, and `GET /api` to read what there is."""

import logging
from typing import Any
from uuid import UUID, uuid4

import flask
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from clients.gateway import web
from clients.gateway.api.catalogue import OFFERED, OPEN, described
from shared import translations
from shared.contract import base
from shared.contract.auth import commands, queries
from shared.contract.base import Command, Message
from shared.contract.refusals import Reason, Refused

BLUEPRINT = flask.Blueprint("api", __name__, url_prefix="/api")
BODY_BYTES_MAX = 1024 * 1024
"""A batch of the register's import is the largest message."""
OPEN_BODY_BYTES_MAX = 32 * 1024
"""Of a message that needs no session, the largest with the answer of a passkey: to say what is wrong with each of many fields takes long."""

logger = logging.getLogger(__name__)


def bound_body() -> None:
    """Say how large a message of the API may be, before anything of it is read."""
    if flask.request.endpoint == "api.answer":
        view = flask.request.view_args or {}
        is_open = OFFERED.get((view["service"], view["method"])) in OPEN
        flask.request.max_content_length = OPEN_BODY_BYTES_MAX if is_open else BODY_BYTES_MAX


@BLUEPRINT.get("")
def index() -> ResponseReturnValue:
    return flask.jsonify(described())


@BLUEPRINT.post("/<service>/<method>")
def answer(service: str, method: str) -> ResponseReturnValue:
    kind = OFFERED.get((service, method))
    if kind is None:
        return refusal(Refused(Reason.BAD_INPUT, {"method": "unknown_method"}), 404)
    caller = session_holder(kind)  # before the body is read: errors are only for those who may send it
    message = base.parse(kind, completed(kind, sent()))
    if (
        isinstance(message, Command) and message.deadline <= web.rpc.now()
    ):  # the caller's own doing; 503 is for what was late with us
        return refusal(Refused(Reason.DEADLINE_PASSED), web.error_pages.BAD_INPUT_STATUS)
    call = caller.call if caller else web.rpc.program().call
    found = call(message, service=service)
    return flask.Response(found.model_dump_json(), mimetype="application/json")


def sent() -> dict[str, Any]:
    """The request's JSON object; an empty body is an empty one."""
    try:
        body = flask.request.get_json(force=True, silent=True) if flask.request.get_data() else {}
    except RecursionError:  # nested deeper than Python reads
        body = None
    if not isinstance(body, dict):
        raise Refused(Reason.BAD_INPUT, {"body": "not_a_json_object"})
    return body


def completed(kind: type[Message[Any]], body: dict[str, Any]) -> dict[str, Any]:
    """The message with the id and deadline that a command lacks; the address of a sign-in is set here alone."""
    if issubclass(kind, Command):
        body = {**web.rpc.new_command(), **body}
    if kind in (commands.SignIn, commands.NewCaptcha, queries.GetSignInRule):
        body = {**body, "address": web.rpc.client_address()}
    return body


def session_holder(kind: type[Message[Any]]) -> web.Visitor | None:
    """The holder of the session in the request's header; None, for this program itself, for messages that need no session."""
    token = flask.request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    if kind in OPEN:
        return None
    if not token:
        raise Refused(Reason.NOT_SIGNED_IN)
    flask.g.visitor = holder = web.session.signed_in(token)
    return holder


def refusal(refused: Refused, status: int | None = None) -> ResponseReturnValue:
    body = {
        "refused": refused.reason.value,
        "sentence_fa": translations.refusal(refused, "fa", for_officer=web.filters.reads_as_officer()),
        "sentence_en": translations.refusal(refused, "en", for_officer=web.filters.reads_as_officer()),
        "details": refused.details,
    }
    return body, status or web.error_pages.status(refused)


@BLUEPRINT.errorhandler(Refused)
def refused(error: Refused) -> ResponseReturnValue:
    return refusal(error)


@BLUEPRINT.errorhandler(web.session.CodeNeeded)
def code_needed(_error: web.session.CodeNeeded) -> ResponseReturnValue:
    return refusal(Refused(Reason.CODE_NEEDED))


@BLUEPRINT.errorhandler(HTTPException)
def http_error(error: HTTPException) -> ResponseReturnValue:
    return refusal(Refused(Reason.BAD_INPUT, {"request": error.name}), error.code or 400)


@BLUEPRINT.errorhandler(Exception)
def broken(error: Exception) -> ResponseReturnValue:
    """A bug: logged with its trace under a correlation id in the response, the caller's own where there is one."""
    try:
        correlation_id = str(UUID(flask.request.headers.get("X-Correlation-Id", "")))
    except ValueError:
        correlation_id = str(uuid4())
    logger.error(
        "api %s failed (%s)", "/".join((flask.request.view_args or {}).values()), correlation_id, exc_info=error
    )
    return {"error": "internal", "correlation_id": correlation_id}, 500
