from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from services.auth.sign_in import sessions
from services.renewal.office_hours import rules
from shared import personal_data
from tests.clients.gateway.conftest import SignedIn

PAGES = {"/help": "راهنما", "/privacy": "حریم خصوصی", "/accessibility": "دسترس‌پذیری"}


@pytest.mark.parametrize("path", sorted(PAGES))
def test_a_page_that_explains_is_for_anyone_and_linked_from_each_page(signed_in: SignedIn, path: str) -> None:
    for session in ("", "member-session", "manager-session"):
        page = signed_in(session).get(path)
        assert page.status_code == 200
        assert f"<h1>{PAGES[path]}</h1>" in page.text
        assert all(f'href="{other}"' in page.text for other in PAGES)


@pytest.mark.parametrize("path", sorted(PAGES))
def test_a_page_that_explains_has_the_organizations_telephone(visitor: FlaskClient, path: str) -> None:
    assert '<a href="tel:031-00000000">' in visitor.get(path).text


def test_privacy_says_how_long_declarations_are_stored(visitor: FlaskClient) -> None:
    assert personal_data.retention_days()["declarations"] == 3650
    assert "خوداظهاری‌ها: ۳٬۶۵۰ روز" in visitor.get("/privacy").text


def test_help_tells_the_times_that_the_services_have(visitor: FlaskClient) -> None:
    page = visitor.get("/help").text
    assert "تا چهار ساعت کاری" in page
    assert timedelta(hours=4) == rules.REVIEW_WORKING_TIME
    assert "نیم ساعت به کار نرود پایان می‌یابد، و هر نشست پس از دوازده ساعت" in page
    assert (timedelta(minutes=30), timedelta(hours=12)) == (sessions.IDLE, sessions.LIFE)
