"""What came of a season: what is wrong, and the figures by kind and way, and by provider."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, get_args

from clients.phone.messages import PROVIDERS
from shared.contract.notification.events import NoticeFailed, NoticePassed, PassedCause
from tests.season.checks import Checks
from tests.season.records import has_arrived

CAUSES: Sequence[str] = get_args(PassedCause)


class Use(NamedTuple):
    """What a provider was handed, took and cost."""

    handed: int
    taken: int
    arrived: int
    segments: int
    cost_rials: int
    recorded_rials: int
    """By the service's own log; less where a provider does not tell its price, and of what a restore has taken back."""


@dataclass(frozen=True)
class Outcome:
    """All of it."""

    violations: list[str]
    kinds: Mapping[str, Counter[str]]
    """By kind: `due`, `sms sent` …, `passed` by cause, and `inbox only`."""
    uses: Mapping[str, Use]
    second_ways: Mapping[tuple[str, str], int]
    """Messages that came by a second way, by the reason and the first one's provider."""
    unreached: Mapping[str, int]
    """Notices passed with no way although their person has a proved address, by how the last message failed."""
    facts: int = 0
    kills: int = 0
    restores: int = 0
    rebuilds: int = 0
    turns: int = 0
    seconds: Mapping[str, float] = field(default_factory=dict)
    """Of the processors, by process."""

    @classmethod
    def of(cls, checks: Checks) -> "Outcome":
        violations = list(checks.violations())
        return cls(violations, kinds_of(checks), uses_of(checks), checks.second_ways, unreached(checks))


def kinds_of(checks: Checks) -> dict[str, Counter[str]]:
    """Count the notices of each kind by what became of them."""
    found: dict[str, Counter[str]] = {}
    for notice, key in checks.notices.items():
        count = found.setdefault(key.kind, Counter())
        count["due"] += 1
        for one in checks.records.of_notice[notice]:
            event: Any = one.event
            if one.type in ("NoticeSent", "NoticeDelivered", "NoticeFailed"):
                count[f"{event.way} {one.type.removeprefix('Notice').lower()}"] += 1
            elif one.type == "NoticePassed":
                count[event.cause] += 1
        messages = [sent for one in checks.records.handed_of[notice] for sent in one.taken]
        if not any(has_arrived(sent, checks.at) for sent in messages):
            count["inbox only"] += 1
    return found


def unreached(checks: Checks) -> Counter[str]:
    found = Counter[str]()
    for notice, key in checks.notices.items():
        events = [one.event for one in checks.records.of_notice[notice]]
        is_passed = any(isinstance(one, NoticePassed) and one.cause == "no_way" for one in events)
        if is_passed and checks.persons[key.person].addresses:
            failed = [f"{one.way}: {one.cause} ({one.provider})" for one in events if isinstance(one, NoticeFailed)]
            found[failed[-1] if failed else "no usable address of the kind's ways"] += 1
    return found


def uses_of(checks: Checks) -> dict[str, Use]:
    """What the phone says of each provider, beside what the service has recorded."""
    handed = Counter(one.provider for one in checks.records.handed)
    recorded = Counter[str]()
    for one in checks.records.events:
        event: Any = one.event
        if one.type == "NoticeSent":
            recorded[event.provider] += event.cost_rials
    uses = {}
    for provider in PROVIDERS:
        taken = [one for one in checks.records.outbox if one.provider == provider]
        arrived = sum(has_arrived(one, checks.at) for one in taken)
        paid = (sum(one.segments for one in taken), sum(one.cost_rials for one in taken), recorded[provider])
        uses[provider] = Use(handed[provider], len(taken), arrived, *paid)
    return uses
