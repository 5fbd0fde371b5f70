"""Programs hold their folder while they run, so that a restore refuses, and a second standalone instance does."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy import instance_lock
from shared.settings import Settings

ROOT = Path(__file__).parents[2]
START_SECONDS = 60


def locked_by(folder: Path, *, alone: bool) -> bool:
    """Whether a lock is refused while another process would hold it: locks of one process' two openings exclude each other too."""
    number = instance_lock.acquire(folder, alone=alone)
    try:
        with instance_lock.locked(folder):
            return False
    except instance_lock.InUse:
        return True
    finally:
        os.close(number)


@pytest.mark.parametrize("alone", [True, False], ids=["a standalone instance", "a single program"])
def test_a_restore_finds_that_programs_run(alone: bool, tmp_path: Path) -> None:
    assert locked_by(tmp_path, alone=alone)
    with instance_lock.locked(tmp_path):
        pass


def test_single_programs_share_a_folder(tmp_path: Path) -> None:
    numbers = [instance_lock.acquire(tmp_path, alone=False) for _ in range(2)]
    with pytest.raises(instance_lock.InUse):
        instance_lock.acquire(tmp_path, alone=True)
    for number in numbers:
        os.close(number)


def refused_start(var: Path, program: str) -> str:
    """What a program that does not start says."""
    command = [sys.executable, "-m", "deploy.run", program]
    environment = os.environ | {"TAMDID_VAR": str(var)}
    ended = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=START_SECONDS, check=False
    )
    assert ended.returncode == 1
    return ended.stderr


@pytest.mark.parametrize("program", ["all", "renewal"])
def test_no_program_starts_while_a_restore_is_at_work(program: str, tmp_path: Path) -> None:
    with instance_lock.locked(tmp_path):
        assert f"Another instance runs on {tmp_path}" in refused_start(tmp_path, program)
    assert [path.name for path in tmp_path.iterdir()] == [instance_lock.LOCK]


def test_no_program_starts_on_what_a_restore_has_left_half_replaced(tmp_path: Path) -> None:
    (tmp_path / instance_lock.UNFINISHED).touch()
    assert "tamdid restore FILE --replace" in refused_start(tmp_path, "all")


def test_programs_on_postgresql_need_no_folder(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path / "var", database_url="postgresql+psycopg://host/{program}")
    instance_lock.acquire_to_run(settings, alone=True)
    assert not settings.var.exists()
