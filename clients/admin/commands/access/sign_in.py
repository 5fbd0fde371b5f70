"""`tamdid sign-in`, `confirm`, `sign-out` and `password`: a session for the commands that follow, and a password of one's own."""

import base64
import os
from typing import Annotated
from uuid import UUID

import typer
from pydantic import SecretStr

from clients.admin.context import RunContext
from clients.admin.transport import saved_session
from clients.admin.transport.client import Server
from shared.contract.auth import answers, commands, queries
from shared.contract.passport import PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.text import persian

PASSWORD_VARIABLE = "TAMDID_PASSWORD"  # noqa: S105 - where a password is, not one
NEW_PASSWORD_VARIABLE = "TAMDID_NEW_PASSWORD"  # noqa: S105 - where a password is, not one
CODE_VARIABLE = "TAMDID_CODE"
CAPTCHAS_MAX = 3
"""Captchas that one sign-in offers."""
PICTURE = "security-phrase.png"
DEVICE = "tamdid"
"""How the session is called in its holder's list."""


Name = Annotated[str, typer.Option("--as", help="An officer's name, or a membership number.")]


def sign_in(run: RunContext, name: Name) -> None:
    """Sign in; the password is asked for, or read from TAMDID_PASSWORD."""
    account = persian.membership_no(name) or name.strip()
    principal_kind = PrincipalKind.MEMBER if account.isdigit() else PrincipalKind.OFFICER
    password = os.environ.get(PASSWORD_VARIABLE) or str(typer.prompt("Password", hide_input=True, err=True))
    with run.anonymous_client() as server:
        opened = open_session(run, server, principal_kind, account, SecretStr(password))
        if opened.needs_code:
            opened = server.call(code_for(run, opened.token))
    saved = saved_session.save(run.url, opened)
    document = saved.model_dump(mode="json", exclude={"token"})
    run.printer.done(document, "signed_in", subject=opened.passport.subject, expires_at=saved.expires_at)
    if opened.must_change_password:
        run.printer.warn(run.printer.text("password_to_change"))


def confirm(run: RunContext) -> None:
    """Confirm the session by a code of the second factor, as acts about money need it."""
    command = code_for(run, run.session().token)
    with run.anonymous_client() as server:
        confirmed = server.call(command)
    run.printer.done(confirmed.passport, "session_confirmed")


def code_for(run: RunContext, session: str) -> commands.ConfirmSession:
    """The command with a code of the authenticator, or a recovery code, which is asked for or read from TAMDID_CODE."""
    typed = os.environ.get(CODE_VARIABLE) or str(typer.prompt("Code of the second factor", err=True))
    return commands.ConfirmSession(**run.stamp(), session=SecretStr(session), code=SecretStr(typed))


def change_password(run: RunContext) -> None:
    """Set a password of your own; the passwords are asked for, or read from TAMDID_PASSWORD and TAMDID_NEW_PASSWORD."""
    current = os.environ.get(PASSWORD_VARIABLE) or str(typer.prompt("Present password", hide_input=True, err=True))
    new = os.environ.get(NEW_PASSWORD_VARIABLE) or str(
        typer.prompt("New password", hide_input=True, confirmation_prompt=True, err=True)
    )
    session = SecretStr(run.session().token)
    message = commands.SetPassword(**run.stamp(), current=SecretStr(current), new=SecretStr(new), session=session)
    run.printer.done(run.call(message), "password_changed")


def open_session(
    run: RunContext, server: Server, principal_kind: PrincipalKind, name: str, password: SecretStr
) -> answers.Session:
    """Sign in, with a captcha where auth requires one, and with another where its answer was wrong."""
    needs_captcha = server.call(queries.GetSignInRule(principal_kind=principal_kind.value, name=name)).captcha_needed
    for tries_left in reversed(range(CAPTCHAS_MAX)):
        captcha_id, phrase = solve_captcha(run, server) if needs_captcha else (None, "")
        try:
            return server.call(
                commands.SignIn(
                    **run.stamp(),
                    principal_kind=principal_kind.value,
                    name=name,
                    password=password,
                    captcha_id=captcha_id,
                    captcha_answer=phrase,
                    device=DEVICE,
                )
            )
        except Refused as refusal:
            if refusal.reason is not Reason.WRONG_CAPTCHA or not tries_left:
                raise
            needs_captcha = True
    raise Refused(Reason.WRONG_CAPTCHA)


def solve_captcha(run: RunContext, server: Server) -> tuple[UUID, str]:
    """Have a new security phrase read: by a person from its picture, or by a development server's own hint."""
    captcha = server.call(commands.NewCaptcha(**run.stamp()))
    if captcha.hint is not None:
        return captcha.captcha_id, captcha.hint
    picture = saved_session.folder() / PICTURE
    picture.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    picture.write_bytes(base64.b64decode(captcha.image_png))
    try:
        run.printer.warn(run.printer.text("captcha_picture", picture=picture))
        typed = str(typer.prompt("Security phrase", err=True))
    finally:
        picture.unlink()
    return captcha.captcha_id, persian.normalise(typed)


def sign_out(run: RunContext) -> None:
    """End the session, here and at the server."""
    saved = saved_session.load(run.url)
    if saved is not None:
        run.call_unless({Reason.NOT_SIGNED_IN}, commands.SignOut(**run.stamp(), session=SecretStr(saved.token)))
        saved_session.forget(run.url)
    run.printer.done({"signed_out": saved.actor if saved else None}, "signed_out")
