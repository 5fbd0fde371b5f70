"""Whoever alters a stored log is found by `tamdid log verify`; `make attack` tries a thousand alterations on each database."""

from pathlib import Path

import pytest

from tests.attack import altered_logs
from tests.clients.admin.fake_server import Tamdid

ALTERATIONS = 150


def test_every_alteration_of_a_stored_log_is_found(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    log = altered_logs.stored_log(database_url, tmp_path / "keys")
    tamdid = Tamdid()
    tamdid.sign_in()
    tamdid.server.replies["renewal.read_events"] = altered_logs.answered(log)
    assert altered_logs.verify(tamdid, log.keys) == 0, "a whole log has no problem"
    assert altered_logs.not_found(log, ALTERATIONS, seed=1) == []
    assert altered_logs.verify(tamdid, log.keys) == 0
