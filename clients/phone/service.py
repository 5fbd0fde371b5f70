"""The phone program: its database, its web server and its mail server (nameko)."""

import eventlet
import eventlet.wsgi
from nameko.extensions import DependencyProvider

from clients.phone import smtp, tables
from clients.phone.account import Account
from clients.phone.app import make_app
from clients.phone.messages import SMTP
from shared.event_store.log import utc_now
from shared.nameko_extensions.web import SilentLog, with_chunked_bodies
from shared.settings import Settings


class Servers(DependencyProvider):
    """Serves the pages, the providers' interfaces and SMTP, from the start of the container to its stop; with no broker and no keys."""

    def start(self) -> None:
        settings: Settings = self.container.config["settings"]
        self.records = records = tables.open_records(settings)
        app = make_app(records, settings)
        self.sockets = [
            eventlet.listen((settings.host, port), reuse_port=False)
            for port in (settings.phone_port, settings.phone_smtp_port)
        ]
        web, mail = self.sockets
        account = Account(records, SMTP, utc_now)
        self.threads = [
            self.container.spawn_managed_thread(
                lambda: eventlet.wsgi.server(web, with_chunked_bodies(app), log=SilentLog(), log_output=False),
                identifier="web server",
            ),
            self.container.spawn_managed_thread(lambda: smtp.serve(mail, account), identifier="mail server"),
        ]

    def stop(self) -> None:
        for thread in self.threads:
            thread.kill()
        for one in self.sockets:
            one.close()
        self.records.database.close()

    def get_dependency(self, _worker_ctx: object) -> None:
        return None


class Phone:
    """In development takes the messages that would have gone to people."""

    name = "phone"
    servers = Servers()
