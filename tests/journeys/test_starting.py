"""What a newcomer meets at `make run`: a welcome whose words are true, a clean stop, a second start, a port that is taken."""

import re
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from deploy import demonstration
from tests.demo import steps
from tests.demo.browser import Browser
from tests.support.servers import forks, instance

START_SECONDS = 60


def test_whoever_the_welcome_names_can_sign_in(cluster: instance.Instance) -> None:
    welcome = cluster.processes[0].said()
    assert cluster.portal in welcome
    assert str(cluster.var) in welcome
    named = re.findall(r"^    (\S+) +(\S+) ", welcome, re.MULTILINE)
    officers = {row["officer"] for row in demonstration.rows("officers.csv")}
    assert {name for name, _ in named} > officers
    for name, secret in named:
        with closing(Browser(cluster.portal)) as browser:
            browser.go("/sign-in")
            steps.sign_in(browser, "officer" if name in officers else "member", name, secret)
            browser.must_say("خروج")


def test_it_stops_cleanly_when_asked_twice_and_starts_again_without_a_word_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(forks, "ENABLED", False)
    with instance.standalone() as own:
        own.processes[0].signal(signal.SIGTERM)
        assert own.end(signal.SIGINT) == [0]
        assert "Traceback" not in own.log_tail()
        own.start()
        assert [line for line in own.log_tail().splitlines() if line.startswith(("WARNING", "ERROR", "Trace"))] == []
        own.kill()


def test_a_port_that_is_taken_is_named_with_the_setting_that_changes_it(
    cluster: instance.Instance, tmp_path: Path
) -> None:
    settings = cluster.processes[0].environment | {"TAMDID_VAR": str(tmp_path)}
    command = [sys.executable, "-m", "deploy.run", "all", "--demonstration"]
    ended = subprocess.run(command, env=settings, capture_output=True, text=True, timeout=START_SECONDS, check=False)
    assert ended.returncode == 1
    port = cluster.portal.rsplit(":", 1)[-1]
    assert f"Port {port} of 127.0.0.1: Address already in use. TAMDID_GATEWAY_PORT chooses another." in ended.stderr
    assert "Traceback" not in ended.stderr
