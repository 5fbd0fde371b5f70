"""`/.well-known/security.txt` (RFC 9116): whom to tell about a weakness of this instance; not there without a contact in the settings."""

from datetime import timedelta

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web

BLUEPRINT = flask.Blueprint("security_txt", __name__)
VALID_DAYS = 180
"""From the day of each request on; the standard advises less than a year, after which a copy is to be taken for stale."""


@BLUEPRINT.get("/.well-known/security.txt")
def page() -> ResponseReturnValue:
    settings = web.rpc.program().settings
    if not settings.security_contact:
        flask.abort(404)
    today = web.rpc.now().replace(hour=0, minute=0, second=0, microsecond=0)
    fields = {
        "Contact": settings.security_contact,
        "Expires": (today + timedelta(days=VALID_DAYS)).isoformat().replace("+00:00", "Z"),
        "Preferred-Languages": "fa, en",
        "Canonical": settings.portal_url + flask.url_for("security_txt.page"),
    }
    lines = "".join(f"{name}: {value}\n" for name, value in fields.items())
    return flask.Response(lines, content_type="text/plain; charset=utf-8")
