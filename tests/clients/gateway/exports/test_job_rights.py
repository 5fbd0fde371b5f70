"""A file of a job is of one list and for the rights that its account had: no address, role or province that came later gets it."""

import subprocess
import sys
from threading import Timer
from uuid import UUID, uuid4

import flask
import pytest
from flask.testing import FlaskClient

from clients.gateway.exports import answers
from clients.gateway.exports.jobs import KEPT_OF_ACCOUNT_MAX, Job, Jobs, Wanted
from clients.gateway.member import reads
from shared.contract.values import Role
from tests.clients.gateway import fake_services, samples
from tests.clients.gateway.conftest import SignedIn
from tests.clients.gateway.exports.test_exports import LISTS
from tests.clients.gateway.fake_services import FakeServices
from tests.clients.gateway.member.test_reads import read

WAIT_SECONDS = 30
SESSION = "manager-session"
READS = "/desk/reads?member=0012345"


@pytest.fixture(autouse=True)
def long_lists(services: FakeServices, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every list counts as a long one."""
    monkeypatch.setattr(answers, "LONG_ROWS", -1)
    services.renewal = samples.renewal("submitted")
    services.desk = (services.renewal,)
    services.invoices = (samples.invoice("open"),)
    services.capacity = samples.capacity()
    services.over_use = (samples.capacity(),)
    services.mines = (samples.contested_mine(),)
    services.tasks = (samples.task("held"),)


def finished(app: flask.Flask, client: FlaskClient, path: str) -> str:
    """The address of a job that has written its file."""
    address = client.get(path).headers["Location"]
    client.get(address)
    jobs: Jobs = app.extensions["export_jobs"]
    for job in list(jobs.by_key.values()):
        assert job.thread is not None
        job.thread.join(WAIT_SECONDS)
    return address


@pytest.mark.parametrize(("session", "path", "name"), LISTS)
def test_each_list_can_be_written_by_a_job(
    app: flask.Flask, signed_in: SignedIn, session: str, path: str, name: str
) -> None:
    client, sign = signed_in(session), "&" if "?" in path else "?"
    response = client.get(f"{finished(app, client, f'{path}{sign}as=csv')}&get=1")
    assert response.mimetype == "text/csv"
    assert f'filename="{name}-' in response.headers["Content-Disposition"]


def test_the_key_of_a_file_gets_it_from_no_other_address(app: flask.Flask, manager: FlaskClient) -> None:
    job = finished(app, manager, "/desk?as=csv").rpartition("job=")[2]
    response = manager.get(f"/desk/payments?as=csv&job={job}&get=1")
    assert response.status_code == 303
    assert response.headers["Location"] == "/desk/payments?as=csv&list=payments"


def test_whoever_has_lost_a_role_has_lost_its_files(
    app: flask.Flask, manager: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = finished(app, manager, "/desk/payments?as=csv")
    now = fake_services.PASSPORTS[SESSION].model_copy(update={"roles": frozenset({Role.FINANCE})})
    monkeypatch.setitem(fake_services.PASSPORTS, SESSION, now)
    assert manager.get(f"{address}&get=1").status_code == 303


def test_whoever_has_lost_a_province_has_lost_its_files(
    app: flask.Flask, manager: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = finished(app, manager, "/desk?province=isfahan&as=csv")
    now = fake_services.PASSPORTS[SESSION].model_copy(update={"provinces": frozenset({"yazd"})})
    monkeypatch.setitem(fake_services.PASSPORTS, SESSION, now)
    assert manager.get(f"{address}&get=1").status_code == 303


def test_a_file_that_gave_way_leaves_no_timer_that_would_delete_a_later_one() -> None:
    jobs = Jobs()
    for number in range(KEPT_OF_ACCOUNT_MAX + 1):
        job = Job(UUID(int=number), Wanted("officer:maryam", str(number)), 1)
        assert jobs.begin(job, lambda _job: b"x")
        assert job.thread is not None
        job.thread.join(WAIT_SECONDS)
        if number == 0:
            first = job
    assert first.key not in jobs.by_key
    assert isinstance(first.end, Timer)
    first.end.join(WAIT_SECONDS)  # ends at once
    assert not first.end.is_alive()


def test_a_key_of_another_file_is_no_job() -> None:
    jobs, key = Jobs(), uuid4()
    assert jobs.begin(Job(key, Wanted("officer:maryam", "/desk"), 1), lambda _job: b"x")
    assert jobs.find(key, Wanted("officer:maryam", "/desk/payments")) is None
    assert jobs.find(key, Wanted("officer:sara", "/desk")) is None


def test_a_file_says_where_its_list_has_more_rows(
    app: flask.Flask, signed_in: SignedIn, services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reads, "START_MAX", 2)
    auditor = signed_in("auditor-session")
    services.reads = {"auth": [read("GetMember", 10 * n) for n in range(2)]}
    assert "ردیف‌های بیشتری" not in auditor.get(finished(app, auditor, f"{READS}&as=csv")).text
    services.reads = {"auth": [read("GetMember", 10 * n) for n in range(3)]}
    page = auditor.get(finished(app, auditor, f"{READS}&as=csv")).text
    assert "۲ ردیف؛ فهرست ردیف‌های بیشتری دارد" in page


def test_pages_are_answered_while_a_long_file_is_written() -> None:
    command = [sys.executable, "-W", "ignore", "-m", "tests.clients.gateway.exports.hub_stays_free"]
    turns = subprocess.run(command, capture_output=True, text=True, check=True, timeout=WAIT_SECONDS).stdout
    assert int(turns) > 1
