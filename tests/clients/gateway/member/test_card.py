import re
from datetime import date

import pytest
from flask.testing import FlaskClient

from clients.gateway.member import card
from shared.contract.auth import answers as auth_answers
from shared.contract.auth import commands
from shared.contract.auth import queries as auth_queries
from shared.contract.capacity import answers as capacity_answers
from shared.contract.capacity import queries as capacity_queries
from shared.contract.refusals import Reason
from shared.text import persian
from tests.clients.gateway import pages, samples
from tests.clients.gateway.conftest import SignedIn
from tests.clients.gateway.fake_services import FakeServices

LINK = "/card/gVb0c-Zk3S_QmN1yT7xLwA"
THIS_YEAR = persian.jalali_year(samples.NOW)


def test_the_card_shows_the_link_as_a_code_and_when_it_was_looked_at(
    member: FlaskClient, services: FakeServices
) -> None:
    page = member.get("/member/card").text
    assert f'href="http://127.0.0.1:8000{LINK}"' in page
    assert re.search(r'<svg [^>]*class="qr"', page)
    assert "۲۳ بار" in page
    assert page.count("<li>") - page.count("<li><a") == 20


def test_a_member_without_a_link_may_make_one(member: FlaskClient, services: FakeServices) -> None:
    services.link = auth_answers.CardLink(token=None)
    page = member.get("/member/card").text
    assert 'class="qr"' not in page
    assert "ساختن پیوند" in page
    assert "کسی هنوز کارت شما را بررسی نکرده است." in page


@pytest.mark.parametrize(("act", "kind"), [("issue", commands.IssueCardLink), ("revoke", commands.RevokeCardLink)])
def test_a_link_is_made_anew_or_revoked_by_its_member(
    member: FlaskClient, services: FakeServices, act: str, kind: type[commands.IssueCardLink]
) -> None:
    answer = pages.send(member, f"/member/card/{act}", {"command_id": str(samples.ATTEMPT)}, page="/member/card")
    assert answer.headers["Location"] == "/member/card"
    (sent,) = services.sent(kind)
    assert (sent.member, sent.id) == (samples.MEMBER, samples.ATTEMPT)


@pytest.mark.parametrize("session", ["", "manager-session"])
def test_only_members_have_a_card(signed_in: SignedIn, services: FakeServices, session: str) -> None:
    assert signed_in(session).get("/member/card").status_code in (302, 303, 401, 403)
    assert services.sent(auth_queries.GetCardLink) == []


def test_a_stranger_with_the_link_sees_name_grade_validity_and_roughly_the_capacity(
    visitor: FlaskClient, services: FakeServices
) -> None:
    answer = visitor.get(LINK)
    page = answer.text
    for text in ("زهرا صفوی‌نیا", "پایه ۲، استخراج معدن", "عضویت معتبر است", "یک‌چهارم تا نیم", "زمان این پاسخ"):
        assert text in page
    year_end = persian.digits_to_persian(persian.format_date(persian.year_bounds(THIS_YEAR)[1]))
    assert year_end in page
    (opened,) = services.sent(commands.OpenCardLink)
    assert (opened.token.get_secret_value(), opened.address) == ("gVb0c-Zk3S_QmN1yT7xLwA", "127.0.0.1")
    assert services.passport_of(commands.OpenCardLink) is None
    assert (answer.headers["Referrer-Policy"], answer.headers["X-Robots-Tag"]) == ("no-referrer", "noindex, nofollow")
    assert answer.headers["Cache-Control"] == "no-store"


def test_neither_number_nor_national_code_nor_amounts_are_shown_to_a_stranger(visitor: FlaskClient) -> None:
    page = re.sub("[۰-۹]{2}:[۰-۹]{2}", "", visitor.get(LINK).text)  # the time of the answer is no amount
    for secret in (samples.MEMBER, persian.digits_to_persian(samples.MEMBER), "۵۳", " P<"):
        assert secret not in page


@pytest.mark.parametrize(
    ("reason", "status", "said"),
    [
        (Reason.UNKNOWN_LINK, 404, "این پیوند به کارتی نمی‌رسد"),
        (Reason.TOO_MANY_ATTEMPTS, 429, "کمی بعد دوباره"),
        (Reason.NO_ANSWER, 503, "سامانه پاسخ نداد"),
    ],
)
def test_a_link_that_leads_nowhere_and_a_look_too_many_are_explained(
    visitor: FlaskClient, services: FakeServices, reason: Reason, status: int, said: str
) -> None:
    services.refuse(commands.OpenCardLink, reason)
    page = visitor.get("/card/wrong")
    assert page.status_code == status
    assert said in page.text
    assert services.sent(capacity_queries.GetCapacityBand) == []


def test_without_the_capacity_nothing_is_shown(visitor: FlaskClient, services: FakeServices) -> None:
    services.refuse(capacity_queries.GetCapacityBand, Reason.NO_ANSWER)
    page = visitor.get(LINK)
    assert page.status_code == 503
    assert "زهرا" not in page.text


def test_a_year_without_a_policy_has_no_capacity_to_show(visitor: FlaskClient, services: FakeServices) -> None:
    services.refuse(capacity_queries.GetCapacityBand, Reason.NO_POLICY, {"year": "1410"})
    page = visitor.get(LINK).text
    assert "برای امسال صادر نشده است" in page
    assert "عضویت تمدید نشده است" in page


@pytest.mark.parametrize(
    ("paid_through", "status", "today", "expected"),
    [
        (1404, "none", "1405/01/01", ("1404/12/29", False)),
        (1404, "active", "1405/02/03", ("1405/12/29", True)),
        (1404, "expired", "1405/02/03", ("1405/12/29", True)),
        (1405, "none", "1405/12/29", ("1405/12/29", True)),
        (1403, "none", "1403/12/30", ("1403/12/30", True)),
        (1403, "none", "1404/01/01", ("1403/12/30", False)),
        (None, "none", "1405/02/03", (None, False)),
        (None, "active", "1405/02/03", ("1405/12/29", True)),
    ],
)
def test_a_membership_is_valid_to_the_last_day_of_the_year_it_is_paid_for(
    paid_through: int | None, status: str, today: str, expected: tuple[str | None, bool]
) -> None:
    on: date = persian.parse_date(today)
    year = persian.jalali_year_of(on)
    band = capacity_answers.CapacityBand.model_validate({"year": year, "status": status, "left": "nothing"})
    found = card.membership(paid_through, band, year, on)
    shown = persian.format_date(found.valid_until) if found.valid_until else None
    assert (shown, found.is_valid) == expected


@pytest.mark.parametrize("act", ["issue", "revoke"])
def test_a_page_asks_before_the_present_link_leads_nowhere(
    member: FlaskClient, services: FakeServices, act: str
) -> None:
    page = member.get("/member/card").text
    assert f'<form method="post" action="/member/card/{act}">' not in page
    assert f'href="/member/card/{act}"' in page
    shown = member.get(f"/member/card/{act}").text
    assert "این کار برگشت ندارد" in shown
    assert f'<form method="post" action="/member/card/{act}">' in shown
    assert not services.sent(commands.RevokeCardLink)
    assert not services.sent(commands.IssueCardLink)
