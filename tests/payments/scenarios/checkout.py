"""The way to the bank and back, and what gets lost, doubled or falsified on it: cases 1 to 11, 15 to 22."""

import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

from clients.gateway.payment import callbacks
from shared.contract.payment import queries
from shared.contract.refusals import Reason
from tests.payments.cases import CHARGE, CREDIT, PAYMENT, REVERSAL, case
from tests.support.member import STRANGER, Member, eventually
from tests.support.system import TIME_SCALE

PAID = "پرداخت انجام شد"
NOT_PAID = "پرداخت انجام نشد"
PENDING = "در حال استعلام – دوباره پرداخت نکنید"
GIVEN_BACK = "بانک این پرداخت را برگرداند"
NOBODYS_KEY = "S0" + "0" * 34


@case(1)
def the_banks_notice_is_faster_than_the_browser(member: Member) -> None:
    visit = member.go_to_bank()
    back = member.press(visit, "pay")
    member.becomes("settled")
    assert member.open(back) == PAID


@case(2)
def the_browser_never_comes_back_and_nobody_tells_us(member: Member) -> None:
    member.press(member.go_to_bank(), "lose")
    member.becomes("settled")


@case(3)
def the_bank_tells_us_twice(member: Member) -> None:
    visit = member.go_to_bank()
    member.cluster.switch("notice_twice", 1, visit.authority)
    member.press(visit, "close")
    assert [member.notify(visit, f"msg_{visit.attempt.hex}") for _ in range(3)] == [202, 200, 200]
    member.becomes("settled")


@case(4, alerts=("callback_contradicts", "callback_again"))
def word_of_a_failure_comes_after_the_payment(member: Member) -> None:
    visit = member.go_to_bank()
    member.cluster.switch("callback_nok_paid", 1, visit.authority)
    assert member.open(member.press(visit)) == PAID
    member.becomes("settled")
    time.sleep(
        callbacks.ANSWERED_SECONDS / TIME_SCALE
    )  # until then it is the same callback, of which payment does not hear
    assert member.open(member.way_back(visit, "NOK")) == PAID
    assert member.notify(visit, status="failed") == 202


@case(5, attempts=("failed", "settled"), alerts=("amount_differs",))
def another_amount_is_paid_than_was_requested(member: Member) -> None:
    visit = member.go_to_bank()
    member.cluster.switch("amount_tampered", 1, visit.authority)
    assert member.open(member.press(visit)) != PAID
    member.becomes("failed")
    assert member.invoice().received_rials == 0
    member.open(member.press(member.go_to_bank()))


@case(8, attempts=("reversed", "settled"), ledger=(CHARGE, PAYMENT, CREDIT, REVERSAL))
def both_of_two_open_pages_are_paid(member: Member) -> None:
    first = member.go_to_bank()
    member.press(first, "wrong")
    second = member.go_to_bank()
    assert second.authority != first.authority
    assert member.open(member.press(second)) == PAID
    member.press(first, "close")


@case(9)
def the_bank_answers_nonsense_to_our_verify(member: Member) -> None:
    visit = member.go_to_bank()
    member.cluster.switch("verify_502", 2, visit.authority)
    member.press(visit, "lose")
    assert member.open(member.way_back(visit)) == PENDING
    member.becomes("settled")
    assert member.open(f"{member.cluster.portal}/payment/result/{visit.attempt}") == PAID


@case(10)
def the_answer_to_our_verify_is_lost_after_it_took_effect(member: Member) -> None:
    visit = member.go_to_bank()
    member.cluster.switch("verify_drop", 1, visit.authority)
    member.press(visit, "lose")
    assert member.open(member.way_back(visit)) == PENDING


@case(11, attempts=("failed", "settled"), when="at the second bank", settles_elsewhere=True)
def a_verified_payment_is_not_settled(member: Member) -> None:
    """One that the bank will not settle goes back; where only the answer was lost, it is asked for again."""
    member.cluster.switch("settle_fails")
    assert member.pay_at_second_bank() == NOT_PAID
    member.becomes("failed")
    member.cluster.switch("settle_drop")
    assert member.pay_at_second_bank() == PENDING


@case(15, when="alone")
def the_bank_is_down(member: Member) -> None:
    member.cluster.switch("down", 1000)
    assert [member.refused() for _ in range(4)] == [Reason.BANK_UNREACHABLE] * 4
    assert not member.portal.call(queries.GetBankHealth()).is_up
    eventually(lambda: member.cluster.has("BankOutageBegan") > 0, "an outage on record")
    member.cluster.switch("down", 0)
    eventually(lambda: member.portal.call(queries.GetBankHealth()).is_up, "the bank is up")
    assert member.cluster.has("BankOutageEnded") == member.cluster.has("BankOutageBegan")
    member.pay()


@case(16, when="at a power cut")
def we_are_down_when_the_browser_comes_back(member: Member) -> Generator[None]:
    visit = member.go_to_bank()
    member.press(visit, "lose")
    yield
    member.becomes("settled")
    assert member.open(member.way_back(visit)) == PAID


@case(17, when="at a power cut")
def we_fall_over_right_after_the_notice_was_accepted(member: Member) -> Generator[None]:
    visit = member.go_to_bank()
    member.press(visit, "lose")
    assert member.notify(visit) == 202
    yield
    member.becomes("settled")


@case(
    18,
    attempts=("held",),
    invoice="open",
    ledger=(CHARGE,),
    tasks=("held",),
    alerts=("reference_counted_before", "callback_of_another", "notice_not_signed"),
    settles_elsewhere=True,
)
def somebody_hands_in_an_old_success_again(member: Member) -> None:
    """Another's paid session for the own attempt, an old notice, and a bank's reference that counts already."""
    visit = member.go_to_bank()
    [paid] = member.cluster.keys_that_were_paid
    assert member.open(member.way_back(visit, authority=paid)) != PAID
    assert member.notify(visit, age=timedelta(minutes=6)) == 401
    assert member.attempts() == ("started",)
    member.cluster.switch("reference_repeated", 1, visit.authority)
    member.press(visit)


@case(19, alerts=("callback_unknown", "callback_contradicts", "notice_not_signed", "notice_differs"))
def somebody_forges_callbacks_and_notices(member: Member) -> None:
    visit = member.go_to_bank()
    assert member.open(member.way_back(visit, authority=NOBODYS_KEY)) not in {PAID, PENDING}
    assert member.open(member.way_back(visit) + "&Amount=1&RefId=1") == PENDING
    assert member.notify(visit, signatures=STRANGER) == 401
    assert member.notify(visit, f"msg_{visit.attempt.hex}") == 202
    assert member.notify(visit, f"msg_{visit.attempt.hex}", status="paid") == 409
    assert member.attempts() == ("started",)
    assert member.open(member.way_back(visit, "NOK")) == PENDING
    member.press(visit, "lose")  # the bank sends no notice: the polling asks
    member.becomes("settled")
    assert member.open(f"{member.cluster.portal}/payment/result/{visit.attempt}") == PAID


@case(20, alerts=("notice_not_signed",), when="alone")
def the_clocks_do_not_agree(member: Member) -> None:
    """The bank's is ten minutes ahead, and its notices are refused; those of a few minutes are taken."""
    member.cluster.switch("clock_ahead", 10)
    visit = member.go_to_bank()
    member.press(visit, "close")
    member.becomes("settled")
    member.cluster.switch("clock_ahead", 0)
    ages = [timedelta(minutes=minutes) for minutes in (-5.1, -4.9, 4.9, 5.1)]
    assert [member.notify(visit, age=age) for age in ages] == [401, 202, 202, 401]


@case(21)
def the_button_is_pressed_twice(member: Member) -> None:
    """The same click twice, and another device at the same time: one page at the bank."""
    click = uuid4()
    with ThreadPoolExecutor(3) as devices:
        visits = list(devices.map(member.go_to_bank, [click, click, uuid4()]))
    assert len({visit.page for visit in visits}) == 1
    assert member.open(member.press(visits[0])) == PAID


@case(22, when="alone")
def the_bank_breaks_off_when_its_page_is_requested(member: Member) -> None:
    member.cluster.switch("create_500")
    assert member.refused() is Reason.BANK_UNREACHABLE
    assert member.attempts() == ()
    member.pay()


@case(24, invoice="confirmed", when="at a power cut")
def word_of_the_confirmation_is_lost_on_its_way(member: Member) -> Generator[None]:
    member.pay()
    member.confirm()
    yield
    member.capacity_becomes("active")
