"""The security phrase."""

import base64
from datetime import datetime, timedelta
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from PIL import Image

from services.auth.sign_in import captcha
from services.auth.sign_in.captcha import LIFE
from shared.contract.auth import commands
from shared.event_store.command_handler import Records
from tests.services.auth.samples import NOON

CAPTCHA = uuid4()


def draw(
    records: Records, captcha_id: UUID = CAPTCHA, address: str = "192.0.2.7", at: datetime = NOON, digits: str = "04719"
) -> captcha.Phrase:
    command = commands.NewCaptcha(id=captcha_id, deadline=at + LIFE, at=at, address=address)
    return records.write(lambda connection: captcha.create(connection, command, digits))


def is_valid(records: Records, captcha_id: UUID) -> bool:
    with records.read() as connection:
        return captcha.find(connection, captcha_id, NOON) is not None


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
    again = draw(drawn, at=NOON + LIFE / 2, digits="99999")
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
    sound = base64.b64decode(captcha.sound_wav(CAPTCHA, "04719"))
    assert (sound[:4], sound[8:12]) == (b"RIFF", b"WAVE")


def test_a_phrase_sounds_the_same_each_time_and_no_other_sounds_like_it() -> None:
    assert captcha.sound_wav(CAPTCHA, "04719") == captcha.sound_wav(CAPTCHA, "04719")
    assert captcha.sound_wav(CAPTCHA, "04719") != captcha.sound_wav(uuid4(), "04719")


def test_a_phrase_is_spoken_a_few_times(drawn: Records) -> None:
    played = [
        drawn.write(lambda connection: captcha.count_play(connection, CAPTCHA, NOON)) is not None for _ in range(10)
    ]
    assert played == [True] * captcha.PLAYS_MAX * captcha.REQUESTS_PER_PLAY + [False] * 4
    assert solve(drawn, "04719")


def test_a_phrase_that_ran_out_or_is_unknown_is_not_spoken(drawn: Records) -> None:
    assert drawn.write(lambda connection: captcha.count_play(connection, CAPTCHA, NOON + LIFE)) is None
    assert drawn.write(lambda connection: captcha.count_play(connection, uuid4(), NOON)) is None


def test_a_flood_from_one_network_deletes_its_own_oldest_phrases(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(captcha, "CAPTCHAS_PER_NETWORK_MAX", 2)
    first, *later = flood = [uuid4() for _ in range(3)]
    other = uuid4()
    draw(records, other)
    for number, captcha_id in enumerate(flood):
        draw(records, captcha_id, f"2001:db8::{number}", NOON + timedelta(seconds=number))
    assert not is_valid(records, first)
    assert all(is_valid(records, captcha_id) for captcha_id in (*later, other))


def test_a_flood_from_everywhere_does_not_fill_the_table(records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(captcha, "CAPTCHAS_MAX", 3)
    flood = [uuid4() for _ in range(10)]
    for number, captcha_id in enumerate(flood):
        draw(records, captcha_id, f"192.0.2.{number}", NOON + timedelta(seconds=number))
    assert [is_valid(records, captcha_id) for captcha_id in flood] == [False] * 7 + [True] * 3
