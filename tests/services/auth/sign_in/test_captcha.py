"""The security phrase."""

import base64
from datetime import timedelta
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from PIL import Image

from services.auth.sign_in import captcha
from services.auth.sign_in.captcha import LIFE
from shared.event_store.command_handler import Records
from tests.services.auth.samples import NOON

CAPTCHA = uuid4()


def draw(records: Records) -> None:
    records.write(lambda connection: captcha.create(connection, CAPTCHA, "04719", NOON))


@pytest.fixture
def drawn(records: Records) -> Records:
    draw(records)
    return records


def solve(
    records: Records, answer: str, captcha_id: UUID | None = CAPTCHA, at: timedelta = timedelta(minutes=1)
) -> bool:
    return records.write(lambda connection: captcha.solve(connection, captcha_id, answer, NOON + at))


def test_a_phrase_is_solved_in_any_digits_and_once(records: Records) -> None:
    for answer in ("04719", "۰۴۷۱۹", " ٠٤٧١٩ ", "0 4 7 1 9"):
        draw(records)
        assert solve(records, answer)
        assert not solve(records, answer)


def test_a_wrong_answer_uses_the_phrase_up(records: Records) -> None:
    for answer in ("04718", "4719", "", "۰۴۷۱۹۰", "گذر"):
        draw(records)
        assert not solve(records, answer)
        assert not solve(records, "04719")


def test_a_phrase_runs_out(drawn: Records) -> None:
    assert not solve(drawn, "04719", at=LIFE)


def test_no_phrase_and_an_unknown_phrase_are_not_solved(drawn: Records) -> None:
    assert not solve(drawn, "04719", captcha_id=None)
    assert not solve(drawn, "04719", captcha_id=uuid4())
    assert solve(drawn, "04719")


def test_the_same_captcha_drawn_again_is_the_same_phrase(drawn: Records) -> None:
    again = drawn.write(lambda connection: captcha.create(connection, CAPTCHA, "99999", NOON + LIFE / 2))
    assert (again.digits, again.expires_at) == ("04719", NOON + LIFE)


def test_hearing_a_phrase_does_not_use_it_up_and_old_ones_are_forgotten(drawn: Records) -> None:
    with drawn.read() as connection:
        assert captcha.find(connection, CAPTCHA, NOON) is not None
    drawn.write(lambda connection: captcha.delete_expired(connection, NOON + LIFE))
    with drawn.read() as connection:
        assert captcha.find(connection, CAPTCHA, NOON) is None


def test_a_phrase_can_be_read_and_heard() -> None:
    with Image.open(BytesIO(base64.b64decode(captcha.image_png("04719")))) as picture:
        assert (picture.format, picture.size) == ("PNG", (220, 80))
    sound = base64.b64decode(captcha.sound_wav("04719"))
    assert (sound[:4], sound[8:12]) == (b"RIFF", b"WAVE")
