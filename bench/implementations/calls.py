"""The sides of calling: a command of ours and an echo of ours, called as the gateway calls; and nameko's own echo."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import eventlet
from nameko.containers import ServiceContainer, WorkerContext
from nameko.rpc import RpcProxy
from sqlalchemy import MetaData

from bench.implementations import sample_logs
from bench.implementations.nameko_stock import Echo
from deploy.observability.metrics import Metrics
from deploy.observability.program_metrics import ProgramMetrics
from shared.contract import base
from shared.contract.base import Command, Message
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.payment import answers, queries
from shared.contract.renewal import commands
from shared.contract.values import MemberClass, Role
from shared.event_store.command_handler import Records
from shared.event_store.decider import Decider
from shared.messaging import amqp_timeouts, in_memory
from shared.nameko_extensions import Caller, EventStore, RpcClient, rpc
from shared.nameko_extensions.rpc_client import RpcClientExtension
from shared.passports import PassportOffice
from shared.settings import Settings

WORKERS = 32
PROVINCE = "isfahan"
DECIDER: Decider[commands.SetCalendarDay, None] = Decider(
    decide=lambda _command, _state: [sample_logs.fact()], evolve=lambda state, _event: state, initial=None
)


class Deciding:
    """A command: its caller's passport verified, decided, appended."""

    name = "renewal"
    caller: Passport = Caller()
    records: Records = EventStore(sample_logs.LOG, MetaData())

    @rpc
    def set_calendar_day(self, command: commands.SetCalendarDay) -> base.Done:
        self.caller.must_have(Role.MANAGER, command.province)
        handled = self.records.handle(f"renewal/{command.id}", command, DECIDER)
        return base.Done(position=handled.recorded[-1].position)


class Echoing:
    """An echo by our own protocol: parsed, answered."""

    name = "payment"
    caller: Passport = Caller()

    @rpc
    def estimate_fee(self, query: queries.EstimateFee) -> answers.FeeEstimate:
        return answers.FeeEstimate(year=query.year, member_class=query.member_class, amount_rials=1)


class CallingService:
    """A client of our services."""

    name = "gateway"
    call = RpcClient()


class NamekoCaller:
    """A client of nameko's echo, by nameko's own proxy."""

    name = "asks"
    echo = RpcProxy("bench")


SERVICES: dict[str, type] = {"command": Deciding, "our echo": Echoing, "nameko echo": Echo}


def config_of(arguments: dict[str, Any]) -> dict[str, Any]:
    amqp_timeouts.register()
    in_memory.register()
    settings = Settings(
        broker_url=arguments["broker_url"],
        database_url=arguments["url"],
        keys=Path(arguments["keys"]),
        health_port=arguments.get("health_port", 0),
    )
    return {"AMQP_URI": settings.broker_url, "max_workers": WORKERS, "settings": settings}


@contextmanager
def server(service: str, **arguments: Any) -> Iterator[Callable[[int], None]]:
    """Serve until the end, counting where there is a health port; its rounds do nothing."""
    with served(SERVICES[service], config_of(arguments)):
        yield lambda _count: None


@contextmanager
def served(service: type, config: dict[str, Any]) -> Iterator[Any]:
    container = ServiceContainer(service, config)
    if config["settings"].health_port:
        Metrics(ProgramMetrics(config["settings"], [container]))
    container.start()
    try:
        yield container
    finally:
        container.stop()


@contextmanager
def caller(service: str, at_once: int, within: bool, **arguments: str) -> Iterator[Callable[[int], list[float]]]:
    """Call so many times, some at once; the service is in another process, or `within` this one."""
    config = config_of(arguments)
    stock = service == "nameko echo"
    with (
        served(SERVICES[service], config) if within else nullcontext(),
        served(NamekoCaller if stock else CallingService, config) as container,
    ):
        call = nameko_call(container) if stock else our_call(container, service, Path(arguments["keys"]))
        pool = eventlet.GreenPool(at_once)

        def timed(_number: int) -> float:
            started = perf_counter()
            call()
            return perf_counter() - started

        yield lambda count: list(pool.imap(timed, range(count)))


def nameko_call(container: Any) -> Callable[[], object]:
    (proxy,) = (one for one in container.extensions if isinstance(one, RpcProxy))
    echo = proxy.get_dependency(WorkerContext(container, None, SimpleNamespace(method_name="call")))
    payload = {"year": sample_logs.YEAR, "member_class": MemberClass.GRADE_2.value}
    return lambda: echo.echo(payload)


def our_call(container: Any, service: str, keys: Path) -> Callable[[], object]:
    (api_client,) = (one for one in container.extensions if isinstance(one, RpcClientExtension))
    if service == "our echo":
        return lambda: api_client.call(queries.EstimateFee(year=sample_logs.YEAR, member_class=MemberClass.GRADE_2))
    manager = Passport(
        principal_kind=PrincipalKind.OFFICER,
        subject="maryam",
        roles=frozenset({Role.MANAGER}),
        provinces=frozenset({PROVINCE}),
    )
    office = PassportOffice("auth", keys)

    def command() -> base.Done:
        now = datetime.now(UTC)
        day = set_day(now)
        return api_client.call(day, passport=passport_for(office, manager, day))

    return command


def set_day(now: datetime) -> commands.SetCalendarDay:
    deadline = now + timedelta(seconds=10)
    return commands.SetCalendarDay(id=uuid4(), deadline=deadline, province=PROVINCE, on=date(2026, 4, 1), label="تعطیل")


def passport_for(office: PassportOffice, passport: Passport, message: Message[Any]) -> str:
    """A token for one message, as auth signs it for the gateway."""
    command_id = message.id if isinstance(message, Command) else None
    return office.sign(passport.model_copy(update={"command_id": command_id}), message.service, datetime.now(UTC))
