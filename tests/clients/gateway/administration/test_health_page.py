"""The page of subscriptions and health: what flows, what lags, stops or is parked, and which service does not answer; for admins."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from shared.contract.operations import answers, queries
from shared.contract.refusals import Reason, Refused
from shared.services import FOLLOWERS
from shared.text import persian
from tests.clients.gateway import samples
from tests.clients.gateway.conftest import SignedIn
from tests.clients.gateway.fake_services import ANSWERS, FakeServices

PAGE = "/desk/health"
FLOWS = answers.SubscriptionState(source="auth", checkpoint=812, head=812, lag_events=0, lag_seconds=0, parked=0)
STUCK = FLOWS.model_copy(
    update={"source": "renewal", "head": 1000, "lag_events": 188, "lag_seconds": 61.0, "parked": 60}
)
PARKED = answers.ParkedEvent(
    source="renewal",
    position=700,
    partition_key="renewal/0123456",
    type="RenewalApproved",
    error="NoTariff: no fee table covers the year 1406 <script>",
    attempts=7,
    recorded_at=samples.NOW,
)
State = Callable[[FakeServices, Any], answers.Subscriptions]


def follows(*states: answers.SubscriptionState, silent: str = "", unreachable: tuple[str, ...] = ()) -> State:
    def answer(services: FakeServices, _query: Any) -> answers.Subscriptions:
        if services.addressee == silent:
            raise Refused(Reason.NO_ANSWER)
        return answers.Subscriptions(subscriptions=states, unreachable=unreachable)

    return answer


@pytest.fixture
def admin(signed_in: SignedIn) -> FlaskClient:
    return signed_in("admin-session")


@pytest.fixture
def set_state(monkeypatch: pytest.MonkeyPatch) -> Callable[[State], None]:
    answered: dict[Any, Any] = ANSWERS
    one = answers.ParkedEvents(parked=(PARKED,), total=60)
    monkeypatch.setitem(answered, queries.ListParked, lambda _services, _query: one)
    return lambda state: monkeypatch.setitem(answered, queries.GetSubscriptions, state)


def test_where_everything_flows_it_says_so(admin: FlaskClient, set_state: Callable[[State], None]) -> None:
    set_state(follows(FLOWS))
    page = admin.get(PAGE).text
    for text in ("همه چیز روان است", "۸۱۲", "تمدید", "پرداخت", "ظرفیت", "هیچ رویدادی کنار گذاشته نشده است"):
        assert text in page
    assert "رسیدگی لازم است" not in page


def test_what_lags_and_what_is_parked_is_named_with_its_error(
    admin: FlaskClient, services: FakeServices, set_state: Callable[[State], None]
) -> None:
    set_state(follows(FLOWS, STUCK))
    page = admin.get(PAGE).text
    for text in ("رسیدگی لازم است", "۱۸۸", "RenewalApproved", "renewal/0123456", "covers the year 1406 &lt;script&gt;"):
        assert text in page
    assert len(services.sent(queries.ListParked)) == len(FOLLOWERS)
    assert f"{persian.format_number(len(FOLLOWERS) * (STUCK.parked - 1))} رویداد دیگر" in page


def test_a_service_that_does_not_answer_is_named_and_the_others_are_shown(
    admin: FlaskClient, set_state: Callable[[State], None]
) -> None:
    set_state(follows(FLOWS, silent="payment"))
    page = admin.get(PAGE).text
    assert "سرویس پرداخت پاسخ نمی‌دهد" in page
    assert "۸۱۲" in page


@pytest.mark.parametrize(
    "changes", [{"full": True}, {"is_stopped": True}, {"alarm": "not sealed"}, {"connected": False}], ids=str
)
def test_each_trouble_is_one_to_look_at(
    admin: FlaskClient, set_state: Callable[[State], None], changes: dict[str, Any]
) -> None:
    set_state(follows(FLOWS.model_copy(update=changes)))
    assert "رسیدگی لازم است" in admin.get(PAGE).text


def test_a_source_that_does_not_answer_is_one_to_look_at(
    admin: FlaskClient, set_state: Callable[[State], None]
) -> None:
    set_state(follows(FLOWS, unreachable=("auth",)))
    assert "رسیدگی لازم است" in admin.get(PAGE).text


@pytest.mark.parametrize("session", ["manager-session", "finance-session", "auditor-session", "member-session"])
def test_only_admins_have_the_page(signed_in: SignedIn, session: str) -> None:
    assert signed_in(session).get(PAGE).status_code == 403
