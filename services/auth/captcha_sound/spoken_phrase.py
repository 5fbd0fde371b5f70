"""Renders a spoken security phrase: recordings at changing speed, pitch and colour over babble, so that no fixed template fits."""

import io
import math
import wave
import zipfile
from array import array
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import TypeAlias

RECORDINGS = Path(__file__).with_name("spoken_digits.zip")
"""`<digit>/<voice>.wav`, mono of 8 bits; `deploy/spoken_digits.py` makes them."""
SAMPLES_PER_SECOND = 8000
SPEED_MIN, SPEED_MAX = 0.82, 1.2
WOBBLE_MIN, WOBBLE_MAX = 0.04, 0.14
"""How far the speed changes within a word."""
WOBBLE_HERTZ_MIN, WOBBLE_HERTZ_MAX = 1.5, 5.0
STEADY_SAMPLES = 16
"""The speed changes after so many samples."""
TILT_MIN, TILT_MAX = -0.5, 0.8
"""How much lower or higher tones are weakened, as different telephones do."""
GAIN_MIN, GAIN_MAX = 0.75, 1.0
PAUSE_SECONDS_MIN, PAUSE_SECONDS_MAX = 0.25, 0.7
BABBLE_SECONDS = 12
BABBLE_VOICES = 3
BABBLE_GAIN = 0.18
"""Of each of the voices, which speak backwards: about 8 dB below the phrase all together."""
HISS = 3
"""The loudness of white noise, of 127."""
MIDDLE, LOUDEST = 128, 127

Samples: TypeAlias = "array[float]"
Recording: TypeAlias = "array[int]"


@cache
def recordings() -> tuple[tuple[Recording, ...], ...]:
    """The recordings of each digit, in all voices."""
    with zipfile.ZipFile(RECORDINGS) as archive:
        names = sorted(archive.namelist())
        return tuple(
            tuple(decoded(archive.read(name)) for name in names if name.startswith(f"{digit}/")) for digit in range(10)
        )


def decoded(file: bytes) -> Recording:
    with wave.open(io.BytesIO(file)) as source:
        return array("b", (sample - MIDDLE for sample in source.readframes(source.getnframes())))


def render(digits: str, random: Random) -> bytes:
    """The digits as a WAV file; each time another sound. Takes some 30 ms of pure Python."""
    words = [varied(random.choice(recordings()[int(digit)]), random) for digit in digits]
    pauses = [round(SAMPLES_PER_SECOND * random.uniform(PAUSE_SECONDS_MIN, PAUSE_SECONDS_MAX)) for _ in (*words, None)]
    sound = background(sum(map(len, words)) + sum(pauses), random)
    place = 0
    for pause, word in zip(pauses, words, strict=False):
        place += pause
        sound[place : place + len(word)] = array("d", map(float.__add__, sound[place : place + len(word)], word))
        place += len(word)
    return encoded(sound)


def varied(recording: Sequence[float], random: Random, gain: float | None = None) -> Samples:
    """A recording at a speed that wobbles, with its tones tilted."""
    speed, depth = random.uniform(SPEED_MIN, SPEED_MAX), random.uniform(WOBBLE_MIN, WOBBLE_MAX)
    turn = math.tau * random.uniform(WOBBLE_HERTZ_MIN, WOBBLE_HERTZ_MAX) / SAMPLES_PER_SECOND
    phase, tilt = random.uniform(0, math.tau), random.uniform(TILT_MIN, TILT_MAX)
    loudness = (gain or random.uniform(GAIN_MIN, GAIN_MAX)) / (1 + abs(tilt) / 2)
    samples: Samples = array("d")
    place, before, last = 0.0, 0.0, len(recording) - 1
    while place < last:
        step = speed * (1 + depth * math.sin(turn * len(samples) + phase))
        for _ in range(STEADY_SAMPLES):
            if place >= last:
                break
            whole = int(place)
            now = recording[whole] + (recording[whole + 1] - recording[whole]) * (place - whole)
            samples.append((now - tilt * before) * loudness)
            before = now
            place += step
    return samples


def background(length: int, random: Random) -> Samples:
    """A random part of the babble, forwards or backwards, repeated where it is too short."""
    babble = babble_of_this_process()
    start = random.randrange(len(babble))
    rotated = babble[start:] + babble[:start]
    rotated *= 1 + length // len(rotated)
    return rotated[:length] if random.random() < 0.5 else rotated[:length][::-1]  # noqa: PLR2004 - a coin


@cache
def babble_of_this_process() -> Samples:
    """Voices that speak digits backwards, all at once, with hiss: long, and nowhere but in this process."""
    random = Random()  # noqa: S311 - seeded by the system; nobody guesses a captcha by its noise
    length = BABBLE_SECONDS * SAMPLES_PER_SECOND
    babble: Samples = array("d", (random.uniform(-HISS, HISS) for _ in range(length)))
    for _ in range(BABBLE_VOICES):
        place = 0
        while place < length:
            recording = random.choice(recordings()[random.randrange(10)])
            word = varied(recording[::-1], random, BABBLE_GAIN)[: length - place]
            babble[place : place + len(word)] = array("d", map(float.__add__, babble[place : place + len(word)], word))
            place += len(word)
    return babble


def encoded(sound: Sequence[float]) -> bytes:
    """Samples as a WAV file of 8 bits."""
    file = io.BytesIO()
    with wave.open(file, "wb") as target:
        target.setnchannels(1)
        target.setsampwidth(1)
        target.setframerate(SAMPLES_PER_SECOND)
        target.writeframes(bytes(MIDDLE + max(-LOUDEST, min(LOUDEST, round(sample))) for sample in sound))
    return file.getvalue()
