"""The pages of the JSON API in a browser: axe finds nothing, and nothing is wider than a telephone, in both schemes."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.clients.gateway.design import every_page, pictures
from tests.clients.gateway.design.every_page import Portal, Seen
from tests.support import axe_check

PAGES = {
    "api-reference": "/api/reference",
    "api-operation": "/api/reference/renewal/approve_renewal",
    "api-large-operation": "/api/reference/renewal/submit_declaration",
}


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    with every_page.served() as portal:
        yield portal


@pytest.mark.parametrize("name", sorted(PAGES))
def test_axe_finds_nothing(browser: Browser, portal: Portal, name: str) -> None:
    """Their pictures are not kept: they change with each message of the contract."""
    with every_page.new_page(browser) as page, pictures.opened(page, portal, Seen(name, PAGES[name]), "light"):
        assert [*axe_check.findings(page, name)] == []
