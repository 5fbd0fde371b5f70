"""Single keys of the desk: off until they are switched on, listed, and each of them on the pages."""

import re
from pathlib import Path

from flask.testing import FlaskClient
from playwright.sync_api import Page

from clients.gateway.review import keyboard
from shared.contract.renewal import answers
from tests.clients.gateway import pages, samples
from tests.clients.gateway.fake_services import FakeServices

REVIEW = "/desk/0012345/1405"
SHORTCUT = re.compile(r'aria-keyshortcuts="(\w)"')
SCRIPT = Path("clients/gateway/design/static/keys.js").read_text(encoding="utf-8")


def switch(manager: FlaskClient, choice: str) -> str:
    assert pages.send(manager, "/desk/keys", {"keys": choice}, page="/desk/keys").status_code == 303
    return manager.get("/desk/keys").text


def test_keys_are_off_until_they_are_switched_on_and_can_be_switched_off(
    manager: FlaskClient, services: FakeServices
) -> None:
    services.renewal = samples.renewal("submitted")
    services.desk = (services.renewal,)
    assert "keys.js" not in manager.get(REVIEW).text
    assert SHORTCUT.findall(manager.get(REVIEW).text) == []
    assert "کلیدها روشن شد." in switch(manager, "on")
    assert "keys.js" in manager.get(REVIEW).text
    assert "کلیدها خاموش شد." in switch(manager, "off")
    assert "keys.js" not in manager.get(REVIEW).text


def test_every_key_that_is_listed_is_on_a_page_or_in_the_script(manager: FlaskClient, services: FakeServices) -> None:
    services.renewal = samples.renewal("submitted")
    services.desk = (services.renewal,)
    switch(manager, "on")
    shown = [manager.get(path).text for path in ("/desk", f"{REVIEW}?row=0", f"{REVIEW}/return")]
    found = {letter for page in shown for letter in SHORTCUT.findall(page)} | set(
        re.findall(r'letter === "(\w)"', SCRIPT)
    )
    listed = {letter.lower() for letter, _ in keyboard.KEYS}
    assert listed - found <= {"f"}, "only where something is to be mended"
    assert found <= listed


def test_a_field_with_a_warning_is_returned_by_a_link_that_ticks_it(
    manager: FlaskClient, services: FakeServices
) -> None:
    declared = samples.DECLARATION.model_copy(update={"province": "yazd"})
    on_file = answers.DeclarationOnFile(version=1, submitted_at=samples.NOW, form=declared)
    services.renewal = samples.renewal("submitted", declarations=(on_file,))
    switch(manager, "on")
    page = manager.get(REVIEW).text
    assert (
        f'<a class="button button-second button-small" href="{REVIEW}/return?tick=province" aria-keyshortcuts="f">'
        in page
    )
    page = manager.get(f"{REVIEW}/return?tick=province").text
    ticked = page.index('id="field-province" name="field-province" value="true" checked')
    assert ticked < page.index('id="field-mobile"')
    assert page.count(" checked>") == 1
    assert " checked>" not in manager.get(f"{REVIEW}/return?tick=nothing").text


def test_members_have_no_keys(member: FlaskClient) -> None:
    assert member.get("/desk/keys").status_code == 403


def test_a_second_press_does_nothing_on_the_page_that_the_first_has_led_to(page: Page) -> None:
    page.clock.install(time=0)
    page.clock.pause_at(1)
    page.set_content(f'<a href="#approved" aria-keyshortcuts="a">تأیید</a><script>{SCRIPT}</script>')
    page.keyboard.press("a")
    assert page.evaluate("location.hash") == ""
    page.clock.run_for(500)
    page.keyboard.press("a")
    assert page.evaluate("location.hash") == "#approved"
