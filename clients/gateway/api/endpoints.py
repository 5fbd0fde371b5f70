"""Endpoints of the JSON API: the contract as it is, `POST /api/<service>/<method>`."""

from typing import Any
from uuid import UUID

import flask
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from clients.gateway import web
from clients.gateway.api import access_tokens, problems
from clients.gateway.api.catalogue import OFFERED, OPEN, WITH_ADDRESS
from shared.contract import base
from shared.contract.base import Command, Message
from shared.contract.refusals import Reason, Refused

BLUEPRINT = flask.Blueprint("api", __name__, url_prefix="/api")
BODY_BYTES_MAX = 1024 * 1024
"""A batch of the register's import is the largest message."""
OPEN_BODY_BYTES_MAX = 32 * 1024
"""Of a message that needs no session, the largest with the answer of a passkey: to say what is wrong with each of many fields takes long."""
IDEMPOTENCY_KEY = "Idempotency-Key"


def prepare() -> ResponseReturnValue | None:
    """Before anything of a request is read: say how large it may be, and answer one to a path that the API does not have."""
    bound_body()
    return problems.refuse_unknown_path()


def bound_body() -> None:
    """Say how large a message of the API may be."""
    if flask.request.endpoint == "api.answer":
        view = flask.request.view_args or {}
        is_open = OFFERED.get((view["service"], view["method"])) in OPEN
        flask.request.max_content_length = OPEN_BODY_BYTES_MAX if is_open else BODY_BYTES_MAX
    elif flask.request.blueprint == access_tokens.BLUEPRINT.name:
        flask.request.max_content_length = access_tokens.BODY_BYTES_MAX


@BLUEPRINT.post("/<service>/<method>")
def answer(service: str, method: str) -> ResponseReturnValue:
    kind = OFFERED.get((service, method))
    if kind is None:
        return problems.refusal(Refused(Reason.BAD_INPUT, {"method": "unknown_method"}), 404)
    require_json()
    caller = session_holder(kind)  # before the body is read: errors are only for those who may send it
    message = base.parse(kind, completed(kind, sent()))
    if (
        isinstance(message, Command) and message.deadline <= web.rpc.now()
    ):  # the caller's own doing; 503 is for what was late with us
        return problems.refusal(Refused(Reason.DEADLINE_PASSED), web.error_pages.BAD_INPUT_STATUS)
    call = caller.call if caller else web.rpc.program().call
    found = call(message, service=service)
    return problems.with_correlation(flask.Response(found.model_dump_json(), mimetype=problems.JSON))


def require_json() -> None:
    """Refuse who reads no JSON, and a body that says to be something else; a body that does not say what it is counts as JSON."""
    if (accepted := flask.request.accept_mimetypes) and not accepted.quality(problems.JSON):
        flask.abort(406)
    has_body = flask.request.content_length or "Transfer-Encoding" in flask.request.headers
    if has_body and flask.request.mimetype and not flask.request.is_json:
        flask.abort(415)


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
        body = {**web.rpc.new_command(), **idempotency_key(body), **body}
    if kind in WITH_ADDRESS:
        body = {**body, "address": web.rpc.client_address()}
    return body


def idempotency_key(body: dict[str, Any]) -> dict[str, str]:
    """The command's `id` by the header of that name, in quotation marks or without; it may be in the body as well, but no other."""
    key = flask.request.headers.get(IDEMPOTENCY_KEY)
    if key is None:
        return {}
    try:
        command_id = str(UUID(key.strip().strip('"')))
    except ValueError:
        raise Refused(Reason.BAD_INPUT, {IDEMPOTENCY_KEY: "uuid_parsing"}) from None
    if str(body.get("id", command_id)).lower() != command_id:
        raise Refused(Reason.BAD_INPUT, {IDEMPOTENCY_KEY: "differs_from_id"})
    return {"id": command_id}


def session_holder(kind: type[Message[Any]]) -> web.Visitor | None:
    """The holder of the session or access token in the request's header; None, for this program itself, for messages that need no session."""
    if kind in OPEN:
        return None
    scheme, _, token = flask.request.headers.get("Authorization", "").strip().partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Refused(Reason.NOT_SIGNED_IN)
    token = token.strip()
    is_program = access_tokens.is_access_token(token)
    flask.g.visitor = holder = access_tokens.holder_of(token) if is_program else web.session.signed_in(token)
    return holder


@BLUEPRINT.errorhandler(Refused)
def refused(error: Refused) -> ResponseReturnValue:
    return problems.refusal(error)


@BLUEPRINT.errorhandler(web.session.CodeNeeded)
def code_needed(_error: web.session.CodeNeeded) -> ResponseReturnValue:
    return problems.refusal(Refused(Reason.CODE_NEEDED))


@BLUEPRINT.errorhandler(HTTPException)
def http_error(error: HTTPException) -> ResponseReturnValue:
    return problems.http_error(error)


@BLUEPRINT.errorhandler(Exception)
def broken(error: Exception) -> ResponseReturnValue:
    return problems.internal(error)
