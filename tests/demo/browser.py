"""A browser without scripts, over httpx: cookies, redirects, links by their text, forms with everything in them."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar
from urllib.parse import urljoin

import httpx

from tests.demo import page
from tests.demo.page import Button, Control, Form, Link, Page

Named = TypeVar("Named", Button, Link)

ANSWER_SECONDS = 30
WORDS_SHOWN = 400
ERRORS_FROM = 400


class Unexpected(Exception):  # noqa: N818 - reads as the sentence it is
    """Another result than expected; the text names both."""


class Browser:
    """One person's browser."""

    def __init__(self, portal: str) -> None:
        # a proxy for the world outside must not see what goes to this very machine
        self._http = httpx.Client(follow_redirects=True, timeout=ANSWER_SECONDS, trust_env=False)
        self._next: httpx.Request | None = None
        self.address = portal
        self.status = 0
        self.page = Page()

    def close(self) -> None:
        self._http.close()

    def on_answer(self, note: Callable[[httpx.Response], None]) -> None:
        """Have each answer noted, redirects too."""
        self._http.event_hooks = {"response": [note]}

    def cookie(self, name: str) -> str:
        """A cookie's value, or nothing."""
        return self._http.cookies.get(name) or ""

    def forget(self, name: str) -> None:
        """Lose a cookie."""
        self._http.cookies.delete(name)

    def go(self, path: str) -> Page:
        """Open an address, as typed or bookmarked."""
        return self._took(self._http.get(urljoin(self.address, path)))

    def follow(self, text: str) -> Page:
        """Follow the first link of these words, or else the first that begins with them."""
        link = first(self.page.links, text)
        if link is None:
            raise self.unexpected(f"a link «{text}»")
        return self.go(link.href)

    def press(self, text: str, values: Mapping[str, str | bool] | None = None, *, stays: bool = False) -> Page:
        """Fill fields of the form of a button, and press it; where it `stays`, the redirect is not followed yet."""
        form, button = self._find(text)
        fill(self, form, values or {})
        return self.send(form, button, stays=stays)

    def send(self, form: Form, button: Button, *, stays: bool = False) -> Page:
        """Send a form by one of its buttons."""
        fields = {one.name: one.value for one in form.controls if one.is_on}
        if button.name:
            fields[button.name] = button.value
        address = urljoin(self.address, button.action or form.action or self.address)
        if form.method.lower() == "get":
            return self._took(self._http.get(address, params=fields, follow_redirects=not stays))
        headers = {"Origin": "/".join(self.address.split("/")[:3]), "Referer": self.address}
        return self._took(self._http.post(address, data=fields, headers=headers, follow_redirects=not stays))

    def go_on(self) -> Page:
        """Follow the redirect that was left."""
        if self._next is None:
            raise self.unexpected("a redirect to follow")
        return self._took(self._http.send(self._next, follow_redirects=True))

    def must_say(self, *texts: str) -> None:
        """The page must hold these words, with a status of success."""
        if self.status >= ERRORS_FROM:
            raise self.unexpected("a page that is no error")
        for text in texts:
            if text not in self.page.words:
                raise self.unexpected(f"the words «{text}»")

    def unexpected(self, wanted: str) -> Unexpected:
        """What was wanted, and what is there instead."""
        found = self.page
        said = f"«{found.title}»: {found.words[:WORDS_SHOWN]}"
        return Unexpected(f"{self.address} has not {wanted}, but answers {self.status} {said}")

    def _find(self, text: str) -> tuple[Form, Button]:
        button = first([button for form in self.page.forms for button in form.buttons], text)
        if button is None:
            raise self.unexpected(f"a button «{text}»")
        return next(form for form in self.page.forms if any(one is button for one in form.buttons)), button

    def _took(self, response: httpx.Response) -> Page:
        self.address, self.status = str(response.url), response.status_code
        self._next = response.next_request
        self.page = page.read(response.text)
        return self.page


def first(named: Sequence[Named], text: str) -> Named | None:
    """The first of these words, or else the first that begins with them."""
    for fits in (str.__eq__, str.startswith):
        for one in named:
            if fits(one.text, text):
                return one
    return None


def fill(browser: Browser, form: Form, values: Mapping[str, str | bool]) -> None:
    """Type texts, choose options, tick boxes; what the form does not have cannot be filled."""
    for name, value in values.items():
        controls = [one for one in form.controls if one.name == name and one.kind != "hidden"]
        if not controls:
            raise browser.unexpected(f"a field «{name}»")
        for control in controls:
            put(browser, control, value)


def put(browser: Browser, control: Control, value: str | bool) -> None:
    if isinstance(value, bool):
        control.is_on = value
    elif control.kind == "radio":
        control.is_on = control.value == value
    elif control.kind == "select" and value not in control.options:
        raise browser.unexpected(f"an option «{value}» of «{control.name}»")
    else:
        control.value = value
