"""The index of what is administered: each page that the officer's roles have, with a line about it."""

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from shared.contract.values import Role

BLUEPRINT = flask.Blueprint("administration", __name__)
PAGES: list[tuple[set[Role], str, str, str]] = [
    ({Role.MANAGER}, "office_calendar.page", "تقویم کاری", "روزهای تعطیل و ساعت‌های کار استان"),
    (
        {Role.MANAGER, Role.ADMIN},
        "approval_rule.page",
        "تأیید خودکار",
        "تأیید درخواست‌های بی‌تغییر با قاعده، و روشن و خاموش کردن آن",
    ),
    (
        {Role.MANAGER, Role.ADMIN},
        "fees_and_policies.page",
        "حق عضویت و جدول ظرفیت",
        "رقم‌های هر سال با منبع و شناسهٔ آن‌ها، و آنچه اصلاح‌ها عوض کرده‌اند",
    ),
    ({Role.ADMIN}, "officers.page", "کاربران اداری", "همکاران، نقش‌ها و استان‌ها، و تأیید درخواست راهبر دیگر"),
    ({Role.ADMIN}, "programs.page", "برنامه‌های دیگران", "حساب‌ها، دامنه‌ها و کلیدهای برنامه‌هایی که از بیرون کار می‌کنند"),
    ({Role.ADMIN}, "register_import.page", "بانک اعضا", "ورود از فایل با بررسی پیشین، و بازگرداندن یک ورود"),
    ({Role.ADMIN}, "webhooks.page", "وب‌هوک‌ها", "فرستادن رویدادها به برنامه‌های دیگر، و آنچه نرسیده است"),
    (
        {Role.ADMIN},
        "health.page",
        "وضعیت سامانه",
        "هشدارهای برپا، عددهای هر سرویس، پیروی از یکدیگر و رویدادهای کنارگذاشته",
    ),
]
"""With the roles that have the page."""


@BLUEPRINT.get("/desk/administration")
def page() -> ResponseReturnValue:
    visitor = web.session.officer(Role.MANAGER, Role.ADMIN)
    own = [rest for roles, *rest in PAGES if roles & visitor.passport.roles]
    return flask.render_template("administration/index.html", pages=own)
