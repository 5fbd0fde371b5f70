"""Floods of costly requests without a session: few are worked on at once, and all other pages are answered meanwhile."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import BytesIO
from threading import Event, Semaphore
from typing import Any

import flask
import pytest
from flask.testing import FlaskClient

from clients.gateway import admission
from shared.contract.auth import answers, commands, queries
from shared.contract.refusals import Reason
from tests.clients.gateway import fake_services, samples
from tests.clients.gateway.fake_services import FakeServices

SOUND = f"/sign-in/sound/{samples.ATTEMPT}"
PATIENCE_SECONDS = 30
DRIPPED_BYTES = 10


@contextmanager
def speaking(app: flask.Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As many sounds as there may be are spoken until the block ends."""
    done, begun = Event(), Semaphore(0)

    def speak(_services: FakeServices, _message: Any) -> answers.CaptchaSound:
        begun.release()
        assert done.wait(PATIENCE_SECONDS)
        return answers.CaptchaSound(sound_wav="UklGRg==")

    handlers: dict[Any, Any] = {**fake_services.ANSWERS}
    handlers[queries.GetCaptchaSound] = speak
    monkeypatch.setattr(fake_services, "ANSWERS", handlers)
    with ThreadPoolExecutor(admission.PHRASES_MAX) as pool:
        spoken = [pool.submit(status, app.test_client(), SOUND) for _ in range(admission.PHRASES_MAX)]
        try:
            for _ in spoken:
                assert begun.acquire(timeout=PATIENCE_SECONDS)
            yield
        finally:
            done.set()
        assert [one.result() for one in spoken] == [200] * admission.PHRASES_MAX


def status(client: FlaskClient, path: str) -> int:
    return client.get(path).status_code


def test_while_phrases_are_spoken_other_pages_are_answered(
    app: flask.Flask, member: FlaskClient, visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "WAIT_SECONDS", 0.01)
    with speaking(app, monkeypatch):
        assert status(visitor, SOUND) == 503
        assert status(visitor, "/sign-in") == 503
        assert visitor.post("/api/auth/new_captcha", json={}).status_code == 503
        assert status(visitor, "/") == status(member, "/member") == 200
    assert status(visitor, "/sign-in") == 200


def test_a_refused_phrase_leaves_its_place_to_others(visitor: FlaskClient, services: FakeServices) -> None:
    services.refuse(queries.GetCaptchaSound, Reason.WRONG_CAPTCHA)
    assert [status(visitor, SOUND) for _ in range(admission.PHRASES_MAX + 1)] == [400] * (admission.PHRASES_MAX + 1)


def test_sign_ins_have_places_of_their_own(
    app: flask.Flask, visitor: FlaskClient, services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "WAIT_SECONDS", 0.01)
    services.refuse(commands.SignIn, Reason.WRONG_CREDENTIALS)
    with speaking(app, monkeypatch):
        answer = visitor.post(
            "/api/auth/sign_in", json={"principal_kind": "member", "name": "0012345", "password": "x"}
        )
        assert answer.status_code == 401


class Dripping(BytesIO):
    """A body of which nothing comes until the test is over."""

    def __init__(self, begun: Semaphore, over: Event) -> None:
        super().__init__(b"x" * DRIPPED_BYTES)
        self.begun, self.over = begun, over

    def readinto(self, buffer: Any) -> int:
        self.begun.release()
        assert self.over.wait(PATIENCE_SECONDS)
        return super().readinto(buffer)


def test_who_sends_a_form_slowly_holds_no_place(
    app: flask.Flask, visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "WAIT_SECONDS", 0.01)
    begun, over = Semaphore(0), Event()
    with ThreadPoolExecutor(admission.SIGN_INS_MAX) as pool:
        for _ in range(admission.SIGN_INS_MAX):
            pool.submit(
                app.test_client().post,
                "/sign-in",
                input_stream=Dripping(begun, over),
                content_length=DRIPPED_BYTES,
                content_type="application/x-www-form-urlencoded",
            )
        try:
            for _ in range(admission.SIGN_INS_MAX):
                assert begun.acquire(timeout=PATIENCE_SECONDS)
            answer = visitor.post(
                "/api/auth/sign_in", json={"principal_kind": "member", "name": "0012345", "password": "x"}
            )
        finally:
            over.set()
    assert answer.status_code == 200
