"""Every endpoint of the portal, found in the program itself, and strategies of requests to each by whoever stands before it."""

from collections.abc import Mapping
from typing import Any, cast

from flask import Flask
from hypothesis import strategies as st
from pydantic import SecretStr
from werkzeug.routing import Rule

from clients.bank import app as web
from clients.gateway.api.catalogue import OFFERED
from clients.gateway.app import make_app
from shared.app_context import AppContext
from shared.contract.base import CallService
from shared.event_store.command_handler import Records
from shared.settings import Settings
from tests.fuzz.raw_http import SPOILERS
from tests.fuzz.requests import schemas, texts
from tests.fuzz.requests.case import CALLERS, ROLES, Case
from tests.fuzz.requests.forms import Learned
from tests.fuzz.requests.routes import targets
from tests.fuzz.requests.schemas import STATE
from tests.support import openapi

RequestsByEndpoint = Mapping[tuple[str, str], st.SearchStrategy[Case]]
"""Requests by endpoint and role."""
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "FOO", "get")
STRANGE_HEADERS = (
    ("Content-Type", "text/plain"),
    ("Content-Type", "application/json; charset=utf-16"),
    ("Content-Type", "multipart/form-data"),
    ("Content-Type", "multipart/form-data; boundary={{long:300}}"),
    ("Content-Type", "{{persian}}"),
    ("Content-Length", "-1"),
    ("Content-Length", "12{{latin}}"),
    ("Content-Length", "99999999999999999999"),
    ("Content-Encoding", "gzip"),
    ("X-Correlation-Id", "{{latin}}"),
    ("Idempotency-Key", '"{{fresh:id}}"'),
    ("Idempotency-Key", "{{latin}}"),
    ("X-Forwarded-For", "{{latin}}, 999.1.1.1"),
    ("X-Forwarded-Host", "{{latin}}, ["),
    ("X-Forwarded-Proto", "{{persian}}"),
    ("Host", "{{latin}}.example"),
    ("Host", "["),
    ("Cookie", "tamdid_session={{latin}}; tamdid_session=\ud800; tamdid_page={{persian}}"),
    ("Cookie", "a={{long:5000}}"),
    ("Authorization", "Bearer {{latin}}"),
    ("Authorization", "Bearer {{long:5000}}"),
    ("Authorization", "Basic {{persian}}"),
    ("Accept", "{{persian}}"),
    ("Accept", "text/html"),
    ("Accept-Language", "en"),
    ("Accept-Language", "{{long:5000}}"),
    ("Range", "bytes=9-1,-{{latin}}"),
    ("If-None-Match", "{{latin}}"),
    ("If-Modified-Since", "Thu, 99 Foo 99999 99:99:99 GMT"),
    ("Expect", "{{latin}}"),
    ("Referer", "http://{{latin}}.example/?{{mobile}}"),
    ("{{latin}}", "{{persian}}"),
)


def whom(role: str) -> st.SearchStrategy[str]:
    """Somebody with a role: of members, one in any state."""
    return STATE.map("member:{}".format) if role == "member" else st.just(role)


def applications() -> Mapping[str, Flask]:
    """The web applications of the gateway and the bank program, to read their routes from; they answer nothing here."""
    settings = Settings(page_secret=SecretStr("of no instance"), development=True)
    gateway = make_app(AppContext(cast(CallService, None), settings))
    return {
        "portal": gateway,
        "bank": web.make_app(AppContext(cast(CallService, None), settings, cast(Records, object()))),
    }


@st.composite
def disturbed(draw: st.DrawFn, cases: st.SearchStrategy[Case]) -> Case:
    """A request about some member, now and then of another method, with a strange header, a spoilt body, or sent twice at once."""
    case = draw(cases)
    case = changed(case, about=case.who.partition(":")[2] or draw(STATE))
    match draw(st.integers(0, 19)):
        case 0:
            return changed(case, method=draw(st.sampled_from(METHODS)))
        case 1:
            return changed(case, headers=(*case.headers, draw(st.sampled_from(STRANGE_HEADERS))))
        case 2 if case.kind:
            return changed(case, spoilt=draw(st.sampled_from(sorted(SPOILERS))))
        case 3:
            return changed(case, times=2)
        case 4:
            return changed(
                case,
                target=case.target
                + draw(st.sampled_from(("%ff", "%", "%zz", "%00", "//", "/..", "?" + "a=1&" * 2500))),
            )
        case _:
            return case


def changed(case: Case, **new: Any) -> Case:
    return Case(**{**vars(case), **new})


def api() -> RequestsByEndpoint:
    """The JSON API, by the schemas of its OpenAPI description."""
    found = {}
    for service, method in OFFERED:
        named_endpoint, target = f"{service}.{method}", f"/api/{service}/{method}"
        parts = openapi.DOCUMENT["components"]["schemas"]
        content = schemas.spoilt(schemas.of(openapi.request_schema(target), parts))
        for role in CALLERS:
            fixed = map(st.just, ("POST", target, "portal", "", (), "json"))
            found[named_endpoint, role] = disturbed(
                st.builds(Case, st.just(named_endpoint), whom(role), *fixed, content)
            )
    return found


def pages(app: Flask, host: str, roles: tuple[str, ...] = ROLES) -> RequestsByEndpoint:
    """The pages by their addresses."""
    found = {}
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            named_endpoint = f"GET {rule.rule}"
            for role in roles:
                fixed = (st.just(named_endpoint), whom(role), st.just("GET"), targets(rule), st.just(host))
                found[named_endpoint, role] = disturbed(st.builds(Case, *fixed))
    return found


def posts(app: Flask, learned: Learned) -> RequestsByEndpoint:
    """The pages' forms, with the fields that the pages themselves have shown."""
    rules = [one for one in app.url_map.iter_rules() if "POST" in (one.methods or ()) and one.endpoint != "api.answer"]
    return {(f"POST {rule.rule}", role): disturbed(form_cases(rule, role, learned)) for rule in rules for role in ROLES}


@st.composite
def form_cases(draw: st.DrawFn, rule: Rule, role: str, learned: Learned) -> Case:
    kind = "multipart" if rule.rule == "/desk/statement" else draw(st.sampled_from(("form",) * 9 + ("multipart",)))
    content = draw(learned.fields(rule.rule))
    if kind == "multipart" and draw(st.booleans()):
        names = st.sampled_from(("a.csv", "{{persian}}.csv", "", "a\x00.xlsx"))
        content = [*content, ["file", draw(statements()), draw(names)]]
    return Case(f"POST {rule.rule}", draw(whom(role)), "POST", draw(targets(rule)), kind=kind, content=content)


@st.composite
def statements(draw: st.DrawFn) -> str:
    """A bank's statement with strange cells."""
    cells = st.one_of(
        texts.texts, st.sampled_from(["{{authority:paid}}", "9000000", "2026-03-21T10:00:00+03:30", "VERIFIED", "0"])
    )
    lines = [[draw(cells) for _ in range(5)] for _ in range(draw(st.integers(0, 3)))]
    separator = draw(st.sampled_from((",", ",", ",", ";", "\t")))
    heading = ["authority", "amount_rial", "paid_at_iso", "status", "ref_id"]
    return "\n".join(separator.join(line) for line in [heading, *lines])
