"""Who may do what with webhooks, what is refused, and the secret that one answer alone has."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.notification.service import NotificationService
from services.notification.webhooks import administering
from shared.contract.notification import commands, queries, webhook_answers
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role
from shared.settings import Settings
from tests.services.notification import samples as s
from tests.services.notification.test_service import ANOTHER, FINANCE, MANAGER, call, refused
from tests.services.notification.webhooks.receiving import URL, Desk
from tests.support.system import fresh

ADMIN = Passport(
    principal_kind=PrincipalKind.OFFICER,
    subject="rahbar",
    roles=frozenset({Role.ADMIN}),
    provinces=frozenset({"fars", s.PROVINCE}),
)
OF_ONE = ADMIN.model_copy(update={"provinces": frozenset({s.PROVINCE})})
CHANGES = [commands.EnableWebhook, commands.EndWebhook, commands.ReplayDeliveries, commands.RotateWebhookSecret]


@pytest.fixture
def service(desk: Desk) -> NotificationService:
    made = NotificationService()
    made.records, made.settings, made.webhook_secrets, made.caller = desk.records, Settings(), desk.box, ADMIN
    return made


def add(**different: Any) -> commands.AddWebhook:
    content: dict[str, Any] = {"url": URL, "events": ("RenewalApproved",), "provinces": (s.PROVINCE,)}
    return commands.AddWebhook(**fresh(), **{**content, **different})


def listed(service: NotificationService, caller: Passport = ADMIN) -> tuple[webhook_answers.Webhook, ...]:
    found: webhook_answers.Webhooks = call(service, queries.ListWebhooks(), caller)
    return found.webhooks


def change(kind: Any, webhook: UUID) -> Any:
    more = {"since": s.AT} if kind is commands.ReplayDeliveries else {}
    return kind(**fresh(), webhook=webhook, **more)


def test_the_secret_is_in_the_answer_to_its_maker_and_in_no_other(service: NotificationService) -> None:
    made = call(service, add(), ADMIN)
    assert made.secret.startswith("whsec_")
    [one] = listed(service)
    assert (one.webhook, one.url, one.state, one.made_by) == (made.webhook, URL, "on", "officer:rahbar")
    assert made.secret not in one.model_dump_json()


def test_the_same_command_again_is_answered_as_it_was(service: NotificationService) -> None:
    command = add()
    assert call(service, command, ADMIN) == call(service, command, ADMIN)
    assert len(listed(service)) == 1


@pytest.mark.parametrize("caller", [ANOTHER, FINANCE, MANAGER], ids=["another", "finance", "manager"])
def test_others_than_admins_do_nothing_with_them(service: NotificationService, caller: Passport) -> None:
    webhook = call(service, add(), ADMIN).webhook
    for message in (add(), queries.ListWebhooks(), queries.ListDeliveries(webhook=webhook)):
        assert refused(service, message, caller) is Reason.NOT_ALLOWED
    for kind in CHANGES:
        assert refused(service, change(kind, webhook), caller) is Reason.NOT_ALLOWED


def test_an_admin_has_those_alone_all_of_whose_provinces_the_admin_serves(service: NotificationService) -> None:
    of_both = call(service, add(provinces=("fars", s.PROVINCE)), ADMIN).webhook
    own = call(service, add(), ADMIN).webhook
    assert {one.webhook for one in listed(service, OF_ONE)} == {own}
    assert {one.webhook for one in listed(service)} == {of_both, own}
    assert refused(service, add(provinces=("fars", s.PROVINCE)), OF_ONE) is Reason.NOT_ALLOWED
    assert refused(service, queries.ListDeliveries(webhook=of_both), OF_ONE) is Reason.NOT_ALLOWED
    for kind in CHANGES:
        assert refused(service, change(kind, of_both), OF_ONE) is Reason.NOT_ALLOWED


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("events", ("MemberEnrolled",), "unknown_event"),
        ("events", ("NoSuchThing",), "unknown_event"),
        ("url", "http://127.0.0.1:9/hook", "webhook_not_https"),
        ("url", "https://169.254.169.254/", "webhook_inside"),
    ],
)
def test_what_may_not_be_is_refused_by_its_field(
    service: NotificationService, field: str, value: object, code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        call(service, add(**{field: value}), ADMIN)
    assert (refusal.value.reason, refusal.value.details) == (Reason.BAD_INPUT, {field: code})
    assert listed(service) == ()


@pytest.mark.parametrize("minutes", [None, 11])
def test_an_admin_with_a_second_factor_gives_a_code_before_a_secret_is_made(
    service: NotificationService, minutes: int | None
) -> None:
    webhook = call(service, add(), ADMIN).webhook
    at = None if minutes is None else datetime.now(UTC) - timedelta(minutes=minutes)
    stale = ADMIN.model_copy(update={"has_second_factor": True, "confirmed_at": at})
    for command in (add(), change(commands.RotateWebhookSecret, webhook)):
        assert refused(service, command, stale) is Reason.CODE_NEEDED
    lately = stale.model_copy(update={"confirmed_at": datetime.now(UTC) - timedelta(minutes=9)})
    assert call(service, change(commands.RotateWebhookSecret, webhook), lately).webhook == webhook


def test_where_it_is_required_an_admin_without_a_second_factor_makes_no_secret(service: NotificationService) -> None:
    webhook = call(service, add(), ADMIN).webhook
    service.settings = Settings(second_factor="required")
    for command in (add(), change(commands.RotateWebhookSecret, webhook)):
        assert refused(service, command, ADMIN) is Reason.SECOND_FACTOR_NEEDED


def test_there_are_only_so_many(service: NotificationService) -> None:
    made = [call(service, add(), ADMIN).webhook for _ in range(administering.WEBHOOKS_MAX)]
    assert refused(service, add(), ADMIN) is Reason.TOO_MANY_WEBHOOKS
    call(service, change(commands.EndWebhook, made[0]), ADMIN)
    call(service, add(), ADMIN)


def test_a_new_secret_is_another_one_and_the_former_holds_for_a_day(service: NotificationService) -> None:
    first = call(service, add(), ADMIN)
    second = call(service, change(commands.RotateWebhookSecret, first.webhook), ADMIN)
    assert (second.webhook, second.secret != first.secret) == (first.webhook, True)
    [one] = listed(service)
    assert one.former_secret_until is not None


def test_an_ended_one_is_seen_and_changed_no_more(service: NotificationService) -> None:
    webhook = call(service, add(), ADMIN).webhook
    call(service, change(commands.EndWebhook, webhook), ADMIN)
    [one] = listed(service)
    assert (one.state, one.ended_by) == ("ended", "officer:rahbar")
    for kind in CHANGES:
        assert refused(service, change(kind, webhook), ADMIN) is Reason.UNKNOWN_WEBHOOK
    assert refused(service, change(commands.EndWebhook, uuid4()), ADMIN) is Reason.UNKNOWN_WEBHOOK


def test_what_became_of_its_events_is_listed_the_last_first(service: NotificationService, desk: Desk) -> None:
    webhook = desk.add()
    desk.follow(s.ENROLLED, s.REQUESTED)
    desk.send()
    desk.now += timedelta(hours=1)
    desk.follow(s.SUBMITTED, first=3)
    found: webhook_answers.Deliveries = call(service, queries.ListDeliveries(webhook=webhook), ADMIN)
    assert found.total == 2
    assert {one.event: one.state for one in found.deliveries} == {
        "RenewalRequested": "delivered",
        "DeclarationSubmitted": "waiting",
    }
    of_state = call(service, queries.ListDeliveries(webhook=webhook, state="waiting", limit=1), ADMIN)
    [waiting] = of_state.deliveries
    assert (of_state.total, waiting.tries, waiting.next_at) == (1, 0, s.AT)
    [one] = listed(service)
    assert one.waiting == 1


def test_a_replay_names_an_event_or_an_instant(service: NotificationService) -> None:
    webhook = call(service, add(), ADMIN).webhook
    assert refused(service, commands.ReplayDeliveries(**fresh(), webhook=webhook), ADMIN) is Reason.BAD_INPUT
