"""The desk's list: filters in the address, what each row says, the search, and the working time as words."""

import pytest
from flask.testing import FlaskClient

from clients.gateway.review.desk_filters import OPTIONS, time_left
from clients.gateway.web.url_arguments import DESK_FILTERS
from shared.contract.auth import queries as auth_queries
from shared.contract.auth.search_answers import FoundMember
from shared.contract.payment import queries as payment_queries
from shared.contract.renewal import answers
from shared.contract.renewal import queries as renewal_queries
from tests.clients.gateway import samples
from tests.clients.gateway.fake_services import FakeServices

CHOSEN = {
    "member_class": "grade_2",
    "field": "extraction",
    "jobs": "some",
    "change": "changed",
    "debt": "none",
    "flag": "contested_mine",
    "deadline": "overdue",
    "returned": "some",
    "holder": "nobody",
    "sort": "newest",
}


@pytest.fixture(autouse=True)
def on_the_desk(services: FakeServices) -> None:
    services.desk = (samples.renewal("submitted"),)


def test_filters_of_the_address_are_those_of_the_query_and_are_kept(
    manager: FlaskClient, services: FakeServices
) -> None:
    services.desk = tuple(samples.renewal("submitted", member=str(1000 + n)) for n in range(120))
    page = manager.get("/desk", query_string={**CHOSEN, "start": "50"}).text
    assert services.sent(renewal_queries.ListDesk) == [
        renewal_queries.ListDesk.model_validate({"province": "isfahan", **CHOSEN, "limit": 50, "offset": 50})
    ]
    for name, choice in CHOSEN.items():
        assert page.count(f"{name}={choice}") >= 52, name  # in each row's link, and in both links of paging
    assert '<option value="contested_mine" selected>' in page


def test_what_is_not_offered_is_no_filter(manager: FlaskClient, services: FakeServices) -> None:
    assert manager.get("/desk", query_string=dict.fromkeys(CHOSEN, "x")).status_code == 200
    assert services.sent(renewal_queries.ListDesk) == [renewal_queries.ListDesk(province="isfahan", limit=50)]


def test_every_filter_of_the_page_is_kept_with_the_place_in_the_list() -> None:
    assert set(OPTIONS) == set(DESK_FILTERS) == set(CHOSEN)


def test_the_next_request_is_that_of_the_same_filters(manager: FlaskClient, services: FakeServices) -> None:
    found = manager.get("/desk/next?province=isfahan&flag=none&change=same")
    assert services.sent(renewal_queries.ListDesk)[0].flag == "none"
    assert "flag=none" in found.headers["Location"]


def test_a_row_says_what_changed_what_is_owed_and_what_to_look_at(manager: FlaskClient, services: FakeServices) -> None:
    notes = answers.DeskNotes(
        change="changed",
        changed_parts=("employment", "jobs"),
        debt_years=2,
        flags=("contested_mine", "licence_ends", "duplicate_contact"),
        times_returned=1,
        minutes_left=135,
    )
    services.desk = (samples.renewal("submitted", desk=notes),)
    page = manager.get("/desk").text
    for words in (
        "تغییرکرده</span> اشتغال، فعالیت‌ها",
        "۲ سال پرداخت‌نشده",
        "معدن مورد اختلاف",
        "تلفن همراه تکراری",
        "۱ بار بازگشته",
        "۲ ساعت و ۱۵ دقیقهٔ کاری مانده",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (60, "۱ ساعت کاری مانده"),
        (5, "۵ دقیقهٔ کاری مانده"),
        (0, "کمتر از یک دقیقهٔ کاری مانده"),
        (-61, "۱ ساعت و ۱ دقیقهٔ کاری گذشته"),
        (-240, "۴ ساعت کاری گذشته"),
    ],
)
def test_working_time_in_words(minutes: int, words: str) -> None:
    assert time_left(minutes) == words


def test_a_filter_without_a_match_says_so(manager: FlaskClient, services: FakeServices) -> None:
    services.desk = ()
    assert "درخواستی با این صافی نیست." in manager.get("/desk?flag=any").text


def test_a_search_shows_requests_in_any_status_and_members_without_one(
    manager: FlaskClient, services: FakeServices
) -> None:
    services.found_members = (
        FoundMember(member="0012345", full_name="زهرا صفوی‌نیا"),
        FoundMember(member="0099999", full_name="زهرا کاظمی"),
    )
    services.desk = (samples.renewal("approved"),)
    page = manager.get("/desk?province=isfahan&q=زهرا").text
    query = auth_queries.SearchMembers(province="isfahan", text="زهرا", limit=50)
    assert services.sent(auth_queries.SearchMembers) == [query]
    members = ("0012345", "0099999")
    found = renewal_queries.FindRenewals(province="isfahan", code="زهرا", members=members, limit=50)
    assert services.sent(renewal_queries.FindRenewals) == [found]
    assert services.sent(auth_queries.GetMemberNames) == []
    assert services.sent(renewal_queries.ListDesk) == []
    assert "زهرا صفوی‌نیا</a>" in page
    assert "تأییدشده" in page
    assert "زهرا کاظمی، شمارهٔ" in page
    assert "بیش از این پیدا شد" not in page


def test_a_request_that_is_found_by_its_code_is_named(manager: FlaskClient, services: FakeServices) -> None:
    code = services.desk[0].tracking_code
    page = manager.get("/desk", query_string={"q": code}).text
    assert len(services.sent(auth_queries.GetMemberNames)) == 1
    assert code in page
    assert "اعضای بی‌درخواست" not in page


def test_a_search_without_a_match_and_one_with_too_many_say_so(manager: FlaskClient, services: FakeServices) -> None:
    services.desk = ()
    assert "در استان اصفهان چیزی با این نوشته پیدا نشد." in manager.get("/desk?q=نادر").text
    services.found_members = (FoundMember(member="0099999", full_name="زهرا کاظمی"),)
    services.is_all_found = False
    assert "بیش از این پیدا شد" in manager.get("/desk?q=ز").text


@pytest.mark.parametrize("text", [" ", "\u200c", "%00"])
def test_nothing_typed_is_no_search(manager: FlaskClient, services: FakeServices, text: str) -> None:
    assert manager.get(f"/desk?q={text}").status_code == 200
    assert services.sent(auth_queries.SearchMembers) == []


def test_a_long_text_is_cut(manager: FlaskClient, services: FakeServices) -> None:
    assert manager.get("/desk?q=" + "ز" * 500).status_code == 200
    assert len(services.sent(auth_queries.SearchMembers)[0].text) == 100


def test_a_payment_is_found_by_the_banks_reference_where_nothing_else_is(
    manager: FlaskClient, services: FakeServices
) -> None:
    services.desk, services.invoices = (), (samples.invoice("settled"),)
    page = manager.get("/desk?q=۱۰۰۲۰۰۳۰۰").text
    query = payment_queries.ListPayments(province="isfahan", reference="100200300")
    assert query in services.sent(payment_queries.ListPayments)
    assert 'href="/desk/payments/0012345/1405">زهرا صفوی‌نیا، سال ۱۴۰۵</a>' in page
    services.found_members = (FoundMember(member="0099999", full_name="زهرا کاظمی"),)
    assert "شمارهٔ پیگیری بانک</h2>" not in manager.get("/desk?q=۱۰۰۲۰۰۳۰۰").text
