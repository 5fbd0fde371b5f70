"""The gallery of components: every one in every state, for development and for the pictures of tests."""

from datetime import UTC, datetime

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import charts, web
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
CHARTS = (
    charts.bars(
        "gallery-bars",
        "میله‌ها",
        "دو در مهلت، یکی گذشته از مهلت.",
        charts.Table(("انتظار", "درخواست"), (("تا ۱ ساعت", 2), ("بیش از ۴ ساعت", 1))),
        (charts.Row("تا ۱ ساعت", (2,), "۲"), charts.Row("بیش از ۴ ساعت، گذشته از مهلت", (1,), "۱", is_late=True)),
    ),
    charts.lines(
        "gallery-lines",
        "خط‌ها",
        "شش امسال و پنج سال پیش.",
        charts.Table(("هفته", "امسال", "سال پیش"), (("1405/01/01", 2, 4), ("1405/01/08", 4, 1))),
        charts.Weeks(("۱ فروردین", "۸ فروردین"), (("امسال", (2, 4)), ("سال پیش", (4, 1))), shown=charts.shown_number),
    ),
    charts.columns(
        "gallery-columns",
        "ستون‌ها",
        "شش صورت‌حساب و سه پرداخت.",
        charts.Table(("هفته", "صورت‌حساب", "پرداخت"), (("1405/01/01", 2, 1), ("1405/01/08", 4, 2))),
        charts.Weeks(("۱ فروردین", "۸ فروردین"), (("صورت‌حساب", (2, 4)), ("پرداخت", (1, 2))), shown=charts.shown_number),
    ),
)


@BLUEPRINT.get("/design")
def page() -> ResponseReturnValue:
    web.session.visitor_if_any()
    about = {"right": web.Form({"on": "yes"}), "returned": RETURNED, "charts": CHARTS}
    return flask.render_template("design/gallery.html", form=WRONG, **about)
