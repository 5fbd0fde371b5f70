"""Running the scenarios in one cluster: those that disturb nobody at once, the others after them, each in its place."""

import time
import traceback
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass

from tests.payments.cases import CASES, Case, When, comparable, differences
from tests.payments.scenarios import checkout, invoices, officers, pages, statements
from tests.support.member import Member, Seen, eventually
from tests.support.system import YEAR, Cluster

AT_ONCE = 5
BANK_MONEY = {"payment", "credit", "reversal"}
SECOND_BANK = {"TAMDID_BANK_KIND": "mellat"}
WRITTEN = (checkout, officers, pages, statements, invoices)
"""Whoever imports them has all cases."""


@dataclass
class Result:
    """A scenario that has ended."""

    case: Case
    seen: Seen | None = None
    trouble: str = ""
    """What was not as the contract says; nothing where all was."""
    seconds: float = 0.0


OnResult = Callable[[Result], None]


def run(cluster: Cluster, on_result: OnResult = lambda _result: None) -> dict[int, Result]:
    """Run all scenarios; what came of each, by its number."""
    with members(cluster, sorted(CASES)) as people:
        cluster.keys_that_were_paid.append(people[0].pay().authority)
        results: dict[int, Result] = {}

        def end(ended: Result) -> None:
            results[ended.case.number] = ended
            on_result(ended)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            for ended in pool.map(lambda one: play(one, people[one.number]), of("together")):
                end(ended)
        for one in of("alone"):
            end(play(one, people[one.number]))
        for ended in play_around(of("at a power cut"), people, cluster):
            end(ended)
        cluster.start(**SECOND_BANK)
        for one in of("at the second bank"):
            end(play(one, people[one.number]))
        return results


def of(when: When) -> list[Case]:
    return [CASES[number] for number in sorted(CASES) if CASES[number].when == when]


@contextmanager
def members(cluster: Cluster, numbers: Sequence[int]) -> Iterator[dict[int, Member]]:
    """A member with an approved renewal for each scenario, and number 0, who pays before all others."""
    with ExitStack() as stack:
        paid_through = [YEAR - 1, *(CASES[number].paid_through for number in numbers)]
        persons = dict(zip((0, *numbers), cluster.enrol(len(paid_through), paid_through), strict=True))
        found = {number: stack.enter_context(closing(Member(cluster, one))) for number, one in persons.items()}
        with ThreadPoolExecutor(AT_ONCE) as pool:
            approved = [one for number, one in found.items() if number == 0 or CASES[number].is_approved]
            list(pool.map(Member.be_approved, approved))
        yield found


def play(case: Case, member: Member) -> Result:
    """Play a scenario that needs nobody else, and see what came of it."""
    began = time.monotonic()
    return finish(case, member, lambda: case.story(member), began)


def play_around(cases: Sequence[Case], people: dict[int, Member], cluster: Cluster) -> Iterator[Result]:
    """Play scenarios up to their middle, let the power be cut and come again, and play them to their end."""
    began = time.monotonic()
    halves: list[tuple[Case, Generator[None] | None, str]] = []
    for case in cases:
        story = case.story(people[case.number])
        try:
            assert story is not None
            next(story)
            halves.append((case, story, ""))
        except Exception:  # noqa: BLE001 - told in its place
            halves.append((case, None, traceback.format_exc()))
    cluster.cut()
    cluster.start()
    for case, half, trouble in halves:
        if half is None:
            yield Result(case, trouble=trouble)
        else:
            yield finish(case, people[case.number], lambda half=half: list(half), began)  # type: ignore[misc]


def finish(case: Case, member: Member, story: Callable[[], object], began: float) -> Result:
    """Play to the end, then hold what is seen against what must be, as soon as it is so."""
    result = Result(case)
    try:
        story()
        eventually(lambda: comparable(member.seen(), case.ends) == case.ends, "as the contract says", seconds=20)
        the_bank_says_the_same(case, member)
    except Exception:  # noqa: BLE001 - told in the table
        result.trouble = traceback.format_exc()
    try:
        result.seen = comparable(member.seen(), case.ends)
        if found := differences(result.seen, case.ends):
            result.trouble = "\n".join([*found, result.trouble])
    except Exception:  # noqa: BLE001
        result.trouble += traceback.format_exc()
    result.seconds = time.monotonic() - began
    return result


def the_bank_says_the_same(case: Case, member: Member) -> None:
    """The money of the ledger is the money of the bank's own book."""
    if case.settles_elsewhere:
        return
    ledger = sum(entry.amount_rials for entry in member.balance().entries if entry.kind in BANK_MONEY)
    assert member.banks_book() == ledger
