"""A short upgrade of the last release and back; `make upgrade-drill` is the long one."""

import pytest

from tests.conftest import missing
from tests.drills.upgrade.release import ReleaseMissing
from tests.drills.upgrade.run import Plan, run
from tests.support.servers.servers import ServersMissing

SHORT = Plan(rate=0.5, warm_up_seconds=2, measured_seconds=2, hold_seconds=0, replaced=("auth",))


@pytest.mark.slow
def test_a_release_is_upgraded_under_load_and_goes_back() -> None:
    try:
        report = run(SHORT, report_line=print)
    except ReleaseMissing as error:
        pytest.skip(str(error))  # a clone may be shallow; the drill's parts are tested all the same
    except ServersMissing as error:
        missing(str(error))
    assert report.violations == []
    assert report.failures == 0
    assert report.completed == report.renewals > 0
