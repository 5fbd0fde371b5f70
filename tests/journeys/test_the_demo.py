"""The demo itself, as `make demo` and `make demo ON=distributed` run it, also with faults of the bank and of messages by their names."""

from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO

import httpx
import pytest

from clients.bank.sandbox.faults import Fault
from clients.phone.faults import Fault as PhoneFault
from tests.demo import __main__ as demo
from tests.demo import environment, message_faults, users
from tests.demo.bank_faults import FAULTS
from tests.demo.report import Report
from tests.support.servers import instance, servers
from tests.support.system import TIME_SCALE

NOTICES = (
    "✉ request_received  inbox alone",
    "✉ approved          sms by kavenegar, 2 segments",
    "✉ payment_received  sms by kavenegar, 1 segment",
    "✉ payment_confirmed sms by kavenegar, 1 segment",
    "4 notices, each once in the log and in the inbox: 1 in the inbox alone, 3 by sms (kavenegar).",
)


def test_the_demo_succeeds_on_a_standalone_instance(capsys: pytest.CaptureFixture[str]) -> None:
    code = demo.main(["--on", "standalone"])
    output = capsys.readouterr()
    assert (code, output.err) == (0, "")
    assert "renewal    1  RenewalRequested" in output.out
    for line in NOTICES:
        assert line in output.out
    assert "Ceiling 720 P, used 390 P, remaining 330 P" in output.out


@pytest.mark.slow
def test_the_demo_succeeds_with_each_program_a_process_of_its_own(
    rabbitmq_server: servers.RabbitMQ, postgres_server: servers.Postgres, capsys: pytest.CaptureFixture[str]
) -> None:
    with instance.distributed(rabbitmq_server, postgres_server) as running, environment.private(running) as here:
        code = demo.drive(here, "pay", Report())
    output = capsys.readouterr()
    assert (code, output.err) == (0, "")
    assert NOTICES[-1] in output.out
    assert "Ceiling 720 P, used 390 P, remaining 330 P" in output.out


TRIED = ("lost-redirect", "lost-everything", "lost-answer", "bank-down", "forged-notice")
"""Each another way of finding out; the rest of them differ by a switch of the bank, as tests/payments has them."""
WAYS = {
    "sms-answer-lost": "1 in the inbox alone, 3 by sms (kavenegar).",
    "sms-never-delivered": "1 in the inbox alone, 1 by email (smtp), 2 by sms (kavenegar).",
}
"""By which ways the notices come; what follows from the other faults of messages the tests of their delivery have."""


@pytest.mark.parametrize("fault", FAULTS)
def test_what_a_fault_switches_is_a_switch_of_the_sandbox_bank(fault: str) -> None:
    assert set(FAULTS[fault].switches) <= set(Fault)


@pytest.mark.parametrize("fault", message_faults.FAULTS)
def test_what_a_fault_switches_is_a_switch_of_the_phone(fault: str) -> None:
    assert set(message_faults.FAULTS[fault].switches) <= set(PhoneFault)


@pytest.fixture(scope="session")
def faulty() -> Mapping[str, tuple[int, str]]:
    """The demo's exit code and output with some faults, one after another on one instance."""
    found, settings = {}, message_faults.SETTINGS | {"TAMDID_BANK_TIME_SCALE": str(TIME_SCALE)}
    with instance.standalone(**settings) as running, environment.private(running) as here:
        for fault in (*TRIED, *WAYS):
            mine, output = replace(here, applicant=users.newcomer(here.admin)), StringIO()
            with redirect_stdout(output):
                code = demo.drive(mine, fault, Report())
            found[fault] = code, output.getvalue()
            httpx.delete(f"{running.bank}/sandbox/faults", trust_env=False).raise_for_status()
    return found


@pytest.mark.slow
@pytest.mark.parametrize("fault", TRIED)
def test_with_a_fault_of_the_bank_the_demo_ends_paid_without_anybodys_help(
    faulty: Mapping[str, tuple[int, str]], fault: str
) -> None:
    assert faulty[fault][0] == 0


@pytest.mark.slow
@pytest.mark.parametrize("fault", WAYS)
def test_with_a_fault_of_an_sms_provider_the_member_is_told_each_notice_once(
    faulty: Mapping[str, tuple[int, str]], fault: str
) -> None:
    code, output = faulty[fault]
    assert code == 0
    assert f"4 notices, each once in the log and in the inbox: {WAYS[fault]}" in output


def test_a_fault_that_is_none_is_told_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        demo.main(["--fault", "nonsense"])
    assert ended.value.code == 2
    assert {*FAULTS, *message_faults.FAULTS} <= set(capsys.readouterr().err.replace("'", " ").replace(",", " ").split())


def test_the_demo_fails_with_the_reason_and_the_log_when_a_program_is_gone(
    cluster: instance.Instance, capsys: pytest.CaptureFixture[str]
) -> None:
    with environment.private(cluster) as here:
        nobody = replace(here, portal=instance.url(1), log_tail=lambda: "what the log said last")
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
