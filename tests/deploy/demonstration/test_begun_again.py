"""What the demonstration is not answered in time, it begins again: a machine on which all programs have just started is busy."""

import pytest

from deploy import demonstration
from shared.contract.refusals import Reason, Refused
from shared.settings import Settings


class Portal:
    """Refuses for each of these reasons once, and then takes all."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *reasons: Reason) -> None:
        self.loads: list[tuple[str, str]] = []
        self.reasons = list(reasons)
        monkeypatch.setattr(demonstration, "load_missing", self.load)
        monkeypatch.setattr(demonstration, "PAUSE_SECONDS", 0)

    def load(self, url: str, password: str) -> None:
        self.loads.append((url, password))
        if self.reasons:
            raise Refused(self.reasons.pop(0))


def test_what_is_not_answered_in_time_is_begun_again(monkeypatch: pytest.MonkeyPatch) -> None:
    portal = Portal(monkeypatch, Reason.NO_ANSWER, Reason.DEADLINE_PASSED)
    demonstration.load(Settings(gateway_port=9))
    assert portal.loads == [("http://127.0.0.1:9", demonstration.admin_password())] * 3


def test_any_other_refusal_is_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    portal = Portal(monkeypatch, Reason.NOT_ALLOWED)
    with pytest.raises(Refused, match="not_allowed"):
        demonstration.load(Settings(gateway_port=9), "of-the-first-admin")
    assert portal.loads == [("http://127.0.0.1:9", "of-the-first-admin")]


def test_it_ends_after_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    portal = Portal(monkeypatch, Reason.NO_ANSWER, Reason.NO_ANSWER)
    monkeypatch.setattr(demonstration, "LOAD_SECONDS", -1)
    with pytest.raises(Refused, match="no_answer"):
        demonstration.load(Settings(gateway_port=9))
    assert len(portal.loads) == 1
