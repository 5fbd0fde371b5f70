"""What must hold of a member's money after each step, held against the bank's book and the events, and not against our own sums."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import func, select

from services.capacity.ledger import domain as capacity
from services.capacity.ledger.lines import Origin
from services.payment.accounting import bank_statements, statement_lines
from services.payment.invoices.state import Invoice
from services.payment.tables import ENTRIES, INVOICES, PROJECTIONS, STATEMENT_LINES
from shared.contract.payment import events
from shared.contract.payment.finance_events import (
    ManualPaymentGranted,
    ManualPaymentReversed,
    WriteOffGranted,
    WriteOffRequested,
)
from shared.contract.renewal import events as renewal_events
from shared.policies import capacity_policy
from shared.settings import Settings
from tests.services.payment.properties.money_world import World
from tests.services.payment.samples import YEAR
from tests.support.replay import replayed, rows_of

POLICIES = capacity_policy.read_folder(Settings().policies_folder)
GRANTING = renewal_events.RenewalApproved | events.PaymentConfirmed | events.ConfirmationWithdrawn
PAID = {"settled", "confirmed"}
ROWS = select(
    INVOICES.c.year,
    INVOICES.c.status,
    INVOICES.c.received_rials,
    INVOICES.c.written_off_rials,
    INVOICES.c.cancelled_at.is_not(None),
    INVOICES.c.replaced_by_year.is_not(None),
)
BALANCE = select(func.coalesce(func.sum(ENTRIES.c.amount_rials), 0))


def hold(world: World) -> None:
    """All of it."""
    invoices = world.fold()
    no_year_is_charged_twice(invoices)
    what_stands_no_more_is_open(invoices)
    what_stands_is_open_as_long_as_anything_is_due(invoices)
    the_entrance_fee_is_charged_once(invoices)
    all_that_came_in_is_somewhere(world, invoices)
    nothing_goes_back_that_may_be_of_a_slip(world)
    what_is_settled_has_its_money(world, invoices)
    capacity_is_active_where_a_confirmed_payment_stands(world, invoices)
    whoever_gives_up_money_is_not_alone(world)
    if world.files:
        a_line_of_the_bank_counts_once(world)


def issued(invoice: Invoice) -> events.InvoiceIssued:
    assert invoice.issued is not None
    return invoice.issued


def charged(invoice: Invoice) -> set[int]:
    return {line.year for line in issued(invoice).lines}


def no_year_is_charged_twice(invoices: Mapping[int, Invoice]) -> None:
    years = [line.year for one in invoices.values() if one.is_valid for line in issued(one).lines]
    assert len(years) == len(set(years)), f"charged twice: {sorted(years)}"


def covered(invoices: Mapping[int, Invoice]) -> set[int]:
    """The years that were paid here: those of paid invoices, and what these charge."""
    paid = {year: one for year, one in invoices.items() if one.is_valid and one.status in PAID}
    return set(paid).union(*(charged(one) for one in paid.values()))


def an_approval_charges_what_is_owed(
    year: int, before: Mapping[int, Invoice], after: Mapping[int, Invoice], through: int | None
) -> None:
    """Nothing that is covered, and whatever else is owed until then."""
    nothing_covered_is_charged(issued(after[year]), before, through)
    no_year_is_lost(before, after, through)
    if after[year].is_valid:
        every_year_that_is_owed_is_charged(year, before, after, through)


def nothing_covered_is_charged(event: events.InvoiceIssued, before: Mapping[int, Invoice], through: int | None) -> None:
    """What was paid before an approval, here or by the register, is no line of its invoice."""
    paid = covered(before)
    again = {line.year for line in event.lines if line.year in paid or line.year <= (through or 0)}
    assert not again, f"charged though covered: {again}"


def accounted(invoices: Mapping[int, Invoice]) -> set[int]:
    """The years that are paid here, or that a valid invoice charges."""
    return covered(invoices).union(*(charged(one) for one in invoices.values() if one.is_valid))


def no_year_is_lost(before: Mapping[int, Invoice], after: Mapping[int, Invoice], through: int | None) -> None:
    """A year that an invoice charged before an approval is charged or covered after it as well: waivers leave the line."""
    lost = {one for one in accounted(before) - accounted(after) if one > (through or 0)}
    assert not lost, f"charged to nobody any more: {lost}"


def every_year_that_is_owed_is_charged(
    year: int, before: Mapping[int, Invoice], after: Mapping[int, Invoice], through: int | None
) -> None:
    """What the register has as unpaid, each year since the last covered one, and those of an invoice that was replaced.

    Of whoever joins only the year itself.
    """
    unpaid = set() if through is None else {*range(through + 1, year)}
    by_register = set() if through is None else {through}
    last = max((one for one in covered(before) | by_register if one < year), default=None)
    given_way = {
        one for key, other in before.items() if key < year and not has_ended(other, after) for one in charged(other)
    }
    first = min(given_way, default=year) if last is None else last + 1
    owed = {one for one in unpaid | given_way | {*range(first, year + 1)} if one > (through or 0)}
    missing = owed - accounted(after)
    assert not missing, f"owed and charged to nobody: {missing}"
    assert charged(after[year]) <= owed, f"charged and not owed: {charged(after[year]) - owed}"


def has_ended(invoice: Invoice, invoices: Mapping[int, Invoice]) -> bool:
    """Whether it was cancelled, or the last one that has taken its place."""
    if invoice.replaced_by_year is None:
        return invoice.is_cancelled
    return has_ended(invoices[invoice.replaced_by_year], invoices)


def what_stands_no_more_is_open(invoices: Mapping[int, Invoice]) -> None:
    gone = {year: one.status for year, one in invoices.items() if not one.is_valid}
    assert set(gone.values()) <= {"open"}, f"settled without standing: {gone}"


def what_stands_is_open_as_long_as_anything_is_due(invoices: Mapping[int, Invoice]) -> None:
    for year, one in invoices.items():
        missing = issued(one).amount_rials - one.written_off_rials - one.received_rials
        assert not one.is_valid or (one.status == "open") == (missing > 0), (
            f"{year} is {one.status}, {missing} is missing"
        )


def the_entrance_fee_is_charged_once(invoices: Mapping[int, Invoice]) -> None:
    """A membership that was cancelled after too many years begins anew, but not within the years that are played here."""
    charging = [year for year, one in invoices.items() if one.is_valid and issued(one).entrance_rials]
    assert len(charging) <= 1, f"the entrance fee is charged in {charging}"


def all_that_came_in_is_somewhere(world: World, invoices: Mapping[int, Invoice]) -> None:
    """What counts, what is owed back and what was returned is what came in.

    Of a surplus payment that the bank takes back after people have refunded it, the organization has the loss.
    """
    came, returned, lost = moved(world, invoices)
    held = sum(held_by(one) for one in invoices.values())
    assert held + returned == came + lost, f"{held} held and {returned} returned of {came}, {lost} of it lost"


def moved(world: World, invoices: Mapping[int, Invoice]) -> tuple[int, int, int]:
    """What came in and what was returned by the word of the bank and of people; and what of it was returned twice."""
    surplus = {one.event.attempt for one in world.recorded if isinstance(one.event, events.DuplicatePaymentFound)}
    gone = {
        key: one for invoice in invoices.values() for key, one in invoice.attempts.items() if one.status == "reversed"
    }
    spent = {key for key, one in gone.items() if one.credited_rials}
    overspent = {year for year, one in invoices.items() if one.received_rials < 0 < of_no_payment(one)}
    assert not spent, f"credit counts of what is gone: {spent}"
    assert not overspent, f"credit counts of what is gone: {overspent}"
    returned = world.refunds_rials + sum(one.amount_rials for one in gone.values())
    lost = sum(one.refunded_rials for key, one in gone.items() if key in surplus)
    came = world.slips_rials + sum(one.amount_rials for one in world.bank.book.values() if one.is_verified)
    return came - uncounted(world, invoices), returned, lost


def uncounted(world: World, invoices: Mapping[int, Invoice]) -> int:
    """What the bank has confirmed, and an officer has to look at first; or what it took back meanwhile."""
    found = 0
    for attempt in (attempt for one in invoices.values() for attempt in one.attempts.values()):
        session = world.bank.book[attempt.authority]
        if session.is_verified and (attempt.status == "held" or (attempt.status == "failed" and session.is_reversed)):
            found += attempt.amount_rials
    return found


def nothing_goes_back_that_may_be_of_a_slip(world: World) -> None:
    """By our request: a payment that had no outcome when a slip was granted, which counts, and stands for it perhaps."""
    undecided: dict[UUID, int] = {}
    beside: dict[UUID, set[UUID]] = {}
    for one in world.recorded:
        match one.event:
            case events.PaymentStarted() as event:
                undecided[event.attempt] = event.year
            case events.PaymentSettled() | events.DuplicatePaymentFound() as event:
                undecided.pop(event.attempt, None)
            case ManualPaymentGranted() as event:
                beside[event.request] = {key for key, year in undecided.items() if year == event.year}
            case ManualPaymentReversed() as event:
                del beside[event.manual_payment]
            case events.PaymentReversed(cause="duplicate") | events.PaymentFailed(cause="given_back") as event:
                slips = [slip for slip, attempts in beside.items() if event.attempt in attempts]
                assert not slips, f"{event.attempt} was given back, and a slip counts in its place"
            case _:
                pass


def of_no_payment(invoice: Invoice) -> int:
    """What counts elsewhere of the money that an invoice received too much."""
    return sum(rials for (attempt, _), rials in invoice.spent.items() if attempt is None)


def held_by(invoice: Invoice) -> int:
    """The money on an invoice: what counts, and what is owed back and neither sent nor spent."""
    surplus = [one for one in invoice.attempts.values() if one.status == "duplicate"]
    left = sum(one.amount_rials - one.refunded_rials - one.credited_rials for one in surplus)
    return invoice.received_rials + left


def what_is_settled_has_its_money(world: World, invoices: Mapping[int, Invoice]) -> None:
    paid = {year: one for year, one in invoices.items() if one.is_valid and one.status in PAID}
    for year, one in paid.items():
        assert held_by(one) + one.written_off_rials >= issued(one).amount_rials, f"{year} is settled without its money"
        by_register = year <= (world.approved_through[year] or 0)
        assert by_register or any(year in charged(other) for other in paid.values()), f"nothing covers {year}"


def capacity_is_active_where_a_confirmed_payment_stands(world: World, invoices: Mapping[int, Invoice]) -> None:
    facts: dict[int, list[capacity.Fact]] = {year: [] for year in invoices}
    for one in (*world.approvals, *world.recorded):
        event = one.event
        if isinstance(event, GRANTING) and event.year in facts:
            at = capacity.year_and_instant(event)[1]
            facts[event.year].append(capacity.Fact(Origin(one.source, one.position), at, event))
    active = {year for year, history in facts.items() if capacity.fold(history, POLICIES[YEAR]).grant is not None}
    confirmed = {year for year, one in invoices.items() if one.is_valid and one.status == "confirmed"}
    assert active == confirmed, f"capacity of {active}, confirmed {confirmed}"


def whoever_gives_up_money_is_not_alone(world: World) -> None:
    """Nothing is waived but by a grant of a second person, and neither of the two confirms that invoice's payment."""
    wanted = {one.event.request: one.event for one in world.recorded if isinstance(one.event, WriteOffRequested)}
    hands: dict[int, set[str]] = {}
    given_rials = 0
    for one in world.recorded:
        match one.event:
            case WriteOffGranted() as granted:
                by = wanted[granted.request].requested_by
                assert by != granted.granted_by, f"{by} has granted the own request"
                hands.setdefault(granted.year, set()).update((by, granted.granted_by))
                given_rials += granted.amount_rials
            case events.InvoiceIssued() as invoice:
                waived = sum(waiver.amount_rials for waiver in invoice.waivers)
                assert waived <= given_rials, f"{waived} waived of {given_rials} that two persons have given up"
            case events.PaymentConfirmed() as confirmed:
                mine = hands.get(confirmed.year, set())
                assert confirmed.confirmed_by not in mine, f"{confirmed.confirmed_by} confirms what they waived"
            case _:
                pass


def a_line_of_the_bank_counts_once(world: World) -> None:
    """Whichever files have it."""
    with world.records.read() as connection:
        every = select(STATEMENT_LINES.c.authority)
        lines = bank_statements.lines_that_count(connection, world.bank.capabilities.name, every)
    for key, payments in statement_lines.by_session(lines).items():
        rials = [one.rials for one in payments]
        assert len(rials) == 1, f"{key} counts {len(rials)} times"
        assert rials[0] in {0, world.bank.book[key].amount_rials}


def the_rows_say_the_same(world: World) -> None:
    """What pages show is what the events tell, and the ledger's sum is what was charged and what came."""
    rows = {row[0]: row[1:] for row in world.connection.execute(ROWS)}
    balance = world.connection.execute(BALANCE).scalar_one()
    owed = 0
    for year, one in world.fold().items():
        history = (
            one.status,
            one.received_rials,
            one.written_off_rials,
            one.is_cancelled,
            one.replaced_by_year is not None,
        )
        assert tuple(rows[year]) == history, f"the rows of {year} differ"
        owed += issued(one).amount_rials - one.written_off_rials if one.is_valid else 0
    came, returned, _ = moved(world, world.fold())
    assert balance == came - returned - owed, f"the ledger has {balance}, {came - returned - owed} is right"


def a_replay_gives_the_same_rows(world: World) -> None:
    """Of all projections, from the events alone."""
    live = rows_of(world.connection, PROJECTIONS)
    assert replayed(PROJECTIONS, (world.log.project, world.recorded)) == live
