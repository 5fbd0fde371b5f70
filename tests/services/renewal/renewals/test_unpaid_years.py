from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from services.renewal import subscriptions
from services.renewal.renewals import unpaid_years
from services.renewal.renewals.state import PaymentHistory
from services.renewal.renewals.unpaid_years import Entry
from services.renewal.service import LOG, RenewalService
from shared.contract.auth import events
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.renewal import answers, queries
from shared.contract.values import Licence, MemberClass, UnpaidYear
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from tests.services.payment.samples import as_recorded

G2, G3, NONE = MemberClass.GRADE_2, MemberClass.GRADE_3, MemberClass.UNLICENSED
MIDNIGHT_1405 = datetime(2026, 3, 20, 20, 30, tzinfo=UTC)
"""The first instant of 1 Farvardin 1405 in Tehran."""


def owed(*years: tuple[int, MemberClass]) -> tuple[UnpaidYear, ...]:
    return tuple(UnpaidYear(year=year, member_class=member_class) for year, member_class in years)


def test_every_year_after_the_last_paid_one_is_owed_the_oldest_first() -> None:
    known = datetime(2020, 1, 1, tzinfo=UTC)
    assert unpaid_years.unpaid_years([Entry(known, G2, 1402)], 1405) == owed((1403, G2), (1404, G2))


def test_the_class_is_the_one_of_1_farvardin_to_the_second() -> None:
    history = [Entry(MIDNIGHT_1405 - timedelta(days=400), G3, 1404), Entry(MIDNIGHT_1405, G2, 1404)]
    assert unpaid_years.unpaid_years(history, 1406) == owed((1405, G2))
    history[1] = Entry(MIDNIGHT_1405 + timedelta(seconds=1), G2, 1404)
    assert unpaid_years.unpaid_years(history, 1406) == owed((1405, G3))


def test_a_year_before_anything_was_known_of_the_member_counts_as_unlicensed() -> None:
    assert unpaid_years.unpaid_years([Entry(MIDNIGHT_1405, G2, 1403)], 1406) == owed((1404, NONE), (1405, G2))


def test_who_never_paid_or_has_paid_all_owes_no_earlier_year() -> None:
    assert unpaid_years.unpaid_years([Entry(MIDNIGHT_1405, G2, None)], 1405) == ()
    assert unpaid_years.unpaid_years([Entry(MIDNIGHT_1405, G2, 1404)], 1405) == ()
    assert unpaid_years.unpaid_years([], 1405) == ()


def test_of_whom_the_register_has_as_never_paid_the_years_since_the_enrolment_are_known_with_their_classes() -> None:
    history = [Entry(MIDNIGHT_1405, G3, None), Entry(MIDNIGHT_1405 + timedelta(days=400), G2, None)]
    assert unpaid_years.enrolled_years(history, 1408) == owed((1405, G3), (1406, G3), (1407, G2))
    assert unpaid_years.enrolled_years(history, 1405) == ()
    history[0] = Entry(MIDNIGHT_1405 + timedelta(seconds=1), G3, None)
    assert unpaid_years.enrolled_years(history, 1407) == owed((1406, G3))


def test_the_register_history_is_stored_in_its_order(database_url: str) -> None:
    database = Database(database_url)
    about: dict[str, Any] = {"member": "0123456", "province": "isfahan"}
    enrolled = events.MemberEnrolled(
        **about, licence=Licence(member_class=G3), enrolled_by="", enrolled_at=MIDNIGHT_1405 - timedelta(days=3 * 365)
    )
    changed = events.MembershipChanged(
        **about, licence=Licence(member_class=G2), paid_through=1403, changed_by="", changed_at=MIDNIGHT_1405
    )
    for position, event in enumerate((enrolled, changed), start=1):
        with database.read() as connection:
            found = unpaid_years.payment_history(connection, "0123456", 1405)
        years = owed((1403, G3), (1404, G3)) if position == 2 else ()
        assert found == PaymentHistory(never_paid=position == 2, enrolled_years=years)
        one = as_recorded(event, position)
        database.write(partial(subscriptions.on_auth_event, recorded=one))
    with database.read() as connection:
        assert unpaid_years.payment_history(connection, "0123456", 1406) == PaymentHistory(
            owed((1404, G3), (1405, G2)), paid_through=1403
        )
    service = RenewalService()
    service.records = Records(database, LOG)
    service.caller = Passport(principal_kind=PrincipalKind.MEMBER, subject="0123456")
    query = queries.GetRenewal(member="0123456", year=1406).model_dump(mode="json")
    answer = answers.MemberRenewal.model_validate(service.get_renewal(query))
    assert answer.unpaid_years == owed((1404, G3), (1405, G2))
    assert (answer.never_paid, answer.paid_through) == (False, 1403)
    database.close()
