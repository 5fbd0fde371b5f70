"""The captcha (security phrase, عبارت امنیتی): five digits as a picture or as sound, valid for one attempt."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from random import SystemRandom
from uuid import UUID

from captcha.image import ImageCaptcha
from sqlalchemy import ColumnElement, Connection, delete, func, select, true, update

from services.auth.captcha_sound import spoken_phrase
from services.auth.tables import CAPTCHAS
from shared.contract.auth import commands
from shared.event_store.sql import upsert
from shared.network_addresses import network_of
from shared.text import persian

DIGITS = 5
LIFE = timedelta(minutes=5)
"""Long enough to play the sound twice and to type the rest of the form."""
PLAYS_MAX = 3
REQUESTS_PER_PLAY = 2
"""Some browsers ask for the first bytes before they ask for all."""
CAPTCHAS_MAX = 20_000
CAPTCHAS_PER_NETWORK_MAX = 500
"""Of more phrases the oldest are deleted: nobody fills the table, and whoever signs in at once has the newest."""
SOUNDS_CACHED_MAX = 64
IMAGE_WIDTH_PIXELS, IMAGE_HEIGHT_PIXELS = 220, 80
WORKED = "work:"
"""What an answer begins with that is no phrase but the number that proves work."""
WORK_ITERATIONS = 2000
RANDOM = SystemRandom()
PICTURE = ImageCaptcha(width=IMAGE_WIDTH_PIXELS, height=IMAGE_HEIGHT_PIXELS)
"""With its fonts, which are read at the first phrase."""


@dataclass(frozen=True, repr=False)
class Phrase:
    """The digits of a captcha, and until when they are valid."""

    digits: str
    expires_at: datetime


def create(connection: Connection, command: commands.NewCaptcha, digits: str) -> Phrase:
    """Store a new phrase; the same command again is the same phrase."""
    network = network_of(command.address)
    expires_at = command.at + LIFE
    row = {"captcha": command.id, "phrase": digits, "network": network, "plays": 0, "expires_at": expires_at}
    if upsert.add(connection, CAPTCHAS, row):
        delete_oldest(connection, CAPTCHAS.c.network == network, CAPTCHAS_PER_NETWORK_MAX)
        delete_oldest(connection, true(), CAPTCHAS_MAX)
        return Phrase(digits, expires_at)
    stored = connection.execute(select(CAPTCHAS).where(CAPTCHAS.c.captcha == command.id)).one()
    return Phrase(stored.phrase, stored.expires_at)


def delete_oldest(connection: Connection, which: ColumnElement[bool], most: int) -> None:
    """Delete the oldest of these phrases where there are more than so many."""
    surplus = connection.execute(select(func.count()).select_from(CAPTCHAS).where(which)).scalar_one() - most
    if surplus > 0:
        oldest = select(CAPTCHAS.c.captcha).where(which).order_by(CAPTCHAS.c.expires_at).limit(surplus)
        connection.execute(delete(CAPTCHAS).where(CAPTCHAS.c.captcha.in_(oldest)))


def find(connection: Connection, captcha_id: UUID, at: datetime) -> Phrase | None:
    """The phrase of a captcha_id that is still valid, without using it up."""
    query = select(CAPTCHAS).where(CAPTCHAS.c.captcha == captcha_id, CAPTCHAS.c.expires_at > at)
    row = connection.execute(query).one_or_none()
    return Phrase(row.phrase, row.expires_at) if row else None


def count_play(connection: Connection, captcha_id: UUID, at: datetime) -> Phrase | None:
    """Count a request for the spoken phrase; None where it is not valid, or was spoken as often as it may be."""
    playable = (
        CAPTCHAS.c.captcha == captcha_id,
        CAPTCHAS.c.expires_at > at,
        CAPTCHAS.c.plays < PLAYS_MAX * REQUESTS_PER_PLAY,
    )
    played = connection.execute(update(CAPTCHAS).where(*playable).values(plays=CAPTCHAS.c.plays + 1))
    return find(connection, captcha_id, at) if played.rowcount else None


def work_of(captcha_id: UUID, expires_at: datetime) -> str:
    """What a proof of work is of: with the instant, since whoever asks for a phrase chooses its id, and could choose it again."""
    return f"{captcha_id} {expires_at.isoformat()}"


def has_worked(work: str, number: str, bits: int) -> bool:
    """Whether a number proves the work: found only by trying, and as slow to try natively as in a browser."""
    digest = hashlib.pbkdf2_hmac("sha256", work.encode(), number.encode(), WORK_ITERATIONS)
    return int.from_bytes(digest) >> (8 * len(digest) - bits) == 0


def solve(connection: Connection, captcha_id: UUID | None, answer: str, at: datetime, work_bits: int = 0) -> bool:
    """Use a captcha_id up; whether the answer, typed in any digits, was right, or proves work where `work_bits` lets it."""
    if captcha_id is None:
        return False
    phrase = find(connection, captcha_id, at)
    used = connection.execute(delete(CAPTCHAS).where(CAPTCHAS.c.captcha == captcha_id)).rowcount
    if phrase is None or used != 1:
        return False
    if work_bits and answer.startswith(WORKED):
        return has_worked(work_of(captcha_id, phrase.expires_at), answer.removeprefix(WORKED), work_bits)
    typed = persian.SEPARATORS.sub("", persian.normalise(answer))
    return hmac.compare_digest(typed.encode(), phrase.digits.encode())


def delete_expired(connection: Connection, at: datetime) -> None:
    connection.execute(delete(CAPTCHAS).where(CAPTCHAS.c.expires_at <= at))


def image_png(digits: str) -> str:
    """The phrase as a PNG, in Base64."""
    return base64.b64encode(PICTURE.generate(digits).getvalue()).decode()


@lru_cache(SOUNDS_CACHED_MAX)
def sound_wav(_captcha_id: UUID, digits: str) -> str:
    """The phrase spoken in Persian, as a WAV, in Base64; the same sound each time, for differences would help who reads it."""
    return base64.b64encode(spoken_phrase.render(digits, RANDOM)).decode()
