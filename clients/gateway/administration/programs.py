"""Programs of others («برنامه‌های دیگران»): their accounts with each secret's last use, requests, the grants of a second admin, and secrets, shown once."""

from uuid import UUID

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from shared import translations
from shared.contract import base
from shared.contract.auth import program_commands as commands
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role
from shared.policies.scopes import SCOPES

BLUEPRINT = flask.Blueprint("programs", __name__, url_prefix="/desk/programs")
SENTENCES = web.forms.own_sentences(
    program="نام را با حروف کوچک لاتین بنویسید، مانند desk-helper.",
    scopes="دست‌کم یک دامنه را برگزینید.",
    provinces="استانی را برگزینید که به خود شما سپرده شده است.",
)
DECISIONS: dict[str, tuple[type[base.Command[base.Done]], str]] = {
    "grant": (commands.GrantProgramAccount, "درخواست تأیید شد. درخواست‌کننده اکنون کلید را برمی‌دارد."),
    "decline": (commands.DeclineProgramAccount, "درخواست رد شد و چیزی تغییر نکرد."),
    "end": (commands.EndProgramSecret, "کلید پایان یافت و با آن دیگر دسترسی نیست."),
}

CLOSING = (
    "حساب این برنامه بسته شود؟",
    "کلیدهای آن از همین دم به کار نمی‌آید و کاری که برنامه در دست دارد نیمه می‌ماند. کلیدها برنمی‌گردند: حساب تازه درخواست و تأیید و کلید تازه می‌خواهد.",
    "بستن حساب",
)


@BLUEPRINT.get("")
def page() -> ResponseReturnValue:
    return programs_page(web.session.officer(Role.ADMIN), web.Form())


@BLUEPRINT.post("")
def request() -> ResponseReturnValue:
    """Request an account, other scopes or provinces for one, or a new secret."""
    visitor, form = web.session.officer(Role.ADMIN), web.forms.posted()
    content = {
        "program": form.text("program").lower(),
        "scopes": form.ticked("scope", SCOPES),
        "provinces": form.ticked("province", sorted(visitor.passport.provinces)),
    }
    effect = "درخواست ثبت شد. راهبر دیگری آن را تأیید می‌کند، و سپس کلید را شما برمی‌دارید."
    sent = web.forms.send(form, visitor, commands.RequestProgramAccount, content, SENTENCES)
    return web.forms.done(effect, "programs.page") if sent else programs_page(visitor, form)


@BLUEPRINT.post("/<program>/<uuid:request>/<any('grant', 'decline', 'end'):decision>")
def decide(program: str, request: UUID, decision: str) -> ResponseReturnValue:
    """Grant or decline what a colleague requests, or end a secret."""
    kind, effect = DECISIONS[decision]
    content = {"program": program, "request": request}
    visitor, form = web.session.officer(Role.ADMIN), web.forms.posted()
    sent = web.forms.send(form, visitor, kind, content, SENTENCES)
    return web.forms.done(effect, "programs.page") if sent else programs_page(visitor, form)


@BLUEPRINT.post("/<program>/<uuid:request>/secret")
def take_secret(program: str, request: UUID) -> ResponseReturnValue:
    """Show the secret of a granted request, once."""
    visitor, form = web.session.officer(Role.ADMIN), web.forms.posted()
    content = {"program": program, "request": request}
    taken = web.forms.send(form, visitor, commands.TakeProgramSecret, content, SENTENCES)
    if taken is None:
        return programs_page(visitor, form)
    web.session.never_cache()
    return flask.render_template("administration/program_secret.html", taken=taken)


@BLUEPRINT.get("/<program>/revoke")
def confirm_revoke(program: str) -> ResponseReturnValue:
    """Ask before an account is closed: its secrets come back by no new request."""
    known = web.session.officer(Role.ADMIN).call(commands.ListProgramAccounts()).accounts
    if program not in [account.program for account in known]:
        raise Refused(Reason.UNKNOWN_PROGRAM)
    title, text, button = CLOSING
    return web.forms.confirmation(title, f"{program}: {text}", button, flask.url_for("programs.page"))


@BLUEPRINT.post("/<program>/revoke")
def revoke(program: str) -> ResponseReturnValue:
    effect = "حساب بسته شد. کلیدهای آن از همین دم به کار نمی‌آید."
    visitor = web.session.officer(Role.ADMIN)
    form = web.forms.posted()
    sent = web.forms.send(form, visitor, commands.RevokeProgramAccount, {"program": program}, SENTENCES)
    return web.forms.done(effect, "programs.page") if sent else programs_page(visitor, form)


def programs_page(visitor: web.Visitor, form: web.Form) -> ResponseReturnValue:
    found = visitor.call(commands.ListProgramAccounts())
    actors = [one.requested_by for one in found.requests]
    actors += [secret.issued_to for account in found.accounts for secret in account.secrets]
    actors += [f"officer:{name}" for one in found.requests for name in one.granters]
    web.queries.load_officer_names(visitor, actors)
    return web.forms.render(
        "administration/programs.html",
        form,
        accounts=found.accounts,
        requests=found.requests,
        scopes=translations.group("scope"),
        reasons=translations.group("refusal"),
        own_provinces=web.labels.province_names(visitor.passport.provinces),
    )
