"""Who follows whom: the topology that is declared on the broker has the subscriptions of the service classes, and no other."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Connection

from deploy.programs import PROGRAMS
from deploy.reference import programs
from shared.contract.catalogue import EVENTS
from shared.contract.envelope import Metadata, Recorded
from shared.event_store.database import Database
from shared.nameko_extensions import EventLogRpc, SubscriptionRpc
from shared.services import SUBSCRIPTIONS

FOLLOWED = [(program, source) for program in PROGRAMS for source in programs.subscriptions(program)]
SOME_ID = UUID("00000000-0000-4000-8000-000000001403")
AT = datetime(2025, 3, 20, 20, 29, tzinfo=UTC)


@pytest.fixture
def nothing(tmp_path: Path) -> Iterator[Connection]:
    """A database without a single table: whoever touches it fails."""
    with Database(f"sqlite:///{tmp_path / 'nothing.db'}").read() as connection:
        yield connection


def test_each_subscription_of_a_class_is_declared_on_the_broker_and_the_other_way_round() -> None:
    declared = {(subscriber, source) for source, names in SUBSCRIPTIONS.items() for subscriber in names}
    assert set(FOLLOWED) == declared


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_class_has_the_operators_methods_for_the_log_and_the_subscriptions_that_it_has(program: str) -> None:
    assert issubclass(PROGRAMS[program], EventLogRpc) == programs.has_log(program)
    assert issubclass(PROGRAMS[program], SubscriptionRpc) == bool(programs.subscriptions(program))


def test_only_who_keeps_a_log_is_followed() -> None:
    assert {source for _, source in FOLLOWED} <= {program for program in PROGRAMS if programs.has_log(program)}


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_an_event_belongs_to_a_program_that_keeps_a_log(event: type) -> None:
    assert programs.has_log(EVENTS[event.__name__].source)


@pytest.mark.parametrize(("program", "source"), FOLLOWED)
def test_a_subscription_is_followed_for_some_event(program: str, source: str) -> None:
    assert {event for event in programs.consumed_by(program) if EVENTS[event].source == source}


@pytest.mark.parametrize("program", PROGRAMS)
def test_what_a_program_consumes_comes_from_a_log_that_it_follows(program: str) -> None:
    sources = {EVENTS[event].source for event in programs.consumed_by(program)}
    assert sources == set(programs.subscriptions(program))


def recorded(source: str, kind: str, data: str) -> Recorded:
    metadata = Metadata(correlation_id=SOME_ID, causation_id=SOME_ID)
    return Recorded(source, 1, f"{source}/0012345", 1, SOME_ID, kind, data, metadata, AT)


@pytest.mark.parametrize(("program", "source"), FOLLOWED)
def test_a_subscription_passes_by_what_does_not_concern_it(program: str, source: str, nothing: Connection) -> None:
    subscription, samples = programs.subscriptions(program)[source], Path(__file__).parent / "samples"
    consumed = programs.consumed_by(program)
    for event in EVENTS.values():
        if event.source == source and event.__name__ not in consumed:
            sample = (samples / f"{event.__name__}.v1.json").read_text(encoding="utf-8")
            subscription.apply(nothing, recorded(source, event.__name__, sample))


@pytest.mark.parametrize(("program", "source"), FOLLOWED)
def test_a_subscription_passes_by_an_event_of_a_type_from_the_future(
    program: str, source: str, nothing: Connection
) -> None:
    subscription = programs.subscriptions(program)[source]
    subscription.apply(nothing, recorded(source, "RenewalForgotten", '{"member": 7, "year": "هزار و چهارصد و پنج"}'))


@pytest.mark.parametrize(("program", "source"), FOLLOWED)
def test_a_subscription_does_not_pass_by_what_concerns_it(program: str, source: str, nothing: Connection) -> None:
    """Each event that counts as consumed reaches for its rows, which are not there."""
    subscription, samples = programs.subscriptions(program)[source], Path(__file__).parent / "samples"
    for event in sorted(programs.consumed_by(program)):
        if EVENTS[event].source == source:
            sample = (samples / f"{event}.v1.json").read_text(encoding="utf-8")
            with pytest.raises(Exception, match="no such table"):
                subscription.apply(nothing, recorded(source, event, sample))
