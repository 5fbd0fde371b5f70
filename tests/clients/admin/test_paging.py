"""Lists over several provinces: limit and offset are of the whole list, whose order is the one of each province's own."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from shared.contract import base
from shared.contract.capacity import answers as capacity_answers
from shared.contract.payment import answers as payment_answers
from shared.contract.payment import finance_answers
from shared.contract.renewal import answers as renewal_answers
from shared.contract.renewal import mine_answers
from tests.clients.admin.commands.desk.test_contested_mines import MINE
from tests.clients.admin.commands.payments.test_four_eyes import task
from tests.clients.admin.examples import CAPACITY, NAMES, SETTLED, SUBMITTED
from tests.clients.admin.fake_server import MARYAM, Tamdid

PROVINCES = ("isfahan", "qom", "yazd")
ROWS = 250
"""Of a province; more than one answer holds."""
Page = Callable[[Any], base.Answer]


def nth(query: Any, place: int) -> int:
    """The rows of the provinces take turns: 0 is Isfahan's first, 1 is Qom's first."""
    return place * len(PROVINCES) + PROVINCES.index(query.province)


def page(make: Callable[[int], Any], name: str, kind: Any, **more: Any) -> Page:
    """Answers a page of a province's own list, which has `ROWS` rows in order."""

    def answer(query: Any) -> base.Answer:
        last = min(ROWS, query.offset + query.limit)
        rows = tuple(make(nth(query, place)) for place in range(query.offset, last))
        return kind(**{name: rows}, total=ROWS, **more)  # type: ignore[no-any-return]

    return answer


def renewal(place: int) -> renewal_answers.Renewal:
    assert SUBMITTED.review_due_at
    due_at = SUBMITTED.review_due_at + timedelta(minutes=place)
    return SUBMITTED.model_copy(update={"member": f"{1000 + place}", "review_due_at": due_at})


def settled(place: int) -> payment_answers.Invoice:
    assert SETTLED.settled_at
    at = SETTLED.settled_at + timedelta(minutes=place)
    return SETTLED.model_copy(
        update={"member": f"{1000 + place}", "settled_at": at, "confirmed_at": at - 2 * timedelta(minutes=2 * place)}
    )


def waiting(place: int) -> finance_answers.MoneyTask:
    one = task("held")
    return one.model_copy(update={"member": f"{1000 + place}", "since": one.since + timedelta(minutes=place)})


def used(place: int) -> capacity_answers.Capacity:
    return CAPACITY.model_copy(update={"member": f"{1000 + place}", "used_units": 200_000 - place})


LISTS = {
    "desk list": ("renewal.list_desk", page(renewal, "renewals", renewal_answers.Desk, overdue=2), "renewals"),
    "payments list": ("payment.list_payments", page(settled, "invoices", payment_answers.Payments), "invoices"),
    "payments list --status confirmed": (
        "payment.list_payments",
        page(settled, "invoices", payment_answers.Payments),
        "invoices",
    ),
    "payments tasks": ("payment.list_money_tasks", page(waiting, "tasks", finance_answers.MoneyTasks), "tasks"),
    "capacity over-use": ("capacity.list_over_use", page(used, "capacities", capacity_answers.OverUse), "capacities"),
}


@pytest.fixture
def three_provinces(maryam: Tamdid) -> Tamdid:
    passport = MARYAM.passport.model_copy(update={"provinces": frozenset(PROVINCES)})
    maryam.sign_in(MARYAM.model_copy(update={"passport": passport}))
    maryam.server.replies = {"auth.get_member_names": NAMES}
    return maryam


@pytest.mark.parametrize("words", LISTS)
@pytest.mark.parametrize(("limit", "offset"), [(3, 0), (5, 7), (200, 600), (10, 745), (10, 750)])
def test_limit_and_offset_are_of_the_whole_list(three_provinces: Tamdid, words: str, limit: int, offset: int) -> None:
    method, answer, name = LISTS[words]
    three_provinces.server.replies[method] = answer
    document = three_provinces.json(*words.split(), "--limit", str(limit), "--offset", str(offset))
    there = range(ROWS * len(PROVINCES))[offset : offset + limit]
    assert [row["member"] for row in document[name]] == [f"{1000 + place}" for place in there]
    assert document["total"] == ROWS * len(PROVINCES)


def test_one_province_is_asked_for_just_its_page(three_provinces: Tamdid) -> None:
    three_provinces.server.replies["renewal.list_desk"] = LISTS["desk list"][1]
    document = three_provinces.json("desk", "list", "--province", "yazd", "--limit", "2", "--offset", "240")
    assert len(document["renewals"]) == 2
    [queries_sent] = three_provinces.server.messages
    assert (queries_sent.limit, queries_sent.offset) == (2, 240)  # type: ignore[attr-defined]


def test_a_mine_that_members_of_two_provinces_claim_is_listed_once(three_provinces: Tamdid) -> None:
    three_provinces.server.replies["renewal.list_contested_mines"] = mine_answers.ContestedMines(mines=(MINE,), total=1)
    document = three_provinces.json("desk", "mines")
    assert (len(document["mines"]), document["total"]) == (1, 1)
