"""The notification service (nameko): its subscriptions, the inbox, the history of what was sent, and the sending."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import uuid5

from nameko.timer import timer
from sqlalchemy import Connection, insert

from services.notification import followed, process, subscriptions, templates
from services.notification.addresses import proof
from services.notification.delivery import codes
from services.notification.delivery.worker import Sender
from services.notification.notices import domain, projection
from services.notification.notices import queries as notice_queries
from services.notification.own_addresses import AddressesRpc
from services.notification.personal_data import PERSONAL_DATA
from services.notification.providers import registry
from services.notification.providers.port import Provider
from services.notification.reminders import rules as reminder_rules
from services.notification.reminders.worker import Reminders
from services.notification.tables import MEMBERS, NOTES, PROJECTIONS, STARTS, TABLES
from services.notification.templates import Texts
from services.notification.webhooks import posting
from services.notification.webhooks.rpc import WebhooksRpc
from services.notification.webhooks.sending import Sending, Threads
from services.notification.webhooks.signing import SecretBox
from shared import personal_data
from shared.contract import base
from shared.contract.envelope import Recorded
from shared.contract.notification import answers, commands, queries
from shared.contract.passport import Passport
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from shared.event_store.epoch import epoch_of
from shared.event_store.log import EventLog, utc_now
from shared.event_store.sql import upsert
from shared.keys import Keys
from shared.nameko_extensions import (
    Caller,
    Configured,
    EventLogRpc,
    EventStore,
    PersonalDataRpc,
    ProjectionsRpc,
    ReadsRpc,
    Subscription,
    SubscriptionRpc,
    rpc,
)
from shared.settings import Settings
from shared.subscriptions.replay.projections import Projections, one_by_one

ROUND_SECONDS = 1
"""Between two looks at what is to be sent."""
LOG = EventLog("notification", projection.project, process.react)


def on_start(records: Records, _settings: Settings, at: datetime) -> None:
    """Read the files of reminders; remember when this epoch of the log began: what was told about earlier facts is not known, so they are not sent."""
    reminder_rules.load()

    def remember(connection: Connection) -> None:
        upsert.add(connection, STARTS, {"epoch": epoch_of(connection).epoch, "started_at": at})

    records.write(remember)


def on_event(connection: Connection, recorded: Recorded) -> None:
    subscriptions.on_event(connection, recorded, LOG, reminder_rules.load(), utc_now())


class NotificationService(
    EventLogRpc, ReadsRpc, SubscriptionRpc, PersonalDataRpc, ProjectionsRpc, AddressesRpc, WebhooksRpc
):
    """What each person is told of the other services' facts: always in the inbox, and by the ways that the person has."""

    name = "notification"
    caller: Passport = Caller()
    records: Records = EventStore(LOG, *TABLES, on_start=on_start, migrations="services/notification/migrations")
    settings: Settings = Configured()
    providers: Sequence[Provider] = Configured(registry.providers)
    texts: Texts = Configured(
        lambda settings: templates.load(settings.templates_folder, settings.portal_url, registry.capabilities(settings))
    )
    digest_key: bytes = Configured(lambda settings: proof.digest_key(Keys("notification", settings.keys_folder)))
    webhook_secrets: SecretBox = Configured(lambda settings: SecretBox(Keys("notification", settings.keys_folder)))
    poster: posting.Poster = Configured(posting.poster)
    webhook_threads: Threads = Configured(lambda _settings: Threads())
    personal_data = PERSONAL_DATA
    members = MEMBERS
    projections = Projections(
        PROJECTIONS, LOG, dict.fromkeys(("auth", "renewal", "payment"), one_by_one(followed.project))
    )
    follows_auth = Subscription("auth", apply=on_event)
    follows_renewal = Subscription("renewal", apply=on_event)
    follows_payment = Subscription("payment", apply=on_event)
    follows_capacity = Subscription("capacity", apply=on_event)

    @rpc
    def list_notices(self, query: queries.ListNotices) -> answers.Notices:
        person = self.person()
        with self.records.read() as connection:
            return notice_queries.inbox(connection, self.texts, person, query, utc_now())

    @rpc
    def count_unread(self, query: queries.CountUnread) -> answers.UnreadCount:  # noqa: ARG002 - of the caller
        person = self.person()
        with self.records.read() as connection:
            return answers.UnreadCount(unread=notice_queries.unread(connection, person, utc_now()))

    @rpc
    def mark_read(self, command: commands.MarkRead) -> base.Done:
        person, position = self.person(), 0
        with self.records.read() as connection:
            own = notice_queries.of_person(connection, person, command.notices)
        for notice in own:
            read = domain.Read(uuid5(command.id, str(notice)), command.at)
            handled = self.records.handle(domain.stream_of(person, notice), read, domain.NOTICE)
            position = handled.recorded[-1].position if handled.recorded else position
        return base.Done(position=position)

    @rpc
    def resend_notice(self, command: commands.ResendNotice) -> base.Done:
        with self.records.read() as connection:
            row, province = notice_queries.must_find(connection, command.notice)
        self.caller.must_have(Role.MANAGER, province)

        def write(connection: Connection, _recorded: object) -> None:
            if personal_data.is_erased(connection, row["member"]):
                raise Refused(Reason.MEMBER_ERASED)
            note = {"note": command.id, "member": row["member"], "text": command.reason, "written_at": command.at}
            connection.execute(insert(NOTES).values(note))

        resend = domain.Resend(command.id, command.at, self.caller.actor)
        stream = domain.stream_of(row["person"], command.notice)
        handled = self.records.handle(stream, resend, domain.NOTICE, write, command)
        return base.Done(position=handled.recorded[-1].position if handled.recorded else 0)

    @rpc
    def list_sent_notices(self, query: queries.ListSentNotices) -> answers.SentNotices:
        with self.records.read() as connection:
            province = notice_queries.province_now(connection, query.member)
            if province is None:
                raise Refused(Reason.UNKNOWN_MEMBER)
            self.caller.must_have_one_of((Role.MANAGER, Role.AUDITOR), province)
            return notice_queries.sent(connection, self.texts, query, utc_now())

    @rpc
    def list_undelivered(self, query: queries.ListUndelivered) -> answers.SentNotices:
        self.caller.must_have(Role.MANAGER, query.province)
        with self.records.read() as connection:
            return notice_queries.undelivered(connection, self.texts, query, utc_now())

    @rpc
    def get_provider_use(self, query: queries.GetProviderUse) -> answers.ProviderUses:
        self.caller.must_have_one_of((Role.MANAGER, Role.AUDITOR), query.province)
        with self.records.read() as connection:
            return notice_queries.provider_use(connection, query)

    @property
    def sender(self) -> Sender:
        return Sender(self.records, self.providers, self.texts, self.settings.message_time_scale, utc_now)

    @timer(interval=ROUND_SECONDS)
    def send_codes(self) -> None:
        """By themselves: who awaits a code does not wait for messages that a provider takes slowly."""
        codes.CodeSender(self.records.database, self.providers, self.texts, new_code, utc_now).send_due()

    @timer(interval=ROUND_SECONDS)
    def remind(self) -> None:
        """By itself: what is wrong with a reminder stops no message."""
        Reminders(self.records, reminder_rules.load()).notify_due(utc_now())

    @timer(interval=ROUND_SECONDS)
    def send_due(self) -> None:
        self.sender.run_round(utc_now())

    @timer(interval=ROUND_SECONDS)
    def send_webhooks(self) -> None:
        """By themselves, each webhook in a thread of its own: no receiver holds up another, nor a message."""
        Sending(self.records, self.webhook_secrets, self.poster, utc_now, self.webhook_threads).run_round()


def new_code() -> str:
    return f"{secrets.randbelow(10**6):06}"
