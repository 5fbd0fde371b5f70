"""The system under test of the scenarios: one instance for all of them, its officers, its register, and the bank's faults."""

import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
from pydantic import SecretStr
from sqlalchemy import Connection, create_engine, text

from clients.admin.transport.http import HttpServer
from clients.bank.notices.signatures import Signatures
from deploy import demonstration
from deploy.databases import STORES
from shared.contract.auth import commands
from shared.contract.base import Event
from shared.contract.envelope import Metadata
from shared.contract.operations import queries
from shared.event_store.database import Database
from shared.event_store.log import EventLog
from shared.event_store.sql import schema
from shared.text import persian
from tests.demo import users
from tests.demo.users import Person
from tests.faults.load import row_of
from tests.support.servers import instance, servers

YEAR = persian.jalali_year(datetime.now(UTC))
ANSWER_SECONDS = 20
SECRET = "whsec_c2NlbmFyaW9zLW9mLWFsbC1wYXltZW50cw=="
"""Of a bank that is none."""
TIME_SCALE = 30
"""The time scale of our own inquiries; the bank's windows follow its own clock, which the scenarios advance."""
SETTINGS = {"TAMDID_BANK_TIME_SCALE": str(TIME_SCALE), "TAMDID_CHALLENGE": "never", "TAMDID_WEBHOOK_SECRETS": SECRET}


class Cluster:
    """A running Tamdid with its sandbox bank, seen from outside."""

    def __init__(self, running: instance.Instance) -> None:
        self.running = running
        self.portal, self.bank_url = running.portal, running.bank
        self.bank = httpx.Client(base_url=running.bank, timeout=ANSWER_SECONDS, trust_env=False)
        self.signatures = Signatures([SecretStr(SECRET)])
        self.admin = self.signed_in("officer", "admin", demonstration.admin_password())
        self.second_admin = self.signed_in("officer", *vars(users.officer("admin", nth=1)).values())
        chief = users.officer("manager")
        self.manager = self.signed_in("officer", chief.name, chief.secret)
        accountant = users.officer("treasury")
        self.finance_session = self.session_of("officer", accountant.name, accountant.secret)
        """One for all scenarios: sign-ins of one account at the same time delay each other."""
        self.finance = HttpServer(self.portal, self.finance_session, ANSWER_SECONDS)
        self.keys_that_were_paid: list[str] = []
        """Payment sessions of a member who paid first, to be reused by others."""

    def close(self) -> None:
        for one in (self.bank, self.admin, self.second_admin, self.manager, self.finance):
            one.close()

    def signed_in(self, principal_kind: str, name: str, secret: str) -> HttpServer:
        """The portal's JSON API with a session of a user."""
        return HttpServer(self.portal, self.session_of(principal_kind, name, secret), ANSWER_SECONDS)

    def session_of(self, principal_kind: str, name: str, secret: str) -> str:
        """A new session's token, for the API and for a browser's cookie."""
        with closing(HttpServer(self.portal, None, ANSWER_SECONDS)) as nobody:
            who: Mapping[str, Any] = {"principal_kind": principal_kind, "name": name, "password": SecretStr(secret)}
            return nobody.call(commands.SignIn(**fresh(), **who)).token

    def enrol(self, count: int, paid_through: Sequence[int] = ()) -> list[Person]:
        """A number of new members, paid through the given years."""
        persons = [Person(str(10**8 + uuid4().int % (9 * 10**8)), users.made_up_code()) for _ in range(count)]
        said = [{"paid_through": str(year)} for year in paid_through] or [{}] * count
        rows = tuple(row_of(person) | more for person, more in zip(persons, said, strict=True))
        self.admin.call(commands.ImportMembers(**fresh(), rows=rows))
        return persons

    def switch(self, fault: str, value: int = 1, authority: str = "") -> None:
        """Inject a fault at the bank, for all sessions or for one."""
        sent = {"value": value} | ({"authority": authority} if authority else {})
        self.bank.put(f"/sandbox/faults/{fault}", json=sent).raise_for_status()

    def url_of(self, program: str) -> str:
        """A program's database."""
        settings = self.running.processes[0].environment
        url = settings.get("TAMDID_DATABASE_URL", "sqlite:///{var}/{program}.db")
        return url.format(var=settings["TAMDID_VAR"], program=program)

    def happened(self, log: EventLog, stream: str, fact: Event) -> None:
        """Append an event of the past, which only elapsed time could produce."""
        version = schema.version_of(STORES[log.source].projections)
        database, cause = (
            Database(self.url_of(log.source), version),
            Metadata(correlation_id=uuid4(), causation_id=uuid4()),
        )

        def append(connection: Connection) -> None:
            log.append(connection, stream, len(log.stream(connection, stream)), [fact], cause, datetime.now(UTC))

        database.write(append)
        database.close()

    def change(self, program: str, statement: str, **values: Any) -> None:
        """Change a row of a program's database, which only elapsed time could change."""
        engine = create_engine(self.url_of(program))
        with engine.begin() as connection:
            assert connection.execute(text(statement), values).rowcount == 1
        engine.dispose()

    def cut(self) -> None:
        """Kill all programs as in a power cut; broker and database servers go on."""
        self.running.kill()

    def start(self, **settings: str) -> None:
        """Start it again, with the given settings."""
        if settings:
            self.running.end(signal.SIGTERM)
            for process in self.running.processes:
                process.environment.update(settings)
        self.running.start()

    def has(self, kind: str) -> int:
        """How often an event is in payment's log."""
        read = self.admin.call(queries.ReadEvents(after=0), service="payment").events
        return sum(f'"{kind}"' in one.cloud_event for one in read)


def fresh() -> dict[str, Any]:
    """What every command has."""
    return {"id": uuid4(), "deadline": datetime.now(UTC) + timedelta(seconds=ANSWER_SECONDS)}


@contextmanager
def standalone() -> Iterator[Cluster]:
    """A cluster in one process until the block ends."""
    with instance.standalone(**SETTINGS) as running, closing(Cluster(running)) as cluster:
        yield cluster


@contextmanager
def distributed(rabbitmq: servers.RabbitMQ, postgres: servers.Postgres) -> Iterator[Cluster]:
    """A cluster of which each program is a process of its own."""
    with instance.distributed(rabbitmq, postgres, **SETTINGS) as running, closing(Cluster(running)) as cluster:
        yield cluster
