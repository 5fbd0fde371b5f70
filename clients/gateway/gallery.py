"""The gallery of components: every one in every state, for development and for the pictures of tests."""

from datetime import UTC, datetime

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from shared.contract.renewal.answers import Decision

BLUEPRINT = flask.Blueprint("gallery", __name__)
WRONG = web.Form(
    {"name": "پلاک ۷", "city": "اصفهان", "from_on": "۱۴۰۵/۱۳/۰۱", "agreed": ""},
    {"name": "نام را بنویسید.", "from_on": "تاریخ را مانند ۱۴۰۵/۰۷/۱۵ بنویسید.", "agreed": "نشان بزنید که می‌پذیرید."},
    command_id="00000000-0000-0000-0000-000000000000",
)

RETURNED = Decision(
    outcome="returned",
    by="officer:maryam",
    at=datetime(2026, 11, 29, 8, 30, tzinfo=UTC),
    reason="نشانی کامل نیست.\nکد پستی را هم بنویسید.",
)


@BLUEPRINT.get("/design")
def page() -> ResponseReturnValue:
    web.session.visitor_if_any()
    return flask.render_template("design/gallery.html", form=WRONG, right=web.Form({"on": "yes"}), returned=RETURNED)
