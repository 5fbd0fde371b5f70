import pytest

from services.capacity.ledger.domain import (
    EVENT_TYPES,
    EVERY_MEMBER,
    EVERY_YEAR,
    TYPES_OF_EVERY_MEMBER,
    SourceEvent,
    year_and_instant,
)
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
ROWS: tuple[SourceEvent, ...] = (
    enrolled(AT),
    changed(AT, licence()),
    approved(AT),
    confirmed(AT),
    events.ConfirmationWithdrawn(member=MEMBER, year=1405, province=PROVINCE, cause="refunded", withdrawn_at=AT),
    amended(AT, TEXT, HIGHER),
)


def test_every_event_that_counts_is_told_of_here() -> None:
    assert {type(event).__name__ for event in ROWS} == EVENT_TYPES.keys()


@pytest.mark.parametrize("event", ROWS, ids=lambda event: type(event).__name__)
def test_a_row_says_of_an_event_what_its_class_says(event: SourceEvent) -> None:
    row = rows.fact_values(Logs().record(event))
    assert (row["year"], row["at"]) == year_and_instant(event) == (getattr(event, "year", EVERY_YEAR), AT)
    of_whom = (getattr(event, "member", EVERY_MEMBER), getattr(event, "province", ""))
    assert (row["member"], row["province"], row["type"]) == (*of_whom, type(event).__name__)


def test_only_a_correction_of_the_policy_is_of_everybody() -> None:
    assert [type(event).__name__ for event in ROWS if not hasattr(event, "member")] == list(TYPES_OF_EVERY_MEMBER)
