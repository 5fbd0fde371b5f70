"""The problems of the OpenAPI document: for each status its refusals by code, the headers, and a body that was answered in a test."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from clients.gateway.api import problems
from clients.gateway.web import error_pages
from deploy.reference.asyncapi_parts import Json
from shared.contract.refusals import Reason

OF_SERVER: Mapping[int, str] = {
    406: "The caller accepts no JSON.",
    413: "The body is too large.",
    415: "The body says that it is something else than JSON.",
}
"""What is refused before the message is read; always as `bad_input`."""
INTERNAL_ERROR = 500
STATUSES = sorted({*error_pages.BY_STATUS, *OF_SERVER, INTERNAL_ERROR})
RETRY_AFTER: Json = {
    "description": "Seconds after which the same request may succeed, where that is known.",
    "schema": {"type": "integer", "minimum": 1},
}
CHALLENGE: Json = {"description": problems.CHALLENGE, "required": True, "schema": {"type": "string"}}
HEADERS: Mapping[int, Json] = {
    401: {"WWW-Authenticate": CHALLENGE},
    429: {"Retry-After": RETRY_AFTER},
    503: {"Retry-After": RETRY_AFTER},
}


def problem_responses(examples: Mapping[str, Any]) -> Json:
    """Each status that is no success."""
    return {str(status): problem_response(status, examples.get(str(status))) for status in STATUSES}


def problem_response(status: int, example: Any) -> Json:
    body: Json = {"schema": schema(status), **({"example": example} if example else {})}
    return {
        "description": OF_SERVER.get(status, HTTPStatus(status).phrase),
        "headers": {
            problems.CORRELATION: {"$ref": f"#/components/headers/{problems.CORRELATION}"},
            **HEADERS.get(status, {}),
        },
        "content": {problems.MEDIA_TYPE: body},
    }


def schema(status: int) -> Json:
    """A problem whose status and codes are those of a status."""
    if status == INTERNAL_ERROR:
        return {"$ref": "#/components/schemas/InternalError"}
    own = {"status": {"const": status}, "refused": {"enum": codes(status)}}
    return {"allOf": [{"$ref": "#/components/schemas/Refusal"}, {"type": "object", "properties": own}]}


def codes(status: int) -> list[str]:
    """The codes that come with a status; a late deadline is the caller's doing or ours."""
    if status in OF_SERVER:
        return [Reason.BAD_INPUT.value]
    found = {reason.value for reason in error_pages.BY_STATUS[status]}
    return sorted(found | ({Reason.DEADLINE_PASSED.value} if status == error_pages.BAD_INPUT_STATUS else set()))
