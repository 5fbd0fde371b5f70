"""What every test may ask for: real servers, started once, with a database and a virtual host of its own; and a browser."""

import gc
import os
import shutil
import ssl
import tempfile
import uuid
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, NoReturn

import httpx
import hypothesis
import pytest
from xdist.remote import Producer

from shared.event_store.database import Database
from shared.event_store.sql import engines
from tests.support import compiled_statements, scheduling, system_packages
from tests.support.servers import forks, servers
from tests.support.servers.prepared_databases import Prepare, PreparedDatabases, sqlite_file

QUIET_BROWSER = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


TRUSTED = ssl.create_default_context()
"""For every HTTP client: reading the system's authorities anew for each takes longer than most tests."""

hypothesis.settings.register_profile("any machine", deadline=None)  # a busy one is slow, not wrong
hypothesis.settings.load_profile("any machine")


IN_MEMORY, ROOM_BYTES = Path("/dev/shm"), 8 * 10**9  # noqa: S108 - the folders made there are private
"""Where temporary files are not waited for: on a disk, each commit of SQLite is, for milliseconds."""


def pytest_configure() -> None:
    """A test's settings are its own, not those of the shell it was started from, and its files lie in memory where that has room."""
    if "TMPDIR" not in os.environ and IN_MEMORY.exists() and shutil.disk_usage(IN_MEMORY).free > ROOM_BYTES:
        os.environ["TMPDIR"], tempfile.tempdir = str(IN_MEMORY), None
    width = {"COLUMNS", "LINES"}  # which the processes of pytest-xdist are given with no terminal
    for name in [name for name in os.environ if name.startswith("TAMDID_") or name in width]:
        del os.environ[name]
    forks.ENABLED = True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    scheduling.put_slow_groups_first(items)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage while tests are loaded: almost all that is made stays."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


def pytest_collection_finish() -> None:
    """What is loaded by now stays: no later search for garbage looks at it again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> scheduling.BySharedInstance:
    return scheduling.BySharedInstance(config, log)


def missing(what: str) -> NoReturn:
    """Only at home may something be missing; in CI a test that can't run has failed."""
    if os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)


def fresh_name() -> str:
    return f"t{uuid.uuid4().hex[:12]}"


@pytest.fixture(scope="session")
def rabbitmq_server() -> Iterator[servers.RabbitMQ]:
    """One broker for the whole session."""
    try:
        with servers.rabbitmq() as server:
            yield server
    except servers.ServersMissing as error:
        missing(str(error))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[servers.Postgres]:
    """One database server for the whole session."""
    try:
        with servers.postgres(in_memory=True) as server:
            yield server
    except servers.ServersMissing as error:
        missing(str(error))


@pytest.fixture
def rabbitmq_url(rabbitmq_server: servers.RabbitMQ) -> Iterator[str]:
    """AMQP URL of an empty virtual host on the real broker."""
    name = fresh_name()
    yield rabbitmq_server.create_vhost(name)
    rabbitmq_server.delete_vhost(name)


@pytest.fixture(scope="session")
def prepared_databases(postgres_server: servers.Postgres) -> Iterator[PreparedDatabases]:
    """Of that server, those that many tests use one after another."""
    with closing(PreparedDatabases(postgres_server, fresh_name)) as databases:
        yield databases


@pytest.fixture
def prepare() -> Prepare | None:
    """What a folder's or file's tests find in their databases, if it gives one: done once, because tables take longer than most tests."""
    return None


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest, prepare: Prepare | None, close_connections: ExitStack) -> str:
    """SQLAlchemy URL of an empty PostgreSQL database, or of one with what `prepare` makes."""
    if prepare:
        databases: PreparedDatabases = request.getfixturevalue("prepared_databases")
        return close_connections.enter_context(databases.lent(prepare))
    server: servers.Postgres = request.getfixturevalue("postgres_server")
    name = fresh_name()
    close_connections.callback(server.drop_database, name)
    return server.create_database(name)


@pytest.fixture
def sqlite_url(tmp_path: Path, prepare: Prepare | None) -> str:
    """SQLAlchemy URL of a SQLite file that does not exist yet, or with what `prepare` makes."""
    file = tmp_path / "log.db"
    if prepare:
        file.write_bytes(sqlite_file(prepare))
    return f"sqlite:///{file}"


@pytest.fixture
def memory_url() -> str:
    """URL of an empty in-memory broker; threads of this process that use the same URL share it."""
    from shared.messaging import in_memory  # noqa: PLC0415 - tests of decisions and of the log load no broker

    in_memory.register()
    return f"in-memory://{fresh_name()}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """SQLAlchemy URL of an empty database: the test runs once on each kind."""
    fixtures = {"sqlite": "sqlite_url", "postgresql": "postgres_url"}
    url: str = request.getfixturevalue(fixtures[request.param])
    return url


@pytest.fixture(params=["memory", "rabbitmq"])
def broker_url(request: pytest.FixtureRequest) -> str:
    """URL of an empty broker: the test runs once on each kind."""
    fixtures = {"memory": "memory_url", "rabbitmq": "rabbitmq_url"}
    url: str = request.getfixturevalue(fixtures[request.param])
    return url


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Use the browser that the system has: pytest-playwright's `page` and `context` stand on this."""
    browser = next(filter(None, map(shutil.which, system_packages.BROWSERS)), None)
    if browser is None:
        missing(f"no browser: none of {', '.join(system_packages.BROWSERS)} is installed")
    # the sandbox of Chromium does not work for root, as which containers and build machines often run
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": browser, "args": QUIET_BROWSER + sandbox}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A reader in Iran."""
    return {**browser_context_args, "locale": "fa-IR", "timezone_id": "Asia/Tehran"}


@pytest.fixture(autouse=True, scope="module")
def collect_garbage() -> Iterator[None]:
    """A socket or file left open is an error of the module that left it, not of whichever test runs when Python finds it."""
    gc.collect()
    gc.freeze()  # the search after this module looks at nothing that earlier ones have left, such as what they have loaded
    yield
    gc.collect()


@pytest.fixture(autouse=True, scope="session")
def keep_compiled_statements() -> Iterator[None]:
    """A test's engine finds what those of other tests have compiled."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engines, "connect", compiled_statements.kept_after(engines.connect))
        yield


@pytest.fixture(autouse=True)
def close_connections(monkeypatch: pytest.MonkeyPatch) -> Iterator[ExitStack]:
    """Close the databases and HTTP clients that a test opens: a bank's adapter has one for as long as its program runs.

    What was put on the stack before, such as the end of a database, comes after that.
    """
    with ExitStack() as opened:
        monkeypatch.setattr(Database, "__init__", remembering(Database.__init__, opened))
        monkeypatch.setattr(httpx.Client, "__init__", remembering(httpx.Client.__init__, opened, verify=TRUSTED))
        yield opened


def remembering(create: Callable[..., None], opened: ExitStack, **defaults: Any) -> Callable[..., None]:
    """A constructor that registers what it made to be closed."""

    def remember(made: Database | httpx.Client, *arguments: Any, **options: Any) -> None:
        create(made, *arguments, **defaults | options)
        opened.callback(made.close)

    return remember
