"""A short run of the faults on real servers; `make faults` is the long one."""

import pytest

from tests.conftest import missing
from tests.faults import faults
from tests.faults.faults import Fault
from tests.faults.run import Plan, run
from tests.support.servers import servers

QUIESCENCE_SECONDS = 60
HANDFUL = (
    Fault("both copies of a program are killed", faults.kill_both_copies),
    Fault("the broker is killed and emptied", faults.empty_the_broker),
    Fault("the database is killed and started", faults.kill_the_database),
    Fault("connections are cut", faults.cut_connections),
    Fault("a program is killed (kill -9)", faults.kill_a_program),
)


@pytest.mark.slow
def test_nothing_is_lost_and_nothing_happens_twice() -> None:
    plan = Plan(0, 1406, len(HANDFUL), kinds=HANDFUL, quiet_seconds=(1.0, 2.0), quiescence_seconds=QUIESCENCE_SECONDS)
    try:
        report = run(plan, report_line=print)
    except servers.ServersMissing as error:
        missing(str(error))
    assert report.violations == []
    assert {one.name for one in report.injected} == {one.name for one in HANDFUL}
    assert sum(one.is_completed for one in report.renewals) >= plan.at_once
