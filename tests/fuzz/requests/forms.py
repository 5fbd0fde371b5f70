"""The fields of the portal's forms, learned by opening its pages as everybody: names, choices, and what stands in them."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from hypothesis import strategies as st
from werkzeug.exceptions import HTTPException

from tests.demo import page
from tests.fuzz.raw_http import Wire
from tests.fuzz.requests import texts
from tests.fuzz.requests.case import Case
from tests.fuzz.requests.placeholders import Filling
from tests.fuzz.users import Cast
from tests.support.system import YEAR

WITH_FORMS = ("fresh", "drafted", "declared", "returned", "approved", "paid", "refund-asked")
"""States in which all forms are shown between them."""
PLACE = re.compile(r"<(?:[^<>]*:)?(\w+)>")
MEANT = {"csrf_token": "{{csrf}}", "command_id": "{{fresh:id}}"}
BY_NAME = {
    "reason": "دلیل: {{persian}} {{latin}} {{mobile}}",
    "mobile": "{{mobile}}",
    "name": "{{member}}",
    "password": "{{latin}}",
    "amount": "۹٬۰۰۰٬۰۰۰",
    "total": "9000000",
    "on": "۱۴۰۵/۰۹/۰۶",
    "paid_on": "1405/01/15",
    "slip": "SLIP-{{latin}}",
    "bank_reference": "REF-{{latin}}",
    "address": "خیابان {{persian}}، پلاک ۷",
    "postal_code": "۸۱۷۳۹۵۴۳۲۱",
    "truth_ack": "true",
}
"""What fits where the page shows nothing."""
OWN_FIELDS = {"/payment/return": ("SaleOrderId", "RefId", "ResCode", "SaleReferenceId", "FinalAmount")}
"""Forms that are no page of ours: the bank's, which leads back."""
UNKNOWN = (
    "{{latin}}",
    "jobs.99999999999999999999.kind",
    "jobs.x.kind",
    "jobs..",
    ".",
    "a.b.c.d",
    "jobs.0",
    "jobs",
    "action",
)


@dataclass
class Learned:
    """The fields of each form by the route that it leads to, with the values that were seen or may be chosen."""

    seen: dict[str, dict[str, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))

    def fields(self, rule: str) -> st.SearchStrategy[list[list[str]]]:
        """What is posted to a route: all fields, some of them spoilt, left out or said twice."""
        known = self.seen.get(rule, {})
        names = sorted(set(known) | set(OWN_FIELDS.get(rule, ())) | set(MEANT))
        choices = {name: sorted(known.get(name, ())) for name in names}

        @st.composite
        def built(draw: st.DrawFn) -> list[list[str]]:
            pairs = [[name, draw(fitting(name, choices[name]))] for name in names]
            for _ in range(draw(st.sampled_from((0, 0, 1, 1, 2)))):
                spoil(draw, pairs)
            return pairs

        return built()


def fitting(name: str, choices: list[str]) -> st.SearchStrategy[str]:
    if name in MEANT:
        return st.just(MEANT[name])
    meant = BY_NAME.get(name.rpartition(".")[2])
    if meant is not None and not any(choices):
        return st.just(meant)
    return st.sampled_from([*choices, meant or "{{persian}}"])


def spoil(draw: st.DrawFn, pairs: list[list[str]]) -> None:
    """Change one field, leave it out, say it twice, or add one that is none."""
    place = draw(st.integers(0, len(pairs) - 1))
    match draw(st.sampled_from(("text", "text", "text", "out", "twice", "unknown"))):
        case "text":
            pairs[place] = [pairs[place][0], draw(texts.texts)]
        case "out" if len(pairs) > 1:
            del pairs[place]
        case "twice":
            pairs.append([pairs[place][0], draw(texts.texts)])
        case _:
            pairs.append([draw(st.sampled_from(UNKNOWN)), draw(texts.texts)])


def pages(app: Flask, states: Collection[str]) -> Iterator[Case]:
    """Every page about members in some states, as its readers have it: their own, officers', and what anybody may see."""
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint not in {"static", "api.index"}:
            about = states if {"member", "number", "attempt", "token"} & rule.arguments else ("paid",)
            for who in readers(states, rule.rule):
                for state in [who.partition(":")[2]] if ":" in who else about:
                    for target in filled(rule.rule, state):
                        yield Case(f"GET {rule.rule}", who, "GET", target)


def readers(states: Collection[str], rule: str) -> list[str]:
    if rule.startswith("/member"):
        return [f"member:{state}" for state in states]
    return ["manager", "finance", "treasury"] if rule.startswith("/desk") else ["nobody", "member:paid"]


def filled(rule: str, state: str) -> list[str]:
    """A route's addresses about the member in a state."""
    given = {
        "member": f"{{{{member:{state}}}}}",
        "number": f"{{{{member:{state}}}}}",
        "year": str(YEAR),
        "task": f"{{{{request:{state}}}}}",
        "attempt": f"{{{{attempt:{state}}}}}",
        "token": f"{{{{receipt:{state}}}}}" if "receipt" in rule else "{{card:confirmed}}",
        "captcha": "{{fresh:captcha}}",
    }
    choice = re.search(r"<any\((.*?)\):\w+>", rule)
    choices = re.findall(r"'([^']*)'", choice[1]) if choice else [""]
    rules = [rule.replace(choice[0], one) if choice else rule for one in choices]
    return [PLACE.sub(lambda place: given.get(place[1], "{{digest:0}}"), one) for one in rules]


def learn(cast: Cast, app: Flask) -> Learned:
    """Open the pages, and note their forms."""
    found, wire, routes = Learned(), Wire(cast.cluster.portal), app.url_map.bind("localhost")
    for case in pages(app, WITH_FORMS):
        answer = wire.send(Filling(cast, case, 0, "learning").sent())
        for form in page.read(answer.text).forms:
            for action in {form.action or case.target, *(button.action for button in form.buttons)} - {""}:
                if form.method.lower() == "post" and (rule := route_of(routes, urlsplit(action).path)):
                    note(found.seen[rule], form)
    wire.close()
    return found


def route_of(routes: Any, path: str) -> str:
    """The route of a form's address."""
    try:
        rule, _ = routes.match(path, method="POST", return_rule=True)
    except HTTPException:
        return ""
    return str(rule.rule)


def note(seen: dict[str, set[str]], form: page.Form) -> None:
    for control in form.controls:
        seen[control.name] |= {control.value, *control.options}
    for button in form.buttons:
        if button.name:
            seen[button.name].add(button.value)
