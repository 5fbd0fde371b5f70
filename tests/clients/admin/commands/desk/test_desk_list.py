"""The desk's list by filters, and renewals found by name or code, from the command line."""

import pytest

from shared.contract.auth import queries as auth_queries
from shared.contract.auth.answers import MemberNames
from shared.contract.auth.search_answers import FoundMember, FoundMembers
from shared.contract.payment import queries as payment_queries
from shared.contract.payment.answers import Payments
from shared.contract.renewal import answers, queries
from tests.clients.admin.examples import MEMBER, MINE, SETTLED, SUBMITTED
from tests.clients.admin.fake_server import MARYAM, Tamdid

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
    chosen = "--member-class grade_2 --licence-field extraction --jobs some --change same --debt none --flag none --deadline today --returned some"
    result = desk("desk", "list", *chosen.split())
    assert result.exit_code == 0, result.output
    expected = {"member_class": "grade_2", "field": "extraction", "jobs": "some", "change": "same", "debt": "none"}
    expected |= {"flag": "none", "deadline": "today", "returned": "some"}
    sent = next(one for one in desk.server.messages if isinstance(one, queries.ListDesk))
    assert sent == queries.ListDesk.model_validate({"province": "isfahan", **expected})


def test_the_order_is_that_of_the_service_also_over_several_provinces(desk: Tamdid) -> None:
    few, many = (SUBMITTED.model_copy(update={"jobs": (MINE.job,) * count}) for count in (1, 3))
    desk.sign_in(
        MARYAM.model_copy(
            update={"passport": MARYAM.passport.model_copy(update={"provinces": frozenset({"yazd", "isfahan"})})}
        )
    )
    desk.server.replies["renewal.list_desk"] = lambda query: answers.Desk(
        renewals=(many if query.province == "yazd" else few,), total=1, overdue=0
    )
    listed = desk.json("desk", "list", "--sort", "jobs")["renewals"]
    assert [len(one["jobs"]) for one in listed] == [3, 1]
    assert {one.sort for one in desk.server.sent(queries.ListDesk)} == {"jobs"}


def test_a_filter_that_the_desk_does_not_have_is_wrong_usage(desk: Tamdid) -> None:
    result = desk("desk", "list", "--flag", "narnia")
    assert result.exit_code == 2
    assert "contested_mine" in result.stderr


def test_a_row_says_what_is_to_be_looked_at(desk: Tamdid) -> None:
    shown = desk("--language", "fa", "desk", "list").stdout
    assert "تغییرکرده، فعالیت‌ها، معدن مورد اختلاف، ۲ سال پرداخت‌نشده" in shown


def test_renewals_are_found_by_a_name_or_a_code_in_each_province(desk: Tamdid) -> None:
    found = desk.json("desk", "find", "صفوي")
    assert [one["member"] for one in found["renewals"]] == [MEMBER]
    by_name = auth_queries.SearchMembers(province="isfahan", text="صفوي", limit=50)
    assert by_name in desk.server.messages
    assert queries.FindRenewals(province="isfahan", code="صفوي", members=(MEMBER,)) in desk.server.messages


def test_a_member_without_a_renewal_is_found_too(desk: Tamdid) -> None:
    desk.server.replies["renewal.find_renewals"] = answers.FoundRenewals(renewals=(), is_all=True)
    found = desk.json("desk", "find", "صفوي")
    assert (found["renewals"], found["members"], found["invoices"]) == ([], {MEMBER: "زهرا صفوی‌نیا"}, [])
    assert "زهرا صفوی‌نیا" in desk("desk", "find", "صفوي").stdout


@pytest.mark.parametrize(("text", "found"), [("۱۲۳۴۵", 1), ("صفوي", 0)])
def test_a_payment_is_found_by_the_banks_reference_where_nothing_else_is(desk: Tamdid, text: str, found: int) -> None:
    desk.server.replies["renewal.find_renewals"] = answers.FoundRenewals(renewals=(), is_all=True)
    desk.server.replies["auth.search_members"] = FoundMembers(members=(), is_all=True)
    desk.server.replies["payment.list_payments"] = Payments(invoices=(SETTLED,), total=1)
    assert len(desk.json("desk", "find", text)["invoices"]) == found
    assert [one.reference for one in desk.server.sent(payment_queries.ListPayments)] == ["12345"] * found
