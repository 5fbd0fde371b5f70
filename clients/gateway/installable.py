"""The portal as an installed application: its manifest, and the service worker with its page for when there is no connection."""

from pathlib import Path

import flask
from flask.typing import ResponseReturnValue

from clients.gateway.design import static_files

ICONS = (
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("icon-maskable-512.png", "512x512", "maskable"),
)
OFFLINE_STYLES = ("tokens.css", "base.css", "components.css")

PAGE_SOURCES = ("information/offline.html", "design/layout.html", "organizations.toml")
WORKER = "service_worker"
BLUEPRINT = flask.Blueprint("installable", __name__)


@BLUEPRINT.get("/manifest.webmanifest")
def manifest() -> ResponseReturnValue:
    """What a browser needs to install the portal."""
    about = {
        "name": "تمدید عضویت سازمان نظام مهندسی معدن",
        "short_name": "تمدید عضویت",
        "lang": "fa",
        "dir": "rtl",
        "start_url": "/member",
        "scope": "/",
        "display": "minimal-ui",
        "theme_color": "#0b4a57",
        "background_color": "#ffffff",
        "icons": [
            {"src": static_file(f"icons/{name}"), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for name, sizes, purpose in ICONS
        ],
    }
    response = flask.jsonify(about)
    response.mimetype = "application/manifest+json"
    return response


@BLUEPRINT.get("/offline")
def offline() -> ResponseReturnValue:
    """The page without a connection, the same for everybody: nothing of a session is read for it."""
    return flask.render_template("information/offline.html")


@BLUEPRINT.get("/service-worker.js")
def service_worker() -> ResponseReturnValue:
    """The worker, with the addresses of the only files that it keeps; other contents make another worker."""
    scripts = flask.current_app.extensions
    if WORKER not in scripts:
        scripts[WORKER] = worker()
    return flask.Response(scripts[WORKER], mimetype="text/javascript")


def worker() -> str:
    files = [
        flask.url_for("installable.offline"),
        *map(static_file, (*OFFLINE_STYLES, "fonts/vazirmatn.woff2", "icon.svg", "offline.js")),
    ]
    sources = [(Path(__file__).parent / name).read_text(encoding="utf-8") for name in PAGE_SOURCES]
    name = static_files.digest("".join([*sources, *files]).encode())  # the same in each copy of the program
    head = f"const FILES = {flask.json.dumps(files)};\nconst NAME = {flask.json.dumps(name)};\n"
    return head + (static_files.STATIC / "service-worker.js").read_text(encoding="utf-8")


def static_file(name: str) -> str:
    return flask.url_for("static", filename=name)
