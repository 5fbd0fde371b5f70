"""The demo itself, as `make demo` and `make demo ON=distributed` run it."""

import pytest

from deploy import instance, servers
from deploy.demo import __main__ as demo
from deploy.demo import place
from deploy.demo.telling import Telling


def test_the_demo_succeeds_on_a_standalone_instance(capsys: pytest.CaptureFixture[str]) -> None:
    code = demo.main(["--on", "standalone"])
    told = capsys.readouterr()
    assert (code, told.err) == (0, "")
    assert "renewal    1  RenewalRequested" in told.out
    assert "Ceiling 720 P, used 390 P, remaining 330 P" in told.out


@pytest.mark.slow
def test_the_demo_succeeds_with_each_program_a_process_of_its_own(
    rabbitmq_server: servers.RabbitMQ, postgres_server: servers.Postgres, capsys: pytest.CaptureFixture[str]
) -> None:
    with instance.distributed(rabbitmq_server, postgres_server) as running, place.private(running) as here:
        code = demo.drive(here, "pay", Telling())
    told = capsys.readouterr()
    assert (code, told.err) == (0, "")
    assert "Ceiling 720 P, used 390 P, remaining 330 P" in told.out


def test_the_demo_fails_with_the_reason_and_the_log_when_a_program_is_gone(
    house: instance.Instance, capsys: pytest.CaptureFixture[str]
) -> None:
    with place.private(house) as here:
        nobody = place.Place(instance.url(1), here.admin, here.applicant, lambda: "what the log said last")
        code = demo.drive(nobody, "pay", Telling())
    told = capsys.readouterr()
    assert code == 1
    assert "Failed: ConnectError" in told.err
    assert "what the log said last" in told.err


def test_the_demo_on_containers_says_what_is_missing_where_there_are_none(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(str(tmp_path))
    assert demo.main(["--on", "compose"]) == 1
    assert "start the containers with `make up` first" in capsys.readouterr().err
