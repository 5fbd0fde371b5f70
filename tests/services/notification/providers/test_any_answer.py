"""Whatever an SMS provider answers, the adapter raises nothing and says no more than it was asked."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.notification.providers.port import Delivery, Message, Outcome, Provider
from tests.support.scripted_http import Scripted, serving
from tests.support.sms_adapters import ADAPTERS

AT = datetime(2027, 3, 20, 20, 29, tzinfo=UTC)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([0, 1, 200, 10, 14, "1", "200", "۲۰۰", "1" * 5000])
    | st.floats(allow_nan=True)
    | st.text(max_size=8)
)
FIELDS = [
    "messageid", "messageId", "status", "deliveryState", "cost", "price", "message", "receptor", "clientReferenceId", "items",
]  # fmt: skip
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=6),
    max_leaves=12,
)
LISTED = st.lists(JSON, min_size=1, max_size=3)
YES = st.fixed_dictionaries(
    {
        "return": st.just({"status": 200}),
        "entries": LISTED,
        "status": st.just(1),
        "statusCode": st.just(200),
        "isSuccess": st.just(True),
        "data": LISTED | st.fixed_dictionaries({"items": LISTED}),
        "recId": LEAVES,
        "resultsAsCode": LISTED,
    }
)
"""A yes in every provider's form, with anything in it."""
ANY = st.dictionaries(st.sampled_from(["return", "status", "statusCode", "isSuccess", "recId", "entries"]), JSON) | JSON
BODIES = st.integers(0, 5).flatmap(
    lambda kind: (YES if kind > 1 else ANY).map(lambda found: json.dumps(found).encode()) if kind else st.binary()
)
STATUSES = st.sampled_from([200] * 9 + [201, 204, 301, 400, 401, 403, 404, 418, 429, 500, 502, 503])
REFERENCES = ("1", "2", "200")


@pytest.fixture(scope="module")
def server() -> Iterator[Scripted]:
    with serving() as running:
        yield running


@pytest.fixture(scope="module", params=sorted(ADAPTERS))
def adapter(server: Scripted, request: pytest.FixtureRequest) -> Provider:
    return ADAPTERS[request.param](server.url, "key", None)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(status=STATUSES, body=BODIES)
def test_any_answer_has_one_of_the_outcomes(
    server: Scripted, message: Message, adapter: Provider, status: int, body: bytes
) -> None:
    server.answer(body if status != 204 else b"", status)
    sent = adapter.send(message)
    for answer in (sent, adapter.find(message, AT)):
        if answer is not None:
            assert isinstance(answer.outcome, Outcome)
            assert bool(answer.reference.strip("0")) is (answer.outcome is Outcome.ACCEPTED) or answer.outcome is (
                Outcome.BLOCKED
            )
            assert answer.cost_rials >= 0
            assert len(answer.reference) <= 100
            assert bool(answer.cause) is (answer.outcome is not Outcome.ACCEPTED)
    if status >= 500:
        assert sent.outcome is (Outcome.REFUSED if status == 503 else Outcome.UNKNOWN)
    found = adapter.deliveries(REFERENCES)
    assert set(found) <= set(REFERENCES)
    assert all(isinstance(delivery, Delivery) for delivery in found.values())
