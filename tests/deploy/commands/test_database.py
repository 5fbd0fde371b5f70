"""`tamdid database`, as an operator types it: what is to be migrated, and what is wrong with a database, by name and in one line."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from deploy import databases, instance_lock, tamdid
from shared.event_store.sql import engines
from tests.deploy.backup import sample_instance


class CommandLine:
    """Runs `tamdid database` in this process on a folder with an instance of version 0.1.0."""

    def __init__(self, home: Path) -> None:
        self.settings = sample_instance.of_release(home / "var", "0.1.0")

    def __call__(self, *arguments: str, exit_code: int = 0, **settings: str) -> Result:
        environment = {"TAMDID_VAR": str(self.settings.var), "COLUMNS": "300", "NO_COLOR": "1", **settings}
        result = CliRunner().invoke(tamdid.app, ["--language", "en", "database", *arguments], env=environment)
        assert result.exit_code == exit_code, (result.output, result.exception)
        return result

    @property
    def revisions(self) -> set[str | None]:
        return {found.state.current for found in databases.check(list(databases.STORES), self.settings)}


@pytest.fixture
def tamdid_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    monkeypatch.setattr(engines, "BUSY_TIMEOUT_MS", 1)
    monkeypatch.setattr(instance_lock, "acquire_to_run", lambda *_, **__: None)  # it would be held until the tests' end
    return CommandLine(tmp_path)


def test_a_database_of_0_1_0_is_shown_and_migrated(tamdid_here: CommandLine) -> None:
    shown = tamdid_here("check", exit_code=1)
    of_release = {file.name.partition(".")[0] for file in (sample_instance.RELEASES / "0.1.0").iterdir()}
    assert shown.output.count("r0001_tables_of_0_1_0, r0002_epochs_and_unknown_types") == len(of_release)
    assert shown.output.count("r0001_") == len(databases.STORES)
    assert "tamdid database upgrade" in shown.output
    assert tamdid_here.revisions == {None}
    assert "renewal: r0002_epochs_and_unknown_types" in tamdid_here("upgrade", "renewal").output
    ran = json.loads(tamdid_here("upgrade", "--json").stdout)["ran"]
    assert {"program": "auth", "revision": "r0002_epochs_and_unknown_types"} in ran
    assert {one["program"] for one in ran} == databases.STORES.keys() - {"renewal"}
    assert "newest revision" in tamdid_here("check").output
    tamdid_here("upgrade", "renewal", "nobody", exit_code=2)


def test_looking_holds_up_nobody_and_is_held_up_by_nobody(tamdid_here: CommandLine) -> None:
    with closing(sqlite3.connect(tamdid_here.settings.var / "bank.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "r0002" in tamdid_here("check", exit_code=1).output


@pytest.mark.parametrize("command", ["check", "upgrade"])
def test_a_file_that_is_no_database_is_named(command: str, tamdid_here: CommandLine) -> None:
    (tamdid_here.settings.var / "payment.db").write_bytes(b"no database at all" * 1000)
    assert "payment: file is not a database" in tamdid_here(command, "payment", exit_code=4).output


def test_a_database_in_use_is_named_and_nothing_of_the_revision_is_done(tamdid_here: CommandLine) -> None:
    with closing(sqlite3.connect(tamdid_here.settings.var / "bank.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "bank: database is locked" in tamdid_here("upgrade", "bank", exit_code=4).output
    tamdid_here("upgrade", "bank")


@pytest.mark.parametrize("command", ["check", "upgrade"])
def test_a_server_that_is_away_is_named(command: str, tamdid_here: CommandLine) -> None:
    url = {"TAMDID_DATABASE_URL": "postgresql+psycopg://nobody:secret@127.0.0.1:1/{program}"}
    shown = tamdid_here(command, "auth", exit_code=4, **url).output
    assert "auth: connection failed" in shown
    assert "secret" not in shown


def test_databases_of_something_else_and_of_a_later_version_are_named(tamdid_here: CommandLine) -> None:
    tamdid_here("upgrade")
    var = tamdid_here.settings.var
    sample_instance.execute(var / "auth.db", "UPDATE alembic_version SET version_num = '1975ea83b712'")
    sample_instance.execute(var / "bank.db", "UPDATE alembic_version SET version_num = '0009_from_0008'")
    for command in ("check", "upgrade"):
        assert "which is none of this program's" in tamdid_here(command, "auth", exit_code=4).output
        assert "this version knows those up to" in tamdid_here(command, "bank", exit_code=4).output
