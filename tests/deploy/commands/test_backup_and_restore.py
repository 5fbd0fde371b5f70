"""`tamdid backup` and `tamdid restore`, as an operator types them."""

import json
import os
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select
from typer.testing import CliRunner, Result

from deploy import instance_lock, tamdid
from services.auth.tables import SESSIONS
from shared.event_store.database import Database
from shared.event_store.epoch import Epoch, epoch_of
from tests.deploy.backup import sample_instance
from tests.deploy.backup.sample_instance import MEMBER, RENEWAL
from tests.support import sample_log


class CommandLine:
    """Runs `tamdid` in this process, beside an instance with five events."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.settings = sample_instance.make(home / "var")
        self.backup, self.key = home / "backup", home / "key"

    def __call__(self, *arguments: str, language: str = "en", exit_code: int = 0) -> Result:
        environment = {"TAMDID_VAR": str(self.settings.var), "COLUMNS": "300", "NO_COLOR": "1"}
        result = CliRunner().invoke(tamdid.app, ["--language", language, *arguments], env=environment)
        assert result.exit_code == exit_code, (result.output, result.exception)
        return result

    def json(self, *arguments: str, exit_code: int = 0) -> Any:
        return json.loads(self(*arguments, "--json", exit_code=exit_code).stdout)


@pytest.fixture
def tamdid_here(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


def test_a_backup_is_made_shown_checked_and_restored(tamdid_here: CommandLine) -> None:
    key = ("--key-file", str(tamdid_here.key))
    assert "a new key" in tamdid_here("backup", "new-key", str(tamdid_here.key)).output
    made = tamdid_here("backup", str(tamdid_here.backup), *key)
    assert "verified" in made.output
    assert "It is encrypted" in made.output
    shown = tamdid_here("backup", "show", str(tamdid_here.backup), *key).output
    assert "renewal.db" in shown
    assert "keys/auth.pem" in shown
    assert "whole and verified" in tamdid_here("backup", "check", str(tamdid_here.backup), *key).output
    restored = tamdid_here("restore", str(tamdid_here.backup), *key, "--into", str(tamdid_here.home / "new"))
    assert "restored as of" in restored.output
    assert "erase again whoever was erased after" in restored.output
    assert "tamdid log verify" in restored.output
    assert sample_instance.head(tamdid_here.home / "new" / "renewal.db") == 5


def test_an_option_may_come_before_the_file(tamdid_here: CommandLine) -> None:
    tamdid_here("backup", "new-key", str(tamdid_here.key))
    tamdid_here("backup", "--key-file", str(tamdid_here.key), str(tamdid_here.backup))
    tamdid_here("backup", "check", "--key-file", str(tamdid_here.key), str(tamdid_here.backup))


def test_a_plain_backup_says_what_it_holds(tamdid_here: CommandLine) -> None:
    assert "not encrypted" in tamdid_here("backup", str(tamdid_here.backup)).output
    assert "رمز نشده است" in tamdid_here("backup", "show", str(tamdid_here.backup), language="fa").output


def test_scripts_read_json(tamdid_here: CommandLine) -> None:
    made = tamdid_here.json("backup", str(tamdid_here.backup))
    assert made["manifest"]["heads"] == {
        "auth": 0,
        "renewal": 5,
        "payment": 0,
        "capacity": 0,
        "notification": 0,
        "bank": 0,
    }
    assert {"service": "renewal", "events": 5, "unsealed": 0} in made["logs"]
    assert tamdid_here.json("backup", "check", str(tamdid_here.backup)) == made
    assert tamdid_here.json("backup", "show", str(tamdid_here.backup)) == made["manifest"]
    restored = tamdid_here.json("restore", str(tamdid_here.backup), "--replace")
    assert restored["manifest"] == made["manifest"]
    assert (restored["new_keys"], restored["erased_again"]) == (False, [])
    assert Path(restored["former"]).is_dir()


def test_a_restore_over_an_instance_must_be_meant(tamdid_here: CommandLine) -> None:
    tamdid_here("backup", str(tamdid_here.backup))
    sample_instance.append(
        tamdid_here.settings, RENEWAL, f"renewal/{MEMBER}/1405", [sample_log.fact(MEMBER)], sealed=False
    )
    assert "--replace" in tamdid_here("restore", str(tamdid_here.backup), exit_code=1).output
    assert sample_instance.head(tamdid_here.settings.var / "renewal.db") == 6
    assert "before-restore-" in tamdid_here("restore", str(tamdid_here.backup), "--replace").output
    assert sample_instance.head(tamdid_here.settings.var / "renewal.db") == 5


def test_a_running_instance_is_not_replaced(tamdid_here: CommandLine) -> None:
    tamdid_here("backup", str(tamdid_here.backup))
    with instance_lock.locked(tamdid_here.settings.var):
        refused = tamdid_here("restore", str(tamdid_here.backup), "--replace", exit_code=1)
    assert "stop it first" in refused.output


def test_a_damaged_backup_is_refused_in_either_language(tamdid_here: CommandLine) -> None:
    tamdid_here.backup.write_bytes(b"of something else")
    assert "no whole backup" in tamdid_here("backup", "check", str(tamdid_here.backup), exit_code=1).output
    persian = tamdid_here("backup", "check", str(tamdid_here.backup), language="fa", exit_code=1)
    assert "پشتیبانِ سالمی نیست" in persian.output
    assert tamdid_here.json("restore", str(tamdid_here.backup), "--replace", exit_code=1)["failed"] == "backup_damaged"


def test_problems_of_a_log_are_listed(tamdid_here: CommandLine) -> None:
    remove = ("DROP TRIGGER facts_stay_DELETE", "DELETE FROM events WHERE position = 3")
    sample_instance.execute(tamdid_here.settings.var / "renewal.db", *remove)
    refused = tamdid_here("backup", str(tamdid_here.backup), exit_code=1).output
    assert "nothing was written" in refused
    assert "renewal" in refused
    problems = tamdid_here.json("backup", str(tamdid_here.backup), exit_code=1)["problems"]
    assert {"service": "renewal", "position": 4, "code": "hole", "detail": "after 2"} in problems


def test_a_file_that_cant_be_written_is_no_crash(tamdid_here: CommandLine) -> None:
    missing = str(tamdid_here.home / "not there" / "backup")
    assert "Nothing was changed" in tamdid_here("backup", missing, exit_code=4).output
    assert "Nothing was changed" in tamdid_here("backup", "show", missing, exit_code=4).output
    assert (
        "Nothing was changed"
        in tamdid_here("backup", str(tamdid_here.backup), "--key-file", missing, exit_code=4).output
    )


def test_a_key_is_its_owners_alone_and_never_overwritten(tamdid_here: CommandLine) -> None:
    before = os.umask(0)
    try:
        tamdid_here("backup", "new-key", str(tamdid_here.key))
    finally:
        os.umask(before)
    assert tamdid_here.key.stat().st_mode & 0o777 == 0o600
    key = tamdid_here.key.read_bytes()
    assert "there already" in tamdid_here("backup", "new-key", str(tamdid_here.key), exit_code=1).output
    assert tamdid_here.key.read_bytes() == key


def test_help_lists_the_commands(tamdid_here: CommandLine) -> None:
    shown = tamdid_here("backup", "--help").output
    assert all(name in shown for name in ("create", "check", "show", "new-key"))
    assert "--replace" in tamdid_here("restore", "from", "--help").output
    assert "desk" in tamdid_here("--help").output


def test_a_new_epoch_begins_in_a_database_that_was_restored_in_another_way(tamdid_here: CommandLine) -> None:
    def epoch() -> Epoch:
        with closing(Database(tamdid_here.settings.database_of("renewal"))) as database, database.read() as connection:
            return epoch_of(connection)

    before = epoch()
    assert tamdid_here.json("restore", "epoch", "renewal", "capacity") == {"renewal": 5, "capacity": 0}
    assert (epoch().began_at, epoch().epoch == before.epoch) == (5, False)
    tamdid_here("restore", "epoch", "nobody", exit_code=2)


def test_with_a_new_epoch_of_auth_all_sessions_end(tamdid_here: CommandLine) -> None:
    """One that was stolen, and ended since, would be open again."""
    with closing(Database(tamdid_here.settings.database_of("auth"))) as auth:
        at = dict.fromkeys(("opened_at", "used_at"), sample_log.AT)
        session = {"token_hash": "0", "account": f"member:{MEMBER}", "device": "", "is_pending": False, **at}
        auth.write(lambda connection: connection.execute(insert(SESSIONS).values(session)))
        tamdid_here("restore", "epoch", "auth")
        with auth.read() as connection:
            assert connection.execute(select(SESSIONS)).all() == []
