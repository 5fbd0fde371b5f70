"""A province's money by week, and how long invoices wait, from events whose figures are counted by hand."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event as sqlalchemy_event

from services.payment import overview, process, projection
from services.payment.service import PaymentService
from shared.contract import base
from shared.contract.envelope import Metadata, Recorded
from shared.contract.overview_answers import WEEKS_SHOWN, MoneyOverview, TimeInState
from shared.contract.passport import NOBODY, Passport, PrincipalKind
from shared.contract.payment import events, finance_events
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.event_store.log import EventLog
from tests.services.payment import samples as s

NOW = datetime(2026, 4, 15, 9, 30, tzinfo=UTC)
"""Wednesday 26 Farvardin 1405; the week began on Saturday, 22 Farvardin, 2026-04-11."""
THIS_WEEK, LAST_WEEK = date(2026, 4, 11), date(2026, 4, 4)
LONG_AGO = NOW - timedelta(weeks=20)
HOUR = timedelta(hours=1)
OFFICER: dict[str, Any] = {"principal_kind": PrincipalKind.OFFICER, "subject": "farid", "provinces": ["isfahan"]}


class Ledger:
    """Payment's rows, as events at named times leave them."""

    def __init__(self, url: str) -> None:
        self.records = Records(Database(url), EventLog("payment", projection.project, process.react))
        self.position = 0

    def add(self, fact: base.Event, at: datetime) -> None:
        self.position += 1
        cause = Metadata(correlation_id=uuid4(), causation_id=uuid4(), actor=s.MANAGER)
        place = ("payment", self.position, "invoice/x", self.position, UUID(int=self.position), type(fact).__name__)
        recorded = Recorded(*place, fact.model_dump_json(), cause, at)
        self.records.write(lambda connection: projection.project(connection, recorded))

    def charge(self, member: str, at: datetime, amount: int = 9_000_000, province: str = "isfahan") -> None:
        about = {"member": member, "year": 1405, "province": province, "lines": s.LINES, "amount_rials": amount}
        times = {"issued_at": at, "payable_until": at + timedelta(days=30)}
        self.add(events.InvoiceIssued.model_validate({**about, **times}), at)

    def pay(self, member: str, at: datetime, amount: int = 9_000_000) -> None:
        attempt, about = uuid4(), {"member": member, "year": 1405, "amount_rials": amount}
        authority = f"S{self.position:035}"
        self.add(events.PaymentStarted.model_validate({**about, "attempt": attempt, "authority": authority, "started_at": at}), at)  # fmt: skip
        paid = {"attempt": attempt, "authority": authority, "settled_at": at, "province": "isfahan"}
        paid |= {"bank_reference": str(self.position), "card_mask": s.MASK}
        self.add(events.PaymentSettled.model_validate({**about, **paid}), at)

    def confirm(self, member: str, at: datetime) -> None:
        about = {"member": member, "year": 1405, "province": "isfahan", "confirmed_by": s.MANAGER, "confirmed_at": at}
        self.add(events.PaymentConfirmed.model_validate({**about, "amount_rials": 1}), at)

    def overview(self, province: str = "isfahan") -> MoneyOverview:
        with self.records.read() as connection:
            return overview.overview(connection, province, NOW)


@pytest.fixture
def ledger(database_url: str) -> Ledger:
    return Ledger(database_url)


def test_weeks_begin_on_saturday_in_tehran_and_the_present_one_is_the_last(ledger: Ledger) -> None:
    weeks = [week.starts_on for week in ledger.overview().weeks]
    assert len(weeks) == WEEKS_SHOWN
    assert weeks[-2:] == [LAST_WEEK, THIS_WEEK]


def test_money_counts_in_the_week_in_which_it_moved(ledger: Ledger) -> None:
    """Charged before all weeks 5, last week 9 and 7, this week 4; paid last week 9, this week 5; other provinces apart."""
    last, this = NOW - timedelta(weeks=1), NOW
    ledger.charge("0001", LONG_AGO, 5_000_000)
    ledger.charge("0002", last, 9_000_000)
    ledger.charge("0003", last, 7_000_000)
    ledger.charge("0004", this, 4_000_000)
    ledger.charge("0005", this, 1_000_000, "yazd")
    ledger.pay("0002", last, 9_000_000)
    ledger.pay("0001", this, 5_000_000)
    *earlier, before, now = [
        (week.charged_rials, week.settled_rials, week.outstanding_rials) for week in ledger.overview().weeks
    ]
    assert earlier == [(0, 0, 5_000_000)] * (WEEKS_SHOWN - 2)
    assert before == (16_000_000, 9_000_000, 12_000_000)
    assert now == (4_000_000, 5_000_000, 11_000_000)
    assert ledger.overview("yazd").weeks[-1].outstanding_rials == 1_000_000


def test_what_is_written_off_is_charged_and_owed_no_more(ledger: Ledger) -> None:
    ledger.charge("0001", NOW, 5_000_000)
    about = {"member": "0001", "year": 1405, "request": uuid4(), "amount_rials": 2_000_000, "province": "isfahan"}
    granted = {"granted_by": s.MANAGER, "granted_at": NOW, "requested_by": s.MANAGER}
    ledger.add(finance_events.WriteOffGranted.model_validate({**about, **granted}), NOW)
    week = ledger.overview().weeks[-1]
    assert (week.charged_rials, week.settled_rials, week.outstanding_rials) == (3_000_000, 0, 3_000_000)


def test_what_was_paid_of_an_open_invoice_is_owed_no_more(ledger: Ledger) -> None:
    ledger.charge("0001", LONG_AGO, 5_000_000)
    ledger.pay("0001", NOW, 2_000_000)
    week = ledger.overview().weeks[-1]
    assert (week.charged_rials, week.settled_rials, week.outstanding_rials) == (0, 0, 3_000_000)


def test_a_cancelled_invoice_counts_nowhere(ledger: Ledger) -> None:
    ledger.charge("0001", NOW, 5_000_000)
    about = {"member": "0001", "year": 1405, "province": "isfahan", "amount_rials": 5_000_000, "cancelled_at": NOW}
    ledger.add(events.InvoiceCancelled.model_validate(about), NOW)
    week = ledger.overview().weeks[-1]
    assert (week.charged_rials, week.settled_rials, week.outstanding_rials) == (0, 0, 0)


def test_a_second_before_saturday_in_tehran_belongs_to_the_week_before(ledger: Ledger) -> None:
    saturday = datetime(2026, 4, 10, 20, 30, tzinfo=UTC)
    ledger.charge("0001", saturday - timedelta(seconds=1), 1)
    ledger.charge("0002", saturday, 10)
    assert [week.charged_rials for week in ledger.overview().weeks[-2:]] == [1, 10]


def test_times_are_the_middle_one_and_what_nine_of_ten_do_not_exceed(ledger: Ledger) -> None:
    """Ten invoices, paid after 1 to 10 hours: the fifth is the middle, the ninth the other; three of them confirmed after 2 hours."""
    for hours in range(1, 11):
        ledger.charge(f"{hours:04}", NOW - hours * HOUR)
        ledger.pay(f"{hours:04}", NOW)
    for member in ("0001", "0002", "0003"):
        ledger.confirm(member, NOW + 2 * HOUR)
    ledger.charge("0099", LONG_AGO)  # still waits: no stay that has ended
    assert ledger.overview().times == (
        TimeInState(state="payment", stays=10, median_seconds=5 * 3600, most_seconds=9 * 3600),
        TimeInState(state="confirmation", stays=3, median_seconds=2 * 3600, most_seconds=2 * 3600),
    )


def test_an_empty_province_has_zeros(ledger: Ledger) -> None:
    found = ledger.overview("fars")
    assert {(week.charged_rials, week.settled_rials, week.outstanding_rials) for week in found.weeks} == {(0, 0, 0)}
    assert found.times == ()


def test_the_figures_are_few_statements(ledger: Ledger) -> None:
    ledger.charge("0001", NOW)
    with ledger.records.read() as connection:
        statements: list[str] = []
        sqlalchemy_event.listen(connection, "before_cursor_execute", lambda *about: statements.append(about[2]))
        overview.overview(connection, "isfahan", NOW)
    assert len(statements) == 2


@pytest.mark.parametrize(
    ("role", "province", "may"),
    [
        (Role.MANAGER, "isfahan", True),
        (Role.FINANCE, "isfahan", True),
        (Role.TREASURY, "isfahan", True),
        (Role.AUDITOR, "isfahan", True),
        (Role.ADMIN, "isfahan", False),
        (Role.MANAGER, "fars", False),
        (Role.AUDITOR, "fars", False),
    ],
)
def test_the_province_and_the_role_are_checked(ledger: Ledger, role: Role, province: str, may: bool) -> None:
    service = PaymentService()
    service.records = ledger.records
    service.caller = Passport.model_validate({**OFFICER, "roles": [role]})
    query = {"province": province}
    if may:
        assert len(service.get_money_overview(query)["weeks"]) == WEEKS_SHOWN
    else:
        with pytest.raises(Refused, match=Reason.NOT_ALLOWED):
            service.get_money_overview(query)


def test_nobody_and_members_see_no_figures(ledger: Ledger) -> None:
    service = PaymentService()
    service.records = ledger.records
    member = Passport(principal_kind=PrincipalKind.MEMBER, subject=s.MEMBER, provinces=frozenset({"isfahan"}))
    for caller, reason in ((NOBODY, Reason.NOT_SIGNED_IN), (member, Reason.NOT_ALLOWED)):
        service.caller = caller
        with pytest.raises(Refused, match=reason):
            service.get_money_overview({"province": "isfahan"})
