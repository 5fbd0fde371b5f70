"""What the phone's providers know is what the notification service sends: the same text comes out of both."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from clients.phone import approved_templates, tables
from clients.phone.messages import SEGMENT_RIALS
from clients.phone.sms.kavenegar import SLOTS
from deploy.demonstration import phone_templates
from services.notification import templates
from shared.contract.notification.values import NoticeKind, NoticeValues
from shared.settings import Settings
from tests.support import phone as phones

VALUES = NoticeValues(
    tracking_code="K7-4402",
    year=1405,
    amount_rials=9_000_000,
    until=datetime(2027, 3, 20, 20, 29, tzinfo=UTC),
    count=3,
)


@pytest.mark.parametrize("portal", ["http://127.0.0.1:8000", "https://tamdid.example.ir"])
def test_every_text_arrives_as_it_was_rendered(tmp_path: Path, portal: str) -> None:
    settings = Settings(var=tmp_path, public_url=portal)
    phone_templates.register(settings)
    phone_templates.register(settings)
    texts = templates.load(settings.templates_folder, settings.portal_url)
    rendered = [texts.render(kind, VALUES) for kind in NoticeKind] + [texts.render_code("04821", 10)]
    sent = [one for one in rendered if one.sms]
    with phones.running(tmp_path) as phone:
        for one in sent:
            slots = dict(zip(SLOTS, one.tokens.values(), strict=False))
            fields = {"receptor": phones.NUMBER, "template": one.provider_template, **slots}
            answer = phone.http.post("/kavenegar/v1/k/verify/lookup.json", data=fields).json()
            assert answer["return"]["status"] == 200, (one, answer)
        assert [one["text"] for one in reversed(phone.messages())] == [one.sms for one in sent]


def test_every_provider_knows_the_templates(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path)
    phone_templates.register(settings)
    name = templates.load(settings.templates_folder, settings.portal_url).render_code("1", 10).provider_template
    records = tables.open_records(settings)
    with records.read() as connection:
        known = {
            one
            for one in SEGMENT_RIALS
            if approved_templates.text_of(connection, one, phone_templates.name_at(settings, one, name))
        }
    records.database.close()
    assert known == set(SEGMENT_RIALS) != set()
