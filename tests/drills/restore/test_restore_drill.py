"""A short form of `make restore-drill`: payment's database alone, seconds instead of minutes, and few members."""

import pytest

from tests.conftest import missing
from tests.drills.restore.drill import SHORT, run
from tests.support.servers.servers import ServersMissing


@pytest.mark.slow
def test_a_service_comes_back_from_its_backup_and_every_difference_is_before_a_person() -> None:
    try:
        report = run(SHORT, report_line=print)
    except ServersMissing as error:
        missing(str(error))
    assert report.violations == []
    [payment] = report.restored
    assert payment.service == "payment"
    assert payment.lost_events > 0
    assert payment.alarms
    assert (payment.money.difference, payment.money.in_cases > 0) == (0, True)
    assert payment.inquired_again > 0
