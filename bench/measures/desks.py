"""The manager's desk: the search among 100,000 members by each key, and the page with 5,000 that wait, by each filter."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from time import perf_counter
from typing import Any

from pydantic import SecretStr

from bench.environment import Environment
from bench.findings import Finding
from bench.implementations import registers
from bench.implementations.member_histories import PROVINCE
from bench.runner import percentile
from clients.gateway.app import make_app
from clients.gateway.web.session import COOKIE
from services.auth.service import AuthService
from services.renewal.service import RenewalService
from shared.app_context import AppContext
from shared.contract.auth import queries as auth_queries
from shared.contract.base import Answer, Message
from shared.contract.renewal import queries
from shared.settings import Settings
from tests.clients.gateway.fake_services import FakeServices

KINDS = ("postgresql", "sqlite")
MEMBERS, FEW_MEMBERS = 100_000, 5_000
WAITING = 5_000
SEARCH_MS_MAX, PAGE_MS_MAX = 50, 100
SEARCHES = 150
"""By each key."""
KEYS: Mapping[str, Callable[[registers.Person], str]] = {
    "first name": lambda one: one["first_name"],
    "last name": lambda one: one["last_name"],
    "both names": lambda one: f"{one['first_name']} {one['last_name']}",
    "beginnings, the last name first": lambda one: f"{one['last_name'][:3]} {one['first_name'][:2]}",
    "both names in Arabic letters": lambda one: f"{one['first_name']} {one['last_name']}".replace("ی", "ي").replace(
        "ک", "ك"
    ),
    "membership number": lambda one: one["account"].removeprefix("member:"),
    "national code without leading zeros": lambda one: one["national_code"].lstrip("0"),
    "two common beginnings": lambda one: f"{one['first_name'][:1]} {one['last_name'][:1]}",
    "a name that few have beside a common one": lambda _one: "محمد ژاله",
}
FILTERS: Sequence[Mapping[str, str]] = (
    {},
    {"flag": "none", "change": "first"},
    {"flag": "any"},
    {"flag": "contested_mine"},
    {"flag": "duplicate_contact", "sort": "jobs"},
    {"flag": "over_ceiling"},
    {"change": "same", "flag": "none", "debt": "none", "returned": "none"},
    {"debt": "none", "sort": "debt", "start": "2500"},
    {"deadline": "overdue", "field": "extraction", "jobs": "some"},
    {"sort": "newest", "start": "4950"},
)
PAGES = 30
"""By each of the filters."""


def desks(environment: Environment) -> Iterator[Finding]:
    for kind in KINDS:
        yield searching(environment, kind)
        yield paging(environment, kind)


def searching(environment: Environment, kind: str) -> Finding:
    """The service's own answer, its record of what the officer has read included; without the transport."""
    count = FEW_MEMBERS if environment.quick else MEMBERS
    service, persons = registers.register(environment.database_url(kind), count)
    chance = random.Random(count)  # noqa: S311 - no secret
    times: dict[str, list[float]] = {}
    with environment.progress.step(len(KEYS)) as advance:
        for key, typed in KEYS.items():
            texts = [typed(chance.choice(persons)) for _ in range(SEARCHES)]
            times[key] = [timed(service, text) for text in texts]
            advance()
    service.records.database.close()
    worst = max(percentile(found, 0.95) for found in times.values())
    what = f"search among {count:,} members, {kind}: p95 of the slowest key"
    return Finding("17", what, 1000 * worst, "ms", at_most=SEARCH_MS_MAX, figures=figures(times))


def timed(service: AuthService, text: str) -> float:
    payload = auth_queries.SearchMembers(province=PROVINCE, text=text).model_dump(mode="json")
    start = perf_counter()
    service.search_members(payload)
    return perf_counter() - start


def paging(environment: Environment, kind: str) -> Finding:
    """The whole page of the gateway with both services behind it, without the transport between."""
    services = Behind(
        registers.register(environment.database_url(kind), WAITING)[0],
        registers.desk(environment.database_url(kind), WAITING),
    )
    settings = Settings.model_validate({"var": str(environment.folder), "page_secret": SecretStr("a secret")})
    client = make_app(AppContext(services, settings)).test_client()
    client.set_cookie(COOKIE, "manager-session")
    times: dict[str, list[float]] = {}
    with environment.progress.step(len(FILTERS)) as advance:
        for chosen in FILTERS:
            name = " ".join(f"{key}={value}" for key, value in chosen.items()) or "no filter"
            times[name] = []
            for _ in range(PAGES):
                start = perf_counter()
                answer = client.get("/desk", query_string=chosen)
                times[name].append(perf_counter() - start)
                if answer.status_code != 200:  # noqa: PLR2004 - OK
                    raise RuntimeError(f"/desk {name}: {answer.status}")
            advance()
    services.close()
    worst = max(percentile(found, 0.95) for found in times.values())
    what = f"the desk's page with {WAITING:,} waiting, {kind}, RPC apart: p95 of the slowest filter"
    return Finding("17", what, 1000 * worst, "ms", at_most=PAGE_MS_MAX, figures=figures(times))


def figures(times: Mapping[str, Sequence[float]]) -> dict[str, Any]:
    return {
        name: {f"p{100 * share:g}_ms": round(1000 * percentile(found, share), 2) for share in (0.5, 0.95)}
        for name, found in times.items()
    }


class Behind(FakeServices):
    """The services behind the desk; the others answer from memory."""

    def __init__(self, auth: AuthService, renewal: RenewalService) -> None:
        super().__init__()
        self.own = {auth_queries.GetMemberNames: auth, queries.ListDesk: renewal}

    def __call__(self, message: Message[Any], passport: str | None = None, service: str | None = None) -> Any:
        own = self.own.get(type(message))
        if own is None:
            return super().__call__(message, passport, service)
        found: Answer = message.answer().model_validate(getattr(own, message.method)(message.model_dump(mode="json")))
        return found

    def close(self) -> None:
        for own in self.own.values():
            own.records.database.close()
