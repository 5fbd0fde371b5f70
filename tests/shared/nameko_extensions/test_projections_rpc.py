from collections.abc import Iterator
from typing import Any

import eventlet
import pytest
from nameko.containers import ServiceContainer

from shared.nameko_extensions import Background, Jobs, projections_rpc


class Worker:
    """A service with long work, and nothing else."""

    name = "worker"
    jobs: Jobs = Background()


@pytest.fixture
def container() -> Iterator[Any]:
    made = ServiceContainer(Worker, {})
    made.start()
    yield made
    made.kill()


def jobs_of(container: Any) -> Any:
    (jobs,) = container.dependencies
    return jobs


def test_work_runs_beside_its_caller(container: Any) -> None:
    done: list[str] = []
    jobs_of(container).run(lambda: done.append("work"), "job")
    assert done == []
    eventlet.sleep(0)
    assert done == ["work"]


def test_a_job_learns_that_the_program_stops_and_is_waited_for(container: Any) -> None:
    jobs, ended = jobs_of(container), []

    def work() -> None:
        while not jobs.is_stopping():
            eventlet.sleep(0.001)
        ended.append("by itself")

    jobs.run(work, "job")
    eventlet.sleep(0)
    container.stop()
    assert ended == ["by itself"]


def test_work_that_does_not_listen_is_ended_all_the_same(container: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projections_rpc, "STOP_SECONDS", 0.01)
    ended: list[str] = []

    def work() -> None:
        try:
            while True:
                eventlet.sleep(0.001)
        finally:
            ended.append("by force")

    jobs_of(container).run(work, "job")
    eventlet.sleep(0)
    container.stop()
    eventlet.sleep(0)
    assert ended == ["by force"]
