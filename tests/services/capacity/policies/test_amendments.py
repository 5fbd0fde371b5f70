"""A correction of the year's policy: the lines that change name the recorded act, before it all stays as it was."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update

from services.capacity import startup
from services.capacity.ledger import domain
from services.capacity.ledger.domain import SourceEvent
from services.capacity.projection import projector, read_model
from services.capacity.service import CapacityService
from services.capacity.tables import projections, state
from shared.contract.capacity import answers, queries
from shared.contract.passport import NOBODY, Passport, PrincipalKind
from shared.contract.refusals import Refused
from shared.contract.values import JobKind, MemberClass
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.policies.capacity_policy import parse
from shared.settings import Settings
from tests.services.capacity.live import APPROVED, CONFIRMED, HISTORY, JOINED
from tests.services.capacity.replay.sources import World
from tests.services.capacity.sample_events import (
    HEAVIER,
    HIGHER,
    MEMBER,
    POLICIES,
    TEXT,
    UNEMPLOYED,
    amended,
    approved,
    confirmed,
    enrolled,
    facts,
    job,
    licence,
    on,
)

YEAR = POLICIES[1405]
FIRST_ACT, SECOND_ACT = on("1405/05/01"), on("1405/06/01")
ACTS = (amended(FIRST_ACT, TEXT, HIGHER), amended(SECOND_ACT, HIGHER, HEAVIER))
OTHER = "0777777"
ITSELF = Passport(principal_kind=PrincipalKind.MEMBER, subject=MEMBER)


def lines(*history: SourceEvent, at: datetime | None = None, first: str = TEXT) -> list[tuple[str, int, str, int]]:
    """Kind, units and event of each line up to a moment."""
    known = facts(*history)
    found = domain.derive(known, domain.first_policy(known, parse(first))).lines
    return [(one.kind, one.units, *one.origin) for one in found if at is None or one.effective_at <= at]


USUAL = [("grant", 72000, "payment", 1), ("use", -24000, "renewal", 1), ("use", -15000, "renewal", 1)]
CORRECTED = [
    ("regrade", 4000, "renewal", 2),
    ("release", 15000, "renewal", 3),
    ("use", -18000, "renewal", 3),
]


def test_the_lines_that_change_name_the_act_and_none_before_it_changes() -> None:
    assert lines(*HISTORY, *ACTS, at=SECOND_ACT) == USUAL + CORRECTED
    assert lines(*HISTORY, *ACTS, at=FIRST_ACT) == USUAL + CORRECTED[:1]
    assert lines(*HISTORY, *ACTS, at=CONFIRMED) == USUAL


def test_a_member_whom_a_correction_does_not_touch_has_no_line_of_it() -> None:
    held = licence(MemberClass.GRADE_1)
    history = (enrolled(JOINED, held), approved(APPROVED, as_licence=held), confirmed(CONFIRMED))
    assert lines(*history, *ACTS, at=SECOND_ACT) == [("grant", 108000, "payment", 1)]


def test_whoever_is_confirmed_later_is_counted_by_the_correction_from_the_start() -> None:
    history = (enrolled(JOINED), approved(on("1405/07/01"), job()), confirmed(on("1405/07/02")))
    assert lines(*ACTS, *history, at=on("1405/07/02")) == [
        ("grant", 76000, "payment", 1), ("use", -36000, "renewal", 3),
    ]  # fmt: skip


def test_what_the_first_act_has_corrected_counts_before_it_whatever_the_file_says_now() -> None:
    assert lines(*HISTORY, *ACTS, first=HEAVIER) == lines(*HISTORY, *ACTS)


def test_the_summary_names_the_version_that_counts_since() -> None:
    found = domain.derive(facts(*HISTORY, *ACTS), YEAR).summary
    assert found is not None
    assert (found.ceiling_units, found.used_units, found.policy) == (76000, 42000, parse(HEAVIER).version)


def test_a_correction_after_the_years_end_leaves_nothing_to_use() -> None:
    late = amended(on("1406/02/01"), TEXT, HIGHER)
    found = lines(*HISTORY, late)
    assert found[3:] == [
        ("expiry", -33000, "payment", 1),
        ("regrade", 4000, "renewal", 2),
        ("expiry", -4000, "renewal", 2),
    ]
    assert sum(units for _, units, _, _ in found) == 0


# ---------------------------------------------------------------- the rows


@pytest.fixture
def world(database: Database) -> World:
    made = World(database)
    made.receive_all(*HISTORY, *(one.model_copy(update={"member": OTHER}) for one in HISTORY))
    made.receive_all(approved(on("1404/02/01"), year=1404), confirmed(on("1404/02/02"), year=1404))
    return made


def remaining(world: World) -> dict[tuple[str, int], int]:
    with world.database.read() as connection:
        found = connection.execute(select(projections.SUMMARIES)).all()
    return {(row.member, row.year): row.ceiling_units - row.used_units for row in found}


BEFORE = {(MEMBER, 1405): 33000, (OTHER, 1405): 33000, (MEMBER, 1404): 72000}
AFTER = {(MEMBER, 1405): 34000, (OTHER, 1405): 34000, (MEMBER, 1404): 72000}


def test_a_correction_that_is_heard_changes_all_members_of_its_year_and_no_other_year(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(projector, "DERIVED_AT_ONCE", 1)
    assert remaining(world) == BEFORE
    world.receive_all(*ACTS)
    assert remaining(world) == AFTER
    assert world.live() == world.replayed(tmp_path)


@pytest.mark.parametrize("check", [True, False])
def test_a_rebuild_with_corrections_is_equal_to_the_live_rows(world: World, check: bool, tmp_path: Path) -> None:
    world.receive_all(*ACTS)
    before = world.live()
    found = world.rebuild(check=check)
    assert (found.differences, found.error) == ({}, "")
    assert world.live() == before == world.replayed(tmp_path)


def test_a_check_before_the_subscription_has_heard_of_a_correction_finds_no_difference(world: World) -> None:
    world.record(*ACTS)
    found = world.rebuild(check=True)
    assert (found.status, found.differences, found.error) == ("checked", {}, "")
    assert remaining(world) == BEFORE


def test_a_rebuild_leaves_a_correction_to_the_subscription_that_has_not_heard_it(world: World, tmp_path: Path) -> None:
    world.record(*ACTS)
    assert world.rebuild().status == "switched"
    assert remaining(world) == BEFORE
    world.follow()
    assert remaining(world) == AFTER
    assert world.live() == world.replayed(tmp_path)


def test_a_correction_that_comes_while_a_rebuild_runs_is_neither_lost_nor_doubled(world: World, tmp_path: Path) -> None:
    history: list[int] = []

    def meanwhile(_seconds: float) -> None:
        if not history:
            history.append(1)
            world.receive_all(*ACTS)

    assert world.rebuild(pause=meanwhile).status == "switched"
    assert remaining(world) == AFTER
    assert world.live() == world.replayed(tmp_path)


def test_a_spoilt_fact_of_everybody_is_found(world: World) -> None:
    world.receive_all(*ACTS)
    wrong = projections.FACTS.update().where(projections.FACTS.c.member == domain.EVERY_MEMBER).values(province="fars")
    world.database.write(lambda connection: connection.execute(wrong).close())
    assert world.rebuild(check=True).differences == {"capacity_facts": 2}


# ---------------------------------------------------------------- what is asked


@pytest.fixture
def service(world: World, tmp_path: Path) -> CapacityService:
    made = CapacityService()
    made.records = Records(world.database, None)
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "1405.toml").write_text(TEXT, encoding="utf-8")
    (folder / "1404.toml").write_text(TEXT.replace("year = 1405", "year = 1404"), encoding="utf-8")
    startup.record_policies(made.records, Settings(policies=folder), datetime.now(UTC))
    return made


def in_use(service: CapacityService, caller: Passport = ITSELF) -> answers.PolicyInUse:
    service.caller = caller
    query = queries.GetPolicy(year=1405)
    return answers.PolicyInUse.model_validate(service.get_policy(query.model_dump(mode="json")))


def test_the_policy_in_use_is_the_newest_correction(service: CapacityService, world: World) -> None:
    assert (in_use(service).file, in_use(service).version) == (TEXT, YEAR.version)
    world.receive_all(*ACTS)
    assert (in_use(service).file, in_use(service).version) == (HEAVIER, parse(HEAVIER).version)
    with pytest.raises(Refused, match="not_signed_in"):
        in_use(service, NOBODY)


def test_jobs_are_counted_and_tried_by_the_newest_correction(service: CapacityService, world: World) -> None:
    world.receive_all(*ACTS)
    service.caller = ITSELF
    job_of_a_year = queries.WhatIf(
        member=MEMBER, kind=JobKind.MINE_TECHNICAL_MANAGER, degree=4, starts_on=job().starts_on
    )
    tried = answers.WhatIfResult.model_validate(service.what_if(job_of_a_year.model_dump(mode="json")))
    assert (tried.units, tried.left_units) == (36000, 34000)
    counting = queries.CountJobUnits(member=MEMBER, year=1405, on=job().starts_on, employment=UNEMPLOYED, jobs=(job(),))
    counted = answers.JobUnits.model_validate(service.count_job_units(counting.model_dump(mode="json")))
    assert (counted.units, counted.ceiling_units) == ((36000,), 76000)


def test_a_file_that_says_what_was_corrected_by_an_act_is_no_surprise(
    service: CapacityService, world: World, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "policies" / "1405.toml"
    file.write_text(HEAVIER, encoding="utf-8")
    startup.record_policies(service.records, Settings(policies=file.parent), datetime.now(UTC))
    assert "1405.toml is not what the year goes by" in caplog.text
    caplog.clear()
    world.receive_all(*ACTS)
    startup.record_policies(service.records, Settings(policies=file.parent), datetime.now(UTC))
    assert caplog.messages == []


def test_an_explanation_as_of_a_moment_before_the_act_is_by_the_policy_of_then(
    service: CapacityService, world: World
) -> None:
    world.receive_all(*ACTS)
    of_year = update(state.POLICIES).where(state.POLICIES.c.year == 1405)
    world.database.write(lambda connection: connection.execute(of_year.values(policy=HEAVIER)).close())
    with world.database.read() as connection:
        then = read_model.explain(connection, MEMBER, 1405, SECOND_ACT, on("1405/04/01"))
        since = read_model.explain(connection, MEMBER, 1405, SECOND_ACT, SECOND_ACT)
    assert (then.capacity.ceiling_units, then.capacity.used_units) == (72000, 39000)
    assert (since.capacity.ceiling_units, since.capacity.used_units) == (76000, 42000)
    assert [(line.kind, line.source, line.position) for line in since.lines[3:]] == [
        ("regrade", "renewal", 4), ("release", "renewal", 5), ("use", "renewal", 5),
    ]  # fmt: skip
