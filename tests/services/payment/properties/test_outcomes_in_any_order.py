"""Whatever the bank says, however often and in whatever order: paid stays paid, once, and each reference counts once."""

from collections import Counter
from dataclasses import replace
from functools import partial
from uuid import UUID, uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from services.payment import process, tables
from services.payment import projection as payment_projection
from services.payment.attempts import queries as attempt_queries
from services.payment.invoices import domain, state
from services.payment.invoices.internal_commands import (
    FailAttempt,
    HoldAttempt,
    IssueInvoice,
    SettleAttempt,
    StartAttempt,
)
from services.payment.invoices.state import Invoice, evolve
from shared.contract import base
from shared.event_store import log as event_log
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.event_store.decider import Decider
from shared.event_store.log import EventLog
from tests.services.payment.samples import AT, ISSUE, YEAR, confirm

MEMBERS = ("0000001", "0000002")
ATTEMPTS = {UUID(int=number): MEMBERS[number % 2] for number in range(1, 7)}
REFERENCES = ("201", "202", "203", "204")

attempts = st.sampled_from(sorted(ATTEMPTS))
evidence = st.one_of(
    st.tuples(st.just("settle"), attempts, st.sampled_from(REFERENCES)),
    st.tuples(st.sampled_from(["fail", "hold"]), attempts, st.just("")),
    st.tuples(st.just("confirm"), attempts, st.just("")),
)
stories = st.lists(evidence, max_size=25)


def command_of(what: str, attempt: UUID, reference: str, id: UUID) -> domain.Command:  # noqa: A002 - a command's own word
    match what:
        case "settle":
            return SettleAttempt(id, AT, attempt, reference, "")
        case "fail":
            return FailAttempt(id, AT, attempt, "failed")
        case "hold":
            return HoldAttempt(id, AT, attempt, "amount_differs")
        case _:
            return confirm()


def opened(member: str) -> list[base.Event]:
    """An invoice with all the attempts of a member, as superseded ones would lie there."""
    past: list[base.Event] = domain.decide(replace(ISSUE, member=member), Invoice())
    for attempt in (one for one, owner in ATTEMPTS.items() if owner == member):
        alone = domain.INVOICE.fold(past[:1])
        past += domain.decide(StartAttempt(uuid4(), AT, attempt, "zarinpal", f"A{attempt.int:035}", ""), alone)
    return past


@given(stories)
def test_in_one_invoice(story: list[tuple[str, UUID, str]]) -> None:
    invoice = domain.INVOICE.fold(opened(MEMBERS[0]))
    for what, attempt, reference in story:
        if attempt not in invoice.attempts or (what == "confirm" and invoice.status == "open"):
            continue
        before = invoice
        happened = domain.decide(command_of(what, attempt, reference, uuid4()), invoice)
        invoice = domain.INVOICE.fold(happened, invoice)
        for key, was in before.attempts.items():
            assert not was.is_paid or invoice.attempts[key] == was
    check({MEMBERS[0]: invoice})
    assert (invoice.status == "open") == (not any(one.is_paid for one in invoice.attempts.values()))


@settings(max_examples=40, deadline=None)
@given(stories)
def test_across_invoices_with_the_rows_that_stand_guard(story: list[tuple[str, UUID, str]]) -> None:
    database = Database("sqlite:///:memory:")
    database.create_tables(event_log.TABLES, *tables.TABLES)
    records = Records(database, EventLog("payment", payment_projection.project, process.react))
    for member in MEMBERS:
        append(records, member)
    for what, attempt, reference in story:
        if what != "confirm":
            receive(records, ATTEMPTS[attempt], command_of(what, attempt, reference, uuid4()))
    with records.read() as connection:
        log = records.own_log()
        streams = {member: log.stream(connection, state.stream_of(member, YEAR)) for member in MEMBERS}
        rows = [attempt_queries.attempt_of(connection, attempt=attempt) for attempt in ATTEMPTS]
    invoices = {member: domain.INVOICE.fold(one.event for one in stream) for member, stream in streams.items()}
    check(invoices)
    for row in rows:
        assert row is not None
        assert row.status == invoices[row.member].attempts[row.attempt].status
    database.close()


def append(records: Records, member: str) -> None:
    """Put a member's opened invoice on record."""
    for event in opened(member):
        one = replace(ISSUE, id=uuid4(), member=member)
        records.handle(state.stream_of(member, YEAR), one, Decider(partial(as_given, event), evolve, Invoice()))


def as_given(event: base.Event, _command: IssueInvoice, _invoice: Invoice) -> list[base.Event]:
    """Decide nothing: the past is as it is told."""
    return [event]


def receive(records: Records, member: str, command: domain.Command) -> None:
    """Record evidence as `verification` does: a reference that is counted already holds the attempt."""
    try:
        records.handle(state.stream_of(member, YEAR), command, domain.INVOICE)
    except domain.ReferenceTaken:
        assert isinstance(command, SettleAttempt)
        held = HoldAttempt(uuid4(), AT, command.attempt, "reference_counted_before")
        records.handle(state.stream_of(member, YEAR), held, domain.INVOICE)


def check(invoices: dict[str, Invoice]) -> None:
    """At most one attempt of an invoice counts as paid, and no reference counts twice anywhere."""
    for invoice in invoices.values():
        assert sum(one.status == "settled" for one in invoice.attempts.values()) <= 1
    paid = [one for invoice in invoices.values() for one in invoice.attempts.values() if one.is_paid]
    assert all(count == 1 for count in Counter(one.bank_reference for one in paid).values())
    assert all(one.bank_reference for one in paid)
