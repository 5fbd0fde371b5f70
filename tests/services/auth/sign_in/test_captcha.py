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
    records: Records,
    answer: str,
    captcha_id: UUID | None = CAPTCHA,
    at: timedelta = timedelta(minutes=1),
    work_bits: int = 0,
) -> bool:
    return records.write(lambda connection: captcha.solve(connection, captcha_id, answer, NOON + at, work_bits))


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


WORKED, OTHER = UUID(int=1), UUID(int=2)
"""The same in every run: a number found for one may prove another's work once in 256 times."""
BITS = 8


def work(phrase: captcha.Phrase, captcha_id: UUID = WORKED, bits: int = BITS) -> str:
    """An answer that proves the work."""
    challenge = captcha.work_of(captcha_id, phrase.expires_at)
    number = next(one for one in range(10**6) if captcha.has_worked(challenge, str(one), bits))
    return f"{captcha.WORKED}{number}"


def test_work_stands_for_the_phrase_where_it_may(records: Records) -> None:
    answer = work(draw(records, WORKED))
    assert solve(records, answer, WORKED, work_bits=BITS)
    draw(records, WORKED)
    assert not solve(records, answer, WORKED)
    draw(records, WORKED)
    assert solve(records, "04719", WORKED, work_bits=BITS), "the phrase itself stays possible"


def test_work_is_good_for_one_try_and_for_no_other_phrase(records: Records) -> None:
    answer = work(draw(records, WORKED))
    draw(records, OTHER)
    assert not solve(records, answer, OTHER, work_bits=BITS)
    assert solve(records, answer, WORKED, work_bits=BITS)
    assert not solve(records, answer, WORKED, work_bits=BITS)
    draw(records, WORKED, at=NOON + timedelta(microseconds=1))
    assert not solve(records, answer, WORKED, work_bits=BITS), "under the id that its asker chose once more"


@pytest.mark.parametrize("answer", ["work:", "work:-1", "work:0", "0", "work", "work:٠"])
def test_what_proves_no_work_is_wrong_and_uses_the_phrase_up(records: Records, answer: str) -> None:
    right = work(draw(records, WORKED))
    assert right != answer
    assert not solve(records, answer, WORKED, work_bits=BITS)
    assert not solve(records, right, WORKED, work_bits=BITS)


def test_less_work_is_too_little(records: Records) -> None:
    answer = work(draw(records, WORKED), bits=2)
    assert not solve(records, answer, WORKED, work_bits=BITS)
