"""What the member is told, step by step: each notice once in the log, once in the inbox, and once by the way that it came."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from clients.admin.transport.http import HttpServer
from services.notification import templates
from services.notification.notices.kinds import RULES
from services.notification.templates import Rendered
from shared.contract.envelope import Recorded
from shared.contract.notification import events, queries
from shared.contract.notification.values import NoticeKind
from shared.settings import Settings
from tests.demo import expected, steps, users
from tests.demo.browser import Unexpected
from tests.demo.checks import same
from tests.demo.event_logs import Logs, until
from tests.demo.message_faults import MessageScenario
from tests.demo.phone import OnPhone, Phone
from tests.demo.steps import Scenario, Step

PATIENCE_SECONDS = 30
PROOF = "The member proves the declared number by the code that came to it, and chooses to be told at any hour."
ANY_HOUR = {"quiet_from": "00:00", "quiet_to": "00:00"}
"""No hour is quiet where the quiet hours end as they begin."""
KINDS: Mapping[Callable[[Scenario], None], NoticeKind] = {
    steps.send_declaration: NoticeKind.REQUEST_RECEIVED,
    steps.approve: NoticeKind.APPROVED,
    steps.come_back: NoticeKind.PAYMENT_RECEIVED,
    steps.confirm: NoticeKind.PAYMENT_CONFIRMED,
}
"""The notice that a step must bring."""


@dataclass(frozen=True)
class NoticeOutcome:
    """A notice with what came of it."""

    kind: NoticeKind
    rendered: Rendered
    arrived: OnPhone | None
    """None where it is in the inbox only."""
    before: tuple[str, ...]
    """What has not worked, such as `sms by kavenegar: refused`."""


class Notices:
    """The notices to the applicant."""

    def __init__(self, scenario: Scenario, logs: Logs, phone: Phone, fault: MessageScenario | None = None) -> None:
        self.logs, self.phone, self.fault = logs, phone, fault
        self.person = f"member:{scenario.applicant.name}"
        self.texts = templates.load(Settings().templates_folder, scenario.portal)

    def steps(self, bank: str) -> list[Step]:
        """All steps, with the proof of the number where the declaration is sent, and with what goes wrong after it."""
        ours = [Step(4, PROOF, self.prove)]
        if self.fault is not None:
            mail = "The member proves the declared e-mail address as well."
            ours += [Step(4, mail, self.prove_mail), Step(4, self.fault.words, self.switch)]
        found = list(steps.steps(bank))
        after = 1 + next(at for at, step in enumerate(found) if step.do is steps.send_declaration)
        return [*found[:after], *ours, *found[after:]]

    def prove(self, scenario: Scenario) -> None:
        self.prove_address(scenario, self.phone.addresses[0])
        browser = scenario.members_browser
        browser.go("/messages/ways")
        browser.press("ثبت انتخاب", ANY_HOUR)
        browser.must_say("انتخاب شما ثبت شد.")

    def prove_mail(self, scenario: Scenario) -> None:
        self.prove_address(scenario, self.phone.addresses[1])

    def switch(self, _scenario: Scenario) -> None:
        if self.fault is not None:
            self.phone.switch(self.fault)

    def prove_address(self, scenario: Scenario, address: str) -> None:
        """Have a code sent to the first declared address that is not proved, and type it."""
        browser = scenario.members_browser
        browser.go("/member/renewal")
        browser.press("فرستادن کد")
        browser.must_say("کد شش‌رقمی را بنویسید")
        code = until(lambda: self.phone.code(address), PATIENCE_SECONDS, f"code to {address} on the phone")
        browser.press("ثبت کد", {"code": users.typed(code)})
        browser.must_say("درست بود؛")

    def wait_for(self, kind: NoticeKind) -> tuple[list[Recorded], NoticeOutcome]:
        """The notice of a kind when something came of it, with the events recorded meanwhile."""
        news: list[Recorded] = []

        def look() -> NoticeOutcome | None:
            news.extend(self.logs.news())
            due = next((one for one in self.due() if one.kind is kind), None)
            return self.outcome(due) if due is not None else None

        seconds = self.fault.seconds if self.fault is not None else PATIENCE_SECONDS
        until(look, seconds, f"notice {kind} to {self.person}, by any way")
        found = look()  # once more, for the log may tell a moment later than the phone what failed before
        if found is None:
            raise Unexpected(f"the notice {kind} has come and is gone")
        return news, found

    def due(self) -> list[events.NoticeDue]:
        found = [one.event for one in self.logs.read if isinstance(one.event, events.NoticeDue)]
        return [one for one in found if one.person == self.person]

    def outcome(self, due: events.NoticeDue) -> NoticeOutcome | None:
        """What came of a notice; None while it is on its way."""
        messages = self.on_phone(due)
        arrived = [one for one in messages if one.is_delivered or self.fault is None]
        if not arrived and not self.is_passed(due):
            return None
        lost = [f"{one.way} by {one.provider}: not delivered" for one in messages if one not in arrived]
        before = (*self.failures(due), *lost)
        return NoticeOutcome(due.kind, self.rendered(due), arrived[0] if arrived else None, before)

    def is_passed(self, due: events.NoticeDue) -> bool:
        passed = [one.event for one in self.logs.read if isinstance(one.event, events.NoticePassed)]
        return any(one.notice == due.notice for one in passed)

    def failures(self, due: events.NoticeDue) -> list[str]:
        failed = [one.event for one in self.logs.read if isinstance(one.event, events.NoticeFailed)]
        return [f"{one.way} by {one.provider}: {one.cause}" for one in failed if one.notice == due.notice]

    def rendered(self, due: events.NoticeDue) -> Rendered:
        return self.texts.render(due.kind, due.values)

    def on_phone(self, due: events.NoticeDue) -> list[OnPhone]:
        """The messages that have the notice's own text."""
        texts = self.rendered(due)
        return [one for one in self.phone.messages() if one.says(texts.sms) or one.says(texts.email_text)]

    def check(self, member: HttpServer) -> None:
        """Each (fact, person, kind) once in the log, once in the inbox, and once where it was sent."""
        self.logs.news()
        due = self.due()
        kinds = [one.kind for one in due if not RULES[one.kind].is_reminder]  # one comes when the year is about to end
        same("the kinds of notices", sorted(kinds), sorted(KINDS.values()))
        doubles = [key for key, count in Counter((one.fact, one.person, one.kind) for one in due).items() if count > 1]
        same("the notices that are there twice", doubles, [])
        found = member.call(queries.ListNotices()).notices
        inbox = {one.notice: (one.kind, self.rendered(one).inbox) for one in due}
        same("the inbox", sorted((one.notice, (one.kind, one.text)) for one in found), sorted(inbox.items()))
        for one in due:
            if not self.is_passed(one):
                until(lambda: self.arrived(one), PATIENCE_SECONDS, f"delivery of {one.kind}")  # noqa: B023 - called at once
            same(f"the times that {one.kind} arrived", len(self.arrived(one)), 0 if self.is_passed(one) else 1)

    def way_of(self, due: events.NoticeDue) -> str:
        """By which way a notice came out of the portal."""
        return next((f"by {one.way} ({one.provider})" for one in self.arrived(due)), "in the inbox alone")

    def arrived(self, due: events.NoticeDue) -> list[OnPhone]:
        return [one for one in self.on_phone(due) if one.is_delivered]


def addresses(year: int) -> tuple[str, str]:
    """The number and the e-mail address of the declaration."""
    form = expected.declaration(year)
    return str(form["mobile"]), str(form["email"])
