"""The next step of a notice: by which way, when, or no more."""

from datetime import time, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notification.addresses.contacts import Choices, Contact, is_quiet, quiet_ends
from services.notification.delivery import ways
from services.notification.delivery.ways import Done, Send, Situation, Stop, Tried, Wait, next_step
from services.notification.notices.kinds import Rule
from shared.contract.notification.values import NoticeKind, Way
from tests.services.notification.samples import AT, EMAIL, SMS

BOTH = {SMS: Contact("09130000001", is_usable=True), EMAIL: Contact("a@example.ir", is_usable=True)}
NIGHT = AT.replace(hour=19)
"""22:30 in Tehran."""


def situation(**changes: Any) -> Situation:
    plain = Situation(
        kind=NoticeKind.REQUEST_RECEIVED,
        rule=Rule(),
        happened_at=AT,
        choices=Choices(),
        contacts=BOTH,
        tried=(),
        providers={SMS: ("kavenegar", "smsir"), EMAIL: ("smtp",)},
        down=frozenset(),
        reports=frozenset({SMS}),
    )
    return plain._replace(**changes)


def tried(way: Way = SMS, provider: str = "kavenegar", state: str = "failed", cause: str = "unknown") -> Tried:
    return Tried(way, provider, state, cause, AT)


def test_it_goes_by_sms_first() -> None:
    assert next_step(situation(), AT) == Send(SMS, "kavenegar")


def test_a_provider_that_is_down_is_passed_for_the_next() -> None:
    assert next_step(situation(down=frozenset({"kavenegar"})), AT) == Send(SMS, "smsir")


def test_what_a_provider_refuses_another_sends() -> None:
    assert next_step(situation(tried=[tried(cause="refused")]), AT) == Send(SMS, "smsir")


@pytest.mark.parametrize("cause", ["blocked", "undelivered", "unknown"])
def test_what_may_have_been_sent_is_not_sent_again_by_the_same_way(cause: str) -> None:
    assert next_step(situation(tried=[tried(cause=cause)]), AT) == Send(EMAIL, "smtp")


def test_a_delivery_is_waited_for_and_then_the_next_way_is_taken() -> None:
    sent = situation(tried=[tried(state="sent", cause="")])
    assert next_step(sent, AT) == Wait(AT + ways.ARRIVES_WITHIN)
    assert next_step(sent, AT + ways.ARRIVES_WITHIN) == Send(EMAIL, "smtp")


def test_what_has_arrived_is_sent_no_more() -> None:
    assert next_step(situation(tried=[tried(state="delivered", cause="")]), AT) == Done()
    assert next_step(situation(tried=[tried(EMAIL, "smtp", "sent", "")]), AT) == Done()


@pytest.mark.parametrize("kind", sorted(NoticeKind))
def test_who_has_no_address_is_telephoned_about_money_at_stake_alone(kind: NoticeKind) -> None:
    at_stake = kind in {"approved", "invoice_ends", "payment_unknown", "money_back"}
    expected = Stop("no_way" if at_stake else "no_address")
    assert next_step(situation(kind=kind, contacts={}), AT) == expected
    assert next_step(situation(kind=kind, contacts={EMAIL: BOTH[EMAIL]}, choices=Choices(ways=(SMS,))), AT) == expected


def test_who_is_lost_is_told_nothing_and_what_has_arrived_stays_so() -> None:
    assert next_step(situation(lost="dismissed"), AT) == Stop("dismissed")
    assert next_step(situation(lost="erased", contacts={}), AT) == Stop("erased")
    assert next_step(situation(lost="dismissed", tried=[tried(state="delivered", cause="")]), AT) == Done()


def test_without_an_address_that_gets_it_there_is_no_way() -> None:
    stopped = {SMS: Contact("09130000001", is_usable=False)}
    assert next_step(situation(contacts=stopped), AT) == Stop("no_way")
    assert next_step(situation(tried=[tried(), tried(EMAIL, "smtp")]), AT) == Stop("no_way")


def test_where_all_are_down_it_is_waited_for() -> None:
    down = situation(down=frozenset({"kavenegar", "smsir", "smtp"}))
    assert next_step(down, AT) == Wait(AT + ways.PROVIDER_AGAIN_AFTER)


@pytest.mark.parametrize("cause", ["account", "busy", "credit", "unreachable"])
def test_what_passes_is_tried_again_ever_later_where_no_other_way_is_left(cause: str) -> None:
    """One provider that restarts must not make every message a task of the office."""
    alone = situation(contacts={SMS: BOTH[SMS]}, providers={SMS: ("kavenegar",)})
    log: list[Tried] = []
    at, waited = AT, []
    for _ in range(ways.REFUSALS_MAX):
        assert next_step(alone._replace(tried=log), at) == Send(SMS, "kavenegar")
        log.append(Tried(SMS, "kavenegar", "failed", cause, at))
        step = next_step(alone._replace(tried=log), at)
        if isinstance(step, Wait):
            waited.append(step.until - at)
            at = step.until
    assert waited[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert next_step(alone._replace(tried=log), at) == Stop("no_way")
    assert at - AT < timedelta(days=1)
    by_mail = alone._replace(contacts=BOTH, providers={SMS: ("kavenegar",), EMAIL: ("smtp",)}, tried=log[:1])
    assert next_step(by_mail, AT) == Send(EMAIL, "smtp"), "another way is not waited for"


def test_at_night_only_what_is_urgent_is_sent() -> None:
    assert next_step(situation(happened_at=NIGHT), NIGHT) == Wait(quiet_ends(Choices(), NIGHT))
    assert next_step(situation(happened_at=NIGHT, rule=Rule(is_urgent=True)), NIGHT) == Send(SMS, "kavenegar")


def test_what_helps_no_more_is_not_sent_unless_an_officer_wants_it() -> None:
    late = AT + timedelta(days=4)
    assert next_step(situation(), late) == Stop("too_old")
    assert next_step(situation(is_resent=True), late) == Send(SMS, "kavenegar")


def test_a_person_chooses_but_for_what_is_urgent() -> None:
    mail = Choices(ways=(EMAIL,))
    assert next_step(situation(choices=mail), AT) == Send(EMAIL, "smtp")
    assert next_step(situation(choices=mail, rule=Rule(is_urgent=True)), AT) == Send(SMS, "kavenegar")
    assert next_step(situation(choices=Choices(ways=())), AT) == Stop("not_chosen")
    without = situation(choices=Choices(wants_reminders=False), rule=Rule(is_reminder=True))
    assert next_step(without, AT) == Stop("not_chosen")


@given(st.times(), st.times(), st.integers(0, 2 * 24 * 60))
def test_after_the_quiet_hours_it_is_not_quiet(quiet_from: time, quiet_to: time, minutes: int) -> None:
    choices, at = Choices(quiet_from=quiet_from, quiet_to=quiet_to), AT + timedelta(minutes=minutes)
    if is_quiet(choices, at):
        assert at < quiet_ends(choices, at) <= at + timedelta(days=1)
        assert not is_quiet(choices, quiet_ends(choices, at))


def test_every_situation_has_an_end() -> None:
    """However the messages end, a notice is sent at most once by each way, and then no more."""
    for outcomes in product(("refused", "blocked", "unknown", "undelivered"), repeat=3):
        log: list[Tried] = []
        for cause in outcomes:
            step = next_step(situation(tried=log), AT)
            if isinstance(step, Stop):
                break
            assert isinstance(step, Send)
            log.append(Tried(step.way, step.provider, "failed", cause, AT))
        assert len({(one.way, one.provider) for one in log}) == len(log)
        assert sum(one.way is SMS and one.cause != "refused" for one in log) <= 1
        assert next_step(situation(tried=[*log, tried(SMS, "smsir"), tried(EMAIL, "smtp")]), AT) == Stop("no_way")
