"""What is held against what was expected: the events in their order, the money, the capacity and each of its lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clients.admin.transport.http import HttpServer
from shared.contract.capacity import queries as capacity_queries
from shared.contract.capacity.answers import Explanation
from shared.contract.envelope import Recorded
from shared.contract.payment import queries as payment_queries
from shared.contract.payment.answers import Invoice
from tests.demo import expected
from tests.demo.browser import Unexpected
from tests.demo.steps import Scenario, steps

SOURCES: Mapping[str, str] = {"BankNoticeReceived": "bank", "InvoiceIssued": "payment", "CapacityGranted": "capacity"}
"""Whose log an event stands in, where its name does not begin with it."""


@dataclass(frozen=True)
class Outcome:
    """The services' answers about the renewal at its end."""

    invoice: Invoice
    explanation: Explanation


def outcome(member: HttpServer, scenario: Scenario) -> Outcome:
    """What the member may read, queried with the member's own session."""
    number, year = scenario.applicant.name, scenario.year
    invoices = member.call(payment_queries.GetInvoices(member=number)).invoices
    explanation = member.call(capacity_queries.ExplainCapacity(member=number, year=year))
    return Outcome(next(one for one in invoices if one.year == year), explanation)


def check(scenario: Scenario, events: Sequence[Recorded], found: Outcome) -> None:
    """Check everything; `Unexpected` names what differs."""
    events_in_order(scenario, events)
    money(scenario, events, found.invoice)
    capacity(scenario, events, found.explanation)


def events_in_order(scenario: Scenario, events: Sequence[Recorded]) -> None:
    """Each log has exactly the events that the steps bring, in their order; logs have no order between them."""
    wanted = [kind for step in steps(scenario.bank) for kind in step.brings]
    for source in ("renewal", "payment", "bank", "capacity"):
        same("the events of " + source, types(events, source), [kind for kind in wanted if source_of(kind) == source])
    streams = {one.stream for one in events if one.source != "bank"}
    environment = f"{scenario.applicant.name}/{scenario.year}"
    same("the streams", streams, {f"renewal/{environment}", f"invoice/{environment}", f"capacity/{environment}"})


def types(events: Sequence[Recorded], source: str) -> list[str]:
    return [one.type for one in sorted(events, key=lambda one: one.position) if one.source == source]


def source_of(kind: str) -> str:
    return SOURCES.get(kind) or ("payment" if kind.startswith("Payment") else "renewal")


def money(scenario: Scenario, events: Sequence[Recorded], invoice: Invoice) -> None:
    """The same amount everywhere: by the tariff, on the invoice, settled by the bank, and confirmed."""
    amount = expected.due(scenario.year).amount_rials
    same("the invoice", (invoice.amount_rials, invoice.status), (amount, "confirmed"))
    for kind in ("InvoiceIssued", "PaymentStarted", "PaymentSettled", "PaymentConfirmed"):
        same(f"the amount of {kind}", getattr(only(events, kind).event, "amount_rials", None), amount)
    if not invoice.bank_reference:
        raise Unexpected("the invoice has no reference of the bank")


def capacity(scenario: Scenario, events: Sequence[Recorded], found: Explanation) -> None:
    """The figures of the policy, and a line for each with the event that caused it."""
    due, now = expected.due(scenario.year), found.capacity
    figures = (now.status, now.ceiling_units, now.used_units, now.remaining_units)
    same("the capacity", figures, ("active", due.ceiling_units, due.used_units, due.remaining_units))
    approved, confirmed = only(events, "RenewalApproved"), only(events, "PaymentConfirmed")
    same(
        "the lines of the capacity",
        [(one.kind, one.units, one.source, one.position) for one in found.lines],
        [
            ("grant", due.ceiling_units, confirmed.source, confirmed.position),
            ("use", -due.employment_units, approved.source, approved.position),
            ("use", -due.post_units, approved.source, approved.position),
        ],
    )
    same("the sum of the lines", sum(one.units for one in found.lines), now.remaining_units)


def only(events: Sequence[Recorded], kind: str) -> Recorded:
    found = [one for one in events if one.type == kind]
    if len(found) != 1:
        raise Unexpected(f"there is not one {kind} but {len(found)}")
    return found[0]


def same(what: str, found: object, wanted: object) -> None:
    if found != wanted:
        raise Unexpected(f"{what}: {found}, but it must be {wanted}")
