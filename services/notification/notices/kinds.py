"""Which notices a fact deserves, and the rule of each kind of notice: pure functions and a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from shared.contract.auth import events as auth
from shared.contract.base import Event
from shared.contract.capacity import events as capacity
from shared.contract.notification.values import NoticeKind, NoticeValues, Way
from shared.contract.payment import events as payment
from shared.contract.payment import finance_events as finance
from shared.contract.renewal import events as renewal
from shared.contract.renewal.correction import UNDO_MINUTES

UNDO_WINDOW = timedelta(minutes=UNDO_MINUTES)
"""A return or a rejection can be undone for so long (renewal); nobody is sent what may be undone."""
BY_ALL_WAYS = (Way.SMS, Way.EMAIL)


@dataclass(frozen=True)
class Rule:
    """How a kind of notice is sent."""

    ways: tuple[Way, ...] = BY_ALL_WAYS
    """In this order: the next one where the one before failed or did not arrive in time."""
    helps_for: timedelta = timedelta(days=3)
    """From the fact on; later it is not sent any more."""
    is_urgent: bool = False
    """About money or the account: sent at any hour, and whatever ways the person has chosen."""
    is_reminder: bool = False
    """A person may choose to get none."""
    holds_for: timedelta = timedelta()
    """Not sent before that long after the fact."""


K = NoticeKind
URGENT = Rule(is_urgent=True)
RULES: Mapping[NoticeKind, Rule] = {
    K.REQUEST_RECEIVED: Rule(helps_for=timedelta(days=1)),
    K.RETURNED: Rule(helps_for=timedelta(days=14), holds_for=UNDO_WINDOW),
    K.REJECTED: Rule(helps_for=timedelta(days=14), holds_for=UNDO_WINDOW),
    K.EXPIRED: Rule(helps_for=timedelta(days=14)),
    K.APPROVED: Rule(helps_for=timedelta(days=30)),
    K.APPROVED_WITHOUT_FEE: Rule(helps_for=timedelta(days=14)),
    K.INVOICE_ENDS: Rule(helps_for=timedelta(hours=20), is_reminder=True),
    K.SEASON_REMINDER: Rule(helps_for=timedelta(hours=20), is_reminder=True),
    K.PAYMENT_RECEIVED: URGENT,
    K.PAYMENT_UNKNOWN: Rule(helps_for=timedelta(hours=6), is_urgent=True),
    K.PAYMENT_CONFIRMED: Rule(helps_for=timedelta(days=14)),
    K.CAPACITY_NEARLY_USED: Rule(helps_for=timedelta(days=14)),
    K.MONEY_BACK: URGENT,
    K.SLIP_REVERSED: URGENT,
    K.LICENCE_ENDS: Rule(helps_for=timedelta(days=7), is_reminder=True),
    K.PASSWORD_CHANGED: URGENT,
    K.PASSWORD_RESET: URGENT,
    K.FACTOR_CHANGED: URGENT,
    K.NEW_DEVICE: URGENT,
    K.ACCOUNT_LOCKED: URGENT,
    K.ADDRESS_CHANGED: URGENT,
    K.DESK_DIGEST: Rule(ways=(Way.EMAIL,), helps_for=timedelta(hours=8)),
    K.PROMISE_ENDS: Rule(helps_for=timedelta(hours=2)),
    K.MONEY_EXCEPTION: Rule(ways=(Way.EMAIL,)),
    K.WEBHOOK_DISABLED: Rule(ways=(Way.EMAIL,)),
}


class Case(NamedTuple):
    """What is known of a member's renewal when a fact about it comes."""

    province: str = ""
    tracking_code: str = ""


OF_CASE = (
    renewal.DeclarationSubmitted,
    renewal.RenewalReturned,
    renewal.RenewalRejected,
    renewal.RenewalExpired,
    payment.InvoiceIssued,
    payment.PaymentHeld,
    finance.RefundDue,
)
"""Facts whose notices name the renewal, or go to the office of its province."""


class ToNotify(NamedTuple):
    """A person who is to be told, and what the text names."""

    person: str
    kind: NoticeKind
    values: NoticeValues
    province: str = ""
    """Of the matter that an officer is told of, where it is one province's; a member's own is known."""


def notices_of(event: Event, case: Case) -> tuple[ToNotify, ...]:
    """Who is told of a fact; nobody of most."""
    if account := of_account(event):
        return account
    found = of_renewal(event, case) or of_money(event) or of_capacity(event)
    if found is None:
        return ()
    return (ToNotify(f"member:{event.member}", *found),)  # type: ignore[attr-defined]


def of_office(event: Event) -> tuple[NoticeKind, NoticeValues] | None:
    """What finance is told of money that needs a person."""
    match event:
        case payment.PaymentHeld():
            return K.MONEY_EXCEPTION, NoticeValues(year=event.year)
        case finance.RefundDue():
            return K.MONEY_EXCEPTION, NoticeValues(year=event.year, amount_rials=event.amount_rials)
        case _:
            return None


KindAndValues = tuple[NoticeKind, NoticeValues] | None


def of_account(event: Event) -> tuple[ToNotify, ...]:
    """An account's holder is told what others could have done in the holder's name; not what the holder has just done first."""
    match event:
        case auth.PasswordChanged():
            return (ToNotify(event.account, K.PASSWORD_CHANGED, NoticeValues()),)
        case auth.PasswordReset():
            return (ToNotify(f"member:{event.member}", K.PASSWORD_RESET, NoticeValues()),)
        case auth.SecondFactorSet() | auth.SecondFactorRemoved():
            return (ToNotify(event.account, K.FACTOR_CHANGED, NoticeValues()),)
        case auth.NewDeviceSignedIn():
            return (ToNotify(event.account, K.NEW_DEVICE, NoticeValues()),)
        case auth.AccountLocked():
            return (ToNotify(event.account, K.ACCOUNT_LOCKED, NoticeValues()),)
        case _:
            return ()


def of_renewal(event: Event, case: Case) -> KindAndValues:
    """What a member is told of the renewal."""
    code = case.tracking_code
    match event:
        case renewal.DeclarationSubmitted():
            until = event.review_due_at if event.review_is_promised else None
            return K.REQUEST_RECEIVED, NoticeValues(tracking_code=code, year=event.year, until=until)
        case renewal.RenewalReturned():
            until = event.correction_due_at
            return K.RETURNED, NoticeValues(tracking_code=code, year=event.year, until=until)
        case renewal.RenewalRejected():
            return K.REJECTED, NoticeValues(tracking_code=code, year=event.year)
        case renewal.RenewalExpired():
            return K.EXPIRED, NoticeValues(tracking_code=code, year=event.year)
        case payment.InvoiceIssued() if event.amount_rials > 0:  # of the approval, which has no amount itself
            values = NoticeValues(
                tracking_code=code, year=event.year, amount_rials=event.amount_rials, until=event.payable_until
            )
            return K.APPROVED, values
        case payment.InvoiceIssued():
            return K.APPROVED_WITHOUT_FEE, NoticeValues(year=event.year)
        case _:
            return None


def of_money(event: Event) -> KindAndValues:
    """What a member is told of the money."""
    match event:
        case payment.PaymentSettled():
            return K.PAYMENT_RECEIVED, NoticeValues(year=event.year, amount_rials=event.amount_rials)
        case payment.PaymentHeld():
            return K.PAYMENT_UNKNOWN, NoticeValues(year=event.year)
        case payment.PaymentReversed() | finance.RefundGranted():
            return K.MONEY_BACK, NoticeValues(year=event.year, amount_rials=event.amount_rials)
        case finance.ManualPaymentReversed():  # no money is on its way to the member
            return K.SLIP_REVERSED, NoticeValues(year=event.year, amount_rials=event.amount_rials)
        case _:
            return None


def of_capacity(event: Event) -> KindAndValues:
    """What a member is told of the year's capacity."""
    match event:
        case capacity.CapacityGranted():
            return K.PAYMENT_CONFIRMED, of_units(event)
        case capacity.CapacityNearlyUsed():
            return K.CAPACITY_NEARLY_USED, of_units(event)
        case _:
            return None


def of_units(event: capacity.MemberYearUnits) -> NoticeValues:
    remaining = max(0, event.ceiling_units - event.used_units)
    return NoticeValues(year=event.year, ceiling_units=event.ceiling_units, remaining_units=remaining)
