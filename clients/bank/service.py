"""The bank program: its log of notices, its web server, and the sandbox bank's sender (nameko)."""

from nameko.timer import timer

from clients.bank import app, tables
from clients.bank.notices.signatures import Signatures
from clients.bank.sandbox.faults import clock_of
from clients.bank.sandbox.outbox import Sender
from shared.contract.passport import Passport
from shared.event_store.command_handler import Records
from shared.event_store.log import EventLog, utc_now
from shared.nameko_extensions import Caller, Configured, EventLogRpc, EventStore
from shared.nameko_extensions.web import WebServer
from shared.settings import Settings

SEND_EVERY_SECONDS = 1

LOG = EventLog("bank", tables.project)


class Bank(EventLogRpc):
    """Receives the bank's notices; in development it is the bank as well."""

    name = "bank"
    caller: Passport = Caller()
    records: Records = EventStore(LOG, tables.STATE, migrations="clients/bank/migrations")
    members = None
    settings: Settings = Configured()
    app = WebServer(port=lambda settings: settings.bank_port, make_app=app.make_app)

    @timer(interval=SEND_EVERY_SECONDS)
    def send_notices(self) -> None:
        if self.settings.development:
            sender(self.records, self.settings).send_due(clock_of(self.records, utc_now)())


def sender(records: Records, settings: Settings) -> Sender:
    """Sends the sandbox's notices the way a bank would, over the network; it stands where the receiver does.

    To its address among servers, because what browsers call it need not lead anywhere from here.
    """
    signatures = Signatures(settings.webhook_secrets)
    return Sender(records, signatures, f"{settings.bank_api_url}/webhooks/bank")
