"""A program account from its request to its closing, in a real browser and without scripts, with an access token that ends with it."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from shared.text import persian
from tests.demo import users
from tests.journeys import browser_page
from tests.journeys.test_officers import says, sign_in
from tests.support.servers import instance


@pytest.fixture
def desks(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[list[Page]]:
    """The browsers of two admins, the second one's a phone."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(browser_page.page(browser, browser_context_args, width=width, scripts=False))
            for width in (1280, 360)
        ]


def test_an_account_is_requested_granted_used_and_closed_after_a_question(
    cluster: instance.Instance, desks: list[Page]
) -> None:
    asker, granter = desks
    name = f"helper-{str(uuid4().int)[:8]}"
    sign_in(asker, cluster.portal, users.officer("admin", nth=1), "/desk/programs")
    asker.get_by_label("نام برنامه").fill(persian.digits_to_persian(name))
    asker.get_by_role("checkbox", name="desk:read").check()
    asker.get_by_role("checkbox", name="اصفهان").check()
    asker.get_by_role("button", name="ثبت درخواست").dblclick()
    says(asker, "درخواست ثبت شد.")
    expect(asker.locator("section", has_text=name)).to_have_count(1)

    sign_in(granter, cluster.portal, users.officer("admin"), "/desk/programs")
    granter.locator("section", has_text=name).get_by_role("button", name="تأیید", exact=True).dblclick()
    says(granter, "درخواست تأیید شد.")

    asker.goto(f"{cluster.portal}/desk/programs")
    asker.locator("section", has_text=name).get_by_role("button", name="برداشتن کلید تازه").click()
    secret = asker.locator(".codes bdi").inner_text()
    token = token_of(cluster.portal, name, secret)
    assert reads_the_desk(cluster.portal, token) == 200
    asker.go_back()
    assert secret not in asker.content()

    granter.goto(f"{cluster.portal}/desk/programs")
    closing = granter.get_by_role("link", name=f"بستن حساب {name}")
    closing.click()
    says(granter, f"{name}: کلیدهای آن")
    granter.go_back()
    assert reads_the_desk(cluster.portal, token) == 200
    closing.click()
    granter.get_by_role("button", name="بستن حساب").dblclick()
    says(granter, "حساب بسته شد.")
    assert reads_the_desk(cluster.portal, token) == 401
    expect(granter.locator("section", has_text=name)).to_have_count(0)


def token_of(portal: str, name: str, secret: str) -> str:
    fields = {"grant_type": "client_credentials"}
    found = httpx.post(f"{portal}/api/oauth/token", data=fields, auth=(name, secret), trust_env=False)
    return str(found.raise_for_status().json()["access_token"])


def reads_the_desk(portal: str, token: str) -> int:
    """The status of a program's question."""
    headers = {"Authorization": f"Bearer {token}"}
    url = f"{portal}/api/renewal/list_desk"
    return httpx.post(url, json={"province": users.PROVINCE}, headers=headers, trust_env=False).status_code
