"""The desk's list by filters, and renewals found by name or code, from the command line."""

import pytest

from shared.contract.auth import queries as auth_queries
from shared.contract.auth.answers import MemberNames
from shared.contract.auth.search_answers import FoundMember, FoundMembers
from shared.contract.renewal import answers, queries
from tests.clients.admin.examples import MEMBER, SUBMITTED
from tests.clients.admin.fake_server import Tamdid

NOTES = answers.DeskNotes(change="changed", changed_parts=("jobs",), debt_years=2, flags=("contested_mine",))


@pytest.fixture
def desk(maryam: Tamdid) -> Tamdid:
    renewal = SUBMITTED.model_copy(update={"desk": NOTES})
    maryam.server.replies["renewal.list_desk"] = answers.Desk(renewals=(renewal,), total=1, overdue=0)
    maryam.server.replies["renewal.find_renewals"] = answers.FoundRenewals(renewals=(renewal,), is_all=True)
    maryam.server.replies["auth.get_member_names"] = MemberNames(names={MEMBER: "زهرا صفوی‌نیا"})
    one = FoundMember(member=MEMBER, full_name="زهرا صفوی‌نیا")
    maryam.server.replies["auth.search_members"] = FoundMembers(members=(one,), is_all=True)
    return maryam


def test_the_list_takes_the_filters_of_the_desk(desk: Tamdid) -> None:
    chosen = "--member-class grade_2 --field extraction --jobs some --change same --debt none --flag none --deadline today --returned some"
    result = desk("desk", "list", *chosen.split())
    assert result.exit_code == 0, result.output
    expected = {"member_class": "grade_2", "field": "extraction", "jobs": "some", "change": "same", "debt": "none"}
    expected |= {"flag": "none", "deadline": "today", "returned": "some"}
    sent = next(one for one in desk.server.messages if isinstance(one, queries.ListDesk))
    assert sent == queries.ListDesk.model_validate({"province": "isfahan", **expected})


def test_a_row_says_what_is_to_be_looked_at(desk: Tamdid) -> None:
    shown = desk("--language", "fa", "desk", "list").stdout
    assert "تغییرکرده، فعالیت‌ها، معدن مورد اختلاف، ۲ سال پرداخت‌نشده" in shown


def test_renewals_are_found_by_a_name_or_a_code_in_each_province(desk: Tamdid) -> None:
    found = desk.json("desk", "find", "صفوي")
    assert [one["member"] for one in found["renewals"]] == [MEMBER]
    by_name = auth_queries.SearchMembers(province="isfahan", text="صفوي", limit=50)
    assert by_name in desk.server.messages
    assert queries.FindRenewals(province="isfahan", code="صفوي", members=(MEMBER,)) in desk.server.messages
