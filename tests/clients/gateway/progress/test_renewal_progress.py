from datetime import timedelta

import pytest

from clients.gateway.progress import renewal_progress
from clients.gateway.progress.renewal_progress import RenewalProgress
from shared.contract.payment.answers import Invoice
from shared.contract.renewal.answers import Renewal
from tests.clients.gateway import samples

LATE = samples.NOW + timedelta(days=40)


def where(renewal: Renewal | None, invoice: Invoice | None = None) -> RenewalProgress:
    return RenewalProgress(samples.YEAR, renewal, invoice, samples.NOW)


APPROVED = samples.renewal("approved")
PROGRESSES = {
    "nothing": where(None),
    "withdrawn": where(samples.renewal("withdrawn")),
    "requested": where(samples.renewal("requested")),
    "submitted": where(samples.renewal("submitted")),
    "returned": where(samples.renewal("returned")),
    "rejected": where(samples.renewal("rejected")),
    "approved": where(APPROVED),
    "unknown": RenewalProgress(samples.YEAR, APPROVED, None, samples.NOW, is_money_known=False),
    "open": where(APPROVED, samples.invoice("open")),
    "expired": RenewalProgress(samples.YEAR, APPROVED, samples.invoice("open"), LATE),
    "cancelled": where(APPROVED, samples.invoice("open", cancelled_at=samples.NOW)),
    "reversed": where(APPROVED, samples.invoice("open", reversed_at=samples.NOW)),
    "replaced": where(APPROVED, samples.invoice("open", replaced_by_year=samples.YEAR + 1)),
    "pending": where(APPROVED, samples.invoice("open", attempts=(samples.attempt("started"),))),
    "held": where(APPROVED, samples.invoice("open", attempts=(samples.attempt("held", cause="amount_differs"),))),
    "bank_down": RenewalProgress(samples.YEAR, APPROVED, samples.invoice("open"), samples.NOW, samples.DOWN),
    "settled": where(APPROVED, samples.invoice("settled")),
    "confirmed": where(APPROVED, samples.invoice("confirmed")),
}


@pytest.mark.parametrize(
    ("name", "tags"),
    [
        ("nothing", ("yours", "not_yet", "not_yet", "not_yet", "not_yet")),
        ("withdrawn", ("yours", "not_yet", "not_yet", "not_yet", "not_yet")),
        ("requested", ("done", "yours", "not_yet", "not_yet", "not_yet")),
        ("submitted", ("done", "done", "waiting", "not_yet", "not_yet")),
        ("returned", ("done", "yours", "not_yet", "not_yet", "not_yet")),
        ("rejected", ("done", "done", "stopped", "not_yet", "not_yet")),
        ("approved", ("done", "done", "done", "waiting", "not_yet")),
        ("unknown", ("done", "done", "done", "not_yet", "not_yet")),
        ("open", ("done", "done", "done", "yours", "not_yet")),
        ("expired", ("done", "done", "done", "yours", "not_yet")),
        ("cancelled", ("done", "done", "done", "closed", "not_yet")),
        ("reversed", ("done", "done", "done", "yours", "not_yet")),
        ("replaced", ("done", "done", "done", "closed", "not_yet")),
        ("pending", ("done", "done", "done", "waiting", "not_yet")),
        ("held", ("done", "done", "done", "waiting", "not_yet")),
        ("bank_down", ("done", "done", "done", "not_yet", "not_yet")),
        ("settled", ("done", "done", "done", "done", "waiting")),
        ("confirmed", ("done", "done", "done", "done", "done")),
    ],
)
def test_the_five_tasks_say_where_the_renewal_stands(name: str, tags: tuple[str, ...]) -> None:
    assert tuple(task.tag for task in renewal_progress.tasks(PROGRESSES[name])) == tags


@pytest.mark.parametrize("name", PROGRESSES)
def test_what_is_not_possible_yet_says_why_and_is_no_link(name: str) -> None:
    waiting = [task for task in renewal_progress.tasks(PROGRESSES[name]) if task.tag == "not_yet"]
    assert all(task.note and not task.page for task in waiting)


def test_money_counts_only_for_an_approved_renewal() -> None:
    assert where(samples.renewal("rejected"), samples.invoice("open")).money == "none"
