"""Signing in by a proof of work in place of the security phrase: a browser does it by itself, and a proof is good for one try of one phrase."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, expect

from deploy import demonstration
from services.auth.sign_in import captcha
from tests.attack.sign_in import Client, outcome
from tests.demo.users import Person
from tests.journeys import browser_page
from tests.support.servers import instance

BITS = 6


@pytest.fixture(scope="module")
def running() -> Iterator[instance.Instance]:
    with instance.standalone(TAMDID_CHALLENGE="work", TAMDID_CHALLENGE_BITS=str(BITS)) as made:
        yield made


@pytest.fixture(scope="module")
def member() -> Person:
    row = demonstration.rows("register.csv")[0]
    return Person(row["membership_no"], row["national_code"])


def proof(drawn: dict[str, Any], against: str = "") -> str:
    """An answer by work; one that is wrong for the challenge `against`."""
    numbers = (str(number) for number in range(10**6))
    found = next(
        number
        for number in numbers
        if captcha.has_worked(drawn["work"], number, drawn["work_bits"])
        and not (against and captcha.has_worked(against, number, drawn["work_bits"]))
    )
    return f"work:{found}"


@pytest.mark.slow
def test_a_proof_is_used_once_and_for_no_other_phrase(running: instance.Instance, member: Person) -> None:
    with closing(Client(running.portal)) as client:

        def sign_in(drawn: dict[str, Any], answer: str) -> str:
            return outcome(client.sign_in(member, captcha_id=drawn["captcha_id"], captcha_answer=answer))

        first, other = client.call("new_captcha"), client.call("new_captcha")
        assert (first["work_bits"], first["work"] == other["work"]) == (BITS, False)
        answer = proof(first, against=other["work"])
        assert sign_in(other, answer) == "wrong_captcha"
        assert sign_in(first, answer) == "accepted"
        assert sign_in(first, answer) == "wrong_captcha"
        mine = {"id": str(uuid4())}
        chosen = client.call("new_captcha", **mine)
        sign_in(chosen, "work:")
        again = client.call("new_captcha", **mine)
        assert (again["captcha_id"], again["work"] == chosen["work"]) == (chosen["captcha_id"], False)
        assert sign_in(again, proof(chosen, against=again["work"])) == "wrong_captcha"


@pytest.mark.slow
@pytest.mark.parametrize("scripts", [True, False])
def test_a_browser_signs_in_without_a_phrase_or_by_the_phrase_where_it_has_no_scripts(
    browser: Browser, browser_context_args: dict[str, Any], running: instance.Instance, member: Person, scripts: bool
) -> None:
    with browser_page.page(browser, browser_context_args, width=360, scripts=scripts) as page:
        page.goto(f"{running.portal}/sign-in")
        page.get_by_label("شماره عضویت", exact=True).fill(member.name)
        page.get_by_label("کد ملی یا گذرواژه").fill(member.secret)
        phrase = page.get_by_label("آنچه می‌بینید یا می‌شنوید")
        expect(phrase).to_be_visible(visible=not scripts)
        expect(page.get_by_text("محاسبه‌ای کوتاه")).to_be_visible(visible=scripts)
        if not scripts:
            phrase.fill(page.locator("#captcha-hint bdi").inner_text())
        page.get_by_role("button", name="ورود", exact=True).last.click()
        expect(page).to_have_url(f"{running.portal}/member", timeout=browser_page.ANSWER_MS)
