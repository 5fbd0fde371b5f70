"""Addresses of a route: what fits in each place of its path, or does not, and a query of names that pages read."""

import re
from collections.abc import Mapping
from urllib.parse import quote

from hypothesis import strategies as st
from werkzeug.routing import Rule

from tests.fuzz.requests import schemas, texts
from tests.support.system import YEAR

QUERIES = (
    *(
        "province",
        "status",
        "start",
        "year",
        "member",
        "field",
        "on",
        "attempt",
        "as_of",
        "next",
        "Authority",
        "Status",
        "q",
    ),
    *("kind", "degree", "quantity", "starts_on", "ends_on", "RefId", "{{latin}}"),
)
YEARS = (
    str(YEAR),
    str(YEAR),
    str(YEAR - 1),
    "1370",
    "1500",
    "0",
    "9999",
    "2147483648",
    "9" * 19,
    "01405",
    "۱۴۰۵",
    "-1",
    "1405.0",
)
UUIDS = ("{{fresh:some}}", "00000000-0000-0000-0000-000000000000", "{{latin}}", "not-a-uuid")


def segment(text: str) -> str:
    """A part of a path: what stands in braces is filled in later."""
    return quote(text, safe="{}:", errors="surrogatepass")


def arguments(rule: Rule) -> Mapping[str, st.SearchStrategy[str]]:
    """What may stand in each place of an address."""
    found = {}
    for name, converter in rule._converters.items():
        kind = type(converter).__name__
        own = {"token": "card", "authority": "authority", "member": "member", "number": "member"}.get(name)
        if kind == "AnyConverter":
            fits = st.sampled_from(sorted(converter.items))  # type: ignore[attr-defined]
        elif name == "year":
            fits = schemas.mostly(str(YEAR), rarely=st.sampled_from(YEARS))
        elif kind == "UUIDConverter":
            fits = st.one_of(st.sampled_from(UUIDS), *(schemas.keys(of) for of in ("attempt", "request", "receipt")))
        else:
            fits = (
                schemas.keys(own)
                if own
                else st.sampled_from(["down", "app.css", "verify_502", "{{digest:0}}", "{{digest:1}}"])
            )
        found[name] = st.one_of(fits, fits, fits, texts.texts).map(segment)
    return found


def targets(rule: Rule) -> st.SearchStrategy[str]:
    """Addresses of a route, with a query or none."""
    parts = re.split(r"<[^>]*?(\w+)>", rule.rule)
    given = arguments(rule)

    @st.composite
    def built(draw: st.DrawFn) -> str:
        path = "".join(draw(given[part]) if place % 2 else part for place, part in enumerate(parts))
        pairs = [
            (draw(st.sampled_from(QUERIES)), draw(QUERY_VALUES)) for _ in range(draw(st.sampled_from((0, 0, 1, 2, 3))))
        ]
        return path + "".join(
            f"{'&' if place else '?'}{name}={segment(text)}" for place, (name, text) in enumerate(pairs)
        )

    return built()


QUERY_VALUES = st.one_of(
    texts.texts,
    st.sampled_from(
        ["isfahan", "submitted", "settled", str(YEAR), "0", "50", "-1", "1405/07/15", "۱۴۰۵/۰۷/۱۵", "/member"]
    ),
    schemas.keys("member"),
    schemas.keys("attempt"),
    schemas.keys("authority"),
)
