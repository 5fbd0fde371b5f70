"""Whoever alters a stored log is found by `tamdid log verify`; `make attack` tries a thousand alterations on each database."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.messaging.relay import Relay
from tests.attack import altered_logs
from tests.clients.admin.fake_server import Tamdid
from tests.support.sample_log import LOG
from tests.support.seals import sign

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


def test_a_log_that_was_cut_off_with_its_seals_is_found_by_a_seal_that_was_kept_elsewhere(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    log = altered_logs.stored_log(database_url, tmp_path / "keys")
    Relay(log.database, LOG, "", sign, tmp_path / "evidence").write_evidence(datetime.now(UTC))
    evidence = tmp_path / "evidence" / "renewal.seals"
    tamdid = Tamdid()
    tamdid.sign_in()
    tamdid.server.replies["renewal.read_events"] = altered_logs.answered(log)
    assert altered_logs.verify(tamdid, log.keys, evidence) == 0
    log.store(altered_logs.cut_off(log, events=2 * altered_logs.BATCH))
    assert altered_logs.verify(tamdid, log.keys) == 0, "nothing in the database tells of it"
    assert altered_logs.verify(tamdid, log.keys, evidence) == 1
    altered_logs.seal_others_instead(log)
    assert altered_logs.verify(tamdid, log.keys) == 0, "whoever has the service's key may sign another history"
    assert altered_logs.verify(tamdid, log.keys, evidence) == 1
