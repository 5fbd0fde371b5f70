"""A log's last seal goes into a file once a day."""

import stat
from datetime import timedelta
from pathlib import Path

import pytest

from shared.contract.seal import SealEvidence
from shared.event_store.database import Database
from shared.event_store.seals import Seal, insert_seals
from shared.messaging.relay import Relay, sealed_messages
from shared.messaging.relay_cursor import next_batch
from tests.support.sample_log import AT, LOG, append, database
from tests.support.seals import sign

DAY = timedelta(days=1)


def seal_all(db: Database) -> Seal:
    """Seal the events that have no seal yet, as the relay does."""
    with next_batch(db, LOG, 100) as batch:
        assert batch is not None
        seals = [one.seal for one in sealed_messages(batch.chain, batch.events, sign) if one.seal]
        db.write(lambda connection: insert_seals(connection, seals))
        batch.publish_confirmed(seals[-1])
    return seals[-1]


def relay(db: Database, folder: Path) -> Relay:
    return Relay(db, LOG, "", sign, folder)


def lines(folder: Path) -> list[SealEvidence]:
    return [SealEvidence.model_validate_json(line) for line in (folder / "renewal.seals").read_text().splitlines()]


def test_the_last_seal_is_written_once_a_day_by_whichever_copy_comes_first(database_url: str, tmp_path: Path) -> None:
    db, folder = database(database_url), tmp_path / "evidence"
    one = relay(db, folder)
    one.write_evidence(AT)
    append(db, "001", 0, count=3)
    first = seal_all(db)
    one.write_evidence(AT + timedelta(minutes=1))
    assert not folder.exists(), "nothing was to be written a minute ago"
    for copy in (one, one, relay(db, folder)):
        copy.write_evidence(AT + timedelta(hours=1))
    append(db, "002", 0)
    second = seal_all(db)
    one.write_evidence(AT + DAY)
    assert lines(folder) == [
        SealEvidence(source="renewal", **first._asdict(), written_at=AT + timedelta(hours=1)),
        SealEvidence(source="renewal", **second._asdict(), written_at=AT + DAY),
    ]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_relay_goes_on_where_there_is_no_room_for_evidence_and_writes_it_later(
    database_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    db, folder = database(database_url), tmp_path / "evidence"
    append(db, "001", 0)
    seal_all(db)
    folder.write_text("in the way")
    one = relay(db, folder)
    one.write_evidence(AT)
    assert "no evidence of the log of renewal was written: FileExistsError" in caplog.text
    folder.unlink()
    one.write_evidence(AT + timedelta(hours=1))
    assert len(lines(folder)) == 1
