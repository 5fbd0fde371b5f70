"""The answer to an address that asks for a list as a file: the file, or the page of the job that writes it."""

from collections.abc import Callable
from uuid import UUID, uuid4

import flask
from werkzeug.wrappers import Response

from clients.gateway import pdf_files, web
from clients.gateway.exports.jobs import Job, Jobs, Wanted, writing
from shared import translations
from shared.nameko_extensions import NativeThreads
from shared.tabular import export
from shared.text import persian

LONG_ROWS = 2_000
"""A list that has more is written by a job."""
WRITING = NativeThreads(1)
WAITING_MAX = 4
"""Files that may wait for the one thread that writes short ones."""
REFRESH_SECONDS = 2


def answer(visitor: web.Visitor, listed: web.lists.List, kind: str) -> Response:
    """The file of a short list at once; of a long one the way to its job."""
    if "job" in flask.request.args:
        return of_job(visitor, listed, kind)
    rows, total = listed.page(visitor, 0)
    jobs: Jobs = flask.current_app.extensions["export_jobs"]
    if total > LONG_ROWS:
        known = jobs.running(wanted_by(visitor, list_address(listed, kind)))
        return flask.redirect(list_address(listed, kind, job=str(known.key if known else uuid4())), 303)
    found = list(rows)
    while rows and len(found) < total:
        rows, total = listed.page(visitor, len(found))
        found += rows
    WRITING.require_room(WAITING_MAX)
    return attachment(listed, kind, WRITING.run(export.content, kind, listed.title, listed.headings, found))


def of_job(visitor: web.Visitor, listed: web.lists.List, kind: str) -> Response:
    """The page of a job, or its file; a job that this copy does not know begins: it is the first time, or another copy has ended.

    A key of another file, account or rights leads to a job of its own.
    """
    try:
        key = UUID(flask.request.args["job"])
    except ValueError:
        flask.abort(404)
    jobs: Jobs = flask.current_app.extensions["export_jobs"]
    wanted = wanted_by(visitor, list_address(listed, kind))
    job = jobs.find(key, wanted)
    if job is None and key in jobs.by_key:
        return flask.redirect(wanted.address, 303)
    if job is None:
        _, total = listed.page(visitor, 0)
        new = Job(key, wanted, min(total, listed.rows_max))
        job = new if jobs.begin(new, writer_of(visitor.session, listed, kind)) else None
    if job and job.state == "ready" and "get" in flask.request.args:
        return attachment(listed, kind, job.content)
    is_waiting = job is None or job.state == "running"
    page = flask.render_template(
        "exports/job.html",
        job=job,
        listed=listed,
        again=wanted.address,
        file=list_address(listed, kind, job=str(key), get="1"),
        list_address=web.lists.address(),
        here=list_address(listed, kind, job=str(key)),
        reasons=translations.group("refusal"),
        refresh=REFRESH_SECONDS if is_waiting else None,
    )
    return flask.make_response(page)


def writer_of(session: str, listed: web.lists.List, kind: str) -> Callable[[Job], bytes]:
    """What a job does: reads page by page with passports of the session, which may have ended or lost a role meanwhile."""
    app = flask.current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Flask's own way

    def write(job: Job) -> bytes:
        with app.app_context(), writing(kind, listed.title, tuple(listed.headings)) as (out, add):
            while job.done < job.total:
                flask.g.visitor = web.session.signed_in(session)
                rows, total = listed.page(flask.g.visitor, job.done)
                if not rows:
                    break
                add(rows[: listed.rows_max - job.done])
                job.done, job.total = min(listed.rows_max, job.done + len(rows)), min(total, listed.rows_max)
                job.is_cut = total > listed.rows_max
        content: bytes = out.getvalue()
        return content

    return write


def wanted_by(visitor: web.Visitor, address: str) -> Wanted:
    """A file as the visitor asks for it now."""
    return Wanted(visitor.passport.actor, address, visitor.passport.roles, visitor.passport.provinces)


def list_address(listed: web.lists.List, kind: str, **more: str) -> str:
    """The address of a list's file, or of its job."""
    return web.lists.address(**{"as": kind, "list": listed.name, **more})


def attachment(listed: web.lists.List, kind: str, content: bytes) -> flask.Response:
    day = persian.format_date(persian.day_of(web.rpc.now())).replace("/", "-")
    return pdf_files.attachment(content, export.MIMETYPES[kind], f"{listed.name}-{day}.{kind}")
