"""The gateway as a nameko service: it only serves its pages."""

from clients.gateway import app
from shared.nameko_extensions.web import WebServer


class Gateway:
    """Web pages and the JSON API."""

    name = "gateway"
    web = WebServer(port=lambda settings: settings.gateway_port, make_app=app.make_app)
