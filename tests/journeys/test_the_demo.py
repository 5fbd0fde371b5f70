"""The demo itself, as `make demo` and `make demo ON=distributed` run it, also with each fault of the bank by its name."""

from collections.abc import Mapping
from dataclasses import replace

import httpx
import pytest

from clients.bank.sandbox.faults import Fault
from tests.demo import __main__ as demo
from tests.demo import environment, users
from tests.demo.bank_faults import FAULTS, TIME_SCALE
from tests.demo.report import Report
from tests.support.servers import instance, servers


def test_the_demo_succeeds_on_a_standalone_instance(capsys: pytest.CaptureFixture[str]) -> None:
    code = demo.main(["--on", "standalone"])
    output = capsys.readouterr()
    assert (code, output.err) == (0, "")
    assert "renewal    1  RenewalRequested" in output.out
    assert "Ceiling 720 P, used 390 P, remaining 330 P" in output.out


@pytest.mark.slow
def test_the_demo_succeeds_with_each_program_a_process_of_its_own(
    rabbitmq_server: servers.RabbitMQ, postgres_server: servers.Postgres, capsys: pytest.CaptureFixture[str]
) -> None:
    with instance.distributed(rabbitmq_server, postgres_server) as running, environment.private(running) as here:
        code = demo.drive(here, "pay", Report())
    output = capsys.readouterr()
    assert (code, output.err) == (0, "")
    assert "Ceiling 720 P, used 390 P, remaining 330 P" in output.out


TRIED = ("lost-redirect", "lost-everything", "lost-answer", "bank-down", "forged-notice")
"""Each another way of finding out; the rest of them differ by a switch of the bank, as tests/payments has them."""


@pytest.mark.parametrize("fault", FAULTS)
def test_what_a_fault_switches_is_a_switch_of_the_sandbox_bank(fault: str) -> None:
    assert set(FAULTS[fault].switches) <= set(Fault)


@pytest.fixture(scope="session")
def faulty() -> Mapping[str, int]:
    """The demo's exit code with some faults, one after another on one instance."""
    codes = {}
    with instance.standalone(TAMDID_BANK_TIME_SCALE=str(TIME_SCALE)) as running, environment.private(running) as here:
        for fault in TRIED:
            mine = replace(here, applicant=users.newcomer(here.admin))
            codes[fault] = demo.drive(mine, fault, Report())
            httpx.delete(f"{running.bank}/sandbox/faults", trust_env=False).raise_for_status()
    return codes


@pytest.mark.slow
@pytest.mark.parametrize("fault", TRIED)
def test_with_a_fault_of_the_bank_the_demo_ends_paid_without_anybodys_help(
    faulty: Mapping[str, int], fault: str
) -> None:
    assert faulty[fault] == 0


def test_a_fault_that_is_none_is_told_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        demo.main(["--fault", "nonsense"])
    assert ended.value.code == 2
    assert set(FAULTS) <= set(capsys.readouterr().err.replace("'", " ").replace(",", " ").split())


def test_the_demo_fails_with_the_reason_and_the_log_when_a_program_is_gone(
    cluster: instance.Instance, capsys: pytest.CaptureFixture[str]
) -> None:
    with environment.private(cluster) as here:
        nobody = environment.Environment(instance.url(1), here.admin, here.applicant, lambda: "what the log said last")
        code = demo.drive(nobody, "pay", Report())
    output = capsys.readouterr()
    assert code == 1
    assert "Failed: ConnectError" in output.err
    assert "what the log said last" in output.err


def test_the_demo_on_containers_says_what_is_missing_where_there_are_none(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(str(tmp_path))
    assert demo.main(["--on", "compose"]) == 1
    assert "start the containers with `make up` first" in capsys.readouterr().err
