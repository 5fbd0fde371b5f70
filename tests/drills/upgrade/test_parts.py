"""The parts of the drill by themselves: what counts as a failed request, and what counts as a row that differs from its replay."""

import io
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from rich.console import Console
from sqlalchemy import update

from shared.contract.refusals import Reason, Refused
from shared.event_store import log
from shared.event_store.database import Database
from shared.messaging import relay_cursor
from tests.drills.upgrade import release
from tests.drills.upgrade.__main__ import print_report
from tests.drills.upgrade.load import Figures, Measurements
from tests.drills.upgrade.release import Version
from tests.drills.upgrade.run import Report, Step
from tests.faults.invariants import Databases

ALWAYS = (0.0, float("inf"))


def broken(times: int) -> Callable[[], str]:
    """A request whose connection breaks so many times before it is answered."""
    outcomes = iter([httpx.RemoteProtocolError("the copy has ended")] * times)

    def send() -> str:
        for error in outcomes:
            raise error
        return "answered"

    return send


def measured(send: Callable[[], object], raised: type[Exception] | None = None) -> Figures:
    measurements = Measurements()
    if raised is None:
        assert measurements.measure("step", send) == "answered"
    else:
        with pytest.raises(raised):
            measurements.measure("step", send)
    return measurements.between(*ALWAYS)


def refusing(reason: Reason) -> Callable[[], object]:
    def send() -> object:
        raise Refused(reason)

    return send


def test_a_request_whose_connection_breaks_is_answered_by_the_other_copy() -> None:
    figures = measured(broken(1))
    assert (figures.requests, figures.sent_again, figures.failures) == (1, 1, Counter())


def test_a_request_whose_connection_breaks_at_both_copies_has_failed() -> None:
    figures = measured(broken(2), httpx.RemoteProtocolError)
    assert (figures.requests, figures.failures.total()) == (1, 1)


def test_a_request_without_an_answer_in_time_has_failed() -> None:
    assert measured(refusing(Reason.NO_ANSWER), Refused).failures == {"step: no_answer": 1}


def test_a_refusal_by_a_rule_is_an_answer() -> None:
    assert measured(refusing(Reason.UNKNOWN_MEMBER), Refused).failures == {}


def test_a_failed_request_is_reported_with_its_step() -> None:
    text = io.StringIO()
    step = Step("payment-1 → new", "12 × new", 3.0, Figures(9, Counter({"sign_in: no_answer": 2}), 0, 0.1))
    print_report(Report(steps=[step]), Console(file=text, width=200))
    assert "Failed during payment-1 → new: 2 × sign_in: no_answer" in text.getvalue()
    assert "0 failed requests" not in text.getvalue()


def test_locks_are_compared_package_by_package(tmp_path: Path) -> None:
    for name, lock in {
        "old": "amqp==5.3 \\\n    --hash=x\nkombu==5.6\n",
        "new": "alembic==1.20\namqp==5.4\nkombu==5.6\n",
    }.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / release.LOCK).write_text(lock, encoding="utf-8")
    found = release.lock_differences(Version("old", tmp_path / "old"), Version("new", tmp_path / "new"))
    assert found == "2 packages, alembic none → 1.20, amqp 5.3 → 5.4"


@pytest.mark.parametrize(("published", "late"), [(["capacity"], 1), ([], 0)])
def test_what_no_running_version_publishes_is_not_late(tmp_path: Path, published: list[str], late: int) -> None:
    url = f"sqlite:///{tmp_path / 'capacity.db'}"
    database = Database(url)
    database.create_tables(log.TABLES, relay_cursor.TABLES)
    database.write(lambda connection: connection.execute(update(log.HEAD).values(position=1)))
    database.close()
    with closing(Databases({"capacity": url}, published)) as databases:
        assert databases.list_lags() == ["capacity has published 0 of its 1 events"] * late
