import re
from datetime import datetime, time

import pytest
from flask.testing import FlaskClient

from shared.contract.capacity import queries as capacity_queries
from shared.contract.refusals import Reason
from shared.contract.renewal import mine_answers
from shared.contract.renewal import queries as renewal_queries
from shared.text import persian
from tests.clients.gateway import samples
from tests.clients.gateway.conftest import SignedIn
from tests.clients.gateway.fake_services import FakeServices


@pytest.mark.parametrize("typed", ["۱۴۰۵/۰۷/۱۵", "1405-7-15", "١٤٠٥/٧/١٥"])
def test_the_capacity_is_shown_as_it_was_at_the_end_of_a_day(
    member: FlaskClient, services: FakeServices, typed: str
) -> None:
    services.capacity = samples.capacity()
    page = member.get("/member/capacity/1405", query_string={"as_of": typed})
    (query,) = services.sent(capacity_queries.ExplainCapacity)
    assert query.as_of == datetime.combine(persian.parse_date("1405/07/15"), time.max, persian.TEHRAN)
    assert "وضع در پایان چهارشنبه ۱۵ مهر ۱۴۰۵" in page.text
    assert f'value="{typed}"' in page.text
    assert "payment #12" in page.text


def test_a_day_of_a_past_year_leads_to_that_years_page(member: FlaskClient) -> None:
    answer = member.get("/member/capacity/1405", query_string={"as_of": "۱۴۰۴/۱۲/۲۹"})
    assert answer.headers["Location"] == "/member/capacity/1404?as_of=1404/12/29"


@pytest.mark.parametrize("typed", ["1404/12/30", "دیروز", "2026-10-07"])
def test_a_day_that_is_not_in_the_calendar_is_named_and_the_capacity_of_now_is_shown(
    member: FlaskClient, services: FakeServices, typed: str
) -> None:
    services.capacity = samples.capacity()
    page = member.get("/member/capacity/1405", query_string={"as_of": typed})
    assert page.status_code == 422
    assert "روزی از تقویم هجری شمسی را به شکل ۱۴۰۵/۰۷/۱۵ بنویسید." in page.text
    assert re.search(r"<title>خطا: ", page.text)
    assert [message.as_of for message in services.sent(capacity_queries.ExplainCapacity)] == [None]


def test_an_officer_sees_a_members_capacity_of_a_day(manager: FlaskClient, services: FakeServices) -> None:
    services.capacity = samples.capacity(status="none")
    page = manager.get(f"/desk/{samples.MEMBER}/1405/capacity?as_of=1405/01/02")
    assert "تا آن روز برای این سال ظرفیتی صادر نشده بود." in page.text
    answer = manager.get(f"/desk/{samples.MEMBER}/1405/capacity?as_of=1404/01/02")
    assert answer.headers["Location"] == f"/desk/{samples.MEMBER}/1404/capacity?as_of=1404/01/02"


# ---------------------------------------------------------------- what if

TYPED = {"kind": "mine_technical_manager", "degree": "4", "quantity": "۱", "starts_on": "۱۴۰۵/۰۷/۰۱"}


def test_a_job_that_would_fit_is_shown_with_its_rule_and_what_would_remain(
    member: FlaskClient, services: FakeServices
) -> None:
    page = member.get("/member/capacity/what-if", query_string=TYPED)
    (query,) = services.sent(capacity_queries.WhatIf)
    assert (query.member, query.kind, query.degree) == (samples.MEMBER, "mine_technical_manager", 4)
    assert (query.starts_on, query.ends_on, query.field) == (persian.parse_date("1405/07/01"), None, None)
    assert "در ظرفیت می‌گنجد" in page.text
    assert re.findall(r'<span class="units"><bdi dir="ltr">([^<]+)</bdi> P</span>', page.text) == ["۳۳۰", "−۱۵۰", "۱۸۰"]
    assert "جدول کسر ظرفیت، مسئول فنی معدن، درجه ۴" in page.text


def test_a_job_that_would_not_fit_is_shown_with_the_rules_it_would_break(
    member: FlaskClient, services: FakeServices
) -> None:
    rules = {"over_ceiling": "1405 ceilings.grade_2.extraction", "degree_not_allowed": "1405 degrees.grade_2"}
    services.what_if = samples.what_if(fits=False, units=48000, remaining_units=-15000, problems=rules)
    page = member.get("/member/capacity/what-if", query_string=TYPED).text
    assert "در ظرفیت نمی‌گنجد" in page
    assert re.findall(r'<bdi dir="ltr">([^<]+)</bdi> P</span>', page) == ["۳۳۰", "−۴۸۰", "۱۵۰"]
    assert "سقف ظرفیت، پایه ۲، استخراج معدن" in page
    assert "درجه‌های مجاز، پایه ۲" in page


def test_what_is_missing_of_a_what_if_is_named_and_nothing_is_sent(member: FlaskClient, services: FakeServices) -> None:
    page = member.get("/member/capacity/what-if", query_string={"kind": "", "degree": "4", "starts_on": "فردا"})
    assert page.status_code == 422
    for sentence in ("نوع شغل را انتخاب کنید.", "تاریخ شروع را از تقویم هجری شمسی و به شکل ۱۴۰۵/۰۷/۱۵ بنویسید."):
        assert sentence in page.text
    assert services.sent(capacity_queries.WhatIf) == []


def test_a_year_without_a_policy_is_shown_above_the_form(member: FlaskClient, services: FakeServices) -> None:
    services.refuse(capacity_queries.WhatIf, Reason.NO_POLICY, {"year": "1410"})
    page = member.get("/member/capacity/what-if", query_string=TYPED | {"starts_on": "1410/01/01"})
    assert "جدول ظرفیت این سال تعریف نشده است." in page.text


def test_an_empty_form_asks_nothing_and_is_no_error(manager: FlaskClient, services: FakeServices) -> None:
    page = manager.get(f"/desk/{samples.MEMBER}/capacity/what-if?year=1405")
    assert page.status_code == 200
    assert f'href="/desk/{samples.MEMBER}/1405/capacity"' in page.text
    assert services.sent(capacity_queries.WhatIf) == []


# ---------------------------------------------------------------- what a province's members use


def test_a_manager_sees_how_many_use_which_share_and_who_uses_too_much(
    manager: FlaskClient, services: FakeServices
) -> None:
    services.over_use = (samples.capacity(used_units=96000, remaining_units=0, warnings=("over_ceiling",)),)
    page = manager.get("/desk/capacity?year=1405").text
    assert "همه با هم" in page
    assert "نقشه‌برداری معدن" in page
    assert f'<a href="/desk/{samples.MEMBER}/1405/capacity">زهرا صفوی‌نیا</a>' in page
    assert "مجموع کسرها ۹۶۰ P است، سقف ظرفیت سال ۷۲۰ P: ۲۴۰ P بیش از سقف." in re.sub("<[^>]*>", "", page)
    assert [(one.province, one.year) for one in services.sent(capacity_queries.ListOverUse)] == [("isfahan", 1405)]


def test_the_list_goes_on_in_the_same_year_and_province(manager: FlaskClient, services: FakeServices) -> None:
    services.over_use = tuple(samples.capacity(used_units=96000) for _ in range(51))
    page = manager.get("/desk/capacity?province=yazd&year=1404").text
    assert 'rel="next" href="/desk/capacity?province=yazd&amp;year=1404&amp;start=50"' in page


def test_the_list_may_be_of_one_field(manager: FlaskClient, services: FakeServices) -> None:
    services.over_use = tuple(samples.capacity(used_units=96000) for _ in range(51))
    page = manager.get("/desk/capacity?year=1405&field=surveying").text
    manager.get("/desk/capacity?year=1405&field=sweeping")
    assert [one.field for one in services.sent(capacity_queries.ListOverUse)] == ["surveying", None]
    assert "year=1405&amp;field=surveying&amp;start=50" in page


def test_a_province_that_is_not_the_managers_is_not_queried(manager: FlaskClient, services: FakeServices) -> None:
    manager.get("/desk/capacity?province=tehran")
    assert [one.province for one in services.sent(capacity_queries.GetCapacityOverview)] == ["isfahan"]


@pytest.mark.parametrize("session", ["member-session", "finance-session", "admin-session"])
def test_nobody_but_managers_sees_what_members_use(signed_in: SignedIn, session: str) -> None:
    assert signed_in(session).get("/desk/capacity").status_code == 403


# ---------------------------------------------------------------- one technical manager a mine


def test_a_second_claim_of_a_mine_is_flagged_on_the_review(manager: FlaskClient, services: FakeServices) -> None:
    services.renewal = samples.renewal("submitted", contested_mines=(samples.contested_mine(),))
    page = manager.get(f"/desk/{samples.MEMBER}/1405").text
    assert 'معدن با کد کاداستر <bdi dir="ltr">K-1288</bdi> مسئول فنی دیگری هم دارد: عضو ۰۰۷۷۰۰۱ (یزد، ' in page
    assert "آن را پیش از این عضو اعلام کرده است." in page


def test_of_many_who_claim_a_mine_three_are_named(services: FakeServices, manager: FlaskClient) -> None:
    mine = samples.contested_mine()
    other = next(one for one in mine.claims if one.member != samples.MEMBER)
    claims = (*mine.claims, *(other.model_copy(update={"member": f"008800{number}"}) for number in range(1, 5)))
    services.renewal = samples.renewal("submitted", contested_mines=(mine.model_copy(update={"claims": claims}),))
    page = manager.get(f"/desk/{samples.MEMBER}/1405").text
    assert "عضو ۰۰۸۸۰۰۲ (" in page
    assert "عضو ۰۰۸۸۰۰۳ (" not in page
    assert "۲ عضو دیگر آن را" in page


def test_contested_mines_are_listed_with_a_way_to_ones_own_renewals_only(
    signed_in: SignedIn, services: FakeServices
) -> None:
    services.mines = (samples.contested_mine(),)
    page = signed_in("manager-session").get("/desk/capacity?year=1405").text
    assert f'<a href="/desk/{samples.MEMBER}/1405">' in page
    assert '<a href="/desk/0077001/1405">' in page, "this manager serves Yazd as well"
    services.mines = (samples.contested_mine().model_copy(update={"claims": fars(samples.contested_mine())}),)
    page = signed_in("manager-session").get("/desk/capacity?year=1405").text
    assert "۰۰۷۷۰۰۱" in page
    assert '<a href="/desk/0077001/1405">' not in page


def fars(mine: mine_answers.ContestedMine) -> tuple[mine_answers.MineClaim, ...]:
    """The claims with the first one of a province that the manager does not serve."""
    first, *others = mine.claims
    return (first.model_copy(update={"province": "fars"}), *others)


def test_the_overview_is_shown_while_renewal_does_not_answer(manager: FlaskClient, services: FakeServices) -> None:
    services.refuse(renewal_queries.ListContestedMines, Reason.NO_ANSWER)
    page = manager.get("/desk/capacity")
    assert page.status_code == 200
    assert "این فهرست اکنون در دسترس نیست." in page.text


# ---------------------------------------------------------------- a correction of the policy


def test_a_line_that_follows_from_a_correction_says_who_made_it_and_why(
    member: FlaskClient, services: FakeServices
) -> None:
    services.capacity = samples.capacity()
    services.acts = (samples.policy_act(position=7), samples.policy_act(position=12, reason="از رویداد دیگری است"))
    page = member.get("/member/capacity/1405").text
    assert page.count("اصلاح جدول ظرفیت به‌دست") == 2, "both uses follow from renewal's event 7"
    assert "اصلاح جدول ظرفیت به‌دست سازمان: <bdi>سقف پایه ۲ در مصوبهٔ تازه بالاتر است.</bdi>" in page
    assert "از رویداد دیگری است" not in page, "payment's event 12 is no act of renewal's"


def test_the_lines_are_shown_while_renewal_does_not_answer(member: FlaskClient, services: FakeServices) -> None:
    services.capacity = samples.capacity()
    services.refuse(renewal_queries.ListPolicyActs, Reason.NO_ANSWER)
    assert "payment #12" in member.get("/member/capacity/1405").text
