"""Files of the lists of pages, in CSV and XLSX: a short one at once, a long one by a job with its progress and a link."""

import flask

from clients.gateway.exports import answers
from clients.gateway.exports.jobs import Jobs


def attach(app: flask.Flask) -> None:
    """Answer what `web.lists.offer` offers; the jobs are those of this copy of the gateway."""
    app.extensions["export"] = answers.answer
    app.extensions["export_jobs"] = Jobs()
