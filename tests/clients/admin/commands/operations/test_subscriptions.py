from typing import Any

import pytest

from shared.contract.operations import answers
from shared.contract.refusals import Reason, Refused
from shared.services import FOLLOWERS
from tests.clients.admin.fake_server import Tamdid

FLOWING = answers.SubscriptionState(source="auth", checkpoint=1500, head=1500, lag_events=0, lag_seconds=0, parked=0)
BEHIND = answers.SubscriptionState(source="renewal", checkpoint=90, head=100, lag_events=10, lag_seconds=42.4, parked=0)


def changed(subscription: answers.SubscriptionState, **fields: Any) -> answers.Subscriptions:
    return answers.Subscriptions(subscriptions=(subscription.model_copy(update=fields),))


@pytest.fixture
def subscriptions(maryam: Tamdid) -> Tamdid:
    none = answers.Subscriptions(subscriptions=())
    maryam.server.replies = {
        **{f"{one}.get_subscriptions": none for one in FOLLOWERS},
        "renewal.get_subscriptions": answers.Subscriptions(subscriptions=(FLOWING,)),
        "payment.get_subscriptions": answers.Subscriptions(subscriptions=(BEHIND,)),
        "capacity.get_subscriptions": answers.Subscriptions(subscriptions=(FLOWING, BEHIND)),
    }
    return maryam


def test_every_subscription_is_shown_with_its_lag(subscriptions: Tamdid) -> None:
    result = subscriptions("subscriptions")
    assert result.exit_code == 0
    rows = [line.split() for line in result.stdout.splitlines()[3:] if line.strip()]
    assert rows == [
        ["renewal", "auth", "1,500", "1,500", "0", "0", "0", "0", "flowing"],
        ["payment", "renewal", "90", "100", "10", "42", "0", "0", "flowing"],
        ["capacity", "auth", "1,500", "1,500", "0", "0", "0", "0", "flowing"],
        ["capacity", "renewal", "90", "100", "10", "42", "0", "0", "flowing"],
    ]


def test_what_only_a_later_version_knows_is_counted_and_no_failure(subscriptions: Tamdid) -> None:
    subscriptions.server.replies["renewal.get_subscriptions"] = changed(FLOWING, unknown=12)
    result = subscriptions("subscriptions")
    assert (result.exit_code, result.stdout.splitlines()[3].split()[-2:]) == (0, ["12", "flowing"])


def test_a_subscription_that_lags_longer_than_allowed_fails(subscriptions: Tamdid) -> None:
    assert subscriptions("subscriptions", "--max-lag", "۴۲").exit_code == 1
    assert subscriptions("subscriptions", "--max-lag", "43").exit_code == 0
    assert "lagging" in subscriptions("subscriptions", "--max-lag", "42").stdout


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"parked": 3}, "events parked"),
        ({"parked": 1000, "full": True}, "full, stopped, events parked"),
        ({"is_stopped": True}, "stopped before an event"),
        ({"alarm": "SealBroken", "error": "SealBroken"}, "not all of it came from the source SealBroken"),
        ({"connected": False, "error": "OSError: no route to host"}, "disconnected OSError: no route to host"),
    ],
)
def test_what_needs_an_operator_fails_and_is_named(subscriptions: Tamdid, fields: dict[str, Any], text: str) -> None:
    subscriptions.server.replies["payment.get_subscriptions"] = changed(FLOWING, **fields)
    result = subscriptions("subscriptions")
    assert result.exit_code == 1
    assert text in result.stdout


def test_a_silent_source_or_service_is_shown_and_is_no_answer(subscriptions: Tamdid) -> None:
    subscriptions.server.replies["capacity.get_subscriptions"] = answers.Subscriptions(
        subscriptions=(FLOWING,), unreachable=("auth",)
    )
    result = subscriptions("subscriptions")
    assert result.exit_code == 3
    assert "its source is silent" in result.stdout
    subscriptions.server.replies["renewal.get_subscriptions"] = Refused(Reason.NO_ANSWER)
    result = subscriptions("subscriptions")
    assert result.exit_code == 3
    assert "the service is silent" in result.stdout


def test_with_json_each_subscription_comes_with_its_troubles(subscriptions: Tamdid) -> None:
    document = subscriptions.json("subscriptions", "--max-lag", "1", exit_code=1)
    assert [(row["service"], row["subscription"]["source"], row["troubles"]) for row in document] == [
        ("renewal", "auth", []),
        ("payment", "renewal", ["lagging"]),
        ("capacity", "auth", []),
        ("capacity", "renewal", ["lagging"]),
    ]


def test_who_may_not_read_is_refused(subscriptions: Tamdid) -> None:
    subscriptions.server.replies["payment.get_subscriptions"] = Refused(Reason.NOT_ALLOWED)
    assert subscriptions("subscriptions").exit_code == 1
