"""Whatever a program writes is its owner's alone, also where the shell's umask would give it to everybody."""

import os
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from clients.admin.transport import saved_session
from deploy import demonstration
from tests.clients.admin.fake_server import MARYAM
from tests.demo import steps, users
from tests.demo.steps import Scenario
from tests.journeys import driver
from tests.support.servers import instance


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def test_no_file_of_a_standalone_instance_is_readable_by_others_after_a_renewal() -> None:
    with umask(0), instance.standalone() as own:
        with closing(demonstration.signed_in(own.portal, "admin", demonstration.admin_password())) as admin:
            scenario = Scenario(own.portal, users.newcomer(admin), users.officer("manager"))
            driver.until(scenario, steps.see_capacity)
            scenario.close()
        running = modes(own.var)
        own.end()
        stopped = modes(own.var)
    written = {path.name for path in running}
    assert {"auth.db", "auth.db-wal", "auth.db-shm", "page-secret", "webhook-secret", "auth.pem"} <= written
    for path, mode in [*running.items(), *stopped.items()]:
        assert mode in {0o700, 0o600}, path


def modes(folder: Path) -> dict[Path, int]:
    return {path: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.rglob("*"))}


def test_the_command_lines_session_is_readable_by_its_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with umask(0):
        saved_session.save("https://tamdid.example.ir", MARYAM)
    assert {mode for path, mode in modes(tmp_path / "state" / "tamdid").items() if path.is_file()} == {0o600}
    assert modes(tmp_path / "state" / "tamdid")[tmp_path / "state" / "tamdid"] == 0o700
