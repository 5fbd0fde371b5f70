from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from services.payment.attempts import queries as attempt_queries
from services.payment.invoices import cross_year, domain
from services.payment.invoices import queries as lookups
from services.payment.invoices.coverage import Coverage
from services.payment.invoices.internal_commands import ReplaceInvoice, SettleAttempt, StartAttempt
from services.payment.tables import INQUIRIES
from shared.contract.payment import answers, queries
from shared.contract.refusals import Refused
from shared.contract.values import CoveredYear
from shared.event_store.command_handler import Records
from tests.services.payment.samples import (
    AMOUNT,
    AT,
    AUTHORITY,
    BANK,
    FIRST,
    ISSUE,
    LINES,
    MASK,
    MEMBER,
    OTHER_AUTHORITY,
    OTHER_MEMBER,
    OTHER_REFERENCE,
    PAYABLE_UNTIL,
    PROVINCE,
    REFERENCE,
    SECOND,
    YEAR,
    confirm,
    fail,
    hold,
    issue,
    record,
    settle,
    start,
)

LATER = AT + timedelta(minutes=21)
OPEN = (ISSUE, start())


def invoice(records: Records) -> answers.Invoice:
    with records.read() as connection:
        found = lookups.invoice(connection, MEMBER, YEAR)
    assert found is not None
    return found


def is_watched(records: Records) -> bool:
    with records.read() as connection:
        return INQUIRIES.first_due(connection, AT + timedelta(days=1), BANK) is not None


def payments(records: Records, status: str, **more: object) -> answers.Payments:
    with records.read() as connection:
        return lookups.payments(
            connection, queries.ListPayments.model_validate({"province": PROVINCE, "status": status, **more})
        )


def test_an_invoice_is_shown_as_it_was_issued(records: Records) -> None:
    record(records, ISSUE)
    assert invoice(records) == answers.Invoice(
        member=MEMBER,
        year=YEAR,
        province=PROVINCE,
        lines=LINES,
        amount_rials=AMOUNT,
        status="open",
        issued_at=AT,
        payable_until=PAYABLE_UNTIL,
    )


def test_a_settled_invoice_shows_the_reference_and_every_attempt(records: Records) -> None:
    record(records, ISSUE, start(), start(SECOND, OTHER_AUTHORITY, LATER), settle(SECOND, OTHER_REFERENCE), settle())
    shown = invoice(records)
    assert (shown.status, shown.settled_at, shown.bank_reference, shown.card_mask) == (
        "settled",
        AT,
        OTHER_REFERENCE,
        MASK,
    )
    assert [(one.attempt, one.status, one.bank_reference) for one in shown.attempts] == [
        (FIRST, "duplicate", REFERENCE),
        (SECOND, "settled", OTHER_REFERENCE),
    ]


def test_a_payment_is_late_that_waits_since_before_the_instant(records: Records) -> None:
    record(records, *OPEN, settle())
    before, after = AT.isoformat(), (AT + timedelta(seconds=1)).isoformat()
    for only_late, total in ((False, 1), (True, 0)):
        found = payments(records, "settled", late_before=before, only_late=only_late)
        assert (found.total, found.late, len(found.invoices)) == (total, 0, total)
    assert payments(records, "settled", only_late=True).total == 0
    found = payments(records, "settled", late_before=after, only_late=True)
    assert (found.total, found.late, len(found.invoices)) == (1, 1, 1)
    assert payments(records, "open", late_before=after).late == 1
    record(records, confirm())
    assert payments(records, "settled", late_before=after).late == 0


def test_a_confirmed_invoice_is_shown_as_confirmed(records: Records) -> None:
    record(records, *OPEN, settle(), confirm())
    assert (invoice(records).status, invoice(records).confirmed_at) == ("confirmed", AT)


def test_the_banks_key_is_looked_up_in_an_index(sqlite_records: Records) -> None:
    text = str(attempt_queries.OF_SESSION.statement.compile(sqlite_records.database.engine))
    with sqlite_records.read() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", (*attempt_queries.BANKS, AUTHORITY)).all()
    assert any("(bank=? AND authority=?)" in step.detail for step in plan)


def test_an_attempt_is_found_by_its_own_key_and_by_the_banks(records: Records) -> None:
    record(records, *OPEN, fail(cause="expired"))
    with records.read() as connection:
        by_authority = attempt_queries.attempt_of(connection, authority=AUTHORITY)
        assert by_authority == attempt_queries.attempt_of(connection, attempt=FIRST)
        assert attempt_queries.attempt_of(connection, authority=OTHER_AUTHORITY) is None
    assert by_authority is not None
    assert (by_authority.status, by_authority.cause, by_authority.stream) == (
        "failed",
        "expired",
        f"invoice/{MEMBER}/{YEAR}",
    )


def test_attempts_without_an_outcome_are_found_the_newest_first(records: Records) -> None:
    def unfinished() -> list[UUID]:
        with records.read() as connection:
            return [one.attempt for one in attempt_queries.unfinished(connection, MEMBER, YEAR)]

    record(records, ISSUE)
    assert unfinished() == []
    record(records, start(at=AT - timedelta(minutes=20)), start(SECOND, OTHER_AUTHORITY, AT))
    assert unfinished() == [SECOND, FIRST]
    record(records, fail(SECOND))
    assert unfinished() == [FIRST]


@pytest.mark.parametrize("outcome", [settle(), fail(), hold()])
def test_an_attempt_is_watched_until_its_outcome_is_known(records: Records, outcome: SettleAttempt) -> None:
    record(records, *OPEN)
    assert is_watched(records)
    record(records, outcome)
    assert not is_watched(records)


def test_a_reference_counts_once_across_all_members_and_nothing_else_is_recorded(records: Records) -> None:
    record(records, *OPEN, settle())
    record(records, issue(OTHER_MEMBER), start(SECOND, OTHER_AUTHORITY), member=OTHER_MEMBER)
    with pytest.raises(domain.ReferenceTaken):
        record(records, settle(SECOND, REFERENCE), member=OTHER_MEMBER)
    with records.read() as connection:
        attempt = attempt_queries.attempt_of(connection, attempt=SECOND)
        head = records.own_log().head(connection)
    assert attempt is not None
    assert (attempt.status, head) == ("started", 5)
    record(records, settle(SECOND, OTHER_REFERENCE), member=OTHER_MEMBER)


def test_the_same_reference_of_another_bank_is_another_reference(records: Records) -> None:
    elsewhere = StartAttempt(start().id, AT, SECOND, "mellat", OTHER_AUTHORITY, "")
    record(records, *OPEN, settle())
    record(records, issue(OTHER_MEMBER), elsewhere, settle(SECOND, REFERENCE), member=OTHER_MEMBER)
    with records.read() as connection:
        attempt = attempt_queries.attempt_of(connection, attempt=SECOND)
    assert attempt is not None
    assert (attempt.status, attempt.bank) == ("settled", "mellat")


def test_settled_payments_are_listed_the_oldest_first_in_their_own_province(records: Records) -> None:
    for minutes, member in ((30, "0000003"), (10, "0000001"), (20, "0000002")):
        attempt, province = UUID(int=int(member)), "fars" if member == "0000002" else PROVINCE
        settled = settle(attempt, member, AT + timedelta(minutes=minutes))
        record(records, issue(member, province), start(attempt, f"S0{member:0>34}"), settled, member=member)
    page = payments(records, "settled")
    assert [one.member for one in page.invoices] == ["0000001", "0000003"]
    assert [one.attempts[0].bank_reference for one in page.invoices] == ["0000001", "0000003"]
    assert page.total == 2
    second = payments(records, "settled", limit=1, offset=1)
    assert [one.member for one in second.invoices] == ["0000003"]
    assert second.total == 2
    assert payments(records, "confirmed") == answers.Payments(invoices=(), total=0)
    assert payments(records, "open").total == 0


def test_an_invoice_that_was_replaced_is_shown_so_and_money_that_comes_for_it_is_owed_back(records: Records) -> None:
    replaced = ReplaceInvoice(uuid4(), LATER, YEAR + 1)
    record(records, *OPEN, replaced, settle())
    shown = invoice(records)
    assert (shown.status, shown.replaced_by_year) == ("open", YEAR + 1)
    assert [one.status for one in shown.attempts] == ["duplicate"]
    with pytest.raises(Refused, match="invoice_replaced"):
        record(records, start(SECOND, OTHER_AUTHORITY, LATER))


def test_an_invoice_that_is_paid_gives_way_to_none(records: Records) -> None:
    record(records, *OPEN, settle(), ReplaceInvoice(uuid4(), LATER, YEAR + 1))
    assert invoice(records).replaced_by_year is None
    assert coverage(records).cover_of(YEAR) == CoveredYear(year=YEAR, by="payment", invoice_year=YEAR)
    assert coverage(records).replaceable_by(YEAR + 1) == []


def test_an_unpaid_year_is_known_as_unpaid_until_it_is_replaced(records: Records) -> None:
    record(records, ISSUE)
    assert coverage(records).cover_of(YEAR) is None
    assert (coverage(records).charged_by(YEAR), coverage(records).replaceable_by(YEAR + 1)) == (YEAR, [YEAR])
    record(records, ReplaceInvoice(uuid4(), LATER, YEAR + 1))
    assert (coverage(records).charged_by(YEAR), coverage(records).replaceable_by(YEAR + 1)) == (None, [])


def coverage(records: Records) -> Coverage:
    with records.read() as connection:
        return cross_year.coverage(connection, records.own_log(), MEMBER)
