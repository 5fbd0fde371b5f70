"""What the web applications of the bank program and the phone share: headers of every answer, bugs logged by route, JSON objects as sent."""

import json
import logging
from typing import Any

from flask import Flask, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

HEADERS = {"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Cache-Control": "no-store"}

Data = dict[str, Any]


def finish(app: Flask, referrer_policy: str) -> None:
    """Give every answer its headers, and bugs their line in the log."""

    def with_headers(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", "default-src 'none'")  # a page has said what it may do
        response.headers.update({**HEADERS, "Referrer-Policy": referrer_policy})
        return response

    def broken(error: Exception) -> ResponseReturnValue:
        """A bug: logged by its route, where Flask's own way would log the address, which holds a payment's key or a number."""
        if isinstance(error, HTTPException):
            return error
        logging.getLogger(app.import_name).error("%s failed", request.url_rule, exc_info=error)
        return "", 500

    app.after_request(with_headers)
    app.register_error_handler(Exception, broken)


def sent_object() -> Data:
    """What was sent as JSON; anything but an object whose texts can be stored is nothing."""
    try:
        sent = request.get_json(silent=True)
        json.dumps(sent, ensure_ascii=False).encode()
    except (RecursionError, UnicodeEncodeError):  # nested deeper than Python reads; half a pair of surrogates
        return {}
    return sent if isinstance(sent, dict) else {}
