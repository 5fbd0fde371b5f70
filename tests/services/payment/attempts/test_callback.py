"""A flood of callbacks: the bank is asked once in a few seconds, the evidence is bounded, and the payer is not kept waiting for it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import select

from services.payment.attempts import callback, checkout, polling, reconciler
from services.payment.attempts.verification import Verification
from services.payment.banks import exchange_log
from services.payment.banks.port import Exchange, NotPaid, Paid, SessionStatus
from services.payment.tables import EXCHANGES, INQUIRIES
from shared.contract.payment import commands
from shared.event_store.command_handler import Records
from tests.services.payment.attempts.test_verification import attempt
from tests.services.payment.fake_bank import FakeBank
from tests.services.payment.samples import (
    AT,
    AUTHORITY,
    BANK,
    FIRST,
    ISSUE,
    MEMBER,
    OTHER_AUTHORITY,
    REFERENCE,
    record,
    stamped,
    start,
)

PAUSE = timedelta(seconds=polling.VISIT_PAUSE_SECONDS)
CALLS_PER_VERIFICATION = 2
OTHER_MEMBER = "0099999"


def under_way(records: Records, bank: FakeBank) -> Verification:
    record(records, ISSUE, start())
    return Verification(records, bank)


def come_back(verification: Verification, at: datetime, member: str = "") -> None:
    actor = f"member:{member}" if member else "program:gateway"
    command = commands.VerifyPayment(id=uuid4(), deadline=at + PAUSE, at=at, actor=actor, authority=AUTHORITY)
    assert callback.handle_callback(command, verification).attempt == FIRST


def undecided() -> FakeBank:
    return FakeBank(NotPaid("not_paid"), SessionStatus.IN_BANK)


def test_a_thousand_callbacks_cause_a_few_inquiries(sqlite_records: Records) -> None:
    bank = undecided()
    verification = under_way(sqlite_records, bank)
    for number in range(1000):
        come_back(verification, AT + number * timedelta(milliseconds=12))
    assert len(bank.inquiries) == 3 * CALLS_PER_VERIFICATION  # in 12 s


def test_of_callbacks_at_the_same_moment_one_causes_an_inquiry(records: Records) -> None:
    bank = undecided()
    verification = under_way(records, bank)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: come_back(verification, AT), range(8)))
    assert len(bank.inquiries) == CALLS_PER_VERIFICATION


def test_a_browser_that_comes_back_later_is_answered_by_the_bank(records: Records) -> None:
    bank = undecided()
    verification = under_way(records, bank)
    come_back(verification, AT)
    bank.verdict = Paid(REFERENCE)
    come_back(verification, AT + PAUSE - timedelta(milliseconds=1))
    assert attempt(records).status == "started"
    come_back(verification, AT + PAUSE)
    assert attempt(records).status == "settled"


def test_the_payer_does_not_wait_for_a_strangers_visit(records: Records) -> None:
    bank = undecided()
    verification = under_way(records, bank)
    come_back(verification, AT)
    bank.verdict = Paid(REFERENCE)
    come_back(verification, AT, member=OTHER_MEMBER)
    assert attempt(records).status == "started"
    come_back(verification, AT, member=MEMBER)
    assert attempt(records).status == "settled"


def test_the_payers_visits_have_the_same_pause_among_themselves(sqlite_records: Records) -> None:
    bank = undecided()
    verification = under_way(sqlite_records, bank)
    for number in range(1000):
        come_back(verification, AT + number * timedelta(milliseconds=12), member=MEMBER)
        come_back(verification, AT + number * timedelta(milliseconds=12))
    assert len(bank.inquiries) == 2 * 3 * CALLS_PER_VERIFICATION  # in 12 s


def test_a_browser_that_comes_back_too_soon_is_answered_by_the_next_poll(sqlite_records: Records) -> None:
    bank = undecided()
    verification = under_way(sqlite_records, bank)
    come_back(verification, AT)
    bank.verdict = Paid(REFERENCE)
    come_back(verification, AT + timedelta(milliseconds=1))
    reconciler.poll_due_attempts(verification, AT + callback.POLL_AFTER)
    assert attempt(sqlite_records).status == "settled"


def test_more_callbacks_do_not_shorten_the_pauses_of_polling(sqlite_records: Records) -> None:
    verification = under_way(sqlite_records, undecided())
    come_back(verification, AT)
    assert reconciler.poll_due_attempts(verification, AT + callback.POLL_AFTER) == 1
    with sqlite_records.read() as connection:
        due = INQUIRIES.find(connection, FIRST)
    come_back(verification, AT + PAUSE)
    with sqlite_records.read() as connection:
        assert INQUIRIES.find(connection, FIRST) == due


def test_callbacks_to_a_paid_attempt_poll_it_once_in_a_while(sqlite_records: Records) -> None:
    bank = FakeBank(Paid(REFERENCE), SessionStatus.VERIFIED)
    verification = under_way(sqlite_records, bank)
    come_back(verification, AT)
    bank.inquiries.clear()
    for number in range(40):
        at = AT + PAUSE + number * timedelta(milliseconds=500)  # 20 s
        come_back(verification, at)
        reconciler.poll_due_attempts(verification, at)
    assert 0 < len(bank.inquiries) <= 4


def test_reloads_of_the_pay_page_cause_one_inquiry(sqlite_records: Records) -> None:
    bank = undecided()
    verification = under_way(sqlite_records, bank)
    reloads = [checkout.inquire_open_attempts(reload(), verification) for _ in range(50)]
    assert reloads == [True, *[False] * 49], "in between the payer may have paid"
    assert len(bank.inquiries) == 1


def test_the_pay_page_does_not_wait_for_a_strangers_visit(sqlite_records: Records) -> None:
    bank = undecided()
    verification = under_way(sqlite_records, bank)
    come_back(verification, AT)
    assert checkout.inquire_open_attempts(reload(), verification)
    come_back(verification, AT, member=MEMBER)
    assert len(bank.inquiries) == CALLS_PER_VERIFICATION + 1, "its reloads and the payer's own callbacks count together"


def test_reloads_while_the_bank_is_silent_are_uncertain(sqlite_records: Records) -> None:
    verification = under_way(sqlite_records, FakeBank(session_status=SessionStatus.UNKNOWN))
    assert not any(checkout.inquire_open_attempts(reload(), verification) for _ in range(3))


def reload() -> commands.CheckPayment:
    return commands.CheckPayment(**stamped())


def exchange(authority: str, number: int, *, is_usable: bool = True) -> Exchange:
    return Exchange("inquiry", authority, "{}", f"answer {number}", is_usable=is_usable)


def test_the_first_and_the_last_exchanges_of_an_attempt_are_kept(records: Records) -> None:
    record_exchange = exchange_log.recorder(records.database, BANK, lambda: AT)
    record_exchange(exchange(OTHER_AUTHORITY, 0))
    for number in range(100):
        record_exchange(exchange(AUTHORITY, number))
    half = exchange_log.EXCHANGES_PER_ATTEMPT_MAX // 2
    assert answers(records, AUTHORITY) == [f"answer {n}" for n in (*range(half), *range(100 - half, 100))]
    assert answers(records, OTHER_AUTHORITY) == ["answer 0"]


def answers(records: Records, authority: str) -> list[str]:
    query = select(EXCHANGES.c.answer).where(EXCHANGES.c.authority == authority).order_by(EXCHANGES.c.number)
    with records.read() as connection:
        return list(connection.execute(query).scalars())
