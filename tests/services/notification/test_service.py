"""The notification service's own methods: who may ask what, the inbox, the history, and a notice sent once more."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from services.notification import templates
from services.notification.notices import domain
from services.notification.personal_data import PERSONAL_DATA
from services.notification.service import NotificationService
from services.notification.tables import NOTES, NOTICES
from services.notification.timers import SENDING
from shared import personal_data
from shared.contract.auth import events as auth
from shared.contract.base import Message
from shared.contract.notification import answers, commands, queries
from shared.contract.notification.values import NoticeKind
from shared.contract.passport import NOBODY, Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from shared.settings import Settings
from tests.services.notification import samples as s
from tests.services.notification.notices.test_subscriptions import STORY, follow, notices
from tests.support.system import fresh

MEMBER = Passport(principal_kind=PrincipalKind.MEMBER, subject=s.MEMBER)
ANOTHER = Passport(principal_kind=PrincipalKind.MEMBER, subject="0777777")
MANAGER = Passport(
    principal_kind=PrincipalKind.OFFICER,
    subject="maryam",
    roles=frozenset({Role.MANAGER}),
    provinces=frozenset({s.PROVINCE}),
)
FAR_MANAGER = MANAGER.model_copy(update={"provinces": frozenset({"fars"})})
AUDITOR = MANAGER.model_copy(update={"roles": frozenset({Role.AUDITOR})})
FINANCE = MANAGER.model_copy(update={"roles": frozenset({Role.FINANCE})})
SENT = queries.ListSentNotices(member=s.MEMBER)
UNDELIVERED = queries.ListUndelivered(province=s.PROVINCE)
MOVED = auth.MembershipChanged(
    member=s.MEMBER, province="fars", licence=s.LICENCE, changed_by=s.OFFICER, changed_at=s.AT
)


@pytest.fixture
def service(records: Records) -> NotificationService:
    settings = Settings()
    made = NotificationService()
    made.records, made.providers, made.caller = records, (), MEMBER
    made.settings = settings
    made.texts = templates.load(settings.templates_folder, settings.portal_url)
    follow(records, *STORY)
    return made


def call(service: NotificationService, message: Message[Any], caller: Passport = MEMBER) -> Any:
    service.caller = caller
    return message.answer().model_validate(getattr(service, message.method)(message.model_dump(mode="json")))


def refused(service: NotificationService, message: Message[Any], caller: Passport) -> Reason:
    with pytest.raises(Refused) as refusal:
        call(service, message, caller)
    return refusal.value.reason


def test_the_inbox_has_each_notice_in_words(service: NotificationService) -> None:
    found: answers.Notices = call(service, queries.ListNotices())
    assert (found.unread, found.total) == (4, 4)
    approved = next(one for one in found.notices if one.kind == "approved")
    assert "۶٬۰۰۰٬۰۰۰" in approved.text
    assert approved.link.startswith("/member/")


def test_an_inbox_is_its_persons_own(service: NotificationService) -> None:
    assert call(service, queries.ListNotices(), ANOTHER).total == 0
    assert call(service, queries.CountUnread(), MANAGER).unread == 0
    assert refused(service, queries.ListNotices(), NOBODY) is Reason.NOT_SIGNED_IN


def test_a_notice_of_a_kind_that_a_later_version_knows_hides_no_other(service: NotificationService) -> None:
    one = call(service, queries.ListNotices()).notices[0]
    service.records.write(
        lambda connection: connection.execute(
            update(NOTICES).where(NOTICES.c.notice == one.notice).values(kind="later")
        ),
    )
    found = call(service, queries.ListNotices())
    assert (found.unread, found.total, len(found.notices)) == (3, 3, 3)
    assert one.notice not in {other.notice for other in call(service, SENT, MANAGER).notices}


def test_what_is_read_is_counted_no_more_and_comes_after_the_unread(service: NotificationService) -> None:
    first = call(service, queries.ListNotices()).notices[0]
    read = commands.MarkRead(**fresh(), notices=(first.notice, uuid4()))
    assert call(service, read).position > 0
    found = call(service, queries.ListNotices())
    assert (found.unread, found.notices[-1].notice) == (3, first.notice)
    assert call(service, commands.MarkRead(**fresh(), notices=(first.notice,))).position == 0


def test_nobody_reads_for_another(service: NotificationService) -> None:
    [first, *_] = notices(service.records)
    call(service, commands.MarkRead(**fresh(), notices=(first.notice,)), ANOTHER)
    assert call(service, queries.CountUnread()).unread == 4


@pytest.mark.parametrize("caller", [AUDITOR, MANAGER], ids=["auditor", "manager"])
def test_officers_of_the_province_see_what_was_sent(service: NotificationService, caller: Passport) -> None:
    found: answers.SentNotices = call(service, SENT, caller)
    assert {one.member for one in found.notices} == {s.MEMBER}
    assert found.total == 4
    assert {one.year for one in found.notices} == {1405}
    assert call(service, SENT.model_copy(update={"year": 1404}), caller).total == 0
    one = found.notices[-1].notice
    assert [each.notice for each in call(service, SENT.model_copy(update={"notice": one}), caller).notices] == [one]
    assert call(service, SENT.model_copy(update={"notice": uuid4()}), caller).total == 0


@pytest.mark.parametrize("caller", [ANOTHER, FAR_MANAGER, FINANCE, MEMBER], ids=["another", "far", "finance", "member"])
def test_others_do_not(service: NotificationService, caller: Passport) -> None:
    assert refused(service, SENT, caller) is Reason.NOT_ALLOWED
    assert refused(service, UNDELIVERED, caller) is Reason.NOT_ALLOWED
    resend = commands.ResendNotice(**fresh(), notice=notices(service.records)[0].notice, reason="شمارهٔ عضو عوض شده است")
    assert refused(service, resend, caller) is Reason.NOT_ALLOWED


def test_a_manager_has_a_notice_sent_once_more_with_a_reason(service: NotificationService) -> None:
    replace(service.sender, clock=None).run_round(s.AT)
    found: answers.SentNotices = call(service, UNDELIVERED, MANAGER)
    assert [(one.kind, one.passed) for one in found.notices] == [("approved", "no_way")], "a task of the office"
    of_kinds = [UNDELIVERED.model_copy(update={"kind": kind}) for kind in (NoticeKind.APPROVED, NoticeKind.RETURNED)]
    assert [call(service, query, MANAGER).total for query in of_kinds] == [1, 0]
    notice = found.notices[0].notice
    call(service, commands.ResendNotice(**fresh(), notice=notice, reason="شمارهٔ عضو عوض شده است"), MANAGER)
    with service.records.read() as connection:
        assert SENDING.find(connection, notice) is not None
    assert call(service, UNDELIVERED, MANAGER).total == found.total - 1


def test_who_has_moved_is_seen_by_the_managers_of_the_present_province_alone(service: NotificationService) -> None:
    """Whatever the province was when it was told."""
    replace(service.sender, clock=None).run_round(s.AT)
    follow(service.records, MOVED, first=20)
    here, there = UNDELIVERED, UNDELIVERED.model_copy(update={"province": "fars"})
    assert call(service, here, MANAGER).total == 0
    found: answers.SentNotices = call(service, there, FAR_MANAGER)
    assert [one.kind for one in found.notices] == ["approved"]
    resend = commands.ResendNotice(**fresh(), notice=found.notices[0].notice, reason="شمارهٔ عضو عوض شده است")
    assert refused(service, resend, MANAGER) is refused(service, SENT, MANAGER) is Reason.NOT_ALLOWED
    assert call(service, SENT, FAR_MANAGER).total == 4
    call(service, resend, FAR_MANAGER)
    assert call(service, there, FAR_MANAGER).total == 0


def test_nothing_is_sent_or_noted_once_more_about_a_member_who_is_erased(service: NotificationService) -> None:
    service.records.write(lambda c: personal_data.erase(c, PERSONAL_DATA, s.MEMBER, s.AT))
    notice = notices(service.records)[0].notice
    resend = commands.ResendNotice(**fresh(), notice=notice, reason="شمارهٔ عضو عوض شده است")
    assert refused(service, resend, MANAGER) is Reason.MEMBER_ERASED
    with service.records.read() as connection:
        assert [*connection.execute(select(NOTES))] == []


def test_a_notice_that_is_not_there_is_not_sent(service: NotificationService) -> None:
    resend = commands.ResendNotice(**fresh(), notice=uuid4(), reason="شمارهٔ عضو عوض شده است")
    assert refused(service, resend, MANAGER) is Reason.UNKNOWN_NOTICE


def test_a_decision_that_is_undone_or_may_be_is_not_sent_by_an_officer(service: NotificationService) -> None:
    follow(service.records, s.RETURNED, first=10)
    [held] = [one for one in notices(service.records) if one.kind == "returned"]
    early = domain.Resend(uuid4(), s.AT, s.OFFICER)
    with pytest.raises(Refused) as refusal:
        service.records.handle(domain.stream_of(s.PERSON, held.notice), early, domain.NOTICE)
    assert refusal.value.reason is Reason.UNKNOWN_NOTICE
    follow(service.records, s.UNDONE, first=11)
    resend = commands.ResendNotice(**fresh(), notice=held.notice, reason="شمارهٔ عضو عوض شده است")
    assert refused(service, resend, MANAGER) is Reason.UNKNOWN_NOTICE
