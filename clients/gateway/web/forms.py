"""Posted forms: the typed text, read into the contract's classes, and an error sentence for each field that is wrong."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from uuid import uuid4

import flask
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, SecretStr
from pydantic_core import PydanticCustomError

from clients.gateway.web import filters, rpc
from clients.gateway.web.session import Visitor
from shared import translations
from shared.contract import base, bounds
from shared.contract.refusals import ID_TAKEN, Reason, Refused
from shared.contract.values import SECRET_LENGTH_MAX
from shared.text import cleaning, persian

A = TypeVar("A", bound=base.Answer)
M = TypeVar("M", bound=BaseModel)
TEXT_LENGTH_MAX = 100_000
"""Characters read of one field; the contract's own limits are lower."""
FIELDS_MAX = 2000
"""Several times as many as the declaration of twenty jobs has."""
NOT_A_DATE = "not-a-date"
"""Text that pydantic refuses as a date; it would read bare digits as a timestamp."""
WRONG_STATUS = 422
HIDDEN_FIELDS = {"csrf_token", "command_id", "action"}
PROOFS = ("passkey", "code")
"""Fields by which a form proves the second factor; each answer or code is good for one try."""

ErrorText = Callable[[str, str], tuple[str, str]]
"""From the path and the code of an error to the name of the field to correct and the sentence at it."""


def refuse_many_fields() -> None:
    """Refuse a form with more fields than any of ours, before they are read: that takes longer than to send them."""
    is_form = flask.request.mimetype == "application/x-www-form-urlencoded"
    if is_form and flask.request.get_data().count(b"&") >= FIELDS_MAX:
        flask.abort(413)


def refuse_nameless_parts() -> None:
    """Refuse a multipart form with a part that has no name: looking for a field by its name would fail on it."""
    if flask.request.mimetype == "multipart/form-data" and None in flask.request.form:
        flask.abort(400)


def field_error(name: str, code: str) -> tuple[str, str]:
    return name, translations.field_error(code)


def own_sentences(**sentences: str) -> ErrorText:
    """Errors at the field that a path begins with, each with the form's own sentence for that field."""

    def error_text(field_path: str, code: str) -> tuple[str, str]:
        name = field_path.partition(".")[0]
        return name, translations.form_error(sentences, name, code)

    return error_text


@dataclass
class Form:
    """Texts as typed by field name (`employment.status`, `jobs.0.kind`), and a sentence for each field that is wrong."""

    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    notice: str = ""
    """What is wrong with the form as a whole; shown above the fields."""
    command_id: str = field(default_factory=lambda: str(uuid4()))

    def value(self, name: str) -> str:
        """The text as typed, to be shown again."""
        return self.values.get(name, "")

    def text(self, name: str) -> str:
        """A code, a number, a date or a choice in its canonical form, to be read."""
        return persian.normalise(self.value(name))

    def paragraphs(self, name: str) -> str:
        """Free text, cleaned as it is stored."""
        return cleaning.paragraphs(self.value(name))

    def number(self, name: str) -> str:
        """A number as typed: the contract's grammar of numbers reads it, as it does for the API and the command line."""
        return self.value(name).strip()

    def ticked(self, prefix: str, keys: Iterable[str]) -> list[str]:
        """The options whose boxes are ticked, each a field named by its key."""
        return [key for key in keys if self.value(f"{prefix}-{key}")]

    def error(self, name: str) -> str:
        return self.errors.get(name, "")

    @property
    def is_wrong(self) -> bool:
        return bool(self.errors or self.notice)


def posted() -> Form:
    """The form that the browser sent."""
    sent = flask.request.form
    values = {name: text[:TEXT_LENGTH_MAX] for name, text in sent.items() if name not in HIDDEN_FIELDS}
    return Form(values, command_id=str(rpc.posted_command_id() or uuid4()))


def posted_secret(name: str) -> str:
    """A password or national code as typed, with ASCII digits, whichever keyboard they were typed on; what is too long for one is cut."""
    return persian.digits_to_ascii(flask.request.form.get(name, ""))[:SECRET_LENGTH_MAX]


def posted_file(bytes_max: int) -> bytes:
    """The uploaded file, with one byte more than allowed of a larger one; empty where none was chosen."""
    sent = flask.request.files.get("file")
    if sent is None:
        return b""
    try:
        content: bytes = sent.read(bytes_max + 1)
        return content
    finally:
        sent.close()  # a large one lies in a temporary file


def posted_proof(form: Form) -> dict[str, SecretStr]:
    """What the form proves the second factor by, the field `passkey` or else `code`; empty with a sentence on the form where it is nothing."""
    proof = {name: posted_secret(name) for name in PROOFS if form.values.pop(name, "").strip()}
    if not proof:
        form.errors["code"] = "رمزی را که برنامه نشان می‌دهد بنویسید."
    return {name: SecretStr(text) for name, text in list(proof.items())[:1]}


def put_wrong_proof(form: Form, refused: Refused) -> None:
    """Put a refusal on the form, at the code where that is wrong."""
    if refused.reason is Reason.WRONG_CODE:
        form.errors["code"] = translations.refusal(refused)
    else:
        put_refusal(form, refused)


def nested(values: Mapping[str, str]) -> dict[str, Any]:
    """Values by dotted name as a tree, rows as lists in the order of their numbers; empty answers are left out."""
    tree: dict[str, Any] = {}
    for name, text in values.items():
        if text:
            *path, last = name.split(".")
            place = tree
            for step in path:
                place = place.setdefault(step, {})
            place[last] = text
    return {name: _rows(branch) for name, branch in tree.items()}


def _rows(branch: Any) -> Any:
    if isinstance(branch, dict) and all(key.isdecimal() for key in branch):
        return [branch[key] for key in sorted(branch, key=int)]
    return branch


def day(text: str) -> str:
    """A typed Jalali date as ISO text; other text as text that stays no date."""
    try:
        return persian.parse_date(text).isoformat()
    except ValueError:
        return NOT_A_DATE


def typed_day(form: Form, name: str) -> date | None:
    """A Jalali date in digits of any keyboard; None without one, and a sentence on the form where it is none."""
    if not form.text(name):
        return None
    try:
        return bounds.read_day(day(form.text(name)))
    except PydanticCustomError as wrong:
        form.errors[name] = translations.field_error(wrong.type)
        return None


def parse(form: Form, kind: type[M], content: Mapping[str, object], error_text: ErrorText = field_error) -> M | None:
    """The contract's object, or None with an error sentence at each field that is wrong."""
    try:
        return base.parse(kind, content)
    except Refused as refused:
        put_refusal(form, refused, error_text)
        return None


def send(
    form: Form,
    visitor: Visitor,
    kind: type[base.Command[A]],
    content: Mapping[str, object],
    error_text: ErrorText = field_error,
) -> A | None:
    """Send the command of a form under the form's own id: the answer, or None with the refusal on the form."""
    try:
        return visitor.call(base.parse(kind, {**content, **rpc.form_command()}))
    except Refused as refused:
        put_refusal(form, refused, error_text)
        return None


def done(effect: str, endpoint: str, **place: Any) -> ResponseReturnValue:
    """Redirect after a form to the page that says what has been done."""
    flask.flash(effect)
    return flask.redirect(flask.url_for(endpoint, **place), 303)


def confirmation(title: str, text: str, button: str, back: str, action: str = "") -> ResponseReturnValue:
    """The page that asks before what cannot be undone; by default its button posts to the page's own path."""
    action = action or flask.request.path
    return flask.render_template("design/confirm.html", title=title, text=text, button=button, back=back, action=action)


def put_refusal(form: Form, refused: Refused, error_text: ErrorText = field_error, within: str = "") -> None:
    """Put a refusal on the form: at the fields that it names (below `within`), else above them all."""
    if refused.reason is Reason.TOO_MUCH:
        form.errors["amount_rials"] = filters.refusal(refused)
        return
    if refused.reason is Reason.FIELDS_CLOSED:
        form.notice = filters.refusal(refused)
    elif refused.reason is not Reason.BAD_INPUT or not refused.details:
        form.notice = filters.refusal(refused)
        if refused.details.get("id") == ID_TAKEN:
            form.command_id = str(uuid4())  # the page's form is another command: submitted again, it is run
        return
    for field_path, code in refused.details.items():
        name, text = error_text(field_path.removeprefix(within), code)
        form.errors.setdefault(name, text)


def render(template: str, form: Form, **context: object) -> ResponseReturnValue:
    """A page with a form; the status is 422 where something is wrong."""
    return flask.render_template(template, form=form, **context), WRONG_STATUS if form.is_wrong else 200
