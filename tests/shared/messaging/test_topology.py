import pytest
from nameko.rpc import RPC_QUEUE_TEMPLATE, get_rpc_exchange

from clients.bank.service import Bank
from services.auth.service import AuthService
from services.capacity.service import CapacityService
from services.notification.service import NotificationService
from services.payment.service import PaymentService
from services.renewal.service import RenewalService
from shared.messaging import topology
from shared.messaging.topology import Binding
from shared.nameko_extensions import Subscription
from shared.services import SERVICES, SUBSCRIPTIONS

CLASSES = (AuthService, RenewalService, PaymentService, CapacityService, NotificationService, Bank)


def test_each_subscription_has_a_queue_that_one_copy_consumes() -> None:
    needed = topology.needed()
    assert needed.exchanges["renewal.events"] == "topic"
    assert needed.queues["capacity.follows.renewal"] == {"x-queue-type": "quorum", "x-single-active-consumer": True}
    assert Binding("renewal.events", "capacity.follows.renewal", "#") in needed.bindings
    assert all(binding.queue in needed.queues and binding.exchange in needed.exchanges for binding in needed.bindings)


def test_rpc_queues_are_as_nameko_declares_them() -> None:
    queue = topology.calls("auth")
    exchange = get_rpc_exchange({})
    assert queue.name == RPC_QUEUE_TEMPLATE.format("auth")
    assert (queue.exchange.name, queue.exchange.type, queue.routing_key) == (exchange.name, exchange.type, "auth.*")


def test_the_subscriptions_are_those_that_the_services_declare() -> None:
    declared = {
        (service.name, subscription.source)
        for service in CLASSES
        for subscription in vars(service).values()
        if isinstance(subscription, Subscription)
    }
    assert declared == {(program, source) for source, programs in SUBSCRIPTIONS.items() for program in programs}


def test_every_service_answers_calls() -> None:
    assert {service.name for service in CLASSES} == set(SERVICES)


@pytest.mark.parametrize(
    ("key", "is_one"),
    [
        ("gateway-reply-0a-1b", True),
        ("payment-reply-0a", True),
        ("capacity-reply-0a", False),
        ("gateway-reply-0a.x", False),
        ("payment.confirm_payment", False),
        ("", False),
    ],
)
def test_replies_go_to_those_who_may_call(key: str, is_one: bool) -> None:
    assert topology.is_reply_key(key, "bank") is is_one
