from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from services.capacity import startup
from services.capacity.policies import registry
from services.capacity.projection import read_model
from services.capacity.tables import state
from shared.contract.refusals import Reason, Refused
from shared.contract.values import EmploymentStatus, JobKind, LicenceField, MemberClass
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.policies import capacity_policy
from shared.policies.capacity_policy import Policy, parse
from shared.policies.policy_files import PolicyError
from shared.settings import Settings
from tests.services.capacity.live import HISTORY, kept, receive_all
from tests.services.capacity.sample_events import MEMBER, POLICIES, TEXT, approved, confirmed, on

# docs/domain.md 2.4, written once more by hand: hundredths of P for the degrees 1 to 4.
DEDUCTIONS = {
    "person_hour": ("hour", 100, 75, 50, 30),
    "person_day": ("day", 500, 375, 250, 165),
    "person_month": ("month", 8000, 6000, 4000, 2500),
    "mine_technical_manager": ("year", 96000, 72000, 48000, 30000),
    "exploration_technical_manager": ("month", 4500, 3000, 1800, 1000),
    "exploration_plan": ("each", 14000, 11000, 8000, 5000),
    "exploration_report": ("each", 24000, 17000, 11000, 5000),
    "mine_exploitation_plan": ("each", 26000, 18000, 11000, 5000),
    "plant_exploitation_plan": ("each", 34000, 22500, 12000, 8000),
    "amended_exploration_plan": ("each", 4500, 3500, 2500, 1500),
    "safety_plan": ("each", 10000, 10000, 6000, 3000),
    "boundary_drawing": ("each", 500, 500, 500, 500),
    "stake_out_manager": ("each", 500, 500, 500, 500),
    "teaching_theory": ("each", 3400, 2550, 1700, 1000),
    "teaching_practice": ("each", 4800, 3600, 2400, 1450),
    "stake_out_surveyor": ("each", 2000, 1800, 1400, 1000),
    "exploration_survey": ("each", 7500, 3750, 1750, 1150),
    "mine_as_is_map": ("each", 5000, 3000, 1500, 1000),
    "mine_inspection": ("each", 2200, 1800, 1500, 1300),
    "faculty_half_time": ("semester", 24000, 18000, 12000, 7500),
    "faculty_part_time": ("semester", 12000, 9000, 6000, 4750),
    "full_time_job": ("year", 96000, 72000, 48000, 30000),
}
CEILINGS = {  # in every field but surveying, and in surveying
    MemberClass.SENIOR: (144000, 108000),
    MemberClass.GRADE_1: (108000, 81000),
    MemberClass.GRADE_2: (72000, 54000),
    MemberClass.GRADE_3: (45000, 34000),
    MemberClass.UNLICENSED: (0, 0),
    MemberClass.INTERN: (0, 0),
}


@pytest.fixture(params=[1404, 1405])
def year(request: pytest.FixtureRequest) -> Policy:
    return POLICIES[request.param]


def test_the_test_knows_every_kind_of_job() -> None:
    assert set(DEDUCTIONS) == {kind.value for kind in JobKind}


@pytest.mark.parametrize("kind", JobKind)
def test_every_cell_of_the_deduction_table_is_read_exactly(year: Policy, kind: JobKind) -> None:
    row = year.deductions[kind]
    assert (row.per, *row.p) == DEDUCTIONS[kind.value]


@pytest.mark.parametrize("member_class", MemberClass)
@pytest.mark.parametrize("field", LicenceField)
def test_every_ceiling_is_read_exactly(year: Policy, member_class: MemberClass, field: LicenceField) -> None:
    elsewhere, surveying = CEILINGS[member_class]
    expected = surveying if field is LicenceField.SURVEYING else elsewhere
    assert year.ceilings[member_class][field] == expected


def test_the_classes_rules_are_read(year: Policy) -> None:
    grades = (MemberClass.SENIOR, MemberClass.GRADE_1, MemberClass.GRADE_2, MemberClass.GRADE_3)
    assert [year.degrees[grade] for grade in grades] == [(1, 2, 3, 4), (2, 3, 4), (3, 4), (4,)]
    assert [year.posts.most[grade] for grade in grades] == [4, 3, 2, 1]
    assert [year.employment.degrees[grade] for grade in grades] == [1, 2, 3, 4]
    assert year.posts.kinds == (JobKind.MINE_TECHNICAL_MANAGER, JobKind.EXPLORATION_TECHNICAL_MANAGER)
    assert year.degrees[MemberClass.INTERN] == year.degrees[MemberClass.UNLICENSED] == ()


@pytest.mark.parametrize(
    ("status", "used"),
    [
        (EmploymentStatus.PRIVATE_FULL_TIME, JobKind.PERSON_MONTH),
        (EmploymentStatus.PUBLIC, JobKind.PERSON_MONTH),
        (EmploymentStatus.FACULTY_FULL_TIME, JobKind.PERSON_MONTH),
        (EmploymentStatus.FACULTY_HALF_TIME, JobKind.FACULTY_HALF_TIME),
        (EmploymentStatus.FACULTY_PART_TIME, JobKind.FACULTY_PART_TIME),
        (EmploymentStatus.PRIVATE_PART_TIME, "nothing"),
        (EmploymentStatus.SELF_EMPLOYED, "nothing"),
        (EmploymentStatus.RETIRED, "nothing"),
    ],
)
def test_an_employment_uses_the_row_the_rules_say(year: Policy, status: EmploymentStatus, used: JobKind | str) -> None:
    assert year.employment.uses[status] == used


def test_twelve_person_months_a_full_time_year_and_a_mine_weigh_the_same(year: Policy) -> None:
    months = tuple(12 * units for units in year.deductions[JobKind.PERSON_MONTH].p)
    assert months == year.deductions[JobKind.FULL_TIME_JOB].p == year.deductions[JobKind.MINE_TECHNICAL_MANAGER].p


def test_a_year_without_a_policy_is_refused_and_not_guessed(database: Database) -> None:
    with pytest.raises(Refused) as refused, database.read() as connection:
        registry.first(connection, 1406)
    assert refused.value.reason is Reason.NO_POLICY
    assert refused.value.details == {"year": "1406"}


@pytest.mark.parametrize(
    ("cell", "wrong", "named"),
    [
        (
            "p = [5, 3.75, 2.5, 1.65]",
            'p = [5, "3/75", 2.5, 1.65]',
            "1405.toml [deductions] person_day.p cell 2: '3/75'",
        ),
        (
            "p = [5, 3.75, 2.5, 1.65]",
            "p = [5, 3.755, 2.5, 1.65]",
            "1405.toml [deductions] person_day.p cell 2: '3.755'",
        ),
        ("p = [5, 3.75, 2.5, 1.65]", "p = [5, 3.75, -2.5, 1.65]", "1405.toml [deductions] person_day.p cell 3: '-2.5'"),
        ("p = [5, 3.75, 2.5, 1.65]", "p = [5, 3.75, 2.5]", "1405.toml [deductions] person_day.p cell 4: "),
        ("p = [5, 3.75, 2.5, 1.65]", "p = [5, 37.5, 2.5, 1.65]", "1405.toml [deductions] person_day: a smaller job"),
        ('per = "day"', 'per = "dya"', "1405.toml [deductions] person_day.per: "),
        ("surveying = 540", "surveying = true", "1405.toml [ceilings] grade_2.surveying: 'True' is no number of P"),
        (", surveying = 540", "", "1405.toml [ceilings] grade_2: nothing is said of surveying"),
        ("grade_2    = { extraction", "grade_5    = { extraction", "1405.toml [ceilings] grade_5"),
        ("grade_3    = [4]", "grade_3    = [5]", "1405.toml [degrees] grade_3 cell 1: "),
        ("grade_1 = 3, grade_2", "grade_1 = -3, grade_2", "1405.toml [posts] most.grade_1: "),
        ("safety_plan  ", "safty_plan  ", "1405.toml [deductions]"),
        ('"faculty_part_time"\n', '"faculty_partly"\n', "1405.toml [employment] uses.faculty_part_time"),
        ('public            = "person_month"', 'public = "person_hour"', "employment.uses.public: person_hour"),
        ("year = 1405", "year = 1406", "1405.toml year: says 1406"),
        ("year = 1405", "year = = 1405", "1405.toml: Invalid value (at line 6"),
    ],
)
def test_a_wrong_cell_is_named_by_file_table_and_cell(tmp_path: Path, cell: str, wrong: str, named: str) -> None:
    assert TEXT.count(cell) == 1
    (tmp_path / "1405.toml").write_text(TEXT.replace(cell, wrong), encoding="utf-8")
    with pytest.raises(PolicyError) as error:
        capacity_policy.read_folder(tmp_path)
    assert named in str(error.value)


def test_all_wrong_cells_of_all_files_are_named_at_once(tmp_path: Path) -> None:
    for year, cell in ((1404, "senior = 4"), (1405, "senior = 1,")):
        text = TEXT.replace("year = 1405", f"year = {year}").replace(cell, cell.replace("senior", "sinior"))
        (tmp_path / f"{year}.toml").write_text(text.replace("25.5", "'25/5'"), encoding="utf-8")
    with pytest.raises(PolicyError) as error:
        capacity_policy.read_folder(tmp_path)
    lines = str(error.value).splitlines()
    assert [line.split(":")[0] for line in lines if "25/5" in line] == [
        "1404.toml [deductions] teaching_theory.p cell 2",
        "1405.toml [deductions] teaching_theory.p cell 2",
    ]
    assert sum("sinior" in line for line in lines) == 2


def test_another_text_of_the_file_is_another_version() -> None:
    other = parse(TEXT.replace("surveying = 540", "surveying = 541"))
    assert POLICIES[1405].version.startswith("1405-")
    assert other.version != POLICIES[1405].version
    assert not other.has_same_tables(POLICIES[1405])
    assert parse(TEXT + "# a note\n").has_same_tables(POLICIES[1405])


def test_a_folder_without_policies_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"no policy is there, such as 1405\.toml"):
        capacity_policy.read_folder(tmp_path)


def test_until_a_year_the_last_policy_is_that_of_each_year_since(tmp_path: Path) -> None:
    """In development until this one; elsewhere none is guessed from another year's."""
    (tmp_path / "1405.toml").write_text(TEXT, encoding="utf-8")
    found = capacity_policy.read_folder(tmp_path, 1407)
    assert {year: parse(policy.text).year for year, policy in found.items()} == {1405: 1405, 1406: 1406, 1407: 1407}
    assert [*capacity_policy.read_folder(tmp_path)] == [1405]


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "1405.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(PolicyError, match=r"1405\.toml: can't be read"):
        capacity_policy.read_folder(tmp_path)


@pytest.fixture
def own(database: Database, tmp_path: Path) -> Settings:
    """A folder of policies of one's own, of which nothing is on record yet."""
    database.write(lambda connection: connection.execute(delete(state.POLICIES)).close())
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "1405.toml").write_text(TEXT, encoding="utf-8")
    return Settings(policies=folder)


def start(database: Database, settings: Settings) -> None:
    startup.record_policies(Records(database, None), settings, datetime.now(UTC))


def test_the_policy_on_record_stays_when_its_file_is_changed(
    database: Database, own: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    start(database, own)
    assert caplog.messages == []
    file = own.policies_folder / "1405.toml"
    file.write_text(TEXT.replace("surveying = 540", "surveying = 541"), encoding="utf-8")
    start(database, own)
    with database.read() as connection:
        assert registry.current(connection, 1405).ceilings[MemberClass.GRADE_2][LicenceField.SURVEYING] == 54000
    assert "1405.toml is not what the year goes by (1405-" in caplog.text
    assert "tamdid policy amend" in caplog.text


def test_a_policy_that_was_made_up_is_warned_of_where_none_is(
    database: Database, own: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """Of an instance that was in development."""
    in_two_years = datetime(2028, 6, 1, tzinfo=UTC)
    startup.record_policies(Records(database, None), own.model_copy(update={"development": True}), in_two_years)
    assert caplog.messages == []
    start(database, own)
    assert [message.split(":")[0] for message in caplog.messages] == [
        f"{year} goes by a policy that was made up in development" for year in (1406, 1407)
    ]


def test_a_note_in_the_file_changes_nothing(
    database: Database, own: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    start(database, own)
    (own.policies_folder / "1405.toml").write_text(f"# a note\n{TEXT}", encoding="utf-8")
    start(database, own)
    assert caplog.messages == []


def test_a_new_year_is_taken_on_record_and_one_without_its_file_stays(database: Database, own: Settings) -> None:
    start(database, own)
    (own.policies_folder / "1405.toml").rename(own.policies_folder / "1406.toml")
    later = own.policies_folder / "1406.toml"
    later.write_text(TEXT.replace("year = 1405", "year = 1406"), encoding="utf-8")
    start(database, own)
    with database.read() as connection:
        assert registry.recorded(connection).keys() == {1405, 1406}


def test_a_wrong_cell_keeps_the_program_from_starting_and_puts_nothing_on_record(
    database: Database, own: Settings
) -> None:
    (own.policies_folder / "1405.toml").write_text(TEXT.replace("surveying = 540", "surveying = '5/4'"), "utf-8")
    with pytest.raises(PolicyError, match=r"1405\.toml \[ceilings\] grade_2\.surveying: '5/4'"):
        start(database, own)
    with database.read() as connection:
        assert connection.execute(select(state.POLICIES)).all() == []


def test_the_policy_of_a_year_that_was_heard_of_before_is_applied_to_what_was_heard(
    database: Database, own: Settings
) -> None:
    start(database, own)
    later = on("1406/02/03")
    receive_all(database, *HISTORY, approved(on("1406/02/01"), year=1406), confirmed(on("1406/02/02"), year=1406))
    before = kept(database, MEMBER)
    with pytest.raises(Refused, match="no_policy"), database.read() as connection:
        read_model.capacity(connection, MEMBER, 1406, later)
    (own.policies_folder / "1406.toml").write_text(TEXT.replace("year = 1405", "year = 1406"), encoding="utf-8")
    start(database, own)
    with database.read() as connection:
        now = read_model.capacity(connection, MEMBER, 1406, later)
        as_of = read_model.explain(connection, MEMBER, 1406, later, later).capacity
    assert (now.status, now.ceiling_units) == ("active", 72000)
    assert (as_of.status, as_of.ceiling_units, as_of.used_units) == (now.status, now.ceiling_units, now.used_units)
    lines, summaries = kept(database, MEMBER)
    assert [row for row in lines if row["year"] != 1406] == before[0]
    assert [row for row in summaries if row["year"] != 1406] == before[1]


def test_another_copy_goes_by_a_policy_that_was_put_on_record_after_it_started(
    database: Database, own: Settings
) -> None:
    start(database, own)
    other = Database(database.engine.url.render_as_string(hide_password=False))
    (own.policies_folder / "1406.toml").write_text(TEXT.replace("year = 1405", "year = 1406"), encoding="utf-8")
    start(other, own)
    other.close()
    receive_all(database, *HISTORY, approved(on("1406/02/01"), year=1406), confirmed(on("1406/02/02"), year=1406))
    with database.read() as connection:
        assert read_model.capacity(connection, MEMBER, 1406, on("1406/02/03")).status == "active"
