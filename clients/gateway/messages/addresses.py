"""A person's own mobile number or e-mail address: set, proved by the code that was sent to it, removed."""

import re
from datetime import datetime, timedelta
from uuid import uuid4

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from clients.gateway.declaration import declaration_form
from shared.contract import base
from shared.contract.notification import commands
from shared.contract.notification.answers import Address, Contacts
from shared.contract.notification.queries import GetContacts
from shared.contract.notification.values import Way
from shared.contract.refusals import Reason, Refused
from shared.text import persian

BLUEPRINT = flask.Blueprint("addresses", __name__, url_prefix="/messages/ways/<any(sms, email):way>")
CODE_HOLDS_FOR, CODE_AGAIN_AFTER = timedelta(minutes=10), timedelta(minutes=1)
"""How long a code is good, and when another one is sent, as notification has it."""
ADDRESS_WRONG = {Way.SMS: declaration_form.FIELD_TEXTS["mobile"], Way.EMAIL: declaration_form.FIELD_TEXTS["email"]}
CODE = re.compile("(?<![0-9])[0-9]{6}(?![0-9])")
EMAIL_NOT_LATIN = "رایانامه را با حروف لاتین بنویسید، مانند name@example.ir."
NUMBER_ABROAD = "به شمارهٔ بیرون از ایران پیامک نمی‌رود؛ رایانامه ثبت کنید."
ABROAD = re.compile(r"(\+|00)(?!98)[0-9]{6,}")
NEXT_CODE = "اکنون کد دیگری فرستاده نمی‌شود؛ کد بعدی را از {} می‌توانید بخواهید."
TOO_SOON = "کد تازه فرستاده شده است. یک دقیقه پس از آن می‌توانید کد دیگری بخواهید."
SENTENCES = web.forms.own_sentences(code="کد شش رقم دارد؛ همان را که رسیده است بنویسید.")
CODE_WRONG = "این کد درست نیست؛ آخرین کدی را که رسیده است بنویسید."
TRIES_LEFT = " تا {} بار دیگر می‌توانید آن را بنویسید."
CODE_EXPIRED = "ده دقیقهٔ این کد گذشته است؛ کد تازه‌ای بخواهید."
TOO_MANY_TRIES = "این کد را بیش از اندازه نادرست نوشته‌اید؛ کد تازه‌ای بخواهید."


@BLUEPRINT.get("")
def page(way: str) -> ResponseReturnValue:
    visitor = web.session.visitor()
    known = of_way(visitor.call(GetContacts()), Way(way))
    return address_page(Way(way), web.Form({"address": known[-1].address if known else ""}))


@BLUEPRINT.post("")
def set_address(way: str) -> ResponseReturnValue:
    """Have a code sent to the address; where it has just been sent to this very one, go on to it."""
    visitor, form = web.session.visitor(), web.forms.posted()
    content = {"way": way, "address": form.value("address").strip(), **web.rpc.form_command()}
    try:
        visitor.call(base.parse(commands.SetAddress, content))
    except Refused as refused:
        if refused.reason is Reason.TOO_MANY_ATTEMPTS:
            awaited = awaited_of(visitor, Way(way))
            is_fresh = awaited is not None and is_within(awaited, CODE_AGAIN_AFTER)
            if awaited and is_fresh and awaited.address == normal(form.value("address")):
                flask.flash(TOO_SOON)
                return to_code(way)
            until = datetime.fromisoformat(refused.details["until"]) + timedelta(seconds=59)  # shown by the minute
            form.notice = TOO_SOON if is_fresh else NEXT_CODE.format(web.filters.long_instant(until))
        elif refused.reason is Reason.BAD_INPUT and "address" in refused.details:
            form.errors["address"] = address_error(Way(way), form.value("address"))
        else:
            web.forms.put_refusal(form, refused)
        return address_page(Way(way), form)
    return to_code(way)


@BLUEPRINT.get("/code")
def code(way: str) -> ResponseReturnValue:
    """The page for the code; where none is awaited, as after Back, the addresses."""
    awaited = awaited_of(web.session.visitor(), Way(way))
    if awaited is None:
        return flask.redirect(after_proof(), 303)
    return code_page(Way(way), awaited, web.Form())


@BLUEPRINT.post("/code")
def prove(way: str) -> ResponseReturnValue:
    visitor, form = web.session.visitor(), web.forms.posted()
    content = {"way": way, "code": code_in(form.values.pop("code", ""))}
    try:
        visitor.call(base.parse(commands.ProveAddress, {**content, **web.rpc.form_command()}))
    except Refused as refused:
        awaited = awaited_of(visitor, Way(way))
        if awaited is None:  # the button was pressed twice, or the code was typed elsewhere
            return flask.redirect(after_proof(), 303)
        put_wrong_code(form, refused, awaited)
        return code_page(Way(way), awaited, form)
    flask.flash("درست بود؛ از این پس پیام‌ها به آن هم فرستاده می‌شود.")
    return flask.redirect(after_proof(), 303)


@BLUEPRINT.get("/remove")
def confirm_removal(way: str) -> ResponseReturnValue:
    known = of_way(web.session.visitor().call(GetContacts()), Way(way))
    if not known:
        return flask.redirect(flask.url_for("ways.page"), 303)
    name = web.labels.WAY_ADDRESSES[way]
    return web.forms.confirmation(
        f"{name} برداشته شود؟",
        f"{persian.shown_code(known[0].address)} پاک می‌شود و دیگر پیامی به آن فرستاده نمی‌شود. پیام‌ها همچنان در «پیام‌ها» می‌آید.",
        f"برداشتن {name}",
        flask.url_for("ways.page"),
    )


@BLUEPRINT.post("/remove")
def remove(way: str) -> ResponseReturnValue:
    web.session.visitor().call(commands.RemoveAddress(way=Way(way), **web.rpc.form_command()))
    return web.forms.done(f"{web.labels.WAY_ADDRESSES[way]} برداشته شد.", "ways.page")


def put_wrong_code(form: web.Form, refused: Refused, awaited: Address) -> None:
    """Say whether a code is wrong, with the tries that are left, or too old; the next one that is typed is another command."""
    form.command_id = str(uuid4())
    left = refused.details.get("tries_left", "")
    if refused.reason is Reason.TOO_MANY_ATTEMPTS or left == "0":
        form.errors["code"] = TOO_MANY_TRIES
    elif refused.reason is Reason.WRONG_CODE:
        is_expired = refused.details.get("code") == "expired" or not is_within(awaited, CODE_HOLDS_FOR)
        tries = TRIES_LEFT.format(persian.digits_to_persian(left)) if left else ""
        form.errors["code"] = CODE_EXPIRED if is_expired else CODE_WRONG + tries
    else:
        web.forms.put_refusal(form, refused, SENTENCES)


def address_page(way: Way, form: web.Form) -> ResponseReturnValue:
    return web.forms.render("messages/address.html", form, way=way.value, back=back())


def code_page(way: Way, awaited: Address, form: web.Form) -> ResponseReturnValue:
    is_expired = not is_within(awaited, CODE_HOLDS_FOR)
    return web.forms.render(
        "messages/code.html", form, way=way.value, awaited=awaited, is_expired=is_expired, back=back()
    )


def to_code(way: str) -> ResponseReturnValue:
    return flask.redirect(flask.url_for("addresses.code", way=way, back=back() or None), 303)


def back() -> str:
    """Where the person came from to prove an address, and goes on afterwards; a path of this site."""
    return web.session.own_path(flask.request.values.get("back"))


def after_proof() -> str:
    return back() or flask.url_for("ways.page")


def of_way(found: Contacts, way: Way) -> list[Address]:
    """The proved address and the one that awaits its code."""
    return [one for one in found.addresses if one.way is way]


def awaited_of(visitor: web.Visitor, way: Way) -> Address | None:
    """The address of a way that awaits its code."""
    return next((one for one in of_way(visitor.call(GetContacts()), way) if not one.is_proved), None)


def is_within(awaited: Address, time: timedelta) -> bool:
    """Whether its code was sent within that time."""
    return awaited.code_sent_at is not None and web.rpc.now() < awaited.code_sent_at + time


def address_error(way: Way, typed: str) -> str:
    """What is wrong with an address that notification does not take."""
    if way is Way.SMS:
        return NUMBER_ABROAD if ABROAD.fullmatch(persian.without_separators(typed)) else ADDRESS_WRONG[way]
    return ADDRESS_WRONG[way] if persian.normalise(typed).isascii() else EMAIL_NOT_LATIN


def code_in(typed: str) -> str:
    """The only six digits of what was typed, such as a whole message that was pasted; else what was typed."""
    texts = (persian.normalise(typed), persian.without_separators(typed))
    found = next(filter(None, (set(CODE.findall(text)) for text in texts)), set())
    return found.pop() if len(found) == 1 else typed


def normal(typed: str) -> str:
    """An address as notification stores it."""
    return persian.mobile(typed) or persian.normalise(typed).strip()
