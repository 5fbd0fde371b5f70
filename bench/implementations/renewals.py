"""Whole renewals, step by step over the broker as the gateway calls, until the capacity can be seen."""

import logging
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from time import perf_counter
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import uuid4

import eventlet
import eventlet.event
import httpx
from sqlalchemy import bindparam, event, select

from bench.implementations.calls import CallingService, passport_for, served
from bench.implementations.member_histories import EMPLOYMENT, JOB, PROVINCE, new_members
from bench.statements import StatementCounter
from deploy import run, standalone
from deploy.programs import PROGRAMS
from services.capacity.tables.projections import SUMMARIES
from shared.contract.auth import commands as auth_commands
from shared.contract.base import Answer, Message
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.payment import commands as payment_commands
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import commands as renewal_commands
from shared.contract.renewal import queries
from shared.contract.renewal.declaration import Declaration, DeclaredJob, Discipline, Education
from shared.contract.values import Role
from shared.event_store.database import Database
from shared.messaging import amqp_timeouts, in_memory
from shared.nameko_extensions.rpc_client import RpcClientExtension
from shared.passports import PassportOffice
from shared.settings import Settings
from shared.text import persian

A = TypeVar("A", bound=Answer)
DEADLINE_SECONDS = 20
LOOK_SECONDS = 0.004
"""Between two reads of the capacity: a measured time is too long by half of it on average."""
RETRY_SECONDS = 0.05
"""Before a service that could not answer yet is called again: sooner, these calls would be most of the work."""
IMPORT_ROWS = 200
NOT_YET = {
    Reason.NO_INVOICE,
    Reason.UNKNOWN_MEMBER,
    Reason.NOT_ALLOWED,
    Reason.NO_ANSWER,
    Reason.BANK_BUSY,
    Reason.PAYMENT_NOT_SETTLED,
}
SEEN = select(SUMMARIES.c.member).where(SUMMARIES.c.member.in_(bindparam("members", expanding=True)))
ADMIN = Passport(
    principal_kind=PrincipalKind.OFFICER,
    subject="admin",
    roles=frozenset({Role.ADMIN}),
    provinces=frozenset({PROVINCE}),
)
MANAGER = Passport(
    principal_kind=PrincipalKind.OFFICER,
    subject="bench",
    roles=frozenset({Role.MANAGER}),
    provinces=frozenset({PROVINCE}),
)


def due() -> dict[str, Any]:
    """A command's id and deadline."""
    return {"id": uuid4(), "deadline": datetime.now(UTC) + timedelta(seconds=DEADLINE_SECONDS)}


class Cluster:
    """A running Tamdid, and everybody who renews in it."""

    def __init__(self, rpc_client: RpcClientExtension, settings: Settings) -> None:
        self.rpc_client = rpc_client
        self.office = PassportOffice("auth", settings.keys_folder)
        self.bank = httpx.Client(trust_env=False, timeout=30)
        self.year = persian.jalali_year(datetime.now(UTC))
        self.capacity = Database(settings.database_of("capacity"))
        self.members: deque[str] = deque()
        self.new_members = new_members(self.year)
        self.awaited: dict[str, eventlet.event.Event] = {}
        self.begin: Callable[[str], None] = lambda _step: None
        """Is called with the name of each step before it begins, and with nothing after the last one."""
        eventlet.spawn_n(self.watch)

    def call(self, message: Message[A], who: Passport | None = None) -> A:
        token = passport_for(self.office, who, message) if who else None
        return self.rpc_client.call(message, passport=token)

    def when_there(self, attempt: Callable[[], A]) -> A:
        """The answer, as soon as the service has received the events that it needs, and has a call to the bank free."""
        while True:
            try:
                return attempt()
            except Refused as refused:
                if refused.reason not in NOT_YET:
                    raise
            eventlet.sleep(RETRY_SECONDS)

    def enrol(self, count: int) -> None:
        """Put so many new members on the register, and wait until renewal knows them."""
        for first in range(0, count, IMPORT_ROWS):
            rows = tuple(islice(self.new_members, min(IMPORT_ROWS, count - first)))
            report = self.call(auth_commands.ImportMembers(rows=rows, **due()), ADMIN)
            if any(one.outcome != "enrolled" for one in report.rows):
                raise ValueError(f"not enrolled: {report.rows[0]}")
            self.members.extend(one["membership_no"] for one in rows)
        self.when_there(lambda: self.call(queries.GetRenewal(member=self.members[-1]), MANAGER))

    def renew(self) -> float:
        """The six steps of the next member; the seconds from the last command's answer to the capacity."""
        number = self.members.popleft()
        member = Passport(principal_kind=PrincipalKind.MEMBER, subject=number)
        key: dict[str, Any] = {"member": number, "year": self.year}
        self.begin("request")
        self.call(renewal_commands.RequestRenewal(**key, **due()), member)
        self.begin("declaration")
        self.call(renewal_commands.SubmitDeclaration(**key, form=form(), **due()), member)
        self.begin("approval")
        self.call(renewal_commands.ApproveRenewal(**key, declaration_version=1, **due()), MANAGER)
        self.begin("start of the payment")
        page = self.when_there(lambda: self.call(payment_commands.StartPayment(**key, **due()), member))
        self.begin("page of the bank")
        self.bank.post(page.redirect_url, data={"do": "pay"})
        authority = urlsplit(page.redirect_url).path.rsplit("/", 1)[1]
        self.begin("verification")
        paid = self.when_there(lambda: self.call(payment_commands.VerifyPayment(authority=authority, **due())))
        confirmation = {**key, "amount_rials": paid.amount_rials}
        self.begin("confirmation")
        self.when_there(lambda: self.call(payment_commands.ConfirmPayment(**confirmation, **due()), MANAGER))
        seconds = self.seconds_until_seen(number)
        self.begin("")
        return seconds

    def seconds_until_seen(self, number: str) -> float:
        accepted = perf_counter()
        seen = self.awaited[number] = eventlet.event.Event()
        seen.wait()
        return perf_counter() - accepted

    def watch(self) -> None:
        """Read the capacity's own rows for the members that wait."""
        while True:
            if self.awaited:
                with self.capacity.read() as connection:
                    found = connection.execute(SEEN, {"members": list(self.awaited)}).scalars().all()
                for number in found:
                    self.awaited.pop(number).send()
            eventlet.sleep(LOOK_SECONDS)


def form() -> Declaration:
    first = persian.year_bounds(persian.jalali_year(datetime.now(UTC)))[0]
    months = {"starts_on": first, "ends_on": first + timedelta(days=180)}
    job = DeclaredJob(
        **{**JOB.model_dump(), **months}, title="معدن سنگ لاشه", client="شرکت کاوش نمونه", province=PROVINCE
    )
    return Declaration(
        mobile="09131234567",
        province=PROVINCE,
        city="اصفهان",
        address="خیابان چهارباغ بالا، کوچه ۱۲",
        postal_code="8173954321",
        residence_since=date(2020, 3, 21),
        education=Education.BACHELOR,
        discipline=Discipline.MINING,
        employment=EMPLOYMENT,
        jobs=(job,),
        truth_ack=True,
    )


class Renewing:
    """Renews so many members: some at the same time, or at a steady pace."""

    def __init__(self, cluster: Cluster, at_once: int, a_second: float) -> None:
        self.cluster = cluster
        self.pool = eventlet.GreenPool(at_once)
        self.a_second = a_second

    def prepare(self, count: int) -> None:
        self.cluster.enrol(count)

    def __call__(self, count: int) -> list[float]:
        started = perf_counter()
        waiting = []
        for number in range(count):
            if self.a_second:
                eventlet.sleep(max(0, started + number / self.a_second - perf_counter()))
            waiting.append(self.pool.spawn(self.cluster.renew))
        return [one.wait() for one in waiting]


class Counting(Renewing):
    """Renews one after another, and tells how many statements and transactions each program needed for each step."""

    def __init__(self, cluster: Cluster, counter: StatementCounter) -> None:
        super().__init__(cluster, at_once=1, a_second=0)
        self.details, cluster.begin = counter.details, counter.begin
        event.listen(cluster.capacity.engine, "connect", lambda connection, _entry: connection.set_trace_callback(None))


@contextmanager
def counting(environment: dict[str, str]) -> Iterator[Counting]:
    """Renew in this process, counting."""
    counter = StatementCounter()
    with renewing(environment) as runs:
        yield Counting(runs.cluster, counter)


@contextmanager
def renewing(environment: dict[str, str], at_once: int = 200, a_second: float = 0) -> Iterator[Renewing]:
    """Renew in the instance that the settings lead to; with the in-memory broker it runs in this process."""
    logging.getLogger("nameko.containers").addFilter(lambda record: not str(record.msg).startswith("(expected)"))
    settings = Settings.model_validate({name.removeprefix("TAMDID_").lower(): v for name, v in environment.items()})
    amqp_timeouts.register()
    in_memory.register()
    with ExitStack() as stack:
        if settings.broker_url.startswith(in_memory.SCHEME):
            settings = standalone.prepare(settings, demonstration=True)
            stack.callback(run.start(list(PROGRAMS), settings).stop)
        config = {"AMQP_URI": settings.broker_url, "max_workers": run.WORKERS_MAX, "settings": settings}
        container = stack.enter_context(served(CallingService, config))
        (rpc_client,) = (one for one in container.extensions if isinstance(one, RpcClientExtension))
        yield Renewing(Cluster(rpc_client, settings), at_once, a_second)
