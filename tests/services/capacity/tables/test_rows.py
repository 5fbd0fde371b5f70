import pytest

from services.capacity.ledger.domain import COUNTS, EVERY_YEAR, EVERYBODY, OF_EVERYBODY, Told, about
from services.capacity.tables import rows
from shared.contract.payment import events
from tests.services.capacity.sample_events import (
    HIGHER,
    MEMBER,
    PROVINCE,
    TEXT,
    Logs,
    amended,
    approved,
    changed,
    confirmed,
    enrolled,
    licence,
    on,
)

AT = on("1405/02/01", "23:59")
TOLD: tuple[Told, ...] = (
    enrolled(AT),
    changed(AT, licence()),
    approved(AT),
    confirmed(AT),
    events.ConfirmationWithdrawn(member=MEMBER, year=1405, province=PROVINCE, cause="refunded", withdrawn_at=AT),
    amended(AT, TEXT, HIGHER),
)


def test_every_event_that_counts_is_told_of_here() -> None:
    assert {type(event).__name__ for event in TOLD} == COUNTS.keys()


@pytest.mark.parametrize("event", TOLD, ids=lambda event: type(event).__name__)
def test_a_row_says_of_an_event_what_its_class_says(event: Told) -> None:
    row = rows.fact_values(Logs().record(event))
    assert (row["year"], row["at"]) == about(event) == (getattr(event, "year", EVERY_YEAR), AT)
    of_whom = (getattr(event, "member", EVERYBODY), getattr(event, "province", ""))
    assert (row["member"], row["province"], row["type"]) == (*of_whom, type(event).__name__)


def test_only_a_correction_of_the_policy_is_of_everybody() -> None:
    assert [type(event).__name__ for event in TOLD if not hasattr(event, "member")] == list(OF_EVERYBODY)
