"""What the demonstration sends, it sends again where no answer came: a machine that has just started may be slow."""

from typing import Any
from uuid import uuid4

import pytest
from pydantic import SecretStr

from clients.admin.transport.http import HttpServer
from deploy import demonstration
from shared.contract.auth import commands
from shared.contract.base import Done
from shared.contract.refusals import Reason, Refused

COMMAND = commands.SignOut(id=uuid4(), deadline=demonstration.deadline(), session=SecretStr("s"))


class Gateway:
    """Refuses for each of these reasons once, and then answers."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *reasons: Reason) -> None:
        self.sent: list[object] = []
        self.reasons = list(reasons)
        monkeypatch.setattr(HttpServer, "call", self.call)
        monkeypatch.setattr(demonstration, "PAUSE_SECONDS", 0)

    def call(self, message: Any, _service: str | None = None) -> Done:
        self.sent.append(message)
        if self.reasons:
            raise Refused(self.reasons.pop(0))
        return Done()


def portal() -> demonstration.Portal:
    return demonstration.Portal("http://127.0.0.1:9", None, demonstration.ANSWER_SECONDS)


def test_what_got_no_answer_is_sent_again_under_its_own_id(monkeypatch: pytest.MonkeyPatch) -> None:
    gateway = Gateway(monkeypatch, Reason.NO_ANSWER, Reason.NO_ANSWER)
    assert portal().call(COMMAND) == Done()
    assert gateway.sent == [COMMAND] * 3


def test_any_other_refusal_is_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    gateway = Gateway(monkeypatch, Reason.NOT_ALLOWED)
    with pytest.raises(Refused, match="not_allowed"):
        portal().call(COMMAND)
    assert gateway.sent == [COMMAND]


def test_it_ends_with_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    gateway = Gateway(monkeypatch, Reason.NO_ANSWER, Reason.NO_ANSWER)
    monkeypatch.setattr(demonstration, "ANSWER_SECONDS", -1)
    with pytest.raises(Refused, match="no_answer"):
        portal().call(COMMAND)
    assert gateway.sent == [COMMAND]
