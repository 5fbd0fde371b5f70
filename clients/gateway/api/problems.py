"""Refusals and failures of the JSON API as problem details (RFC 9457), with the headers that say what to do next."""

import logging
import math
from datetime import datetime
from http import HTTPStatus
from typing import Literal
from uuid import UUID

import flask
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict
from werkzeug.exceptions import HTTPException, MethodNotAllowed, UnsupportedMediaType
from werkzeug.routing import RequestRedirect

from clients.gateway import web
from shared import translations
from shared.contract.refusals import Reason, Refused
from shared.observability import request_context

MEDIA_TYPE = "application/problem+json"
JSON = "application/json"
REFERENCE = "/api/reference"
"""The page that explains each refusal."""
CORRELATION = "X-Correlation-Id"
LANGUAGES = ("fa", "en")
RETRY_SECONDS = 5
"""After a service, the bank or the gateway had no time for a request."""
AGAIN = {Reason.NO_ANSWER, Reason.DEADLINE_PASSED, Reason.BANK_BUSY, Reason.BANK_UNREACHABLE}
"""Refusals after which the same request may succeed soon."""
CHALLENGE = 'Bearer realm="tamdid"'

logger = logging.getLogger(__name__)


class Problem(BaseModel):
    """Why a request did not succeed: problem details of RFC 9457."""

    model_config = ConfigDict(frozen=True)

    type: str
    """A URI for each kind of problem: of a refusal, its place in the reference page; `about:blank` for a failure."""
    title: str
    """The kind of problem in English."""
    status: int
    """The HTTP status."""
    detail: str
    """The sentence for the reader, in the language of `Accept-Language`: Persian or English."""
    correlation_id: UUID
    """Names this request in our logs; the caller's own `X-Correlation-Id`, where it is a UUID."""


class Refusal(Problem):
    """A request that was refused: nothing was recorded."""

    refused: Reason
    """The code, to decide by."""
    sentence_fa: str
    sentence_en: str
    details: dict[str, str]
    """What is wrong with each field, as a code by the field's dotted name, or facts such as `until`."""


class InternalError(Problem):
    """A fault of ours; whether anything was recorded is told by the same command under the same id."""

    error: Literal["internal"]


def refusal(refused: Refused, status: int | None = None) -> flask.Response:
    """A refusal's answer; `status` where it is not the one of its reason."""
    status = status or web.error_pages.status(refused)
    is_officer = web.filters.reads_as_officer()
    sentences = {one: translations.refusal(refused, one, for_officer=is_officer) for one in LANGUAGES}
    problem = Refusal(
        type=f"{web.rpc.program().settings.portal_url}{REFERENCE}#{refused.reason}",
        title=translations.group("refusal", "en")[refused.reason],
        status=status,
        detail=sentences[language()],
        correlation_id=correlation_id(),
        refused=refused.reason,
        sentence_fa=sentences["fa"],
        sentence_en=sentences["en"],
        details=refused.details,
    )
    response = answer(problem)
    if status == HTTPStatus.UNAUTHORIZED:
        has_token = bool(flask.request.headers.get("Authorization"))
        response.headers["WWW-Authenticate"] = CHALLENGE + (', error="invalid_token"' if has_token else "")
    if needed := refused.details.get("scope"):
        response.headers["WWW-Authenticate"] = f'{CHALLENGE}, error="insufficient_scope", scope="{needed}"'
    if (seconds := retry_seconds(refused, status)) is not None:
        response.headers["Retry-After"] = str(seconds)
    return response


def retry_seconds(refused: Refused, status: int) -> int | None:
    """After how many seconds the same may succeed, where that is known."""
    if status == web.error_pages.BAD_INPUT_STATUS:
        return None
    try:
        until = datetime.fromisoformat(refused.details.get("until", ""))
        return max(1, math.ceil((until - web.rpc.now()).total_seconds()))
    except (ValueError, TypeError):  # no instant
        return RETRY_SECONDS if refused.reason in AGAIN else None


def http_error(error: HTTPException) -> flask.Response:
    """What the web server or its framework refuses, such as a method that a path does not have."""
    response = refusal(Refused(Reason.BAD_INPUT, {"request": error.name}), error.code or 400)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    if isinstance(error, UnsupportedMediaType):
        response.headers["Accept"] = JSON
    return response


def internal(error: Exception) -> flask.Response:
    """A bug: logged with its trace under the correlation id of the answer."""
    called = "/".join((flask.request.view_args or {}).values())
    logger.error("api %s failed (%s)", called, correlation_id(), exc_info=error)
    return answer(
        InternalError(
            type="about:blank",
            title="Internal Server Error",
            status=500,
            detail=web.error_pages.BROKEN if language() == "fa" else "Something went wrong on our side.",
            correlation_id=correlation_id(),
            error="internal",
        )
    )


def answer(problem: Problem) -> flask.Response:
    response = flask.Response(problem.model_dump_json(), problem.status, mimetype=MEDIA_TYPE)
    response.content_language.add(language())
    response.vary.add("Accept-Language")
    return with_correlation(response)


def with_correlation(response: flask.Response) -> flask.Response:
    response.headers[CORRELATION] = str(correlation_id())
    return response


def language() -> str:
    """The language that the caller reads best; Persian where nothing is said."""
    wanted = (name.partition("-")[0].lower() for name, quality in flask.request.accept_languages if quality)
    return next((name for name in wanted if name in LANGUAGES), LANGUAGES[0])


def correlation_id() -> UUID:
    """Of this request: the caller's own, where it is a UUID; else a new one."""
    found = request_context.present().correlation_id
    if found is None:
        raise LookupError("this is no request")
    return found


def refuse_unknown_path() -> ResponseReturnValue | None:
    """Answer paths below `/api` that do not exist, and methods that a path does not have, as problems too and not by a page."""
    error = flask.request.routing_exception
    if error is None or isinstance(error, RequestRedirect) or not f"{flask.request.path}/".startswith("/api/"):
        return None
    return http_error(error)
