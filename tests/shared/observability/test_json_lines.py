"""The log as JSON: one object a line, with the ids that a request is found by, and nothing that could end or forge a line."""

import json
import logging
from typing import Any
from uuid import UUID

import pytest

from shared.observability import request_context
from shared.observability.log_format import JsonFormatter
from shared.observability.request_context import RequestContext

TYPED = "۰۹۱۳۱۲۳۴۵۶۷ typed"
REQUEST, COMMAND = UUID(int=7), UUID(int=8)


def line_of(message: object, *args: object, name: str = "shared.messaging.relay", **more: Any) -> str:
    made = logging.getLogger(name).makeRecord(name, logging.ERROR, __file__, 1, message, args, more.get("exc_info"))
    made.created = 0.25
    return JsonFormatter("tamdid").format(made)


def test_a_line_says_when_how_bad_where_and_what() -> None:
    assert json.loads(line_of("behind by %s", 3)) == {
        "time": "1970-01-01T00:00:00.250+00:00",
        "level": "ERROR",
        "service": "tamdid",
        "logger": "shared.messaging.relay",
        "message": "behind by 3",
    }


def test_a_line_of_a_request_has_the_ids_that_it_is_found_by() -> None:
    with request_context.within(RequestContext("payment", REQUEST)):
        request_context.set_command(COMMAND)
        line = json.loads(line_of("late"))
    assert (line["service"], line["correlation_id"], line["command_id"]) == ("payment", str(REQUEST), str(COMMAND))


@pytest.mark.parametrize(
    ("module", "service"),
    [
        ("clients.gateway.web.error_pages", "gateway"),
        ("nameko.containers", "tamdid"),
        ("services.payment.attempts.polling", "payment"),
        ("shared.messaging.relay", "tamdid"),
    ],
)
def test_what_no_request_has_written_is_its_modules_programs(module: str, service: str) -> None:
    assert json.loads(line_of("late", name=module))["service"] == service


def test_an_exception_is_part_of_its_line_without_its_text() -> None:
    error = ValueError(TYPED)
    with pytest.raises(ValueError, match="typed") as raised:
        raise error
    line = line_of("page %s failed: %s", "/desk", error, exc_info=(raised.type, raised.value, raised.tb))
    assert TYPED not in line
    found = json.loads(line)
    assert found["message"] == "page /desk failed: ValueError"
    assert found["exception"].splitlines()[-1] == "ValueError"
    assert f"{__file__}:" in found["exception"]


@pytest.mark.parametrize(
    "text",
    [
        "/desk\nERROR pages: forged",
        '/desk", "level": "INFO',
        "\x1b[2J\x1b[31mred\x07",
        "\x9b31m",
        "a\u2028b\u2029c\x85d\x0be\x0cf",
        "\u202eelif.txt",
        "\ud800\x00",
        "/میز/۱۴۰۵ ?a=b",
    ],
)
def test_no_text_ends_or_forges_a_line(text: str) -> None:
    line = line_of("page %s", text)
    assert line.isprintable()
    assert json.loads(line)["message"] == f"page {text}"
    assert json.loads(line)["level"] == "ERROR"


def test_persian_stays_readable() -> None:
    assert "میز" in line_of("page %s", "/میز")
