"""The register of members from a file: checked with errors and changes row by row, imported after a confirmation, and undone as a whole."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from uuid import UUID, uuid4, uuid5

import flask
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from clients import register_file
from clients.gateway import web
from clients.register_file import Row, Tally
from shared.contract.auth import answers, commands
from shared.contract.refusals import Refused
from shared.contract.values import Role
from shared.tabular import Fault, Unreadable
from shared.text import persian

BLUEPRINT = flask.Blueprint("register_import", __name__)
FILE_BYTES_MAX = 2 * 1024 * 1024
"""Some fifteen thousand members; larger files go by `tamdid members import`."""
REST_BYTES_MAX = 64 * 1024
ROWS_SHOWN = 100
"""Wrong or changed cells in a table; all are counted."""
TOO_LARGE = "فایل از ۲ مگابایت بزرگ‌تر است؛ آن را بخش کنید یا با خط فرمان وارد کنید."
NO_FILE = "فایل بانک اعضا را انتخاب کنید."
OTHER_FILE = "این همان فایلی نیست که بررسی شد. همان را انتخاب کنید، یا فایل تازه را نخست بررسی کنید."
UPLOADS = {"register_import.check", "register_import.apply"}


def allow_file() -> None:
    """Allow the size of a file to the forms that upload one."""
    if flask.request.endpoint in UPLOADS:
        flask.request.max_content_length = FILE_BYTES_MAX + REST_BYTES_MAX


@BLUEPRINT.get("/desk/register")
def page() -> ResponseReturnValue:
    web.session.officer(Role.ADMIN)
    return first_page(web.Form())


@BLUEPRINT.post("/desk/register/check")
def check() -> ResponseReturnValue:
    """What the file would change, row by row; nothing is imported."""
    visitor = web.session.officer(Role.ADMIN)
    form = web.forms.posted()
    content = web.forms.posted_file(FILE_BYTES_MAX)
    rows, faults = read(form, content)
    tally = Tally(len(rows))
    if form.is_wrong or not send(visitor, form, tally, rows, None):
        return first_page(form, faults)
    return result_page(form, tally, digest=sha256(content).hexdigest(), sent_as=uuid4())


@BLUEPRINT.post("/desk/register/apply")
def apply() -> ResponseReturnValue:
    """Import the file that was checked, once: sent again it changes nothing more, and after a failure it goes on."""
    visitor = web.session.officer(Role.ADMIN)
    form = web.forms.posted()
    content, digest = web.forms.posted_file(FILE_BYTES_MAX), form.text("digest")
    sent_as = id_of_form(form.text("import"))
    rows, faults = read(form, content)
    if not form.is_wrong and sha256(content).hexdigest() != digest:
        form.errors["file"] = OTHER_FILE
    tally = Tally(len(rows))
    if form.is_wrong:
        return first_page(form, faults)
    import_id = uuid5(sent_as, f"{visitor.passport.actor}/{digest}")
    if send(visitor, form, tally, rows, import_id):
        return result_page(form, tally, import_id=import_id)
    return result_page(form, tally, digest=digest, sent_as=sent_as)


@BLUEPRINT.get("/desk/register/undo")
def confirm_undo() -> ResponseReturnValue:
    """Ask before a whole import is undone."""
    web.session.officer(Role.ADMIN)
    form = web.Form({"import": flask.request.args.get("import", "")})
    try:
        import_id = UUID(form.text("import"))
    except ValueError:
        form.errors["import"] = "شناسهٔ ورود را همان گونه که پس از ورود نوشته شد بنویسید."
        return first_page(form)
    return web.forms.confirmation(
        "این ورود بازگردانده شود؟",
        (
            "ردیف‌های این ورود به آنچه پیش از آن بود برمی‌گردد و عضوهایی که با آن آمده‌اند برداشته می‌شوند."
            " اگر چیزی از آن پیروی کرده باشد، مانند درخواست یا پرداخت، هیچ ردیفی بازنمی‌گردد."
        ),
        "بازگردان",
        flask.url_for("register_import.page"),
        flask.url_for("register_import.undo", import_id=import_id),
    )


@BLUEPRINT.post("/desk/register/<uuid:import_id>/undo")
def undo(import_id: UUID) -> ResponseReturnValue:
    visitor = web.session.officer(Role.ADMIN)
    form = web.forms.posted()
    undone = web.forms.send(form, visitor, commands.UndoImport, {"import_id": import_id})
    if undone is None:
        return first_page(form)
    restored, removed = map(persian.format_number, (undone.changed, undone.removed))
    return web.forms.done(
        f"ورود بازگردانده شد: {restored} عضو به نوشتهٔ پیشین برگشت و {removed} عضو برداشته شد.", "register_import.page"
    )


@BLUEPRINT.errorhandler(RequestEntityTooLarge)
def refuse_large(error: RequestEntityTooLarge) -> ResponseReturnValue:
    """Nothing of such a form is read, so only the file can be what is too large."""
    try:
        web.session.officer(Role.ADMIN)
    except Refused:  # others than admins only see that the form is too large
        return web.error_pages.http_page(error)
    return first_page(web.Form(errors={"file": TOO_LARGE}))


def id_of_form(typed: str) -> UUID:
    """By which a form that is sent again is known; its import is named by the admin and the file too, so that a changed id is of no other's import."""
    try:
        return UUID(typed)
    except ValueError:
        return uuid4()


def read(form: web.Form, content: bytes) -> tuple[list[Row], tuple[Fault, ...]]:
    """The rows of the file, or a sentence on the form and what is wrong where."""
    if not content or len(content) > FILE_BYTES_MAX:
        form.errors["file"] = TOO_LARGE if content else NO_FILE
        return [], ()
    try:
        return register_file.read(content), ()
    except Unreadable as wrong:
        count = persian.format_number(len(wrong.faults))
        form.errors["file"] = f"فایل خوانده نشد و هیچ ردیفی وارد نشد: {count} خطا."
        return [], wrong.faults


def send(visitor: web.Visitor, form: web.Form, tally: Tally, rows: Sequence[Row], import_id: UUID | None) -> bool:
    """Have auth import the rows, or only check them without an import: whether all of them. A refusal is put on the form.

    A batch's command follows from the import and its first row, so that sending the same form twice imports nothing twice.
    """

    def send_batch(batch: Sequence[Row]) -> Iterable[answers.RegisterRowResult]:
        stamps = web.rpc.new_command()
        if import_id:
            stamps["id"] = uuid5(import_id, f"{batch[0].number}/{batch[-1].number}/{len(batch)}")
        command = commands.ImportMembers(
            **stamps,
            rows=tuple(row.cells for row in batch),
            first_row=batch[0].number,
            dry_run=import_id is None,
            import_id=import_id,
        )
        return visitor.call(command).rows

    try:
        register_file.send(tally, rows, send_batch, lambda: None)
    except Refused as refused:
        web.forms.put_refusal(form, refused)
        return False
    return True


def first_page(form: web.Form, faults: Sequence[Fault] = ()) -> ResponseReturnValue:
    return web.forms.render(
        "administration/register_import.html",
        form,
        faults=faults[:ROWS_SHOWN],
        hidden=max(0, len(faults) - ROWS_SHOWN),
        columns={name: known[1] for name, known in register_file.HEADINGS.items()},
    )


def result_page(
    form: web.Form, tally: Tally, *, digest: str = "", sent_as: UUID | None = None, import_id: UUID | None = None
) -> ResponseReturnValue:
    """What each row would change, or has changed where there is nothing left to confirm."""
    changes = [(row, change) for row, result in tally.results for change in result.changes]
    faults = tally.faults()
    return web.forms.render(
        "administration/register_result.html",
        form,
        tally=tally,
        changes=changes[:ROWS_SHOWN],
        changes_hidden=max(0, len(changes) - ROWS_SHOWN),
        faults=faults[:ROWS_SHOWN],
        faults_hidden=max(0, len(faults) - ROWS_SHOWN),
        columns={name: known[1] for name, known in register_file.HEADINGS.items()},
        digest=digest,
        sent_as=sent_as,
        import_id=import_id,
    )
