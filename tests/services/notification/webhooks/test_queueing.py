"""Which events are queued for which webhooks: by type and province, once, from the moment it was made."""

from datetime import timedelta

from services.notification.webhook_tables import DELIVERING, owner_of
from services.notification.webhooks import administering
from tests.services.notification import samples as s
from tests.services.notification.notices.test_subscriptions import STORY, apply
from tests.services.notification.webhooks.receiving import URL, Desk

FACTS = [
    "RenewalRequested",
    "DeclarationSubmitted",
    "InvoiceIssued",
    "PaymentSettled",
    "PaymentConfirmed",
    "CapacityGranted",
]


def test_what_a_renewal_goes_through_is_queued_and_nothing_of_accounts(desk: Desk) -> None:
    desk.add()
    desk.follow(*STORY)
    assert [row.event for row in desk.deliveries()] == FACTS
    assert {row.province for row in desk.deliveries()} == {s.PROVINCE}


def test_only_the_wanted_types(desk: Desk) -> None:
    desk.add(events=["PaymentConfirmed", "RenewalApproved"])
    desk.follow(*STORY)
    assert [row.event for row in desk.deliveries()] == ["PaymentConfirmed"]


def test_only_the_wanted_provinces(desk: Desk) -> None:
    desk.add(provinces=["fars", "yazd"])
    desk.follow(*STORY)
    assert desk.deliveries() == []


def test_an_event_of_money_before_the_renewal_is_heard_of_belongs_to_its_own_province(desk: Desk) -> None:
    desk.add()
    desk.follow(s.ISSUED)
    assert [row.province for row in desk.deliveries()] == [s.PROVINCE]


def test_each_webhook_has_a_queue_of_its_own(desk: Desk) -> None:
    webhooks = {desk.add(), desk.add("https://other.example/")}
    desk.follow(*STORY)
    assert {row.webhook for row in desk.deliveries()} == webhooks
    with desk.records.read() as connection:
        assert DELIVERING.owners_due(connection, desk.now) == sorted(map(owner_of, webhooks))


def test_the_same_event_again_is_queued_once(desk: Desk) -> None:
    desk.add()
    desk.follow(*STORY)
    desk.send()
    desk.follow(*STORY)
    desk.send()
    assert len(desk.deliveries()) == len(desk.post.ids()) == len(FACTS)


def test_what_was_recorded_before_it_was_made_is_not_queued(desk: Desk) -> None:
    desk.add()
    apply(desk.records, s.recorded(s.REQUESTED, 1, s.AT - timedelta(seconds=1)))
    assert desk.deliveries() == []


def test_nothing_is_queued_for_one_that_has_ended(desk: Desk) -> None:
    webhook = desk.add()
    row = desk.row(webhook)
    desk.records.write(lambda connection: administering.end(connection, row._mapping, "officer:rahbar", s.AT))
    desk.follow(*STORY)
    assert desk.deliveries() == []
    assert (desk.row(webhook).secret, desk.row(webhook).url) == ("", URL)


def test_an_erased_member_is_in_no_queue(desk: Desk) -> None:
    desk.add()
    desk.follow(*STORY, s.ERASED)
    assert desk.deliveries() == []
    desk.send()
    assert desk.post.sent == []


def test_an_event_that_comes_after_the_erasure_is_in_no_queue(desk: Desk) -> None:
    """Between the sources there is no order."""
    desk.add()
    desk.follow(s.ENROLLED, s.ERASED)
    desk.follow(*STORY[1:], first=3)
    assert desk.deliveries() == []
