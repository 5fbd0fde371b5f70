"""Return by field: the fields and words that a manager chooses, and what the review shows when they are corrected."""

from flask.testing import FlaskClient

from shared.contract.renewal import answers
from shared.contract.renewal import commands as renewal_commands
from shared.contract.renewal.correction import DeclarationField, FieldFault, FieldToCorrect
from tests.clients.gateway import pages, samples
from tests.clients.gateway.fake_services import FakeServices

REVIEW = "/desk/0012345/1405"
NOTE = "نام شهر محل سکونت را بنویسید"


def on_the_desk(services: FakeServices) -> None:
    services.renewal = samples.renewal("submitted")


def test_ticked_fields_are_returned_with_their_fault_and_words(manager: FlaskClient, services: FakeServices) -> None:
    on_the_desk(services)
    typed = {"field-mobile": "true", "fault-mobile": "outdated", "fault-city": "other", "note-city": f" {NOTE} "}
    assert pages.send(manager, f"{REVIEW}/return", typed | {"fault-email": "wrong", "reason": ""}).status_code == 303
    [sent] = services.sent(renewal_commands.ReturnRenewal)
    assert sent.reason == ""
    assert sent.fields == (
        FieldToCorrect(field=DeclarationField.MOBILE, fault=FieldFault.OUTDATED),
        FieldToCorrect(field=DeclarationField.CITY, fault=FieldFault.OTHER, note=NOTE),
    )


def test_the_page_of_a_return_has_each_field_with_its_answer(manager: FlaskClient, services: FakeServices) -> None:
    on_the_desk(services)
    page = manager.get(f"{REVIEW}/return").text
    for field in DeclarationField:
        assert f'name="field-{field}"' in page
    assert '<strong>شهر سکونت</strong> <span class="sub">اصفهان</span>' in page


def test_words_that_are_too_long_are_kept_and_named(manager: FlaskClient, services: FakeServices) -> None:
    on_the_desk(services)
    words = "ن" * 501
    answer = pages.send(manager, f"{REVIEW}/return", {"fault-city": "wrong", "note-city": words})
    assert answer.status_code == 422
    assert '<a href="#note-city">شهر سکونت: ' in answer.text
    assert words in answer.text
    assert 'name="field-city" value="true" checked' in answer.text
    assert services.sent(renewal_commands.ReturnRenewal) == []


def test_what_is_decided_can_not_be_returned(manager: FlaskClient, services: FakeServices) -> None:
    services.renewal = samples.renewal("approved", decisions=(samples.decision("approved", ""),))
    page = manager.get(f"{REVIEW}/return").text
    assert "return-reason" not in page
    assert "تصمیم‌ها" in page


def test_a_correction_is_shown_beside_the_note_of_its_field(manager: FlaskClient, services: FakeServices) -> None:
    corrected = samples.DECLARATION.model_copy(update={"city": "نطنز"})
    versions = tuple(
        answers.DeclarationOnFile(version=number, submitted_at=samples.NOW, form=form)
        for number, form in enumerate((samples.DECLARATION, corrected), 1)
    )
    fields = (
        answers.FieldNote(field=DeclarationField.CITY, fault=FieldFault.INCOMPLETE, note=NOTE),
        answers.FieldNote(field=DeclarationField.MOBILE, fault=FieldFault.OUTDATED),
    )
    returned = samples.decision("returned", "").model_copy(update={"fields": fields})
    services.renewal = samples.renewal("submitted", declarations=versions, decisions=(returned,))
    page = manager.get(REVIEW).text
    shown = page[page.index('id="changes-title"') : page.index('id="warnings-title"')]
    assert "<dt>شهر سکونت</dt>" in shown
    assert 'پیش‌تر: </span>اصفهان</del> <ins><span class="hidden">اکنون: </span>نطنز</ins>' in shown
    assert f"یادداشت بازگشت: ناقص است؛ {NOTE}" in shown
    assert shown.index("<dt>تلفن همراه</dt>") < shown.index("بدون تغییر</span>")
