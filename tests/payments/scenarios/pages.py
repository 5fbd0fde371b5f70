"""What the member's own pages say while a payment is in flight, is lost, or can't be made: case 33."""

import re

import httpx

from clients.gateway.web.session import COOKIE
from shared.contract.payment import queries
from tests.demo import page
from tests.payments.cases import case
from tests.payments.scenarios.checkout import PENDING
from tests.support.member import Member, eventually
from tests.support.system import ANSWER_SECONDS, YEAR

PAY_BUTTON = f'<form method="post" action="/member/pay/{YEAR}">'
DOWN = "درگاه بانک پاسخ نمی‌دهد؛ اکنون پرداخت ممکن نیست"
GO_ON, WAIT_FOR_THE_MANAGER = "پرداخت نیمه‌کاره را ادامه دهید", "منتظر تأیید پرداخت بمانید"
TO_PAY, PAID_ALREADY = "حق عضویت را بپردازید", "این صورت‌حساب پرداخت شده است؛ دوباره پرداخت نکنید."


class Pages:
    """A browser in which the member is signed in."""

    def __init__(self, member: Member) -> None:
        session = member.cluster.session_of("member", member.person.name, member.person.secret)
        self.browser = httpx.Client(
            base_url=member.cluster.portal, cookies={COOKIE: session}, timeout=ANSWER_SECONDS, trust_env=False
        )

    def next_action(self) -> str:
        """The heading of the one next thing at the top of home."""
        [title] = re.findall(r'<h2 id="next-title">([^<]*)</h2>', self.browser.get("/member").text)
        return str(title)

    def words(self, address: str) -> str:
        """All that a page says."""
        return page.read(self.browser.get(address).text).words

    def pay_page(self) -> tuple[str, bool]:
        """What the pay page says, and whether it offers to pay."""
        text = self.browser.get(f"/member/pay/{YEAR}").text
        return page.read(text).words, PAY_BUTTON in text


@case(33, when="alone")
def the_member_comes_home_while_a_payment_is_in_flight_or_the_bank_is_down(member: Member) -> None:
    pages = Pages(member)
    assert pages.next_action() == TO_PAY
    member.cluster.switch("down", 1000)
    eventually(lambda: bool(member.refused()) and pages.next_action() == DOWN, "home tells of the outage")
    said, is_offered = pages.pay_page()
    assert DOWN in said
    assert not is_offered
    bank_is_up_again(member)
    assert pages.next_action() == TO_PAY

    visit = member.go_to_bank()
    assert pages.next_action() == PENDING
    said, is_offered = pages.pay_page()
    assert GO_ON in said
    assert is_offered

    member.cluster.switch("inquiry_502", 1000, visit.authority)
    member.press(visit, "lose")
    said, is_offered = pages.pay_page()
    assert PENDING in said
    assert not is_offered
    assert pages.next_action() == PENDING
    member.cluster.switch("inquiry_502", 0, visit.authority)
    bank_is_up_again(member)
    eventually(lambda: PAID_ALREADY in pages.pay_page()[0], "the pay page learns of the payment")
    assert pages.next_action() == WAIT_FOR_THE_MANAGER
    pages.browser.close()


def bank_is_up_again(member: Member) -> None:
    member.cluster.switch("down", 0)
    eventually(lambda: member.portal.call(queries.GetBankHealth()).is_up, "the bank is up")
