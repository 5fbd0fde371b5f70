"""That what processes have seen of their shares of the cases is put together."""

from collections import Counter

from tests.fuzz import shares
from tests.fuzz.requests.case import Case
from tests.fuzz.run import Failure, Report

PLACE = ("GET /desk", "manager", 200)


def test_the_reports_of_shares_are_one() -> None:
    failure = Failure(Case("GET /desk", "manager", "GET", "/desk"), "answered 500", "curl", "")
    first = Report(7, played=3, seconds=2.0, counts=Counter({PLACE: 3}), leaks=["a line"])
    second = Report(8, played=4, seconds=5.0, counts=Counter({PLACE: 4}), failures=[failure])
    whole = shares.together([first, second])
    assert (whole.seed, whole.played, whole.seconds, whole.counts[PLACE]) == (7, 7, 5.0, 7)
    assert (whole.leaks, whole.failures, whole.is_green) == (["a line"], [failure], False)


def test_each_share_has_a_seed_of_its_own() -> None:
    assert len(set(shares.seeds(2**32 - 1, 8))) == 8
