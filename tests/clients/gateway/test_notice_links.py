"""The pages that notices lead to are pages of the gateway."""

import flask
import pytest

from services.notification import templates
from services.notification.templates import tokens
from shared.settings import Settings

SETTINGS = Settings()
TEXTS = templates.load(SETTINGS.templates_folder, SETTINGS.portal_url)
LINKS = sorted(
    {texts.link for texts in (*TEXTS.kinds.values(), *TEXTS.lacking.values())} | {TEXTS.frame.unsubscribe_link}
)


@pytest.mark.parametrize("link", LINKS)
def test_a_notice_leads_to_a_page(link: str, app: flask.Flask) -> None:
    pages = app.url_map.bind("localhost")
    assert pages.test(tokens.fill(link, {"year": "1405"}), "GET")
