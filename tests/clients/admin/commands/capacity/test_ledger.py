import re
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from shared.contract.capacity import answers as capacity_answers
from shared.contract.capacity import queries
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import answers as renewal_answers
from shared.contract.values import LicenceField
from shared.text.persian import TEHRAN
from tests.clients.admin.examples import CAPACITY, EXPLANATION, MEMBER, NAMES
from tests.clients.admin.fake_server import NOW, Tamdid


@pytest.fixture
def capacity(maryam: Tamdid) -> Tamdid:
    maryam.server.replies = {
        "capacity.get_capacity": CAPACITY,
        "capacity.explain_capacity": EXPLANATION,
    }
    return maryam


def test_a_capacity_is_shown_in_p(capacity: Tamdid) -> None:
    result = capacity("capacity", "show", MEMBER)
    for text in ("720 P", "390.25 P", "329.75 P", "active", "1405/12/29", "over the ceiling"):
        assert text in result.stdout
    assert "۳۹۰٫۲۵ P" in capacity("--language", "fa", "capacity", "show", MEMBER).stdout


def test_no_capacity_is_a_refusal(capacity: Tamdid) -> None:
    capacity.server.replies["capacity.get_capacity"] = Refused(Reason.NO_CAPACITY)
    result = capacity("capacity", "show", MEMBER, "--year", "۱۳۹۹")
    assert result.exit_code == 1
    assert "No capacity is recorded for this year." in result.stderr


def test_an_explanation_names_the_event_behind_each_line(capacity: Tamdid) -> None:
    lines = capacity("capacity", "explain", MEMBER).stdout.splitlines()
    (grant,) = [line for line in lines if line.lstrip().startswith("grant")]
    (use,) = [line for line in lines if line.lstrip().startswith("use ")]
    assert "720" in grant
    assert "payment, event 17" in grant
    assert "-150" in use
    assert "mine technical manager" in use
    assert "renewal, event 8" in use


def test_as_of_a_day_means_its_end_in_tehran(capacity: Tamdid) -> None:
    capacity("capacity", "explain", MEMBER, "--as-of", "۱۴۰۵-۷-۱۵")
    (query,) = capacity.server.sent(queries.ExplainCapacity)
    assert query.as_of + timedelta(microseconds=1) == datetime(2026, 10, 8, tzinfo=TEHRAN)


def test_a_day_that_is_not_in_the_calendar_is_wrong_usage(capacity: Tamdid) -> None:
    assert capacity("capacity", "explain", MEMBER, "--as-of", "1404/12/30").exit_code == 2
    assert capacity("capacity", "explain", MEMBER, "--as-of", "2026-10-07").exit_code == 2


def test_the_lines_add_up_to_what_remains(capacity: Tamdid) -> None:
    output = capacity("capacity", "explain", MEMBER, "--as-of", "1405/07/15").stdout
    sums = [line.split()[2] for line in output.splitlines() if re.match(r" *(grant|use) ", line)]
    assert sums == [f"{sum(one.units for one in EXPLANATION.lines[:until]) / 100:g}" for until in (1, 2)]
    assert re.search(r"As of the end of +1405/07/15", output)


def test_a_day_of_a_past_year_is_asked_of_that_year(capacity: Tamdid) -> None:
    capacity("capacity", "explain", MEMBER, "--as-of", "1404/07/15")
    capacity("capacity", "explain", MEMBER, "--as-of", "1405/01/10", "--year", "1404")
    assert [arguments.year for arguments in capacity.server.sent(queries.ExplainCapacity)] == [1404, 1404]


def test_a_year_without_a_policy_is_refused_by_its_year(capacity: Tamdid) -> None:
    capacity.server.replies["capacity.explain_capacity"] = Refused(Reason.NO_POLICY, {"year": "1390"})
    result = capacity("capacity", "explain", MEMBER, "--year", "1390")
    assert result.exit_code == 1
    assert "There is no capacity policy for this year. — year: 1390" in result.stderr


WHAT_IF = capacity_answers.WhatIfResult(
    member=MEMBER,
    year=1405,
    field=LicenceField.EXTRACTION,
    starts_on=date(2026, 9, 23),
    ends_on=date(2027, 3, 20),
    fits=True,
    units=15000,
    rule="1405 deductions.mine_technical_manager.4",
    months=6,
    left_units=33000,
    remaining_units=18000,
)


def test_a_job_that_would_fit_is_shown_with_its_rule(capacity: Tamdid) -> None:
    capacity.server.replies["capacity.what_if"] = WHAT_IF
    arguments = (
        "capacity",
        "what-if",
        MEMBER,
        "mine_technical_manager",
        "۴",
        "--from",
        "۱۴۰۵/۰۷/۰۱",
        "--quantity",
        "۱٫۵",
    )
    result = capacity(*arguments)
    assert result.exit_code == 0, result.output
    for text in ("fits", "330 P", "150 P", "180 P", "deductions, mine technical manager, degree 4 (1405)"):
        assert text in result.stdout
    (query,) = capacity.server.sent(queries.WhatIf)
    assert (query.degree, query.starts_on, query.quantity) == (4, date(2026, 9, 23), Decimal("1.5"))


def test_a_job_that_would_not_fit_ends_with_1_and_names_the_rules(capacity: Tamdid) -> None:
    rules = {"too_many_posts": "1405 posts.grade_3", "not_granted": ""}
    capacity.server.replies["capacity.what_if"] = WHAT_IF.model_copy(update={"fits": False, "problems": rules})
    result = capacity("capacity", "what-if", MEMBER, "mine_technical_manager", "1", "--from", "1405/07/01")
    assert result.exit_code == 1
    assert "more posts at the same time than the class may hold" in result.stdout
    assert "posts at the same time, grade 3 (1405)" in result.stdout
    assert capacity("capacity", "what-if", MEMBER, "sweeping", "1", "--from", "1405/07/01").exit_code == 2
    assert capacity("capacity", "what-if", MEMBER, "person_day", "5", "--from", "1405/07/01").exit_code == 2


def test_who_uses_too_much_is_listed_with_names(capacity: Tamdid) -> None:
    capacity.server.replies["capacity.list_over_use"] = capacity_answers.OverUse(capacities=(CAPACITY,), total=1)
    capacity.server.replies["auth.get_member_names"] = NAMES
    result = capacity("capacity", "over-use", "--year", "1405", "--field", "surveying")
    assert result.exit_code == 0, result.output
    for text in (MEMBER, "زهرا رضایی", "720", "390.25", "over the ceiling"):
        assert text in result.stdout
    assert "1 members" in result.stderr
    (arguments,) = capacity.server.sent(queries.ListOverUse)
    assert (arguments.province, arguments.year, arguments.field) == ("isfahan", 1405, "surveying")


def test_shares_are_counted_by_field(capacity: Tamdid) -> None:
    shares = ((0, 2), (25, 0), (50, 3), (75, 0), (100, 0), (None, 1))
    counts = tuple(capacity_answers.ShareCount(up_to_percent=percent, members=members) for percent, members in shares)
    uses = tuple(
        capacity_answers.UseOverview(field=field, members=6, ceiling_units=432000, used_units=150000, shares=counts)
        for field in (None, LicenceField.SURVEYING)
    )
    reply = capacity_answers.CapacityOverview(province="isfahan", year=1405, overviews=uses)
    capacity.server.replies["capacity.get_capacity_overview"] = reply
    lines = capacity("capacity", "overview").stdout.splitlines()
    assert any(
        line.split() == ["all", "together", "6", "2", "0", "3", "0", "0", "1", "1,500", "4,320"] for line in lines
    )
    assert any(line.split()[:2] == ["surveying", "6"] for line in lines)
    assert any("up to 25%" in line and "> 100%" in line for line in lines)


def test_a_line_of_a_correction_is_explained_by_its_act(capacity: Tamdid) -> None:
    grant, use = EXPLANATION.lines[:2]
    changed = use.model_copy(update={"kind": "regrade", "units": 4000, "job": None})
    reply = EXPLANATION.model_copy(update={"lines": (grant, changed)})
    act = renewal_answers.PolicyAct(
        year=1405,
        position=use.position,
        by="officer:root",
        at=NOW,
        reason="a new decision",
        version="1405-ab",
        changes=(),
    )
    capacity.server.replies |= {
        "capacity.explain_capacity": reply,
        "renewal.list_policy_acts": renewal_answers.PolicyActs(acts=(act, act.model_copy(update={"position": 99}))),
    }
    output = capacity("capacity", "explain", MEMBER).stdout
    assert f"Policy amended: renewal, event {use.position}, مدیر سامانه: a new decision" in output
    assert output.count("Policy amended") == 1


def test_too_much_use_is_shown_with_sum_ceiling_and_excess(capacity: Tamdid) -> None:
    field = capacity_answers.FieldCapacity(
        field=LicenceField.EXTRACTION, ceiling_units=30000, used_units=36050, remaining_units=0
    )
    over = CAPACITY.model_copy(
        update={"used_units": 96_000, "warnings": ("over_ceiling", "over_field_ceiling"), "fields": (field,)}
    )
    capacity.server.replies |= {
        "capacity.get_capacity": over,
        "capacity.list_over_use": capacity_answers.OverUse(capacities=(over,), total=1),
        "auth.get_member_names": NAMES,
        "capacity.what_if": WHAT_IF.model_copy(
            update={"fits": False, "ceiling_units": 72_000, "used_units": 96_000, "problems": {"over_ceiling": ""}}
        ),
    }
    what_if = ("what-if", MEMBER, "mine_technical_manager", "1", "--from", "1405/07/01")
    for words in (("show", MEMBER), ("over-use",), what_if):
        assert "960 P of 720 P, 240 P too much" in capacity("capacity", *words).stdout
    assert "extraction 360.5 P of 300 P, 60.5 P too much" in capacity("capacity", "show", MEMBER).stdout
    persian = capacity("--language", "fa", "capacity", "show", MEMBER).stdout
    assert "مجموع ۹۶۰، سقف ۷۲۰، بیش از سقف ۲۴۰ (P)" in persian
