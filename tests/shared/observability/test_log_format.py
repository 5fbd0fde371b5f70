"""What the log tells of an exception: its type and where it was raised, never its text."""

import logging
from typing import Any

import pytest

from shared.contract.auth import queries
from shared.contract.refusals import Reason, Refused
from shared.observability.log_format import FORMAT, DiscreetFormatter

TYPED = "۰۹۱۳۱۲۳۴۵۶۷ typed"


def formatted(message: object, *args: object, **more: Any) -> str:
    made = logging.getLogger("pages").makeRecord(
        "pages", logging.ERROR, __file__, 1, message, args, more.get("exc_info")
    )
    return DiscreetFormatter(FORMAT).format(made)


def failed(error: Exception) -> str:
    with pytest.raises(type(error)) as raised:
        raise error
    return formatted("page %s failed", "/desk", exc_info=(raised.type, raised.value, raised.tb))


def wrong_query() -> Exception:
    try:
        queries.GetMember(member=TYPED)
    except ValueError as error:
        return error
    raise AssertionError("it was accepted")


@pytest.mark.parametrize(
    "error",
    [
        ValueError(f"invalid literal: {TYPED}"),
        KeyError(TYPED),
        wrong_query(),
        Refused(Reason.BAD_INPUT, {"x": TYPED}),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_traceback_has_type_and_location_and_not_the_text(error: Exception) -> None:
    line = failed(error)
    assert line.startswith("ERROR pages: page /desk failed\n")
    assert type(error).__name__ in line
    assert f"{__file__}:" in line
    assert "in failed" in line
    assert TYPED not in line


def test_a_cause_is_logged_before_its_effect() -> None:
    error = RuntimeError(TYPED)
    error.__cause__ = LookupError(TYPED)
    lines = failed(error).splitlines()
    assert (lines[1], lines[-1]) == ("LookupError", "RuntimeError")


def test_an_exception_among_the_arguments_is_logged_by_its_type() -> None:
    line = formatted("error handling worker %s: %s", "auth.sign_in", ValueError(TYPED))
    assert line == "ERROR pages: error handling worker auth.sign_in: ValueError"
    assert formatted(ValueError(TYPED)) == "ERROR pages: ValueError"


def test_a_refusal_is_logged_by_its_reason() -> None:
    line = formatted("not now: %s", Refused(Reason.NO_ANSWER, {"x": TYPED}))
    assert line == "ERROR pages: not now: shared.contract.refusals.Refused(no_answer)"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/desk\nERROR pages: forged", "/desk\\nERROR pages: forged"),
        ("/desk\r\n", "/desk\\r\\n"),
        ("\x1b[2J\x1b[31mred\x07", "\\x1b[2J\\x1b[31mred\\x07"),
        ("\x9b31m", "\\x9b31m"),
        ("a\u2028b\u2029c\x85d\x0be\x0cf", "a\\u2028b\\u2029c\\x85d\\x0be\\x0cf"),
        ("\u202eelif.txt", "\\u202eelif.txt"),
        ("\ud800\x00", "\\ud800\\x00"),
        ("/میز/۱۴۰۵ ?a=b", "/میز/۱۴۰۵ ?a=b"),
    ],
)
def test_no_text_ends_or_forges_a_line(text: str, shown: str) -> None:
    assert formatted("page %s failed", text) == f"ERROR pages: page {shown} failed"
    assert formatted(text) == f"ERROR pages: {shown}"
    assert formatted("%(path)s", {"path": text}) == f"ERROR pages: {shown}"


def test_an_exception_named_from_outside_forges_no_line() -> None:
    named_so = type("Made\nERROR pages: forged\x1b", (Exception,), {})
    assert "\nERROR" not in failed(named_so()).partition("\n")[2]


def test_an_error_of_the_contract_never_repeats_what_was_typed() -> None:
    assert TYPED not in str(wrong_query())
