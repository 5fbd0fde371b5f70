"""The captcha (security phrase, عبارت امنیتی): five digits as a picture or as sound, valid for one attempt."""

import base64
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from captcha.audio import AudioCaptcha
from captcha.image import ImageCaptcha
from sqlalchemy import Connection, delete, select

from services.auth.tables import CAPTCHAS
from shared.event_store import upsert
from shared.text import persian

DIGITS = 5
LIFE = timedelta(minutes=5)
"""Long enough to play the sound twice and to type the rest of the form."""
IMAGE_WIDTH_PIXELS, IMAGE_HEIGHT_PIXELS = 220, 80
AUDIO = AudioCaptcha()


@dataclass(frozen=True, repr=False)
class Phrase:
    """The digits of a captcha, and until when they are valid."""

    digits: str
    expires_at: datetime


def create(connection: Connection, captcha_id: UUID, digits: str, at: datetime) -> Phrase:
    """Store a new phrase; the same captcha_id again is the same phrase."""
    upsert.add(connection, CAPTCHAS, {"captcha": captcha_id, "phrase": digits, "expires_at": at + LIFE})
    row = connection.execute(select(CAPTCHAS).where(CAPTCHAS.c.captcha == captcha_id)).one()
    return Phrase(row.phrase, row.expires_at)


def find(connection: Connection, captcha_id: UUID, at: datetime) -> Phrase | None:
    """The phrase of a captcha_id that is still valid, without using it up."""
    query = select(CAPTCHAS).where(CAPTCHAS.c.captcha == captcha_id, CAPTCHAS.c.expires_at > at)
    row = connection.execute(query).one_or_none()
    return Phrase(row.phrase, row.expires_at) if row else None


def solve(connection: Connection, captcha_id: UUID | None, answer: str, at: datetime) -> bool:
    """Use a captcha_id up; whether the answer, typed in any digits, was right."""
    if captcha_id is None:
        return False
    phrase = find(connection, captcha_id, at)
    used = connection.execute(delete(CAPTCHAS).where(CAPTCHAS.c.captcha == captcha_id)).rowcount
    typed = persian.SEPARATORS.sub("", persian.normalise(answer))
    return phrase is not None and used == 1 and hmac.compare_digest(typed.encode(), phrase.digits.encode())


def delete_expired(connection: Connection, at: datetime) -> None:
    connection.execute(delete(CAPTCHAS).where(CAPTCHAS.c.expires_at <= at))


def image_png(digits: str) -> str:
    """The phrase as a PNG, in Base64."""
    picture = ImageCaptcha(width=IMAGE_WIDTH_PIXELS, height=IMAGE_HEIGHT_PIXELS)
    return base64.b64encode(picture.generate(digits).getvalue()).decode()


def sound_wav(digits: str) -> str:
    """The phrase spoken in English, as a WAV, in Base64; takes a fifth of a second."""
    return base64.b64encode(AUDIO.generate(digits)).decode()
