"""Webhooks from the command line: made with a secret that is printed once, listed, replayed, ended."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from shared.contract.base import Done
from shared.contract.notification import commands, webhook_answers
from shared.contract.notification.webhook_events import OFFERED
from shared.text import persian
from tests.clients.admin.fake_server import Tamdid
from tests.clients.gateway import webhook_samples as samples

WEBHOOK, DELIVERY = str(samples.WEBHOOK), str(samples.DELIVERY)


@pytest.fixture
def desk(maryam: Tamdid) -> Tamdid:
    failed = samples.delivery("failed", status=503, cause="status", tries=10)
    maryam.server.replies = {
        "notification.list_webhooks": webhook_answers.Webhooks(webhooks=(samples.webhook("failing", waiting=3),)),
        "notification.list_deliveries": webhook_answers.Deliveries(deliveries=(failed,), total=1),
        "notification.add_webhook": samples.NEW,
        "notification.rotate_webhook_secret": samples.NEW,
        "notification.replay_deliveries": Done(),
        "notification.enable_webhook": Done(),
        "notification.end_webhook": Done(),
    }
    return maryam


def test_the_secret_is_printed_when_one_is_made(desk: Tamdid) -> None:
    made = desk("webhooks", "add", "https://receiver.example/", "--event", "RenewalApproved", "--province", "isfahan")
    assert samples.NEW.secret in made.stdout
    [command] = desk.server.sent(commands.AddWebhook)
    assert (command.url, command.events, command.provinces) == (
        "https://receiver.example/",
        ("RenewalApproved",),
        ("isfahan",),
    )
    assert desk.json("webhooks", "secret", WEBHOOK)["secret"] == samples.NEW.secret


def test_all_events_of_all_own_provinces(desk: Tamdid) -> None:
    desk("webhooks", "add", "https://receiver.example/", "--event", "all")
    [command] = desk.server.sent(commands.AddWebhook)
    assert command.events == OFFERED
    assert "isfahan" in command.provinces


def test_they_are_listed_with_their_state(desk: Tamdid) -> None:
    shown = desk("webhooks", "list").stdout
    for text in (WEBHOOK, "https://hesabdari.example.ir/tamdid", "failing", "RenewalApproved", "3"):
        assert text in shown
    assert desk.json("webhooks", "list")[0]["state"] == "failing"


def test_what_became_of_events_is_listed_with_the_cause(desk: Tamdid) -> None:
    shown = desk("webhooks", "deliveries", WEBHOOK, "--state", "failed").stdout
    for text in (DELIVERY, "RenewalApproved", "failed (not taken: 503)"):
        assert text in shown


def test_one_or_all_since_a_day_are_sent_again(desk: Tamdid) -> None:
    desk.server.replies["notification.list_deliveries"] = webhook_answers.Deliveries(deliveries=(), total=0)
    desk("webhooks", "replay", WEBHOOK, "--delivery", DELIVERY)
    desk("webhooks", "replay", WEBHOOK, "--since", "۱۴۰۵/۰۷/۱۵")
    one, since = desk.server.sent(commands.ReplayDeliveries)
    assert (one.delivery, one.since) == (UUID(DELIVERY), None)
    assert since.since == persian.midnight(datetime(2026, 10, 7, tzinfo=UTC).date())
    assert desk("webhooks", "replay", WEBHOOK).exit_code != 0


@pytest.mark.parametrize(
    ("name", "kind", "word"),
    [("enable", commands.EnableWebhook, "again"), ("end", commands.EndWebhook, "ended")],
    ids=["enable", "end"],
)
def test_one_is_enabled_or_ended(desk: Tamdid, name: str, kind: type[commands.EndWebhook], word: str) -> None:
    assert word in desk("webhooks", name, WEBHOOK).stdout
    [command] = desk.server.sent(kind)
    assert command.webhook == samples.WEBHOOK
