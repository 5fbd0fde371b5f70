"""What the bank says after the payment: a refund whose answer is lost, and statements that overlap or correct each other: cases 26, 30, 31."""

from contextlib import closing
from datetime import date, timedelta

from clients.admin.transport.http import HttpServer
from shared.contract.payment import commands, finance_answers, queries
from shared.contract.refusals import Reason
from shared.text import persian
from tests.demo import users
from tests.payments.bank_statement import count, counting, digest_of, hand_over, line
from tests.payments.cases import CHARGE, CREDIT, FEE, PAYMENT, REVERSAL, case
from tests.payments.scenarios.checkout import NOBODYS_KEY
from tests.payments.scenarios.officers import REASON, refusal
from tests.support.member import Member, eventually
from tests.support.system import fresh

PAID_TWICE, WENT_BACK = "این صورت‌حساب دو بار پرداخت شده است", "پرداخت اضافه برگردانده شد"
LOST = 1_000


@case(26, attempts=("reversed", "settled"), ledger=(CHARGE, PAYMENT, CREDIT, REVERSAL), when="alone")
def the_answer_to_a_refund_is_lost(member: Member) -> None:
    """The bank has given a second payment back and cannot say so: nobody sends the money once more, and it goes back once."""
    first = member.go_to_bank()
    member.cluster.switch("reverse_drop", LOST, first.authority)
    member.press(first, "wrong")
    member.open(member.press(member.go_to_bank()))
    member.becomes("failed", "settled")
    member.press(first, "close")
    eventually(lambda: "reversal_unknown" in member.tasks(), "finance sees that the answer is lost")
    assert member.attempts() == ("duplicate", "settled")
    result = f"{member.cluster.portal}/payment/result/{first.attempt}"
    assert member.open(result) == PAID_TWICE
    command = commands.RequestRefund(**fresh(), **member.of, attempt=first.attempt, amount_rials=FEE, reason=REASON)
    assert refusal(member.cluster.finance, command) is Reason.REFUND_IN_FLIGHT
    member.cluster.switch("inquiry_502", 0, first.authority)
    member.becomes("reversed", "settled")
    assert member.open(result) == WENT_BACK
    eventually(lambda: member.portal.call(queries.GetBankHealth()).is_up, "the bank is up")


def day(officer: HttpServer, on: date) -> finance_answers.ReconciledDay:
    return officer.call(queries.GetDay(on=on))


def exceptions(member: Member, on: date) -> list[str]:
    """What the bank and we do not agree on of this member's payments."""
    keys = {visit.authority for visit in member.visits}
    return [one.kind for one in day(member.cluster.finance, on).exceptions if one.authority in keys]


@case(30)
def two_files_of_the_bank_have_the_same_payment(member: Member) -> None:
    """Each of them counts, and the payment once, also where the whole file comes again under another name."""
    visit = member.pay()
    paid = line(member, visit)
    on = paid.paid_at.astimezone(persian.TEHRAN).date()
    stranger = paid.model_copy(update={"authority": NOBODYS_KEY, "bank_reference": "30"})
    count(member, [paid])
    count(member, [paid, stranger])
    count(member, [stranger, paid])
    assert counting(member, [paid]) is Reason.STATEMENT_COUNTED
    assert exceptions(member, on) == []
    assert member.balance().balance_rials == 0


@case(31)
def a_corrected_statement_comes_after_a_wrong_one(member: Member) -> None:
    """Its difference is shown before it counts, a colleague counts it, and the day that was closed is closed anew."""
    visit = member.pay()
    member.at_bank(visit, "age", int(timedelta(days=1) / timedelta(minutes=1)))
    right = line(member, visit)
    on = right.paid_at.astimezone(persian.TEHRAN).date()
    wrong = right.model_copy(update={"amount_rials": FEE + 10})
    count(member, [wrong])
    assert exceptions(member, on) == ["amount_differs"]
    finance = member.cluster.finance
    treasurer = users.officer("treasury", nth=1)
    with closing(member.cluster.signed_in("officer", treasurer.name, treasurer.secret)) as colleague:
        assert refusal(finance, commands.CloseDay(**fresh(), on=on)) is Reason.OWN_STATEMENT
        assert refusal(member.cluster.manager, commands.CloseDay(**fresh(), on=on)) is Reason.NOT_ALLOWED
        assert colleague.call(commands.CloseDay(**fresh(), on=on)).closed_at is not None
        correction = hand_over(finance, [right], corrects=digest_of([wrong]))
        assert refusal(finance, commands.CountStatement(**fresh(), statement=correction)) is Reason.OWN_CORRECTION
        seen = colleague.call(queries.GetStatement(statement=correction))
        shown = seen.difference
        assert shown is not None
        [change] = shown.changes
        assert (change.kind, change.before_rials, change.after_rials) == ("changed", FEE + 10, FEE)
        assert shown.reopens == (on,)
        colleague.call(commands.CountStatement(**fresh(), statement=correction, opened_at=seen.opened_at))
        assert day(colleague, on).reopened_by == f"officer:{treasurer.name}"
        assert refusal(colleague, commands.CloseDay(**fresh(), on=on)) is Reason.OWN_STATEMENT
    assert exceptions(member, on) == []
    assert finance.call(commands.CloseDay(**fresh(), on=on)).reopened_at is None
