"""The pages of webhooks: making one, its secret on one page alone, what became of its events, ending it."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from shared.contract.notification import commands, queries
from shared.contract.refusals import Reason
from shared.text import persian
from tests.clients.gateway import pages, samples, webhook_samples
from tests.clients.gateway.conftest import SignedIn
from tests.clients.gateway.fake_services import FakeServices

LIST = "/desk/webhooks"
ONE = f"{LIST}/{webhook_samples.WEBHOOK}"
FIELDS = {"url": "https://receiver.example/hook", "event-RenewalApproved": "true", "province-isfahan": "true"}


@pytest.fixture
def admin(signed_in: SignedIn) -> FlaskClient:
    return signed_in("admin-session")


def test_the_list_shows_each_with_its_state(admin: FlaskClient, services: FakeServices) -> None:
    services.webhooks = (webhook_samples.webhook("disabled", waiting=12, disabled_at=samples.NOW),)
    page = admin.get(LIST).text
    for text in ("https://hesabdari.example.ir/tamdid", "متوقف", "۱۲ رویداد در صف"):
        assert text in page


def test_a_new_one_shows_its_secret_once(admin: FlaskClient, services: FakeServices) -> None:
    answer = pages.send(admin, LIST, FIELDS, LIST)
    assert answer.status_code == 200
    assert webhook_samples.NEW.secret in answer.text
    [command] = services.sent(commands.AddWebhook)
    assert (command.url, command.events, command.provinces) == (FIELDS["url"], ("RenewalApproved",), ("isfahan",))
    assert webhook_samples.NEW.secret not in admin.get(ONE).text


def test_a_double_press_is_one_command(admin: FlaskClient, services: FakeServices) -> None:
    shown = pages.hidden(admin.get(LIST).text)
    for _ in range(2):
        admin.post(LIST, data={**shown, **FIELDS})
    assert len({command.id for command in services.sent(commands.AddWebhook)}) == 1


@pytest.mark.parametrize(
    ("details", "sentence"),
    [
        ({"events": "too_short"}, "دست‌کم یک رویداد"),
        ({"provinces": "too_short"}, "دست‌کم یک استان"),
        ({"url": "webhook_inside"}, "در شبکهٔ درونی"),
        ({"url": "webhook_not_https"}, "با https"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(
    admin: FlaskClient, services: FakeServices, details: Any, sentence: str
) -> None:
    services.refuse(commands.AddWebhook, Reason.BAD_INPUT, details)
    answer = pages.send(admin, LIST, FIELDS, LIST)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert FIELDS["url"] in answer.text
    assert " checked" in pages.field(answer.text, "event-RenewalApproved")


def test_a_failing_one_says_since_when_and_why(admin: FlaskClient, services: FakeServices) -> None:
    services.webhooks = (webhook_samples.webhook("failing", failing_since=samples.NOW),)
    services.deliveries = (webhook_samples.delivery("waiting", status=503, cause="status", next_at=samples.NOW),)
    page = admin.get(ONE).text
    for text in ("پس از سه روز", "گیرنده نپذیرفت: ۵۰۳", "RenewalApproved"):
        assert text in page


def test_the_log_is_filtered_by_state(admin: FlaskClient, services: FakeServices) -> None:
    admin.get(f"{ONE}?status=failed&start=50")
    query = services.sent(queries.ListDeliveries)[-1]
    assert (query.state, query.offset) == ("failed", 50)


def test_one_event_is_sent_again(admin: FlaskClient, services: FakeServices) -> None:
    answer = pages.send(admin, f"{ONE}/replay", {"delivery": str(webhook_samples.DELIVERY)}, ONE)
    assert (answer.status_code, answer.location) == (303, ONE)
    [command] = services.sent(commands.ReplayDeliveries)
    assert (command.delivery, command.since) == (webhook_samples.DELIVERY, None)


def test_all_since_a_day_are_sent_again(admin: FlaskClient, services: FakeServices) -> None:
    pages.send(admin, f"{ONE}/replay", {"since": "۱۴۰۵/۰۷/۱۵"}, ONE)
    [command] = services.sent(commands.ReplayDeliveries)
    assert command.since == persian.midnight(persian.parse_date("1405/07/15"))


def test_what_one_command_does_not_take_is_said(admin: FlaskClient, services: FakeServices) -> None:
    services.deliveries = (webhook_samples.delivery("failed"),) * 3
    pages.send(admin, f"{ONE}/replay", {"since": "۱۴۰۵/۰۷/۱۵"}, ONE)
    query = services.sent(queries.ListDeliveries)[-1]
    assert (query.state, query.since) == ("failed", persian.midnight(persian.parse_date("1405/07/15")))
    assert "۳ رویداد دیگر از آن روز هنوز در صف نیست" in admin.get(ONE).text


@pytest.mark.parametrize("typed", ["", "1405/13/40", "دیروز"])
def test_without_a_day_nothing_is_sent_again(admin: FlaskClient, services: FakeServices, typed: str) -> None:
    answer = pages.send(admin, f"{ONE}/replay", {"since": typed}, ONE)
    assert answer.status_code == 422
    assert services.sent(commands.ReplayDeliveries) == []


def test_it_is_ended_after_a_confirmation(admin: FlaskClient, services: FakeServices) -> None:
    confirmation = admin.get(f"{ONE}/end").text
    assert "برگشت ندارد" in confirmation
    assert services.sent(commands.EndWebhook) == []
    assert pages.send(admin, f"{ONE}/end", {}, f"{ONE}/end").status_code == 303
    [command] = services.sent(commands.EndWebhook)
    assert command.webhook == webhook_samples.WEBHOOK


def test_a_new_secret_is_shown_once_after_a_confirmation(admin: FlaskClient, services: FakeServices) -> None:
    assert "تا یک روز" in admin.get(f"{ONE}/rotate").text
    answer = pages.send(admin, f"{ONE}/rotate", {}, f"{ONE}/rotate")
    assert webhook_samples.NEW.secret in answer.text
    assert len(services.sent(commands.RotateWebhookSecret)) == 1


def test_a_disabled_one_is_enabled(admin: FlaskClient, services: FakeServices) -> None:
    services.webhooks = (webhook_samples.webhook("disabled", disabled_at=samples.NOW, failing_since=samples.NOW),)
    assert "فعال کردن دوباره" in admin.get(ONE).text
    assert pages.send(admin, f"{ONE}/enable", {}, ONE).status_code == 303
    assert len(services.sent(commands.EnableWebhook)) == 1


def test_an_ended_one_has_no_buttons(admin: FlaskClient, services: FakeServices) -> None:
    services.webhooks = (webhook_samples.webhook("ended", ended_by="officer:admin", ended_at=samples.NOW),)
    page = admin.get(ONE).text
    assert "پایان‌یافته" in page
    for action in ("replay", "rotate", "end"):
        assert f"{ONE}/{action}" not in page


def test_an_unknown_one_is_not_found(admin: FlaskClient) -> None:
    assert admin.get(f"{LIST}/{samples.ATTEMPT}").status_code == 404


@pytest.mark.parametrize("who", ["finance-session", "manager-session"])
def test_it_is_for_admins(signed_in: SignedIn, who: str) -> None:
    other = signed_in(who)
    assert other.get(LIST).status_code == 403
    assert other.get(ONE).status_code == 403
