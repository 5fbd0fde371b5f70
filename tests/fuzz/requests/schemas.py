"""Strategies from JSON schemas: values as the contract wants them, with the edges of every type, and the same spoilt in places."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st

from shared.contract.renewal.commands import POLICY_LENGTH_MAX
from tests.fuzz.requests import texts
from tests.fuzz.users import STATES
from tests.support.system import YEAR

Schema = Mapping[str, Any]
STATE = st.sampled_from(sorted(STATES))
INTEGERS = (0, 1, 2, 1000)
ITEMS_MAX = 3
UNKNOWN_FIELDS = ("actor", "at", "{{latin}}", "", "__class__", "model_config", "\ud800", "{{persian}}")


def mostly(*common: Any, rarely: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """The common values eight times of nine."""
    often = st.sampled_from(common)
    return st.one_of(*[often] * 8, rarely)


def keys(kind: str) -> st.SearchStrategy[Any]:
    """A placeholder of what the member has whom the request is about, now and then of another's."""
    return mostly(f"{{{{{kind}}}}}", rarely=STATE.map(lambda state: f"{{{{{kind}:{state}}}}}"))


DAYS = st.sampled_from(
    ("2026-03-21", "2026-11-27", "2027-03-20", "2025-03-20", "2024-03-19", "0001-01-01", "9999-12-31", "1900-01-01")
)
INSTANTS = st.sampled_from(
    ("2026-11-27T10:00:00Z", "2026-03-20T23:59:59.999999+03:30", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z")
)
ROWS = st.fixed_dictionaries(
    {
        "membership_no": st.sampled_from(["770011", "770012", "{{member:fresh}}", "{{member:confirmed}}"]),
        "national_code": st.sampled_from(["0012345679", "12345679", "2292222221", "{{mobile}}"]),
        "first_name": texts.plain,
        "last_name": texts.plain,
        "province": st.sampled_from(["isfahan", "fars"]),
        "member_class": st.sampled_from(["grade_2", "unlicensed", "intern", "senior"]),
        "licence_fields": st.sampled_from(["", "extraction", "extraction;exploration"]),
        "licence_expires_on": st.sampled_from(["", "1407/12/29", "۱۴۰۸/۱۲/۳۰", "9999/12/29"]),
        "paid_through": st.sampled_from(["", "1404", "1401", "1440", "1370"]),
    }
)
BY_NAME: Mapping[str, st.SearchStrategy[Any]] = {
    "id": mostly("{{fresh:id}}", rarely=st.sampled_from([f"{{{{again:{n}}}}}" for n in range(3)])),
    "deadline": mostly("{{soon}}", rarely=st.sampled_from(["{{late}}", "9999-12-31T23:59:59+00:00", "{{soon}}"])),
    "member": keys("member"),
    "members": st.lists(keys("member"), max_size=ITEMS_MAX),
    "membership_no": st.sampled_from(["3412001", "770011", "770012", "{{member:fresh}}"]),
    "year": mostly(YEAR, rarely=st.sampled_from([1370, YEAR - 1, YEAR + 1, 1500])),
    "attempt": keys("attempt"),
    "request": keys("request"),
    "token": keys("receipt"),
    "amount_rials": st.one_of(keys("amount"), st.sampled_from([1, 1000, 9_000_000, 2**31, 2**63 - 1, 10**15])),
    "province": mostly("isfahan", rarely=st.sampled_from(["fars", "atlantis"])),
    "provinces": st.sampled_from([["isfahan"], ["isfahan", "fars"], []]),
    "officer": st.sampled_from(["{{victim}}", "fuzz.other"]),
    "roles": st.lists(st.sampled_from(["manager", "finance", "treasury", "admin"]), min_size=1, max_size=3),
    "rows": st.lists(ROWS, max_size=ITEMS_MAX),
    "session": st.just("{{latin}}"),
    "principal_kind": st.sampled_from(["member", "officer"]),
    "statement": st.sampled_from([f"{{{{digest:{n}}}}}" for n in range(4)]),
    "bank": mostly("zarinpal", rarely=st.sampled_from(["mellat", "nobank"])),
    "authority": st.one_of(keys("authority"), st.just("A" + "0" * 35)),
    "before": st.just("{{policy}}"),
    "after": st.one_of(st.just("{{policy}}"), st.just("{{policy}}\n# {{latin}}\n"), texts.texts),
    "source": st.sampled_from(["auth", "renewal", "payment", "bank"]),
    "partition_key": st.one_of(keys("member"), st.just("renewal/{{member}}")),
    "mobile": st.just("{{mobile}}"),
    "phone": st.sampled_from(["", "{{mobile}}"]),
    "email": st.sampled_from(["", "{{latin}}@example.com"]),
    "declaration_version": mostly(1, rarely=st.sampled_from([0, 2, 2**31])),
    "truth_ack": mostly(True, rarely=st.booleans()),
    "cadastre_code": st.sampled_from(["", "K-1", "{{latin}}"]),
    "quantity": st.sampled_from([1, "1", "0.01", "9999.99", 2.5, "1e2"]),
    "slip": st.sampled_from(["SLIP-1", "slip/{{latin}}"]),
    "bank_reference": st.sampled_from(["", "{{latin}}", "1234567890"]),
    "postal_code": st.sampled_from(["8173954321", "1111111111"]),
    "reason": st.just("دلیل: {{persian}} {{latin}} {{mobile}}"),
}
"""What a field of this name means, wherever it stands."""


def of(schema: Schema, defs: Schema, name: str = "") -> st.SearchStrategy[Any]:
    """Values that a schema allows."""
    if name in BY_NAME:
        return BY_NAME[name]
    if "$ref" in schema:
        return of(defs[schema["$ref"].rpartition("/")[2]], defs, name)
    if "anyOf" in schema:
        return st.one_of([of(one, defs) for one in schema["anyOf"]])
    if "enum" in schema or "const" in schema:
        return st.sampled_from(schema.get("enum") or [schema["const"]])
    kind = schema.get("type")
    if kind == "object":
        return objects(schema, defs)
    if kind == "array":
        return arrays(schema, defs)
    return SIMPLE.get(str(kind), anything)(schema)


def anything(_schema: Schema) -> st.SearchStrategy[Any]:
    return texts.values


def objects(schema: Schema, defs: Schema) -> st.SearchStrategy[Any]:
    fields = schema.get("properties")
    if fields is None:
        rows = of(schema.get("additionalProperties") or {}, defs)
        named = next(iter(schema.get("patternProperties", {".*": {}})))
        return st.dictionaries(
            st.sampled_from(["{{latin}}", "city", "jobs.0.title", "note", named]), rows, max_size=ITEMS_MAX
        )
    needed = set(schema.get("required", ()))
    given = {name: of(one, defs, name) for name, one in fields.items()}
    return st.fixed_dictionaries(
        {name: one for name, one in given.items() if name in needed},
        optional={name: one for name, one in given.items() if name not in needed and name not in {"actor", "at"}},
    )


def arrays(schema: Schema, defs: Schema) -> st.SearchStrategy[Any]:
    least = schema.get("minItems", 0)
    items = of(schema.get("items", {}), defs)
    return st.lists(items, min_size=least, max_size=min(schema.get("maxItems", ITEMS_MAX), max(ITEMS_MAX, least)))


def strings(schema: Schema) -> st.SearchStrategy[Any]:
    match schema.get("format"):
        case "uuid":
            return st.sampled_from(["{{fresh:some}}", "00000000-0000-0000-0000-000000000000"])
        case "date":
            return DAYS
        case "date-time":
            return INSTANTS
        case "time" | "time-local":
            return st.sampled_from(["08:00", "00:00:00", "23:59:59.999999", "14:30:00+03:30"])
        case _:
            return typed(schema)


def typed(schema: Schema) -> st.SearchStrategy[Any]:
    """A text that fits the pattern, or within the lengths: at both edges too."""
    if "pattern" in schema:
        return st.from_regex(re.compile(schema["pattern"], re.ASCII), fullmatch=True)
    most = schema.get("maxLength", 60)
    edges = ["آ" * most, "x" * schema.get("minLength", 1)] if most <= POLICY_LENGTH_MAX else []
    return st.one_of(texts.plain, st.sampled_from(edges)) if edges else texts.plain


def integers(schema: Schema) -> st.SearchStrategy[Any]:
    """Small ones, and both edges."""
    least = schema.get("minimum", schema.get("exclusiveMinimum", -1) + 1)
    most = schema.get("maximum", 2**63 - 1)
    edges = (least, most, most - 1, least + 1, *INTEGERS)
    return st.sampled_from(sorted({one for one in edges if least <= one <= most}))


SIMPLE: Mapping[str, Callable[[Schema], st.SearchStrategy[Any]]] = {
    "string": strings,
    "integer": integers,
    "number": lambda _schema: st.sampled_from([1, 0.01, 2.5, 9999.99, 1e6]),
    "boolean": lambda _schema: st.booleans(),
    "null": lambda _schema: st.none(),
}


@st.composite
def spoilt(draw: st.DrawFn, valid: st.SearchStrategy[Any]) -> Any:
    """A valid value, half of the time with one or two places of it spoilt."""
    value = draw(valid)
    for _ in range(draw(st.sampled_from((0, 0, 0, 1, 1, 2)))):
        value = spoil(draw, value)
    return value


def spoil(draw: st.DrawFn, value: Any) -> Any:
    """The value with something else in one place: at the top, or anywhere below."""
    if isinstance(value, dict) and value and draw(st.integers(0, 9)) > 0:
        name = draw(st.sampled_from(sorted(value)))
        how = draw(st.sampled_from(("inside", "inside", "inside", "drop", "add")))
        if how == "inside":
            return value | {name: spoil(draw, value[name])}
        if how == "drop":
            return {other: one for other, one in value.items() if other != name}
        return value | {draw(st.sampled_from(UNKNOWN_FIELDS)): draw(texts.values)}
    if isinstance(value, list) and value and draw(st.booleans()):
        place = draw(st.integers(0, len(value) - 1))
        return [*value[:place], spoil(draw, value[place]), *value[place + 1 :]]
    return draw(texts.values)
