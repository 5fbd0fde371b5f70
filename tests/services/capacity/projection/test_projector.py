from datetime import datetime, timedelta
from itertools import count
from random import Random
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text, update
from sqlalchemy.exc import OperationalError

from services.capacity import subscriptions
from services.capacity.ledger import domain
from services.capacity.ledger.domain import SourceEvent
from services.capacity.projection import projector, read_model
from services.capacity.tables import projections, rows
from shared.contract.capacity import answers
from shared.contract.envelope import Recorded
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import events
from shared.contract.values import MemberClass
from shared.event_store.database import Database
from shared.text import persian
from tests.services.capacity import histories
from tests.services.capacity.live import APPROVED, CONFIRMED, HISTORY, JOINED, NOW, kept, receive, receive_all
from tests.services.capacity.sample_events import (
    MEMBER,
    POLICIES,
    Logs,
    approved,
    changed,
    confirmed,
    enrolled,
    facts,
    job,
    licence,
    on,
)

LOGS, NUMBERS = Logs(), count(100_000)
"""Properties try many members in one database."""


def capacity(database: Database, at: datetime = NOW, year: int = 1405, member: str = MEMBER) -> answers.Capacity:
    with database.read() as connection:
        return read_model.capacity(connection, member, year, at)


def explain(database: Database, as_of: datetime | None = None, now: datetime = NOW) -> answers.Explanation:
    with database.read() as connection:
        return read_model.explain(connection, MEMBER, 1405, now, as_of)


def test_the_worked_example_is_answered_from_the_rows(database: Database) -> None:
    receive_all(database, *HISTORY)
    found = capacity(database)
    assert (found.status, found.province, found.updated_at) == ("active", "isfahan", CONFIRMED)
    assert (found.ceiling_units, found.used_units, found.remaining_units) == (72000, 39000, 33000)
    assert found.valid_until == persian.parse_date("1405/12/29")


def test_the_explanation_adds_up_and_has_same_tables_as_the_fold(database: Database) -> None:
    receive_all(database, *HISTORY)
    found = explain(database)
    assert [line.units for line in found.lines] == [72000, -24000, -15000]
    assert sum(line.units for line in found.lines) == found.capacity.remaining_units
    assert found == explain(database, as_of=NOW)
    assert found.lines[2].job == job(starts="1405/07/01")


def test_a_member_never_heard_of_has_no_capacity(database: Database) -> None:
    found = capacity(database)
    assert (found.status, found.province, found.ceiling_units) == ("none", "", 0)
    assert explain(database).lines == ()


def test_what_is_not_confirmed_yet_is_no_capacity(database: Database) -> None:
    receive_all(database, *HISTORY[:2])
    assert capacity(database).status == "none"


def test_events_that_do_not_count_pass_by(database: Database) -> None:
    withdrawn = events.RenewalWithdrawn(member=MEMBER, year=1405, withdrawn_at=NOW)
    unknown = Logs().record(withdrawn)
    receive(database, unknown, Recorded(**{**vars(unknown), "type": "MineFlooded", "data": "{}"}))
    with database.read() as connection:
        assert connection.execute(select(projections.FACTS)).all() == []


@pytest.mark.parametrize(
    "change", [{"type": "RenewalReopened"}, {"data": '{"schema_version":9}'}], ids=["type", "data"]
)
def test_what_a_copy_of_a_later_version_has_received_is_derived_by_none_of_an_earlier_one(
    change: dict[str, str], database: Database
) -> None:
    """Its events of that member are parked until the upgrade, and its answers are refused by that name."""
    *history, last = Logs().record_all(*HISTORY, changed(on("1405/01/10"), licence()))
    receive(database, *history)
    of_renewal = projections.FACTS.c.source == "renewal"
    database.write(lambda writing: writing.execute(update(projections.FACTS).where(of_renewal).values(change)).close())
    for act in (lambda: explain(database, as_of=NOW), lambda: receive(database, last)):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.reason is Reason.NEWER_VERSION_NEEDED


def test_an_event_of_the_register_derives_every_year_again(database: Database) -> None:
    past = (approved(on("1404/02/01"), year=1404), confirmed(on("1404/02/02"), year=1404))
    receive_all(database, *past, *HISTORY, changed(on("1405/01/10"), licence(MemberClass.GRADE_1)))
    assert capacity(database).ceiling_units == 108000
    assert capacity(database, year=1404, at=on("1404/06/01")).ceiling_units == 72000
    assert capacity(database, year=1404).status == "expired"


def test_a_year_without_a_policy_is_refused(database: Database) -> None:
    receive_all(
        database, enrolled(JOINED), approved(on("1406/02/01"), year=1406), confirmed(on("1406/02/02"), year=1406)
    )
    with pytest.raises(Refused) as refused:
        capacity(database, year=1406)
    assert refused.value.reason is Reason.NO_POLICY


def test_a_member_who_moved_is_seen_in_the_new_province(database: Database) -> None:
    receive_all(database, *HISTORY, changed(on("1405/01/10"), licence(), province="yazd"))
    assert capacity(database).province == "yazd"
    _, [summary] = kept(database, MEMBER)
    assert summary["province"] == "yazd"


def test_capacity_ends_with_the_year_without_anyone_acting(database: Database) -> None:
    receive_all(database, *HISTORY)
    last_minute, over = on("1405/12/29", "23:59"), on("1406/01/01", "00:00")
    assert capacity(database, at=last_minute).remaining_units == 33000
    assert (capacity(database, at=over).status, capacity(database, at=over).remaining_units) == ("expired", 0)
    assert [line.kind for line in explain(database, now=over).lines] == ["grant", "use", "use", "expiry"]
    assert len(explain(database, now=last_minute).lines) == 3


def test_a_line_shows_even_where_the_clock_of_its_source_is_ahead(database: Database) -> None:
    receive_all(database, *HISTORY)
    assert len(explain(database, now=CONFIRMED - timedelta(seconds=2)).lines) == 3


def test_each_event_is_explained_as_of_its_moment(database: Database) -> None:
    upgrade = changed(on("1405/08/01"), licence(MemberClass.GRADE_1))
    corrected = (*HISTORY, upgrade)
    receive_all(database, *corrected)
    for known in range(1, len(corrected) + 1):
        _, at = domain.year_and_instant(corrected[known - 1])
        ledger = domain.derive(facts(*corrected[:known]), POLICIES[1405])
        found = explain(database, as_of=at)
        assert found.capacity == domain.capacity(MEMBER, 1405, "isfahan", ledger.summary, at)
        assert list(found.lines) == [line.answer() for line in ledger.lines if line.effective_at <= at]
    assert explain(database, as_of=APPROVED).capacity.status == "none"
    assert explain(database, as_of=on("1405/07/15")).capacity.ceiling_units == 72000
    assert explain(database, as_of=on("1405/08/01")).capacity.ceiling_units == 108000


@given(histories.HISTORIES, st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_between_the_sources_leaves_the_same_rows(
    database: Database, history: tuple[SourceEvent, ...], random: Random
) -> None:
    member = str(next(NUMBERS))
    corrected = LOGS.record_all(*(event.model_copy(update={"member": member}) for event in history))
    logs = {source: [one for one in corrected if one.source == source] for source in ("auth", "renewal", "payment")}
    while waiting := [log for log in logs.values() if log]:
        receive(database, random.choice(waiting).pop(0))
    arrived = kept(database, member)

    with database.read() as connection:
        known = rows.facts_of(connection, [member])
    expected = projector.values(projector.derive(known, {(member, year) for year in (1404, 1405)}, POLICIES))
    assert arrived == expected
    again = str(next(NUMBERS))
    in_one = LOGS.record_all(*(event.model_copy(update={"member": again}) for event in history))
    database.write(lambda connection: subscriptions.on_events(connection, in_one))
    assert blind(kept(database, again)) == blind(arrived)


def blind(tables: tuple[list[dict[str, object]], ...]) -> list[list[dict[str, object]]]:
    """The rows without what two members with the same history differ in."""
    return [[{**row, "member": "", "position": 0} for row in table] for table in tables]


def test_subscriptions_of_two_copies_take_turns(database: Database) -> None:
    """On PostgreSQL a second writer waits: it would miss what the first has not committed."""
    logs = Logs()
    enrolment, approval, confirmation = logs.record_all(*HISTORY)
    receive(database, enrolment)
    other = Database(database.engine.url.render_as_string(hide_password=False))
    with database.engine.connect() as first, first.begin():
        subscriptions.on_event(first, approval)
        second = Thread(target=receive, args=(other, confirmation))
        if database.engine.dialect.name == "postgresql":
            with other.engine.connect() as impatient, impatient.begin():
                impatient.execute(text("SET LOCAL lock_timeout = '100ms'"))
                with pytest.raises(OperationalError):
                    subscriptions.on_event(impatient, confirmation)
        second.start()
    second.join(timeout=30)
    other.close()
    assert capacity(database).ceiling_units == 72000
