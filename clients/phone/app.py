"""The phone's web application: the fakes of the SMS providers, the interface for tests, and the pages."""

from flask import Flask

from clients import small_apps
from clients.phone.account import Account, Clock
from clients.phone.api import make_api, make_switches
from clients.phone.page import make_pages
from clients.phone.sms.ghasedak import make_ghasedak
from clients.phone.sms.kavenegar import make_kavenegar
from clients.phone.sms.melipayamak import make_melipayamak
from clients.phone.sms.smsir import make_smsir
from shared.event_store.command_handler import Records
from shared.event_store.log import utc_now
from shared.network_addresses import refuse_foreign_hosts
from shared.settings import Settings

BODY_BYTES_MAX = 65_536
INTERFACES = {
    "kavenegar": make_kavenegar,
    "smsir": make_smsir,
    "melipayamak": make_melipayamak,
    "ghasedak": make_ghasedak,
}


def make_app(records: Records, settings: Settings, clock: Clock = utc_now) -> Flask:
    """The application on a phone's records; outside of development there is none."""
    if not settings.development:
        raise LookupError("the phone is for development only")
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = BODY_BYTES_MAX
    for provider, make in INTERFACES.items():
        app.register_blueprint(make(Account(records, provider, clock)))
    app.register_blueprint(make_api(records, clock))
    app.register_blueprint(make_switches(records))
    app.register_blueprint(make_pages(records, clock))
    app.wsgi_app = refuse_foreign_hosts(app.wsgi_app, settings.phone_url)  # type: ignore[assignment,method-assign]
    small_apps.finish(app, "no-referrer")
    return app
