"""What every answer to a fuzz case must be: a documented status, and from the JSON API what its OpenAPI description says."""

import json
import re

from pydantic import ValidationError

from clients.gateway.api.catalogue import OFFERED
from clients.gateway.web import error_pages
from shared.contract.refusals import Reason, Refused
from tests.fuzz.raw_http import CUT, CUTTING, Answered
from tests.fuzz.requests.case import Case
from tests.support import openapi

DOCUMENTED = frozenset(
    {200, 202, 302, 303, 304, 308, 400, 401, 403, 404, 405, 406, 409, 413, 414, 415, 416, 417, 422, 429, 431}
)
"""Statuses that our own pages, Flask and the server in front of them give."""
OF_SERVER = frozenset({400, 413, 414, 417, 431})
JSON = ("application/json", "application/problem+json")
SERVER_ERROR = 500
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Controls of terminals and of the direction of writing: they get in by no endpoint."""


def wrong(case: Case, answer: Answered) -> str:
    """What is wrong with an answer; nothing where it is as promised."""
    if answer.status == CUT:
        return "" if case.spoilt in CUTTING or is_strange(case) else "no answer came"
    if answer.status >= SERVER_ERROR:
        return f"answered {answer.status}"
    if answer.status not in DOCUMENTED:
        return f"an undocumented status {answer.status}"
    if not openapi.is_described(case.method, case.target) or is_of_server(case, answer):
        return ""
    return wrong_of_command_or_query(case, answer) or openapi.wrong(
        case.method, case.target, answer.status, answer.headers, answer.body
    )


def wrong_of_page(answer: Answered) -> str:
    """What must not be on a page that shows what others have typed."""
    is_page = answer.headers.get("Content-Type", "").startswith("text/html")
    return "shows a control character" if is_page and CONTROLS.search(answer.text) else ""


def is_strange(case: Case) -> bool:
    """Whether the request may be none that a server reads to its end."""
    return case.method not in {"GET", "POST"} or bool(case.headers) or "{{long" in case.target


def is_of_server(case: Case, answer: Answered) -> bool:
    """Whether the server in front has refused what it could not read as HTTP, or for another host, and the API never saw it."""
    is_unreadable = case.spoilt in CUTTING or is_strange(case)
    return is_unreadable and answer.status in OF_SERVER and "X-Correlation-Id" not in answer.headers


def wrong_of_command_or_query(case: Case, answer: Answered) -> str:
    """Whether the answer is of the promised class, or a refusal whose reason comes with this status."""
    service, _, method = case.endpoint.partition(".")
    kind = OFFERED.get((service, method))
    if kind is None or not answer.headers.get("Content-Type", "").startswith(JSON):
        return ""
    if answer.status == 200:
        try:
            kind.answer().model_validate_json(answer.body)
        except ValidationError as error:
            return f"the answer is no {kind.answer().__name__}: {error.errors(include_input=False)[0]['type']}"
        return ""
    content = json.loads(answer.body)
    if content.get("refused") not in set(Reason):
        return "a refusal without a listed code"
    reason = Reason(content["refused"])
    sent = (
        {name for name, text in case.content.items() if text is not None} if isinstance(case.content, dict) else set()
    )
    lost = {name for name, code in content["details"].items() if code == "missing" and name in sent}
    if case.spoilt == "chunked" and lost:
        return f"a chunked body was not read: {', '.join(lost)} missing"
    documented = error_pages.status(Refused(reason))
    if reason is Reason.DEADLINE_PASSED:
        documented = error_pages.BAD_INPUT_STATUS  # no case waits so long for us that it is late by our doing
    is_http = reason is Reason.BAD_INPUT and {"request", "method"} & set(content["details"])
    return "" if is_http or answer.status == documented else f"{reason} answered with {answer.status}, not {documented}"
