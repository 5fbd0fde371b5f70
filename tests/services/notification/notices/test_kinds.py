"""Which facts are told to whom, and the rule of each kind."""

import pytest

from services.notification.notices import kinds
from services.notification.notices.kinds import RULES, Case, ToNotify
from shared.contract.auth import events as auth
from shared.contract.base import Event
from shared.contract.catalogue import EVENTS
from shared.contract.notification.values import NoticeKind, NoticeValues
from tests.contract.test_samples import data, newest
from tests.services.notification import samples as s

CASE = Case(s.PROVINCE, s.CODE)
NOTIFIED = {
    "AccountLocked": NoticeKind.ACCOUNT_LOCKED,
    "NewDeviceSignedIn": NoticeKind.NEW_DEVICE,
    "CapacityGranted": NoticeKind.PAYMENT_CONFIRMED,
    "CapacityNearlyUsed": NoticeKind.CAPACITY_NEARLY_USED,
    "DeclarationSubmitted": NoticeKind.REQUEST_RECEIVED,
    "InvoiceIssued": NoticeKind.APPROVED,
    "ManualPaymentReversed": NoticeKind.SLIP_REVERSED,
    "PasswordChanged": NoticeKind.PASSWORD_CHANGED,
    "PasswordReset": NoticeKind.PASSWORD_RESET,
    "PaymentHeld": NoticeKind.PAYMENT_UNKNOWN,
    "PaymentReversed": NoticeKind.MONEY_BACK,
    "PaymentSettled": NoticeKind.PAYMENT_RECEIVED,
    "RefundGranted": NoticeKind.MONEY_BACK,
    "RenewalExpired": NoticeKind.EXPIRED,
    "RenewalRejected": NoticeKind.REJECTED,
    "RenewalReturned": NoticeKind.RETURNED,
    "SecondFactorRemoved": NoticeKind.FACTOR_CHANGED,
    "SecondFactorSet": NoticeKind.FACTOR_CHANGED,
}
"""All facts that are told to the person whom they are about."""


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_a_fact_is_told_to_its_person_or_to_nobody(name: str) -> None:
    event: Event = EVENTS[name].model_validate(data(newest(name)))
    found = kinds.notices_of(event, CASE)
    assert [one.kind for one in found] == ([NOTIFIED[name]] if name in NOTIFIED else [])
    person = getattr(event, "account", None) or f"member:{getattr(event, 'member', '')}"
    assert all(one.person == person for one in found)


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_the_facts_whose_notices_need_the_renewal_are_listed(name: str) -> None:
    event: Event = EVENTS[name].model_validate(data(newest(name)))
    needs = kinds.notices_of(event, CASE) != kinds.notices_of(event, Case()) or kinds.of_office(event) is not None
    assert isinstance(event, kinds.OF_CASE) == needs


def test_each_kind_has_its_rule() -> None:
    assert set(RULES) == set(NoticeKind)


def test_a_promise_that_is_none_is_not_repeated() -> None:
    unknown = s.SUBMITTED.model_copy(update={"review_is_promised": False})
    values = NoticeValues(tracking_code=s.CODE, year=s.YEAR)
    assert kinds.notices_of(unknown, CASE) == (ToNotify(s.PERSON, NoticeKind.REQUEST_RECEIVED, values),)


def test_an_officer_is_told_of_the_own_password() -> None:
    changed = auth.PasswordChanged(account=s.OFFICER, changed_by=s.OFFICER, changed_at=s.AT)
    assert [one.person for one in kinds.notices_of(changed, Case())] == [s.OFFICER]


def test_nobody_is_told_to_pay_nothing() -> None:
    free = s.ISSUED.model_copy(update={"amount_rials": 0})
    expected = ToNotify(s.PERSON, NoticeKind.APPROVED_WITHOUT_FEE, NoticeValues(year=s.YEAR))
    assert kinds.notices_of(free, CASE) == kinds.notices_of(free, Case()) == (expected,)
