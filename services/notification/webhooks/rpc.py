"""RPC methods of webhooks, for admins who serve all provinces of a webhook. The same command again is answered as it was."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, RowMapping

from services.notification.webhooks import administering
from services.notification.webhooks.signing import SecretBox, SecretLost
from shared.contract import base
from shared.contract.notification import commands, queries, webhook_answers
from shared.contract.passport import Passport
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role
from shared.event_store import idempotency
from shared.event_store.command_handler import Records
from shared.event_store.log import utc_now
from shared.nameko_extensions import rpc
from shared.settings import Settings

Change = commands.RotateWebhookSecret | commands.EnableWebhook | commands.EndWebhook | commands.ReplayDeliveries


class WebhooksRpc:
    """Part of the notification service."""

    caller: Passport
    records: Records
    settings: Settings
    webhook_secrets: SecretBox

    @rpc
    def add_webhook(self, command: commands.AddWebhook) -> webhook_answers.NewSecret:
        for province in command.provinces:
            self.caller.must_have(Role.ADMIN, province)
        self.must_be_confirmed(command.at)

        def work(connection: Connection) -> RowMapping:
            if idempotency.claim(connection, command):
                is_development = self.settings.development
                administering.add(connection, self.webhook_secrets, command, is_development=is_development)
            return administering.must_find(connection, command.id)

        return self.with_secret(self.records.write(work))

    @rpc
    def rotate_webhook_secret(self, command: commands.RotateWebhookSecret) -> webhook_answers.NewSecret:
        self.caller.must_have(Role.ADMIN)
        self.must_be_confirmed(command.at)
        row = self.change(
            command, lambda connection, row: administering.rotate(connection, self.webhook_secrets, row, command.at)
        )
        return self.with_secret(row)

    @rpc
    def enable_webhook(self, command: commands.EnableWebhook) -> base.Done:
        self.change(command, lambda connection, row: administering.enable(connection, row, command.at))
        return base.Done()

    @rpc
    def end_webhook(self, command: commands.EndWebhook) -> base.Done:
        by = self.caller.actor
        self.change(command, lambda connection, row: administering.end(connection, row, by, command.at))
        return base.Done()

    @rpc
    def replay_deliveries(self, command: commands.ReplayDeliveries) -> base.Done:
        self.change(command, lambda connection, _row: administering.replay(connection, command))
        return base.Done()

    @rpc
    def list_webhooks(self, query: queries.ListWebhooks) -> webhook_answers.Webhooks:  # noqa: ARG002 - of the caller
        self.caller.must_have(Role.ADMIN)
        with self.records.read() as connection:
            return administering.all_of(connection, self.caller.provinces, utc_now())

    @rpc
    def list_deliveries(self, query: queries.ListDeliveries) -> webhook_answers.Deliveries:
        self.caller.must_have(Role.ADMIN)
        with self.records.read() as connection:
            self.must_serve(administering.must_find(connection, query.webhook))
            return administering.deliveries(connection, query)

    def change(self, command: Change, work: Callable[[Connection, RowMapping], object]) -> RowMapping:
        """Change a live webhook once, where the caller may; returns it as it is then."""
        self.caller.must_have(Role.ADMIN)

        def once(connection: Connection) -> RowMapping:
            row = administering.must_find(connection, command.webhook)
            self.must_serve(row)
            if idempotency.claim(connection, command):
                administering.must_be_live(row)
                work(connection, row)
            return administering.must_find(connection, command.webhook)

        return self.records.write(once)

    def must_be_confirmed(self, at: datetime) -> None:
        """Refuse whoever has only an open session: a secret signs in our name, and an address is told of all cases."""
        self.caller.must_be_confirmed(at, is_required=self.settings.second_factor == "required")

    def must_serve(self, row: RowMapping) -> None:
        """Refuse whoever is no admin of each of its provinces: it tells of cases in all of them."""
        for province in row["provinces"].split():
            self.caller.must_have(Role.ADMIN, province)

    def with_secret(self, row: RowMapping) -> webhook_answers.NewSecret:
        """The secret, which no other answer has."""
        administering.must_be_live(row)
        try:
            secret = self.webhook_secrets.decrypt(row["secret"], row["webhook"])
        except SecretLost:
            raise Refused(Reason.UNKNOWN_WEBHOOK) from None
        return webhook_answers.NewSecret(webhook=row["webhook"], secret=secret)
