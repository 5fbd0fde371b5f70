"""What is sent, as a real receiver reads it; tries again, by chance a little later; one that fails holds up no other; disabled after days."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from standardwebhooks import Webhook, WebhookVerificationError

from services.notification.tables import NOTICES
from services.notification.webhook_tables import DELIVERIES
from services.notification.webhooks import administering
from services.notification.webhooks.disabling import DISABLED_AFTER
from services.notification.webhooks.posting import Result
from services.notification.webhooks.sending import LEASE, WAITS, Threads, next_try
from services.notification.webhooks.signing import SecretLost
from shared.contract.notification import commands
from shared.contract.values import Role
from tests.services.notification import samples as s
from tests.services.notification.notices.test_subscriptions import STORY
from tests.services.notification.webhooks.receiving import URL, Desk, poster, secret_box
from tests.support import scripted_http
from tests.support.system import fresh

OTHER = "https://other.example/hook"
WELL, FAILING = Result(200), Result(503, "status")
ADMIN = s.APPOINTED.model_copy(update={"officer": "rahbar", "roles": (Role.ADMIN,)})


def test_a_real_receiver_reads_what_is_sent(desk: Desk) -> None:
    with scripted_http.serving() as receiver:
        desk.is_development, desk.post = True, poster()
        desk.now = datetime.now(UTC)  # a receiver refuses what was signed long ago
        webhook = desk.add(f"{receiver.url}/hook")
        desk.follow(s.ENROLLED, s.REQUESTED)
        desk.send()
    [got] = receiver.received
    received = Webhook(desk.secret(webhook)).verify(got.body, got.headers)
    assert received["type"] == "RenewalRequested"
    assert received["data"] == {
        "id": got.headers["webhook-id"],
        "source": "renewal",
        "sequence": 2,
        "province": s.PROVINCE,
        "tracking_code": s.CODE,
    }
    assert datetime.fromisoformat(received["timestamp"]) == s.AT
    assert [(row.state, row.status, row.tries) for row in desk.deliveries()] == [("delivered", 200, 1)]
    with pytest.raises(WebhookVerificationError):
        Webhook(desk.secret(webhook)).verify(got.body + b" ", got.headers)


def test_nothing_of_a_person_leaves(desk: Desk) -> None:
    desk.add()
    desk.follow(*STORY)
    desk.send()
    bodies = [json.loads(body) for _, _, body in desk.post.sent]
    assert {frozenset(body) for body in bodies} == {frozenset({"type", "timestamp", "data"})}
    assert {frozenset(body["data"]) for body in bodies} == {
        frozenset({"id", "source", "sequence", "province", "tracking_code"})
    }
    assert not re.search(rf"{s.MEMBER}|maryam|6000000", json.dumps(bodies))


def test_while_a_secret_is_replaced_receivers_with_either_take_it(desk: Desk) -> None:
    webhook = desk.add()
    first = desk.secret(webhook)
    row = desk.row(webhook)._mapping
    desk.now = datetime.now(UTC)
    desk.records.write(lambda connection: administering.rotate(connection, desk.box, row, desk.now))
    second = desk.secret(webhook)
    assert first != second
    desk.follow(s.ENROLLED, s.REQUESTED)
    desk.send()
    [(_, headers, body)] = desk.post.sent
    for secret in (first, second):
        assert Webhook(secret).verify(body, dict(headers))
    desk.follow(s.SUBMITTED, first=3)
    desk.send(administering.FORMER_HOLDS_FOR)
    assert len(desk.post.sent[-1][1]["webhook-signature"].split()) == 1


def test_a_secret_is_unreadable_in_the_rows_and_under_another_key_or_webhook(desk: Desk, tmp_path: Path) -> None:
    webhook, other = desk.add(), desk.add(OTHER)
    row = desk.row(webhook)
    assert desk.secret(webhook) not in repr(row)
    assert "whsec" not in repr(row)
    for box, about in ((desk.box, other), (secret_box(tmp_path / "others"), webhook)):
        with pytest.raises(SecretLost):
            box.decrypt(row.secret, about)


def test_under_another_key_nothing_is_sent_until_there_is_a_new_secret(desk: Desk, tmp_path: Path) -> None:
    webhook = desk.add()
    desk.follow(s.ENROLLED, s.REQUESTED)
    desk.box = secret_box(tmp_path / "others")
    desk.send()
    assert (desk.post.sent, desk.deliveries()[0].cause) == ([], "secret")
    row = desk.row(webhook)._mapping
    desk.records.write(lambda connection: administering.rotate(connection, desk.box, row, desk.now))
    desk.send(WAITS[0])
    assert desk.deliveries()[0].state == "delivered"


def test_what_was_not_taken_is_tried_again_with_the_same_id_until_it_is_given_up(desk: Desk) -> None:
    desk.add()
    desk.follow(s.ENROLLED, s.REQUESTED)
    desk.post.results[URL] = FAILING
    desk.send()
    for wait in WAITS:
        desk.send(wait - timedelta(seconds=1))
        desk.send(timedelta(seconds=1))
    assert len(desk.post.ids()) == len(WAITS) + 1
    assert len(set(desk.post.ids())) == 1
    [row] = desk.deliveries()
    assert (row.state, row.status, row.cause) == ("failed", 503, "status")


def test_the_next_try_is_late_by_chance_and_never_early() -> None:
    for tries, wait in enumerate(WAITS, start=1):
        assert next_try(s.AT, tries, 0.0) == s.AT + wait
        assert s.AT + wait < (next_try(s.AT, tries, 0.99) or s.AT) < s.AT + 1.2 * wait
    assert next_try(s.AT, len(WAITS) + 1, 0.5) is None
    assert sum(WAITS, timedelta()) >= DISABLED_AFTER


def test_one_that_fails_holds_up_no_other_and_is_passed_for_a_minute(desk: Desk) -> None:
    desk.add()
    desk.add(OTHER)
    desk.post.results[URL] = FAILING
    desk.follow(*STORY)
    for _ in range(6):
        desk.send()
    assert len(desk.post.ids(OTHER)) == 6
    assert len(desk.post.ids(URL)) == 3
    desk.post.results[URL] = WELL
    desk.send(timedelta(seconds=59))
    assert len(desk.post.ids(URL)) == 3
    desk.send(timedelta(seconds=1))
    assert len(set(desk.post.ids(URL))) == 6


def test_while_one_is_being_sent_to_others_are_and_it_has_one_thread(desk: Desk) -> None:
    waiting: list[object] = []
    desk.threads = Threads(start=waiting.append)
    desk.add()
    desk.add(OTHER)
    desk.follow(*STORY)
    desk.send()
    desk.send()
    assert len(waiting) == len(desk.threads.busy) == 2
    for work in waiting:
        work()  # type: ignore[operator]
    assert desk.threads.busy == set()
    assert len(desk.post.sent) == 12


def test_two_copies_do_not_send_one_event_twice(desk: Desk) -> None:
    desk.add()
    desk.follow(s.ENROLLED, s.REQUESTED)
    other = Desk(desk.records, desk.box)
    desk.post.meanwhile = other.send
    desk.send()
    assert (len(desk.post.sent), other.post.sent) == (1, [])


def test_a_fault_of_ours_frees_the_webhook_for_the_next_round(desk: Desk) -> None:
    desk.add()
    desk.follow(s.ENROLLED, s.REQUESTED)

    def fail() -> None:
        raise RuntimeError

    desk.post.meanwhile = fail
    desk.send()
    assert desk.threads.busy == set()
    desk.post.meanwhile = lambda: None
    desk.send(LEASE)
    assert [row.state for row in desk.deliveries()] == ["delivered"]


def fail_for_days(desk: Desk) -> None:
    desk.follow(ADMIN, s.ENROLLED, s.REQUESTED)
    desk.post.results[URL] = FAILING
    desk.send()
    desk.follow(s.SUBMITTED, first=4)
    for wait in WAITS:
        desk.send(wait)


def test_after_days_of_failure_it_is_disabled_and_the_admins_are_told_once(desk: Desk) -> None:
    webhook = desk.add()
    fail_for_days(desk)
    assert desk.row(webhook).disabled_at == desk.now
    with desk.records.read() as connection:
        notices = connection.execute(select(NOTICES).where(NOTICES.c.kind == "webhook_disabled")).all()
    assert [(one.person, one.province) for one in notices] == [("officer:rahbar", s.PROVINCE)]
    before = len(desk.post.sent)
    desk.follow(s.ISSUED, first=5)
    desk.send(timedelta(days=2))
    assert len(desk.post.sent) == before
    assert desk.deliveries()[-1].state == "waiting"


def test_enabled_again_it_gets_what_has_waited(desk: Desk) -> None:
    webhook = desk.add()
    fail_for_days(desk)
    desk.follow(s.ISSUED, first=5)
    desk.post.results[URL] = WELL
    row = desk.row(webhook)._mapping
    desk.records.write(lambda connection: administering.enable(connection, row, desk.now))
    desk.send()
    states = {row.event: row.state for row in desk.deliveries()}
    assert states["InvoiceIssued"] == states["DeclarationSubmitted"] == "delivered"
    assert desk.row(webhook).failing_since is None


def test_one_success_within_days_keeps_it_enabled(desk: Desk) -> None:
    webhook = desk.add()
    desk.follow(s.ENROLLED, s.REQUESTED)
    desk.post.results[URL] = FAILING
    desk.send()
    desk.follow(s.SUBMITTED, first=4)
    desk.post.results[URL] = WELL
    desk.send(timedelta(days=2))
    desk.post.results[URL] = FAILING
    desk.follow(s.ISSUED, first=5)
    desk.send(timedelta(days=2))
    assert desk.row(webhook).disabled_at is None
    assert desk.row(webhook).failing_since == desk.now


def test_replayed_it_is_sent_again_with_the_same_id(desk: Desk) -> None:
    webhook = desk.add()
    desk.follow(s.ENROLLED, s.REQUESTED, s.SUBMITTED)
    desk.send()
    [first, *_] = desk.deliveries()
    replay = commands.ReplayDeliveries(**fresh() | {"at": desk.now}, webhook=webhook, delivery=first.delivery)
    assert desk.records.write(lambda connection: administering.replay(connection, replay)) == 1
    desk.send()
    assert desk.post.ids().count(str(first.event_id)) == 2
    assert len(desk.post.ids()) == 3


def test_replayed_since_an_instant_goes_what_has_not_arrived(desk: Desk) -> None:
    webhook = desk.add()
    desk.follow(s.ENROLLED, s.REQUESTED)
    desk.send()
    desk.post.results[URL] = FAILING
    desk.follow(s.SUBMITTED, first=3)
    desk.send()
    desk.post.results[URL] = WELL
    replay = commands.ReplayDeliveries(**fresh() | {"at": desk.now}, webhook=webhook, since=s.AT)
    assert desk.records.write(lambda connection: administering.replay(connection, replay)) == 1
    desk.send()
    assert [row.state for row in desk.deliveries()] == ["delivered", "delivered"]


def test_a_replay_goes_on_where_the_one_before_has_ended(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    webhook = desk.add()
    desk.follow(s.ENROLLED, s.REQUESTED, s.SUBMITTED)
    desk.records.write(lambda connection: connection.execute(update(DELIVERIES).values(state="failed", tries=10)))
    monkeypatch.setattr(administering, "REPLAYED_MAX", 1)
    for left in (["failed", "waiting"], ["waiting", "waiting"]):
        replay = commands.ReplayDeliveries(**fresh() | {"at": desk.now}, webhook=webhook, since=s.AT)
        assert desk.records.write(lambda connection: administering.replay(connection, replay)) == 1  # noqa: B023
        assert sorted(row.state for row in desk.deliveries()) == left
    desk.send()
    assert len(set(desk.post.ids())) == 2


def test_what_an_admin_has_sent_again_while_it_is_being_sent_is_sent_again(desk: Desk) -> None:
    webhook = desk.add()
    desk.follow(s.ENROLLED, s.REQUESTED)
    [row] = desk.deliveries()

    def replay() -> None:
        desk.post.meanwhile = lambda: None
        command = commands.ReplayDeliveries(**fresh() | {"at": desk.now}, webhook=webhook, delivery=row.delivery)
        desk.records.write(lambda connection: administering.replay(connection, command))

    desk.post.meanwhile = replay
    desk.send()
    desk.send()
    assert len(desk.post.sent) == 2
