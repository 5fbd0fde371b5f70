"""The approval rule of a province: what it does, whether it is on, and switching it."""

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from shared.contract.renewal import commands, queries
from shared.contract.values import Role

BLUEPRINT = flask.Blueprint("approval_rule", __name__)
EFFECTS = {
    "on": "تأیید خودکار روشن شد. درخواست‌های بی‌تغییر و بی‌نشانه، جز یک‌دهم آن‌ها، در ساعت کاری با قاعده تأیید می‌شوند.",
    "off": "تأیید خودکار خاموش شد. از این دم هیچ درخواستی با قاعده تأیید نمی‌شود.",
}


@BLUEPRINT.get("/desk/approval-rule")
def page() -> ResponseReturnValue:
    return rule_page(web.Form())


@BLUEPRINT.post("/desk/approval-rule/<any('on', 'off'):state>")
def switch(state: str) -> ResponseReturnValue:
    visitor = web.session.officer(Role.MANAGER)
    form = web.forms.posted()
    content = {"province": form.text("province"), "is_on": state == "on"}
    if web.forms.send(form, visitor, commands.SwitchApprovalRule, content) is None:
        return rule_page(form)
    return web.forms.done(EFFECTS[state], "approval_rule.page", province=form.text("province"))


def rule_page(form: web.Form) -> ResponseReturnValue:
    visitor = web.session.officer(Role.MANAGER, Role.ADMIN)
    rows = web.url_arguments.list_page(visitor, form.text("province"))
    rule = visitor.call(queries.GetApprovalRule(province=rows.province))
    web.queries.load_officer_names(visitor, [rule.by])
    return web.forms.render(
        "administration/approval_rule.html", form, rule=rule, may_switch=visitor.has(Role.MANAGER), **vars(rows)
    )
