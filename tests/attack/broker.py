"""Attacks with the broker account of one program, the bank program, on a running distributed instance."""

import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import kombu
from amqp.exceptions import AccessRefused

from deploy import demonstration
from shared.contract import cloud_events
from shared.contract.auth import commands
from shared.contract.bank.events import BankNoticeReceived
from shared.contract.base import Message
from shared.contract.envelope import Metadata, Recorded
from shared.contract.operations import queries
from shared.contract.operations.answers import SubscriptionState
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.seal import EPOCH_HEADER, HEADER
from shared.contract.values import Role
from shared.messaging import topology
from shared.passports import PassportOffice
from shared.services import SUBSCRIPTIONS
from tests.attack.load import Row
from tests.support.servers.instance import Instance
from tests.support.servers.server_handles import RabbitMQ

STOLEN = "bank"
"""The program whose account is stolen: the one that strangers reach."""
ANSWER_SECONDS = 15
ADMIN = Passport(principal_kind=PrincipalKind.OFFICER, subject="admin", roles=frozenset({Role.ADMIN}))


def connected(running: Instance, stolen: str = STOLEN) -> kombu.Connection:
    """Connected with the stolen account."""
    program = next(one for one in running.processes if one.name == stolen)
    return kombu.Connection(program.environment["TAMDID_BROKER_URL"], transport_options={"confirm_publish": True})


def refused(tried: str, running: Instance, acts: list[Any]) -> Row:
    """Whether the broker refuses every one of the acts."""
    done = []
    for act in acts:
        with connected(running) as connection:
            try:
                act(connection)
            except AccessRefused:
                continue
            done.append(act)
    return Row(tried, not done, f"{len(acts) - len(done)} of {len(acts)} refused by the broker")


def bind(key: str, connection: kombu.Connection) -> None:
    kombu.Queue("rpc.reply-bank-evil", topology.rpc_exchange(), key, expires=60)(connection.channel()).declare()


def publish(exchange: str, key: str, connection: kombu.Connection) -> None:
    connection.Producer(auto_declare=False).publish({}, exchange=exchange, routing_key=key)


def read_others_messages(running: Instance, _rabbitmq: RabbitMQ) -> Row:
    keys = ("#", "*.*", "auth.*", "auth.sign_in", "gateway-reply-0a")
    return refused("bind a queue to others' calls and replies", running, [partial(bind, key) for key in keys])


def send_others_commands(running: Instance, _rabbitmq: RabbitMQ) -> Row:
    keys = ("auth.sign_in", "payment.confirm_payment", "renewal.approve_renewal", "payment.read_events")
    acts = [partial(publish, "nameko-rpc", key) for key in keys]
    return refused("send commands and queries that the program never sends", running, acts)


def answer_for_others(running: Instance, _rabbitmq: RabbitMQ) -> Row:
    acts = [partial(publish, "nameko-rpc", "capacity-reply-0a"), partial(publish, "", "rpc.reply-gateway-0a")]
    acts += [partial(publish, f"{source}.events", "Forged") for source in SUBSCRIPTIONS if source != STOLEN]
    acts += [partial(publish, "", f"capacity.follows.{source}") for source in ("auth", "renewal", "payment")]
    return refused("answer in another's name, publish as another source", running, acts)


def forge_events(running: Instance, _rabbitmq: RabbitMQ) -> Row:
    """The bank's events may be published by its account; without its key they, and the epochs beside them, have no effect."""
    before = subscription(running)
    with connected(running) as connection:
        producer = connection.Producer(auto_declare=False)
        for ahead, seal in enumerate((None, "garbage", "QUJD"), start=1):
            body = cloud_events.to_json(forged(before.checkpoint + ahead))
            producer.publish(
                body,
                exchange=f"{STOLEN}.events",
                routing_key=BankNoticeReceived.__name__,
                headers={HEADER: seal, EPOCH_HEADER: f"{uuid4()}.{seal}"} if seal else {},
                content_type="application/json",
                content_encoding="utf-8",
            )
    until = time.monotonic() + ANSWER_SECONDS
    after = subscription(running)
    while not after.error and time.monotonic() < until:
        time.sleep(0.2)
        after = subscription(running)
    held = (after.checkpoint, after.parked) == (before.checkpoint, 0) and "SealBroken" in after.error
    return Row(
        "publish forged notices of the bank",
        held,
        f"checkpoint {before.checkpoint} → {after.checkpoint}; alarm: {after.error}",
    )


def forged(position: int) -> Recorded:
    notice = BankNoticeReceived(
        notice_id=str(uuid4()), authority="A" * 36, body_digest="0" * 64, received_at=datetime.now(UTC)
    )
    return Recorded(
        source=STOLEN,
        position=position,
        stream="notice/forged",
        version=1,
        event_id=uuid4(),
        type=BankNoticeReceived.__name__,
        data=notice.model_dump_json(),
        metadata=Metadata(correlation_id=uuid4(), causation_id=uuid4(), actor="program:bank"),
        recorded_at=datetime.now(UTC),
    )


def subscription(running: Instance) -> SubscriptionState:
    """How payment follows the bank."""
    with closing(demonstration.signed_in(running.portal, "admin", demonstration.admin_password())) as admin:
        answer = admin.call(queries.GetSubscriptions(), "payment")
    return next(one for one in answer.subscriptions if one.source == STOLEN)


def stop_subscribers(running: Instance, _rabbitmq: RabbitMQ) -> Row:
    """A routing key may be any bytes, and a subscription receives them all."""
    with connected(running) as connection:
        producer = connection.Producer(auto_declare=False)
        for _ in range(3):
            producer.publish({}, exchange=f"{STOLEN}.events", routing_key=b"\xff")
    time.sleep(1)
    error = subscription(running).error
    lost = sum("UnicodeDecodeError" in one.log.read_text() for one in running.processes)
    return Row(
        "stop a subscriber by a routing key that is no text", not lost, f"{lost} lost connections; {error or 'follows'}"
    )


def stop_services(running: Instance, _rabbitmq: RabbitMQ) -> Row:
    """Calls that would close the connection of whoever receives them, or replies to them, and then be delivered again."""
    payload = {"args": [queries.ReadEvents(after=0).model_dump(mode="json")], "kwargs": {}}
    sources = topology.sources_of("capacity")
    with connected(running, "capacity") as connection:
        producer = connection.Producer(auto_declare=False)
        for source in sources:
            for reply_to in ("payment.confirm_payment", "bank-reply-0a", "capacity-reply-0a.x"):
                producer.publish(
                    payload, exchange="nameko-rpc", routing_key=f"{source}.read_events", reply_to=reply_to,
                    correlation_id=str(uuid4()),
                )  # fmt: skip
            for poison in ({"correlation_id": b"\xff"}, {"headers": {"nameko.call_id_stack": 7}}):
                about = {"exchange": "nameko-rpc", "routing_key": f"{source}.read_events", **poison}
                producer.publish(payload, reply_to="capacity-reply-0a", **about)
    time.sleep(1)
    with closing(demonstration.signed_in(running.portal, "admin", demonstration.admin_password())) as admin:
        heads = [admin.call(queries.ReadEvents(after=0, limit=1), source).head for source in sources for _ in range(5)]
    lost = sum("a reply is lost" in one.log.read_text() for one in running.processes)
    return Row(
        "stop services by calls that nobody may answer", not lost, f"{len(heads)} answers, {lost} lost connections"
    )


def replay_passports(running: Instance, rabbitmq: RabbitMQ) -> Row:
    """An admin's passport that came to the bank, or that came with another command, as if the broker let it through."""
    office = PassportOffice("auth", running.home / "keys")
    now = datetime.now(UTC)
    command = commands.DismissOfficer(id=uuid4(), deadline=now + timedelta(minutes=1), officer="manager")
    tokens = {
        "for the bank": office.sign(ADMIN.model_copy(update={"command_id": command.id}), STOLEN, now),
        "for another command": office.sign(ADMIN.model_copy(update={"command_id": uuid4()}), "auth", now),
        "for queries": office.sign(ADMIN, "auth", now),
    }
    vhost = connected(running).virtual_host
    outcomes = {kind: call(rabbitmq.vhost_url(vhost), command, token) for kind, token in tokens.items()}
    held = set(outcomes.values()) == {"not_signed_in"}
    return Row("replay a copied passport of an admin", held, ", ".join(f"{k}: {v}" for k, v in outcomes.items()))


def call(url: str, command: Message[Any], token: str) -> str:
    """The reason of the refusal, or `done`."""
    unique = uuid4()
    replies: list[Any] = []
    with kombu.Connection(url) as connection:
        key = topology.reply_key("gateway", unique)
        queue = kombu.Queue(f"rpc.reply-gateway-{unique}", topology.rpc_exchange(), key, expires=60)
        with connection.Consumer(queue, callbacks=[lambda body, _: replies.append(body)], no_ack=True):
            connection.Producer(auto_declare=False).publish(
                {"args": [command.model_dump(mode="json")], "kwargs": {}},
                exchange="nameko-rpc",
                routing_key=f"{command.service}.{command.method}",
                reply_to=key,
                correlation_id=str(unique),
                headers={"nameko.auth_token": token},
            )
            while not replies:
                connection.drain_events(timeout=ANSWER_SECONDS)
    error = replies[0]["error"]
    return str(error["exc_args"][0]) if error else "done"


ATTACKS = (
    read_others_messages, send_others_commands, answer_for_others, stop_subscribers, forge_events, stop_services,
    replay_passports,
)  # fmt: skip
