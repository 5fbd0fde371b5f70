"""The page of health: the alerts that stand, each service's figures, what flows, lags, stops or is parked, and which service does not answer; for admins."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from eventlet.event import Event
from flask.testing import FlaskClient

from shared.contract.operations import answers, queries
from shared.contract.operations.metric_answers import Metrics
from shared.contract.refusals import Reason, Refused
from shared.services import FOLLOWERS, SERVICES
from shared.text import persian
from tests.clients.gateway import metric_samples, samples
from tests.clients.gateway.conftest import SignedIn
from tests.clients.gateway.fake_services import ANSWERS, FakeServices

PAGE = "/desk/health"
PATIENCE_SECONDS = 10
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


def test_the_figures_of_each_service_are_shown(admin: FlaskClient, services: FakeServices) -> None:
    page = admin.get(PAGE).text
    assert len(services.sent(queries.GetMetrics)) == len(SERVICES)
    assert page.count("۱٬۸۱۲") == len(SERVICES)
    for text in (
        "هیچ هشداری برپا نیست",
        "zarinpal",
        "آغازشده",
        "۴۵",
        "۳۱",
        "۷۱ گیگابایت، ۴۲ درصد",
        "پایان گواهی کارگزار پیام",
    ):
        assert text in page
    assert page.count("جای خالی دیسک") == page.count("پایان گواهی") == 1


def test_alerts_that_stand_are_named_with_their_runbooks_the_urgent_ones_first(
    admin: FlaskClient, services: FakeServices
) -> None:
    services.metrics = metric_samples.in_trouble
    page = admin.get(PAGE).text
    assert "رسیدگی لازم است" in page
    alerts = ("LogHole", "BankDown", "DeskOverdue", "EventsParked")
    assert sorted(alerts, key=page.index)[:2] == sorted(alerts[:2], key=page.index)
    for text in ("docs/runbooks/log-hole.md", "اصفهان", "ظرفیت، از تمدید", "۲۱ دقیقه", "آماده نیست", "گسسته", "۱۷"):
        assert text in page


def test_a_service_without_metrics_is_silent_and_asked_nothing_more(
    admin: FlaskClient, services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    def metrics(service: str) -> Metrics:
        if service == "capacity":
            raise Refused(Reason.NO_ANSWER)
        return metric_samples.of(service)

    monkeypatch.setattr(services, "metrics", metrics)
    page = admin.get(PAGE).text
    assert "سرویس ظرفیت پاسخ نمی‌دهد" in page
    assert "از سرویس‌هایی که پاسخ می‌دهند هیچ هشداری" in page
    assert len(services.sent(queries.GetSubscriptions)) == len(FOLLOWERS) - 1


def test_a_service_that_fails_is_silent_and_hides_no_other(
    admin: FlaskClient, services: FakeServices, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def metrics(service: str) -> Metrics:
        if service == "capacity":
            raise LookupError("a bug")
        return metric_samples.of(service)

    monkeypatch.setattr(services, "metrics", metrics)
    page = admin.get(PAGE)
    assert page.status_code == 200
    assert "سرویس ظرفیت پاسخ نمی‌دهد" in page.text
    assert page.text.count("۱٬۸۱۲") == len(SERVICES) - 1
    assert "has failed" in caplog.text


def test_no_service_is_waited_for_before_another_is_asked(
    admin: FlaskClient, services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    called, all_are_called = set[str](), Event()

    def metrics(service: str) -> Metrics:
        called.add(service)
        if called == set(SERVICES):
            all_are_called.send(True)
        assert all_are_called.wait(timeout=PATIENCE_SECONDS)
        return metric_samples.of(service)

    monkeypatch.setattr(services, "metrics", metrics)
    assert admin.get(PAGE).text.count("۱٬۸۱۲") == len(SERVICES)


def test_of_several_certificates_of_a_server_the_one_that_ends_first_is_shown(
    admin: FlaskClient, services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    def metrics(service: str) -> Metrics:
        end = metric_samples.CERTIFICATE_END - (20 * 86_400 if service == "renewal" else 0)
        return Metrics(
            metrics=(metric_samples.metric("tamdid_certificate_end_timestamp_seconds", end, server="broker"),)
        )

    monkeypatch.setattr(services, "metrics", metrics)
    page = admin.get(PAGE).text
    ends = [datetime.fromtimestamp(metric_samples.CERTIFICATE_END - days * 86_400, UTC) for days in (20, 0)]
    days = [persian.digits_to_persian(persian.format_instant(end).split()[0]) for end in ends]
    assert [day in page for day in days] == [True, False]


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
