"""The token endpoint `/api/oauth/token`: OAuth 2.0 client credentials (RFC 6749, 4.4), and the caller that an access token names."""

import logging
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote_plus
from uuid import UUID

import flask
from flask.typing import ResponseReturnValue
from pydantic import SecretStr
from werkzeug.exceptions import HTTPException

from clients.gateway import web
from clients.gateway.api import problems
from shared.contract import base
from shared.contract.auth import answers
from shared.contract.auth.program_commands import IssueAccessToken, IssueProgramPassports
from shared.contract.refusals import Reason, Refused
from shared.services import WITH_MEMBERS

BLUEPRINT = flask.Blueprint("access_tokens", __name__, url_prefix="/api/oauth")
FORM = "application/x-www-form-urlencoded"
BODY_BYTES_MAX = 8 * 1024
FIELDS = ("grant_type", "scope", "client_id", "client_secret")
CLIENT_CREDENTIALS = "client_credentials"
CHALLENGE = 'Basic realm="tamdid"'
UNAVAILABLE, SERVER_ERROR = "temporarily_unavailable", "server_error"
CODES = (
    *("invalid_request", "invalid_client", "invalid_scope", "unsupported_grant_type"),
    *(UNAVAILABLE, SERVER_ERROR),
)
"""Of RFC 6749, 5.2 and 4.1.2.1."""

logger = logging.getLogger(__name__)


class TokenError(Exception):
    """Why there is no token: a code of RFC 6749, 5.2, and a sentence for the programmer."""

    def __init__(self, code: str, sentence: str) -> None:
        self.code, self.sentence = code, sentence
        super().__init__(code)


@dataclass(frozen=True)
class ProgramCaller(web.Visitor):
    """The program account of an access token, which stands in the place of a session's."""

    def issue(self, services: tuple[str, ...], command_id: UUID | None) -> answers.SignedPassports:
        return issue_passports(self.session, services, command_id)


def holder_of(access_token: str) -> ProgramCaller:
    """The program account of an access token; refused with NOT_SIGNED_IN where it is over or its secret has ended."""
    signed = issue_passports(access_token, WITH_MEMBERS, None)
    return ProgramCaller(access_token, signed.passport, signed.tokens)


def issue_passports(access_token: str, services: tuple[str, ...], command_id: UUID | None) -> answers.SignedPassports:
    token = SecretStr(access_token)
    return web.rpc.program().call(
        IssueProgramPassports(access_token=token, services=services, command_id=command_id, **web.rpc.new_command())
    )


def is_access_token(token: str) -> bool:
    """Whether what a caller bears has the form of an access token; the token of a session has no dots."""
    return "." in token


@BLUEPRINT.post("/token")
def token() -> ResponseReturnValue:
    if flask.request.query_string:
        raise TokenError("invalid_request", "Nothing may be in the address: it gets into logs.")
    if flask.request.mimetype != FORM:
        raise TokenError("invalid_request", f"The body must be {FORM}.")
    fields = {name: single(name) for name in FIELDS}
    program, secret = credentials(fields)
    if not fields["grant_type"]:
        raise TokenError("invalid_request", "grant_type is missing.")
    if fields["grant_type"] != CLIENT_CREDENTIALS:
        raise TokenError("unsupported_grant_type", f"grant_type must be {CLIENT_CREDENTIALS}.")
    return issued(program, secret, fields["scope"].split())


def single(name: str) -> str:
    """A field of the form, which may be there once."""
    found = flask.request.form.getlist(name)
    if len(found) > 1:
        raise TokenError("invalid_request", f"{name} is there twice.")
    return found[0] if found else ""


def credentials(fields: dict[str, str]) -> tuple[str, str]:
    """The client's id and secret, from the header or from the form, and not from both."""
    if "Authorization" not in flask.request.headers:
        if not fields["client_id"] or not fields["client_secret"]:
            raise TokenError("invalid_client", "The client's id or secret is missing.")
        return fields["client_id"], fields["client_secret"]
    given = flask.request.authorization
    if given is None or given.type != "basic" or not given.username or not given.password:
        raise TokenError("invalid_client", "The Authorization header must be Basic, with the client's id and secret.")
    program = unquote_plus(given.username)
    if fields["client_secret"] or fields["client_id"] not in ("", program):
        raise TokenError("invalid_request", "The client is named twice.")
    return program, unquote_plus(given.password)


def issued(program: str, secret: str, scopes: list[str]) -> flask.Response:
    about: dict[str, Any] = {"program": program, "secret": SecretStr(secret), "scopes": tuple(scopes)}
    try:
        message = base.parse(IssueAccessToken, {**web.rpc.new_command(), **about, "address": web.rpc.client_address()})
    except Refused as refused:
        if any(name.startswith("scopes") for name in refused.details):
            raise TokenError("invalid_scope", "The account has no such scope.") from None
        raise TokenError("invalid_client", "The client is not known, or its secret is wrong.") from None
    found = web.rpc.program().call(message)
    return answered(
        HTTPStatus.OK,
        access_token=found.access_token,
        token_type="Bearer",  # noqa: S106 - the kind of token
        expires_in=found.expires_in,
        scope=" ".join(found.scopes),
    )


@BLUEPRINT.errorhandler(Refused)
def refused(error: Refused) -> ResponseReturnValue:
    match error.reason:
        case Reason.WRONG_CREDENTIALS:
            return token_error(TokenError("invalid_client", "The client is not known, or its secret is wrong."))
        case Reason.BAD_INPUT:
            return token_error(TokenError("invalid_scope", "The account has no such scope."))
        case _:
            status = web.error_pages.status(error)
            response = answered(status, error=UNAVAILABLE, error_description="Try again later.")
            if (seconds := problems.retry_seconds(error, status)) is not None:
                response.headers["Retry-After"] = str(seconds)
            return response


@BLUEPRINT.errorhandler(TokenError)
def token_error(error: TokenError) -> ResponseReturnValue:
    is_unknown = error.code == "invalid_client"
    status = HTTPStatus.UNAUTHORIZED if is_unknown else HTTPStatus.BAD_REQUEST
    response = answered(status, error=error.code, error_description=error.sentence)
    if is_unknown:
        response.headers["WWW-Authenticate"] = CHALLENGE
    return response


@BLUEPRINT.errorhandler(HTTPException)
def http_error(error: HTTPException) -> ResponseReturnValue:
    return answered(error.code or 400, error="invalid_request", error_description=error.name)


@BLUEPRINT.errorhandler(Exception)
def broken(error: Exception) -> ResponseReturnValue:
    logger.error("the token endpoint failed (%s)", problems.correlation_id(), exc_info=error)
    return answered(HTTPStatus.INTERNAL_SERVER_ERROR, error=SERVER_ERROR, error_description="A fault of ours.")


def answered(status: int, **body: object) -> flask.Response:
    response = flask.make_response(flask.jsonify(body), status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Pragma"] = "no-cache"
    return problems.with_correlation(response)
