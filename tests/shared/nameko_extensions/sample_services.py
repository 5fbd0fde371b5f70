"""Two small services and a prober under nameko, and the stories that `test_extensions.py` tells of them."""

import os

os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_select")
import eventlet

eventlet.monkey_patch()

import base64
import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4, uuid5

import flask
import httpx
from eventlet.event import Event
from kombu import Connection as BrokerConnection
from kombu import Exchange, Queue
from nameko.runners import ServiceRunner
from nameko.timer import timer
from sqlalchemy import select

from deploy.containers import secrets
from shared.app_context import AppContext
from shared.contract import base
from shared.contract.auth import answers, commands
from shared.contract.auth import queries as auth_queries
from shared.contract.capacity import queries as capacity_queries
from shared.contract.operations import queries as operations_queries
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from shared.event_store.log import EventLog
from shared.messaging import in_memory, topology
from shared.nameko_extensions import (
    Caller,
    EventLogRpc,
    EventStore,
    RpcClient,
    Subscription,
    SubscriptionRpc,
    rpc,
)
from shared.nameko_extensions.web import WebServer
from shared.observability import log_format
from shared.passports import PassportOffice
from shared.settings import Settings
from tests.support.sample_log import SEEN, VIEWS, append, see
from tests.support.servers.free_ports import free_port

LOG = EventLog("auth", see)
WAIT_SECONDS = 20
STOPPING_SECONDS = 1
"""In which a program that waits for nothing is stopped."""


class Source(EventLogRpc):
    """Owns a log, and answers one command and one question."""

    name = "auth"
    caller: Passport = Caller()
    records: Records = EventStore(LOG, VIEWS)
    members = None

    @rpc
    def dismiss_officer(self, command: commands.DismissOfficer) -> base.Done:
        self.caller.must_have(Role.ADMIN)
        return base.Done(position=len(command.actor))

    @rpc
    def list_officers(self, query: auth_queries.ListOfficers) -> answers.Officers:  # noqa: ARG002
        raise LookupError("TYPED-WORD")


class Listener(SubscriptionRpc):
    """Subscribes to the source."""

    name = "renewal"
    caller: Passport = Caller()
    records: Records = EventStore(None, VIEWS)
    follows_auth = Subscription("auth", apply=see)


def show_page() -> str:
    return RpcCaller.page()


def make_app(_program: AppContext) -> flask.Flask:
    """An application whose only page is the `RpcCaller`'s."""
    app = flask.Flask(__name__)
    app.add_url_rule("/", "page", show_page)
    return app


class RpcCaller:
    """A program with an RPC client and a page."""

    name = "gateway"
    call = RpcClient()
    web = WebServer(port=lambda settings: settings.gateway_port, make_app=make_app)
    client: Any = None
    page: Callable[[], str]

    @timer(interval=1000, eager=True)
    def expose_client(self) -> None:
        RpcCaller.client = self.call


def dismiss(**more: Any) -> commands.DismissOfficer:
    stamps = {"id": uuid4(), "deadline": datetime.now(UTC) + timedelta(seconds=WAIT_SECONDS), **more}
    return commands.DismissOfficer(officer="someone", **stamps)


class Cluster:
    """The running services, and calls to them."""

    def __init__(self, runner: ServiceRunner, settings: Settings) -> None:
        self.runner = runner
        self.settings = settings
        self.office = PassportOffice("auth", settings.keys_folder)

    def admin(self, message: Any, service: str = "") -> str:
        """An admin's passport for a message."""
        admin = Passport(
            principal_kind=PrincipalKind.OFFICER,
            subject="admin",
            roles=frozenset({Role.ADMIN}),
            command_id=getattr(message, "id", None),
        )
        return self.office.sign(admin, service or message.service, datetime.now(UTC))

    def refused(self, message: Any, passport: str | None = None, service: str | None = None) -> Reason:
        try:
            RpcCaller.client(message, passport, service)
        except Refused as refused:
            return refused.reason
        raise AssertionError("it was not refused")

    def send(self, payload: Any, **properties: Any) -> None:
        """Publish a foreign message to the source's RPC queue."""
        with BrokerConnection(self.settings.broker_url) as connection:
            exchange = Exchange("nameko-rpc", type="topic", durable=True)
            connection.Producer().publish(payload, exchange=exchange, routing_key="auth.dismiss_officer", **properties)

    def reason_of_reply(self, payload: Any, **properties: Any) -> str:
        """Publish a foreign message to the source's RPC queue; why the reply refuses it."""
        with BrokerConnection(self.settings.broker_url) as connection:
            key = topology.reply_key("gateway", uuid4())
            exchange = Exchange("nameko-rpc", type="topic", durable=True)
            replies = Queue(f"rpc.reply-{key}", exchange, key, auto_delete=True)(connection.default_channel)
            replies.declare()
            self.send(payload, reply_to=key, **properties)
            until = time.monotonic() + WAIT_SECONDS
            while (reply := replies.get(no_ack=True)) is None and time.monotonic() < until:
                eventlet.sleep(0.02)
            assert reply is not None
            return str(reply.payload["error"]["exc_args"][0]) if reply.payload["error"] else "done"

    def container_of(self, name: str) -> Any:
        return next(one for one in self.runner.containers if one.service_name == name)

    def records_of(self, name: str) -> Records:
        store = next(one for one in self.container_of(name).dependencies if isinstance(one, EventStore))
        return Records(store.own.database, store.log)


def answers_(cluster: Cluster) -> None:
    command = dismiss(actor="officer:forged")
    assert RpcCaller.client(command, cluster.admin(command)) == base.Done(position=len("officer:admin"))


def refusals(cluster: Cluster) -> None:
    assert cluster.refused(dismiss()) is Reason.NOT_ALLOWED
    for passport in ("not a passport", cluster.admin(dismiss()), cluster.admin(dismiss(), "renewal")):
        assert cluster.refused(dismiss(), passport) is Reason.NOT_SIGNED_IN
    query = auth_queries.ListOfficers()
    try:
        RpcCaller.client(query, cluster.admin(query))
    except Exception as error:  # noqa: BLE001 - the class that nameko makes of a bug
        assert type(error).__name__ == "RemoteError", error  # noqa: PT017
    else:
        raise AssertionError("a bug is no answer")


def deadline(cluster: Cluster) -> None:
    late = dismiss(deadline=datetime.now(UTC) - timedelta(seconds=1))
    assert cluster.refused(late, cluster.admin(late)) is Reason.DEADLINE_PASSED


def bad_payload(cluster: Cluster) -> None:
    broken = dismiss().model_copy(update={"officer": "TYPED-WORD"})
    try:
        RpcCaller.client(broken, cluster.admin(broken))
    except Refused as refused:
        assert (refused.reason, list(refused.details)) == (Reason.BAD_INPUT, ["officer"])  # noqa: PT017
    else:
        raise AssertionError("it was not refused")


def stray_message(cluster: Cluster) -> None:
    cluster.send({"args": [["no object"]], "kwargs": {}})
    cluster.send({"args": [], "kwargs": {}})
    cluster.send("TYPED-WORD")
    cluster.send({"args": [{}], "kwargs": {}}, headers={"nameko.correlation_id": "no id", "nameko.auth_token": "x"})
    for _ in range(3):
        answers_(cluster)


def unreadable_message(cluster: Cluster) -> None:
    """What is no JSON, or nested too deep, is refused; the service goes on."""
    for body in ("[" * 100_000, '{"officer": "TYPED-WORD'):
        about = {"content_type": "application/json", "content_encoding": "utf-8"}
        assert cluster.reason_of_reply(body, **about) == Reason.BAD_INPUT
    answers_(cluster)


def copied_passport(cluster: Cluster) -> None:
    """A passport for queries, or for another command, records nothing, however the command's arguments are named."""
    command = dismiss()
    payload = command.model_dump(mode="json")
    for passport in (cluster.admin(auth_queries.ListOfficers()), cluster.admin(dismiss())):
        for body in ({"args": [payload], "kwargs": {}}, {"args": [], "kwargs": {"payload": payload}}):
            reason = cluster.reason_of_reply(body, headers={"nameko.auth_token": passport})
            assert reason == Reason.NOT_SIGNED_IN, (body, reason)


def derived_id(cluster: Cluster) -> None:
    """Commands that follow from events have ids derived from theirs: nobody from outside takes one first."""
    command = dismiss(id=uuid5(uuid4(), "paid"))
    assert cluster.refused(command, cluster.admin(command)) is Reason.BAD_INPUT


def poisoned_headers(cluster: Cluster) -> None:
    """What comes with a message is read before the service's method, where an error would end the whole program."""
    header = base64.urlsafe_b64encode(b"[" * 3000).decode()
    body = {"args": [dismiss().model_dump(mode="json")], "kwargs": {}}
    for headers in (
        {"nameko.auth_token": f"{header}.e30.x"},
        {"nameko.auth_token": ["no token"], "nameko.correlation_id": {"no": "text"}, "nameko.call_id_stack": 7},
    ):
        reason = cluster.reason_of_reply(body, headers=headers)
        assert reason == Reason.NOT_SIGNED_IN, (headers, reason)
    answers_(cluster)


def gone_service(cluster: Cluster) -> None:
    query = capacity_queries.GetCapacity(member="0123456", year=1405)
    assert cluster.refused(query, cluster.admin(query)) is Reason.NO_ANSWER


def subscription(cluster: Cluster) -> None:
    source, listener = cluster.records_of("auth"), cluster.records_of("renewal")
    for number in range(5):
        append(source.database, f"00{number}", 0, log=LOG)
    until = time.monotonic() + WAIT_SECONDS
    positions: list[int] = []
    while positions != [1, 2, 3, 4, 5] and time.monotonic() < until:
        eventlet.sleep(0.02)
        with listener.read() as connection:
            positions = list(connection.execute(select(SEEN.c.position).order_by(SEEN.c.id)).scalars())
    assert positions == [1, 2, 3, 4, 5], positions
    query = operations_queries.GetSubscriptions()
    state = RpcCaller.client(query, cluster.admin(query, "renewal"), "renewal").subscriptions[0]
    assert (state.source, state.checkpoint, state.head, state.lag_events) == ("auth", 5, 5, 0), state


def last_answer(cluster: Cluster) -> None:
    """A program that is stopped while a page is made answers it, with what a service says meanwhile."""
    is_requested, released = Event(), Event()

    def page() -> str:
        is_requested.send()
        released.wait()
        command = dismiss()
        return str(RpcCaller.client(command, cluster.admin(command)).position)

    RpcCaller.page = staticmethod(page)
    address = f"http://{cluster.settings.host}:{cluster.settings.gateway_port}/"
    browser = eventlet.spawn(httpx.get, address, timeout=WAIT_SECONDS, trust_env=False)
    is_requested.wait()
    stopping = eventlet.spawn(cluster.container_of("gateway").stop)
    with eventlet.Timeout(STOPPING_SECONDS, False):
        stopping.wait()
    released.send()
    assert browser.wait().text == str(len("officer:admin"))
    stopping.wait()


STORIES: dict[str, Callable[[Cluster], None]] = {
    "answers": answers_,
    "refusals": refusals,
    "deadline": deadline,
    "bad payload": bad_payload,
    "stray message": stray_message,
    "unreadable message": unreadable_message,
    "copied passport": copied_passport,
    "poisoned headers": poisoned_headers,
    "derived id": derived_id,
    "gone service": gone_service,
    "subscription": subscription,
    "last answer": last_answer,
}


def main(broker_url: str, database_url: str, var: str) -> None:
    log_format.configure("INFO", "sample")
    in_memory.register()
    settings = Settings(var=Path(var), broker_url=broker_url, database_url=database_url, gateway_port=free_port())
    secrets.make_keys(settings.keys_folder, secrets.KEY_HOLDERS)
    runner = ServiceRunner({"AMQP_URI": broker_url, "settings": settings, "max_workers": 8})
    for service in (Source, Listener, RpcCaller):
        runner.add_service(service)
    runner.start()
    while RpcCaller.client is None:
        eventlet.sleep(0.01)
    cluster = Cluster(runner, settings)
    for name, story in STORIES.items():
        story(cluster)
        print(json.dumps(name), flush=True)
    runner.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
