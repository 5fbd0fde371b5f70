"""Decisions about a renewal, as given, when, then."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.renewal.renewals import domain
from services.renewal.renewals.domain import renewal_decider
from services.renewal.renewals.state import DecisionContext, PaymentHistory
from services.renewal.renewals.tracking_code import tracking_code
from shared.contract.base import Event
from shared.contract.refusals import Reason
from shared.contract.values import MemberClass, UnpaidYear, Waiver
from tests.services.renewal import samples as s
from tests.support.given import given

RENEWAL = renewal_decider(s.CONTEXT)


def test_a_request_takes_province_and_licence_from_the_register() -> None:
    assert given(RENEWAL).when(s.REQUEST) == [
        s.REQUESTED.model_copy(update={"tracking_code": tracking_code(s.REQUEST.id)})
    ]


@pytest.mark.parametrize("past", [[s.REQUESTED], [s.REQUESTED, s.SUBMITTED], [s.REQUESTED, s.SUBMITTED, s.APPROVED]])
def test_requesting_again_opens_what_is_there(past: list[Event]) -> None:
    assert given(RENEWAL, *past).when(s.REQUEST) == []


def test_a_withdrawn_renewal_may_be_requested_again() -> None:
    assert len(given(RENEWAL, s.REQUESTED, s.WITHDRAWN).when(s.REQUEST)) == 1


def test_a_rejected_renewal_stays_rejected() -> None:
    rejected = given(RENEWAL, s.REQUESTED, s.SUBMITTED, s.REJECTED)
    for command in (s.REQUEST, s.SUBMIT, s.APPROVE, s.RETURN):
        rejected.refuses(command, Reason.ALREADY_DECIDED)
    rejected.refuses(s.WITHDRAW, Reason.NOT_WITHDRAWABLE)


def test_nobody_renews_who_is_not_on_the_register() -> None:
    given(renewal_decider(DecisionContext())).refuses(s.REQUEST, Reason.UNKNOWN_MEMBER)


@pytest.mark.parametrize(
    ("at", "year"),
    [
        # the year 1403 is a leap year: it has a 30 Esfand, and ends at midnight in Tehran (20:30 UTC)
        (datetime(2025, 3, 20, 20, 29, 59, tzinfo=UTC), 1403),
        (datetime(2025, 3, 20, 20, 30, tzinfo=UTC), 1404),
        (datetime(2026, 3, 20, 20, 29, 59, tzinfo=UTC), 1404),
        (datetime(2026, 3, 20, 20, 30, tzinfo=UTC), 1405),
    ],
)
def test_only_the_current_year_of_tehran_can_be_renewed(at: datetime, year: int) -> None:
    command = s.REQUEST.model_copy(update={"at": at, "year": year})
    assert len(given(RENEWAL).when(command)) == 1
    for other in (year - 1, year + 1):
        given(RENEWAL).refuses(command.model_copy(update={"year": other}), Reason.NOT_THIS_YEAR)


def test_a_declaration_is_submitted_with_its_jobs_and_without_its_texts() -> None:
    (submitted,) = given(RENEWAL, s.REQUESTED).when(s.SUBMIT)
    assert submitted == s.SUBMITTED
    for text in (s.FORM.mobile, s.FORM.address, s.FORM.postal_code, s.DECLARED.title, s.DECLARED.client):
        assert text not in submitted.model_dump_json()


def test_a_declaration_needs_a_request_first() -> None:
    given(RENEWAL).refuses(s.SUBMIT, Reason.NOT_REQUESTED)
    given(RENEWAL, s.REQUESTED, s.WITHDRAWN).refuses(s.SUBMIT, Reason.NOT_REQUESTED)


def test_a_declaration_on_the_desk_is_not_submitted_again() -> None:
    given(RENEWAL, s.REQUESTED, s.SUBMITTED).refuses(s.SUBMIT, Reason.ALREADY_SUBMITTED)


def test_a_returned_declaration_comes_back_as_the_next_version() -> None:
    assert given(RENEWAL, s.REQUESTED, s.SUBMITTED, s.RETURNED).when(s.SUBMIT) == [s.submitted(2)]


def test_the_manager_returns_rejects_or_approves_what_lies_on_the_desk() -> None:
    desk = given(RENEWAL, s.REQUESTED, s.SUBMITTED)
    assert desk.when(s.RETURN) == [s.RETURNED]
    assert desk.when(s.REJECT) == [s.REJECTED]
    assert desk.when(s.APPROVE) == [s.APPROVED]


@pytest.mark.parametrize("command", [s.RETURN, s.REJECT], ids=lambda command: type(command).__name__)
def test_a_return_or_rejection_of_a_version_is_of_that_version_alone(command: Any) -> None:
    desk = given(RENEWAL, s.REQUESTED, s.SUBMITTED)
    assert desk.when(command.model_copy(update={"declaration_version": 1})) == desk.when(command)
    desk.refuses(command.model_copy(update={"declaration_version": 2}), Reason.CONFLICT)


@pytest.mark.parametrize("command", [s.RETURN, s.REJECT, s.APPROVE])
def test_nothing_is_decided_before_it_is_submitted(command: domain.Command) -> None:
    given(RENEWAL).refuses(command, Reason.NOT_REQUESTED)
    given(RENEWAL, s.REQUESTED).refuses(command, Reason.NOT_SUBMITTED)
    given(RENEWAL, s.REQUESTED, s.SUBMITTED, s.RETURNED).refuses(command, Reason.NOT_SUBMITTED)


def test_approving_twice_changes_nothing() -> None:
    assert given(RENEWAL, s.REQUESTED, s.SUBMITTED, s.APPROVED).when(s.APPROVE) == []


def test_approving_a_version_that_was_replaced_is_a_conflict() -> None:
    past = [s.REQUESTED, s.SUBMITTED, s.RETURNED, s.submitted(2)]
    given(RENEWAL, *past).refuses(s.APPROVE, Reason.CONFLICT)


def test_a_renewal_is_withdrawn_until_it_is_approved() -> None:
    assert given(RENEWAL, s.REQUESTED, s.SUBMITTED).when(s.WITHDRAW) == [s.WITHDRAWN]
    given(RENEWAL, s.REQUESTED, s.SUBMITTED, s.APPROVED).refuses(s.WITHDRAW, Reason.NOT_WITHDRAWABLE)
    assert given(RENEWAL, s.REQUESTED, s.WITHDRAWN).when(s.WITHDRAW) == []


def test_a_command_for_another_moment_does_not_change_the_decision_on_the_same_facts() -> None:
    later = s.APPROVE.model_copy(update={"at": s.AT + timedelta(days=1)})
    (approved,) = given(RENEWAL, s.REQUESTED, s.SUBMITTED).when(later)
    assert approved.model_copy(update={"approved_at": s.AT}) == s.APPROVED


def test_the_approval_has_the_unpaid_years_of_the_register_and_the_waivers() -> None:
    unpaid = (UnpaidYear(year=1404, member_class=MemberClass.GRADE_3),)
    decider = renewal_decider(replace(s.CONTEXT, payments=PaymentHistory(unpaid)))
    waiver = Waiver(year=1404, amount_rials=1_000_000)
    command = s.APPROVE.model_copy(update={"waivers": (waiver,), "reason": "خسارت سیل در محل کار"})
    approved = s.APPROVED.model_copy(update={"unpaid_years": unpaid, "waivers": (waiver,), "note": command.id})
    assert given(decider, s.REQUESTED, s.SUBMITTED).when(command) == [approved]


def test_nothing_is_waived_without_a_reason_or_of_a_year_to_come() -> None:
    history = given(renewal_decider(s.CONTEXT), s.REQUESTED, s.SUBMITTED)
    waiver = Waiver(year=1405, amount_rials=1_000_000)
    history.refuses(s.APPROVE.model_copy(update={"waivers": (waiver,)}), Reason.REASON_NEEDED)
    later = {"waivers": (waiver.model_copy(update={"year": 1406}),), "reason": "خسارت سیل در محل کار"}
    assert history.refuses(s.APPROVE.model_copy(update=later), Reason.BAD_INPUT) == {"waivers.0.year": "year_wrong"}
