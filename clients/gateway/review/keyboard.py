"""Single keys of the manager's desk (WCAG 2.1.4): off until an officer switches them on, in this browser, on the page that lists them."""

import flask
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from clients.gateway import web
from shared.contract.values import Role

BLUEPRINT = flask.Blueprint("keyboard", __name__)
COOKIE, ON = "tamdid_keys", "on"
COOKIE_SECONDS = 180 * 24 * 3600
KEYS = (
    ("J", "ردیف بعد"),
    ("K", "ردیف پیش"),
    ("O", "گشودن ردیف"),
    ("X", "گزیدن ردیف یا برداشتن گزینش آن"),
    ("A", "تأیید"),
    ("R", "بازگرداندن برای اصلاح؛ در صفحهٔ بازگرداندن، فرستادن آن"),
    ("F", "بازگرداندن بخشی که هشدار دارد"),
    ("N", "درخواست بعدی، بی‌تصمیم"),
    ("L", "بازگشت به کارتابل"),
    ("S", "جست‌وجو"),
)
"""Each with what it does. A key is where the letter is on a Latin keyboard, whichever keyboard is chosen."""


@BLUEPRINT.get("/desk/keys")
def page() -> ResponseReturnValue:
    """The keys, and the form that switches them."""
    web.session.officer(Role.MANAGER)
    return flask.render_template("review/keys.html", keys=KEYS)


@BLUEPRINT.post("/desk/keys")
def switch() -> ResponseReturnValue:
    """Switch the keys on or off for this browser."""
    web.session.officer(Role.MANAGER)
    response = flask.redirect(flask.url_for("keyboard.page"), 303)
    is_https = web.rpc.program().settings.portal_url.startswith("https:")
    if flask.request.form.get("keys") == ON:
        response.set_cookie(COOKIE, ON, COOKIE_SECONDS, httponly=True, secure=is_https, samesite="Lax")
        flask.flash("کلیدها روشن شد.")
    else:
        response.delete_cookie(COOKIE, httponly=True, secure=is_https, samesite="Lax")
        flask.flash("کلیدها خاموش شد.")
    return response


@BLUEPRINT.app_template_global("keys_are_on")
def are_on() -> bool:
    return flask.request.cookies.get(COOKIE) == ON


@BLUEPRINT.app_template_global("key")
def key(letter: str) -> Markup:
    """The attribute of what a key presses or focuses, where keys are on."""
    return Markup(' aria-keyshortcuts="{}"').format(letter) if are_on() else Markup()
