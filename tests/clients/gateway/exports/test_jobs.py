"""Long files: a job with progress and a link, begun again by another copy of the gateway, for whoever asked alone, deleted after a time."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import flask
import openpyxl
import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr

from clients.gateway.app import make_app
from clients.gateway.exports import jobs as export_jobs
from clients.gateway.exports.answers import LONG_ROWS
from clients.gateway.exports.jobs import KEPT_MAX, KEPT_OF_ACCOUNT_MAX, Job, Jobs, Wanted
from shared.app_context import AppContext
from shared.contract.auth import commands as auth_commands
from shared.contract.base import Message
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import queries as renewal_queries
from shared.settings import Settings
from tests.clients.gateway import samples
from tests.clients.gateway.conftest import browsers
from tests.clients.gateway.fake_services import FakeServices

ROWS = LONG_ROWS + 450
WAIT_SECONDS = 30
OTHER = "colleague-session"


class GatedServices(FakeServices):
    """Services that hold up the desk's rows from an offset on until the gate is open."""

    def __init__(self) -> None:
        super().__init__()
        self.gate, self.come = Event(), Event()
        self.desk = tuple(samples.renewal("submitted", member=f"{n:07}") for n in range(ROWS))

    def __call__(self, message: Message[Any], passport: str | None = None, service: str | None = None) -> Any:
        if isinstance(message, renewal_queries.ListDesk) and message.offset >= 1000:
            self.come.set()
            assert self.gate.wait(WAIT_SECONDS)
        return super().__call__(message, passport, service)


@pytest.fixture
def gated() -> Iterator[GatedServices]:
    services = GatedServices()
    yield services
    services.gate.set()


def copy_of_gateway(services: FakeServices, var: Path) -> flask.Flask:
    settings = Settings(var=var, page_secret=SecretStr("a secret of this test"))
    return make_app(AppContext(services, settings))


@pytest.fixture
def app(gated: GatedServices, tmp_path: Path) -> flask.Flask:
    return copy_of_gateway(gated, tmp_path)


@pytest.fixture
def other_copy(gated: GatedServices, tmp_path: Path) -> flask.Flask:
    return copy_of_gateway(gated, tmp_path)


def begin(client: FlaskClient, path: str = "/desk?as=csv") -> str:
    """The address of the job's page."""
    response = client.get(path)
    assert response.status_code == 303
    return response.headers["Location"]


def key_of(address: str) -> UUID:
    return UUID(parse_qs(urlsplit(address).query)["job"][0])


def jobs_of(app: flask.Flask) -> Jobs:
    found: Jobs = app.extensions["export_jobs"]
    return found


def finish(app: flask.Flask, address: str) -> Job:
    job = jobs_of(app).by_key[key_of(address)]
    assert job.thread is not None
    job.thread.join(WAIT_SECONDS)
    assert job.state != "running"
    return job


def file_of(client: FlaskClient, address: str) -> list[list[str]]:
    response = client.get(f"{address}&get=1")
    assert response.mimetype == "text/csv"
    return list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"), newline="")))


def test_a_long_list_is_written_by_a_job_with_progress_and_a_link(gated: GatedServices, app: flask.Flask) -> None:
    manager = browsers(app)("manager-session")
    address = begin(manager)
    assert "ردیف آماده است" in manager.get(address).text
    assert gated.come.wait(WAIT_SECONDS)
    page = manager.get(address).text
    assert "۱٬۰۰۰ از ۲٬۴۵۰ ردیف آماده است." in page
    assert 'data-refresh-seconds="2"' in page
    assert "تازه کردن صفحه" in page
    gated.gate.set()
    finish(app, address)
    page = manager.get(address).text
    assert "فایل آماده است" in page
    assert "data-refresh-seconds" not in page
    rows = file_of(manager, address)
    assert [row[0] for row in rows[1:]] == [f"{n:07}" for n in range(ROWS)]


def test_the_same_file_as_a_workbook(gated: GatedServices, app: flask.Flask) -> None:
    gated.gate.set()
    manager = browsers(app)("manager-session")
    address = begin(manager, "/desk?as=xlsx")
    manager.get(address)
    finish(app, address)
    response = manager.get(f"{address}&get=1")
    book = openpyxl.load_workbook(io.BytesIO(response.data), read_only=True)
    assert sum(1 for _ in book.active.rows) == ROWS + 1


def test_another_copy_of_the_gateway_begins_a_job_again_that_was_broken_off(
    gated: GatedServices, app: flask.Flask, other_copy: flask.Flask
) -> None:
    address = begin(browsers(app)("manager-session"))
    browsers(app)("manager-session").get(address)
    assert gated.come.wait(WAIT_SECONDS)  # and then nothing more is heard of this copy
    manager = browsers(other_copy)("manager-session")
    assert "ردیف آماده است" in manager.get(address).text
    gated.gate.set()
    finish(other_copy, address)
    assert len(file_of(manager, address)) == ROWS + 1


def test_asked_twice_it_is_one_job(gated: GatedServices, app: flask.Flask) -> None:
    manager = browsers(app)("manager-session")
    address = begin(manager)
    manager.get(address)
    assert begin(manager) == address
    manager.get(address)
    assert len(jobs_of(app).by_key) == 1


def test_the_file_is_for_whoever_asked_alone(gated: GatedServices, app: flask.Flask) -> None:
    gated.gate.set()
    manager, other = browsers(app)("manager-session"), browsers(app)(OTHER)
    address = begin(manager)
    manager.get(address)
    finish(app, address)
    response = other.get(f"{address}&get=1")
    assert response.mimetype == "text/html"
    assert "فایل آماده است" not in response.text
    assert jobs_of(app).by_key[key_of(address)].wanted.owner == "officer:maryam"
    assert browsers(app)("finance-session").get(f"{address}&get=1").status_code in (303, 403)


def test_an_account_has_two_jobs_at_once_and_the_third_begins_after_them(
    gated: GatedServices, app: flask.Flask
) -> None:
    manager = browsers(app)("manager-session")
    first, second, third = (begin(manager, f"/desk?sort={sort}&as=csv") for sort in ("newest", "jobs", "debt"))
    for address in (first, second):
        manager.get(address)
    assert "این یکی پس از آن‌ها آغاز می‌شود" in manager.get(third).text
    gated.gate.set()
    for address in (first, second):
        finish(app, address)
    manager.get(third)
    assert finish(app, third).state == "ready"


def test_files_of_an_account_give_way_to_later_ones() -> None:
    jobs = Jobs()
    for number in range(KEPT_OF_ACCOUNT_MAX + 2):
        job = Job(UUID(int=number), Wanted("officer:maryam", str(number)), 1)
        assert jobs.begin(job, lambda _job: b"x")
        assert job.thread is not None
        job.thread.join(WAIT_SECONDS)
    assert sorted(key.int for key in jobs.by_key) == [2, 3, 4, 5]


def test_files_of_many_accounts_together_give_way_to_later_ones() -> None:
    jobs = Jobs()
    for number in range(KEPT_MAX + 3):
        job = Job(UUID(int=number), Wanted(f"officer:of{number}", "x"), 1)
        assert jobs.begin(job, lambda _job: b"x")
        assert job.thread is not None
        job.thread.join(WAIT_SECONDS)
    assert sorted(key.int for key in jobs.by_key) == list(range(3, KEPT_MAX + 3))


def test_a_file_is_deleted_after_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_jobs, "KEEP_MINUTES", 0)
    jobs, job = Jobs(), Job(uuid4(), Wanted("officer:maryam", "x"), 1)
    gone = Event()

    def drop(key: UUID) -> None:
        Jobs.drop(jobs, key)
        gone.set()

    monkeypatch.setattr(jobs, "drop", drop)
    assert jobs.begin(job, lambda _job: b"x")
    assert gone.wait(WAIT_SECONDS)
    assert jobs.find(job.key, job.wanted) is None


def test_a_job_ends_with_the_session_that_began_it(gated: GatedServices, app: flask.Flask) -> None:
    manager = browsers(app)("manager-session")
    address = begin(manager)
    manager.get(address)
    assert gated.come.wait(WAIT_SECONDS)
    gated.refuse(auth_commands.IssuePassports, Reason.NOT_SIGNED_IN)
    gated.gate.set()
    job = finish(app, address)
    assert (job.state, job.reason, job.content) == ("failed", Reason.NOT_SIGNED_IN, b"")
    gated.refusals.clear()
    page = manager.get(address).text
    assert "فایل آماده نشد" in page
    assert "تلاش دوباره" in page


def test_a_fault_is_logged_and_fails_the_job(caplog: pytest.LogCaptureFixture) -> None:
    jobs, job = Jobs(), Job(uuid4(), Wanted("officer:maryam", "x"), 1)

    def write(_job: Job) -> bytes:
        raise LookupError("of this test")

    jobs.run(job, write)
    assert job.state == "failed"
    assert "could not be written" in caplog.text


def test_what_is_no_jobs_key_is_not_found(app: flask.Flask) -> None:
    assert browsers(app)("manager-session").get("/desk?as=csv&job=x").status_code == 404


def test_a_refusal_of_a_later_page_fails_the_job(gated: GatedServices, app: flask.Flask) -> None:
    manager = browsers(app)("manager-session")
    address = begin(manager)
    manager.get(address)
    assert gated.come.wait(WAIT_SECONDS)
    gated.refusals[renewal_queries.ListDesk] = Refused(Reason.NOT_ALLOWED)
    gated.gate.set()
    assert finish(app, address).reason is Reason.NOT_ALLOWED
