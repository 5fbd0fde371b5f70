"""Forked programs have what started ones have: an exit code, a log, settings, and an end with whoever started them."""

import json
import os
import signal
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.servers import forks, instance
from tests.support.servers.free_ports import free_ports
from tests.support.servers.server_handles import wait_until_up


def forked(folder: Path, *arguments: str, **settings: str) -> forks.Forked:
    environment = instance.clean_environment() | {"TAMDID_VAR": str(folder / "var"), **settings}
    return forks.fork(arguments, environment, folder, folder / "log", folder / "id")


def phone(folder: Path) -> tuple[forks.Forked, int]:
    """The program, and its id once it runs."""
    page, smtp, health = map(str, free_ports(3))
    ports = {"TAMDID_PHONE_PORT": page, "TAMDID_PHONE_SMTP_PORT": smtp, "TAMDID_HEALTH_PORT": health}
    program = forked(folder, "phone", TAMDID_DEVELOPMENT="true", **ports)
    wait_until_up("phone", lambda: instance.says_ready(int(health)), 60, lambda: program.poll() is not None)
    return program, int((folder / "id").read_text())


def test_it_ends_with_the_programs_own_exit_code_and_last_words(tmp_path: Path) -> None:
    with closing(forked(tmp_path, "no-such-program")) as program:
        assert program.wait(60) == program.poll() == 2
    assert "invalid choice: 'no-such-program'" in (tmp_path / "log").read_text()


def test_one_loading_serves_all_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    before = instance.clean_environment()
    monkeypatch.setenv("PYTEST_CURRENT_TEST", "another test (setup)")
    assert forks.are_possible(before, instance.clean_environment())


def test_a_command_of_the_command_line_has_its_exit_code_output_and_errors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = {"TAMDID_SERVER": "http://localhost:1", "XDG_STATE_HOME": str(tmp_path), "TAMDID_VAR": str(tmp_path)}
    environment = instance.clean_environment() | own
    assert forks.are_possible(environment, instance.clean_environment())
    wrong = instance.tamdid(["database", "check", "nobody"], environment, 60)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "nobody" in wrong.stderr
    command = ["--language", "en", "database", "check", "auth", "--json"]
    done = instance.tamdid(command, environment, 60)
    assert (done.returncode, done.stderr) == (1, "")
    assert [one["program"] for one in json.loads(done.stdout)] == ["auth"]
    monkeypatch.setattr(forks, "ENABLED", False)
    assert instance.tamdid(command, environment, 60).stdout == done.stdout


def test_a_killed_one_says_by_which_signal(tmp_path: Path) -> None:
    program, number = phone(tmp_path)
    with closing(program):
        assert program.poll() is None
        os.kill(number, signal.SIGKILL)
        assert program.wait(60) == 256 - signal.SIGKILL


def test_it_ends_in_order_when_nobody_holds_it(tmp_path: Path) -> None:
    program, number = phone(tmp_path)
    assert os.getpgid(number) == number != os.getpgid(0)
    program.close()
    assert program.returncode == 0
    assert not Path(f"/proc/{number}").exists()
