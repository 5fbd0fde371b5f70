"""Two pages of one topic at once: the second one is told, and sees what was saved beside what it has typed."""

import pytest
from flask.testing import FlaskClient

from clients.gateway.declaration import declaration_form
from clients.gateway.declaration.topics import TOPICS
from shared.contract.refusals import Reason
from shared.contract.renewal import commands
from tests.clients.gateway import declarations, pages, samples
from tests.clients.gateway.declarations import FORM
from tests.clients.gateway.fake_services import FakeServices

FILLED = declaration_form.filled(samples.DECLARATION, None).values
CHANGED = "پاسخ‌های این بخش در صفحه‌ای دیگر تغییر کرده است"
FIRST, SECOND = "۰۹۱۲۰۰۰۰۰۰۱", "۰۹۱۲۰۰۰۰۰۰۲"


@pytest.fixture(autouse=True)
def requested(services: FakeServices) -> None:
    services.renewal = samples.renewal("requested")
    services.last_declaration = samples.DECLARATION


def opened(member: FlaskClient, slug: str = "contact") -> dict[str, str]:
    """A page of a topic as a browser has it: its hidden fields and its answers."""
    topic = next(topic for topic in TOPICS if topic.slug == slug)
    hidden = pages.hidden(member.get(f"{FORM}/{slug}?change=yes").text)
    return {**hidden, **{name: text for name, text in FILLED.items() if topic.has(name)}}


def typed_in(services: FakeServices) -> str:
    assert services.draft is not None
    return services.draft.fields["mobile"]


def send(member: FlaskClient, fields: dict[str, str], action: str = "next", **typed: str) -> str:
    answer = member.post(f"{FORM}/contact", data={**fields, **typed, "action": action})
    return answer.text if answer.status_code != 303 else str(answer.location)


def test_the_second_page_is_told_and_shows_both_until_the_member_decides(
    member: FlaskClient, services: FakeServices
) -> None:
    first, second = opened(member), opened(member)
    assert send(member, first, mobile=FIRST) == f"{FORM}/residence"
    page = send(member, second, mobile=SECOND)
    assert CHANGED in page
    assert f'value="{SECOND}"' in pages.field(page, "mobile")
    assert FIRST in page.partition("آنچه در صفحهٔ دیگر ذخیره شده است</h2>")[2].partition("<form")[0]
    assert typed_in(services) == FIRST
    assert send(member, {**second, **pages.hidden(page)}, mobile=SECOND) == f"{FORM}/residence"
    assert typed_in(services) == SECOND


@pytest.mark.parametrize("action", ["keep", "next"])
def test_the_same_answers_and_other_topics_are_no_conflict(
    member: FlaskClient, services: FakeServices, action: str
) -> None:
    first, second = opened(member), opened(member)
    declarations.post(member, "residence", {**FILLED, "city": "یزد"})
    send(member, first, mobile=FIRST)
    assert CHANGED not in send(member, second, action, mobile=FIRST)


def test_a_script_does_not_save_over_another_page_and_knows_what_it_has_saved_itself(
    member: FlaskClient, services: FakeServices
) -> None:
    first, second = opened(member), opened(member)
    answer = send(member, first, "save", mobile=FIRST)
    assert CHANGED not in answer
    assert CHANGED in send(member, second, "save", mobile=SECOND)
    assert typed_in(services) == FIRST
    seen = pages.hidden(answer)["seen"]
    assert send(member, {**first, "seen": seen}, mobile=SECOND) == f"{FORM}/residence"
    assert typed_in(services) == SECOND


def test_rows_of_jobs_are_compared_as_well(member: FlaskClient, services: FakeServices) -> None:
    first, second = opened(member, "jobs"), opened(member, "jobs")
    member.post(f"{FORM}/jobs", data={**first, "jobs.0.title": "معدن یک", "action": "add-job"})
    page = member.post(f"{FORM}/jobs", data={**second, "jobs.0.title": "معدن دو", "action": "next"}).text
    assert CHANGED in page
    assert "عنوان کار یا نام معدن در ردیف ۱" in page
    assert "معدن یک" in page
    assert "معدن دو" in page


def test_what_could_not_be_saved_is_no_other_pages(member: FlaskClient, services: FakeServices) -> None:
    fields = opened(member)
    services.refuse(commands.SaveDraft, Reason.NO_ANSWER)
    page = send(member, fields, mobile=FIRST)
    services.refusals.clear()
    assert send(member, {**fields, **pages.hidden(page)}, mobile=SECOND) == f"{FORM}/residence"
