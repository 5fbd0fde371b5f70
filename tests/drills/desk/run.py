"""The desk drill: a private instance with many members and mixed requests, one manager in Chromium, and what the log says of it afterwards."""

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field

from playwright.sync_api import Browser

from clients.gateway.review import keyboard
from deploy import demonstration
from shared.contract.envelope import Recorded
from shared.contract.renewal import events
from shared.settings import Settings
from tests.demo import steps, users
from tests.demo.__main__ import SESSION_COOKIE
from tests.demo.browser import Browser as PlainBrowser
from tests.demo.event_logs import Logs
from tests.drills.desk import filling
from tests.drills.desk.manager import Manager
from tests.support.servers import instance

SIZE = {"width": 1280, "height": 800}
ANSWER_MS = 60_000


@dataclass(frozen=True)
class Plan:
    """How many members there are, how many requests one by one or at once, and how many by the keyboard before them."""

    members: int
    requests: int
    by_keys: int


FULL, SHORT = Plan(5000, 400, 20), Plan(40, 20, 10)


@dataclass
class Report:
    """What was done, and what is not as it must be."""

    plan: Plan
    kinds: Counter[str]
    with_mouse: Manager
    with_keys: Manager
    violations: list[str] = field(default_factory=list)


def run(plan: Plan, browser: Browser, report_line: Callable[[str], object]) -> Report:
    with instance.standalone() as running:
        report_line(f"a private instance at {running.portal}; {plan.members} members are enrolled")
        requests = filling.kinds(plan.by_keys) + filling.kinds(plan.requests)
        with closing(demonstration.signed_in(running.portal, "admin", demonstration.admin_password())) as admin:
            filling.register(admin, requests, plan.members)
        running.end()
        report_line(f"{len(requests)} requests are declared")
        filling.declare(Settings(var=running.var), requests)
        running.start()
        with closing(demonstration.signed_in(running.portal, "admin", demonstration.admin_password())) as admin:
            logs = Logs(admin)
            keys, mouse = at_the_desk(running.portal, browser, plan, report_line)
            recorded = [one for one in logs.news() if one.source == "renewal"]
    report = Report(plan, Counter(requests), mouse, keys)
    report.violations += wrong_decisions(dict(enumerate(requests)), recorded)
    report.violations += [f"not on the first screen: {what}" for what in keys.out_of_sight + mouse.out_of_sight]
    return report


def at_the_desk(
    portal: str, browser: Browser, plan: Plan, report_line: Callable[[str], object]
) -> tuple[Manager, Manager]:
    """The work with the keyboard alone, and then that with the mouse."""
    context = browser.new_context(viewport=SIZE, locale="fa-IR", timezone_id="Asia/Tehran", reduced_motion="reduce")  # type: ignore[arg-type]
    context.set_default_timeout(ANSWER_MS)
    try:
        cookies = {SESSION_COOKIE: session(portal), keyboard.COOKIE: keyboard.ON}
        context.add_cookies([{"name": name, "value": value, "url": portal} for name, value in cookies.items()])
        page = context.new_page()
        keys, mouse = Manager(page, portal), Manager(page, portal)
        report_line(f"{plan.by_keys} requests are decided with the keyboard")
        keys.decide_by_keys(plan.by_keys)
        context.clear_cookies(name=keyboard.COOKIE)
        report_line(f"{plan.requests} requests are decided with the mouse")
        mouse.decide_unchanged()
        mouse.decide_one_by_one()
    finally:
        context.close()
    return keys, mouse


def session(portal: str) -> str:
    """The manager signs in, which is no part of the work."""
    person = users.officer("manager")
    with closing(PlainBrowser(portal)) as browser:
        browser.go("/sign-in")
        steps.sign_in(browser, "officer", person.name, person.secret)
        browser.must_say("خروج")
        return browser.cookie(SESSION_COOKIE)


def wrong_decisions(requests: Mapping[int, str], recorded: list[Recorded]) -> list[str]:
    """Each request has one decision, the right one for its kind."""
    found: dict[str, list[filling.Event]] = {}
    for one in recorded:
        if isinstance(one.event, events.RenewalApproved | events.RenewalReturned | events.RenewalRejected):
            fields = one.event.fields if isinstance(one.event, events.RenewalReturned) else ()
            found.setdefault(one.event.member, []).append((one.type, tuple(each.field for each in fields)))
    return [
        f"member {filling.number(index)}, {kind}: {decided}"
        for index, kind in requests.items()
        if (decided := found.get(filling.number(index), [])) != [filling.KINDS[kind].right]
    ]
