import signal
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from shared.contract.operations import commands, queries, rebuild_answers
from shared.contract.refusals import Reason, Refused
from shared.services import WITH_MEMBERS
from tests.clients.admin.fake_server import Tamdid

RUNNING = rebuild_answers.Rebuild(
    rebuild=UUID(int=5),
    status="running",
    phase="reading",
    started_by="officer:maryam",
    started_at=datetime(2026, 10, 7, 11, 0, tzinfo=UTC),
    done=700,
    total=1200,
)
DONE = RUNNING.model_copy(update={"status": "switched", "phase": "switching", "done": 0, "total": 0, "events": 1200})
DIFFERS = DONE.model_copy(
    update={
        "differences": {"capacity_lines": 1500},
        "first_differences": (
            rebuild_answers.RebuildDifference(table="capacity_lines", key="0123456/1405/2", kind="other"),
            rebuild_answers.RebuildDifference(table="capacity_lines", key="0123456/1405/3", kind="missing"),
        ),
    }
)


def course(*states: rebuild_answers.Rebuild | Exception) -> Callable[[Any], rebuild_answers.Rebuild]:
    """What each question in turn is answered; the last answer stays."""
    left = list(states)

    def rebuild_state(_query: queries.GetRebuild) -> rebuild_answers.Rebuild:
        state = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(state, Exception):
            raise state
        return state

    return rebuild_state


@pytest.fixture
def capacity(maryam: Tamdid) -> Tamdid:
    maryam.server.replies = {
        "capacity.rebuild_projections": RUNNING,
        "capacity.get_rebuild": course(RUNNING, RUNNING.model_copy(update={"phase": "deriving"}), DONE),
        "capacity.cancel_rebuild": RUNNING,
    }
    return maryam


def test_a_rebuild_is_started_and_watched_to_its_end(capacity: Tamdid) -> None:
    waits: list[float] = []
    capacity.sleep = waits.append
    result = capacity("projections", "rebuild", "capacity")
    assert result.exit_code == 0
    assert result.stdout == "switched: 1,200 events, 0 differences\n"
    (command,) = capacity.server.sent(commands.RebuildProjections)
    assert not command.check
    assert len(waits) == len(capacity.server.sent(queries.GetRebuild)) == 3


def test_what_differs_is_shown_and_fails_a_check_alone(capacity: Tamdid) -> None:
    capacity.server.replies["capacity.get_rebuild"] = DIFFERS.model_copy(update={"check": True, "status": "checked"})
    result = capacity("projections", "check", "capacity")
    assert result.exit_code == 1
    assert [line.split() for line in result.stdout.splitlines()[3:5]] == [
        ["capacity_lines", "0123456/1405/2", "other"],
        ["capacity_lines", "0123456/1405/3", "missing"],
    ]
    assert "checked: 1,200 events, 1,500 differences" in result.stdout
    capacity.server.replies["capacity.get_rebuild"] = DIFFERS
    assert capacity("projections", "rebuild", "capacity").exit_code == 0


def test_the_outcome_as_json_is_the_answer(capacity: Tamdid) -> None:
    assert rebuild_answers.Rebuild.model_validate(capacity.json("projections", "rebuild", "capacity")) == DONE


@pytest.mark.parametrize(
    ("status", "code", "said"),
    [
        ("cancelled", 130, "nothing is changed"),
        ("failed", 4, "nothing is changed"),
        ("lost", 4, "its program may have ended"),
    ],
)
def test_an_end_without_a_switch_has_its_own_exit_code(capacity: Tamdid, status: str, code: int, said: str) -> None:
    ended = DONE.model_copy(update={"status": status, "error": "LookupError: auth does not answer"})
    capacity.server.replies["capacity.get_rebuild"] = ended
    result = capacity("projections", "rebuild", "capacity")
    assert result.exit_code == code
    assert said in result.stdout
    assert "auth does not answer" in result.stderr


def test_one_that_runs_already_is_shown(capacity: Tamdid) -> None:
    capacity.server.replies["capacity.rebuild_projections"] = Refused(Reason.REBUILD_RUNNING)
    result = capacity("projections", "rebuild", "capacity")
    assert result.exit_code == 1
    assert "Another rebuild is running." in result.stderr


def test_ctrl_c_cancels_and_waits_for_the_end(capacity: Tamdid) -> None:
    capacity.sleep = lambda _seconds: signal.raise_signal(signal.SIGINT)
    cancelled = DONE.model_copy(update={"status": "cancelled"})
    capacity.server.replies["capacity.get_rebuild"] = RUNNING
    capacity.server.replies["capacity.cancel_rebuild"] = cancelled
    result = capacity("projections", "rebuild", "capacity")
    assert result.exit_code == 130
    assert len(capacity.server.sent(commands.CancelRebuild)) == 1


def test_a_service_that_is_silent_for_a_while_is_asked_again(capacity: Tamdid) -> None:
    silence = Refused(Reason.NO_ANSWER)
    capacity.server.replies["capacity.get_rebuild"] = course(silence, silence, RUNNING, silence, DONE)
    assert capacity("projections", "rebuild", "capacity").exit_code == 0


def test_a_service_that_stays_silent_is_told(capacity: Tamdid) -> None:
    capacity.server.replies["capacity.get_rebuild"] = Refused(Reason.NO_ANSWER)
    assert capacity("projections", "rebuild", "capacity").exit_code == 3


def test_a_rebuild_that_somebody_else_started_can_be_cancelled(capacity: Tamdid) -> None:
    capacity.server.replies["capacity.get_rebuild"] = DONE.model_copy(update={"status": "cancelled"})
    assert capacity("projections", "rebuild", "capacity", "--cancel").exit_code == 0
    assert capacity.server.sent(commands.RebuildProjections) == []
    capacity.server.replies["capacity.cancel_rebuild"] = rebuild_answers.Rebuild(status="none")
    assert "There was no rebuild." in capacity("projections", "rebuild", "capacity", "--cancel").stdout


def test_a_check_only_compares(capacity: Tamdid) -> None:
    capacity("projections", "check", "capacity")
    assert [command.check for command in capacity.server.sent(commands.RebuildProjections)] == [True]


def test_the_list_has_each_service_with_its_tables_and_logs(maryam: Tamdid) -> None:
    of_payment = rebuild_answers.Projections(tables=("invoices", "receipts"), sources=("payment",), rebuild=DONE)
    none = rebuild_answers.Rebuild(status="none")
    nothing = rebuild_answers.Projections(tables=(), sources=(), rebuild=none)
    maryam.server.replies = {
        **{f"{one}.get_projections": nothing for one in WITH_MEMBERS},
        "auth.get_projections": rebuild_answers.Projections(tables=("members",), sources=("auth",), rebuild=none),
        "renewal.get_projections": rebuild_answers.Projections(
            tables=("desk",), sources=("renewal", "auth"), rebuild=none
        ),
        "payment.get_projections": of_payment,
        "capacity.get_projections": rebuild_answers.Projections(
            tables=("lines",), sources=("auth", "payment"), rebuild=none
        ),
    }
    shown = [line.split() for line in maryam("projections", "list").stdout.splitlines()]
    assert ["renewal", "desk", "renewal", "auth"] in shown
    assert next(line for line in shown if line[:3] == ["payment", "invoices", "receipts"])[-1] == "switched"
    assert [one["tables"] for one in maryam.json("projections", "list")][2] == ["invoices", "receipts"]
