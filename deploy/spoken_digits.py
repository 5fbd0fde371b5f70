"""Records the Persian digits of spoken security phrases with espeak-ng (text to speech): `python -m deploy.spoken_digits`.

The recordings are in the repository, so that no deployment needs espeak-ng; run it again to change voices.
"""

import io
import subprocess
import sys
import tempfile
import wave
import zipfile
from array import array
from collections.abc import Iterator

from services.auth.captcha_sound.spoken_phrase import RECORDINGS, SAMPLES_PER_SECOND

WORDS = ("صفر", "یک", "دو", "سه", "چهار", "پنج", "شش", "هفت", "هشت", "نُه")
"""The last with its vowel sign: without it the word means no."""
VOICES = {
    "m1": (140, 45),
    "m3": (150, 35),
    "m7": (130, 55),
    "f2": (145, 60),
    "f4": (135, 50),
    "klatt2": (140, 50),
    "linda": (140, 55),
    "travis": (150, 45),
}
"""Variants of espeak-ng's Persian voice, each with its words a minute and its pitch."""
SILENCE = 300
"""Samples below this, of 32,768, at the beginning and the end of a word are cut off."""
LOUDEST = 24_000
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The time of every file, so that the same recordings make the same archive."""


def main() -> int:
    with zipfile.ZipFile(RECORDINGS, "w", zipfile.ZIP_DEFLATED) as archive:
        for voice in VOICES:
            for digit, word in enumerate(WORDS):
                name = zipfile.ZipInfo(f"{digit}/{voice}.wav", LONG_AGO)
                archive.writestr(name, wav(record(voice, word)), zipfile.ZIP_DEFLATED)
    print(f"{RECORDINGS}: {len(VOICES) * len(WORDS)} recordings, {RECORDINGS.stat().st_size} bytes")
    return 0


def record(voice: str, word: str) -> "array[int]":
    """A word as 16-bit samples at our rate, without silence around it, all equally loud."""
    words_a_minute, pitch = VOICES[voice]
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        options = ["-v", f"fa+{voice}", "-s", str(words_a_minute), "-p", str(pitch), "-w", file.name]
        subprocess.run(["espeak-ng", *options, word], check=True, stderr=subprocess.DEVNULL)
        with wave.open(file.name) as source:
            rate = source.getframerate()
            spoken = array("h", source.readframes(source.getnframes()))
    loud = [place for place, sample in enumerate(spoken) if abs(sample) > SILENCE]
    resampled = array("h", resample(spoken[loud[0] : loud[-1]], rate))
    peak = max(map(abs, resampled))
    return array("h", (sample * LOUDEST // peak for sample in resampled))


def resample(samples: "array[int]", rate: int) -> Iterator[int]:
    """Samples at our rate, each the mean of those that it stands for, which leaves out what the rate cannot carry."""
    step = rate / SAMPLES_PER_SECOND
    for number in range(int(len(samples) / step)):
        piece = samples[int(number * step) : max(int((number + 1) * step), int(number * step) + 1)]
        yield sum(piece) // len(piece)


def wav(samples: "array[int]") -> bytes:
    """Samples as a WAV file of 8 bits."""
    file = io.BytesIO()
    with wave.open(file, "wb") as target:
        target.setnchannels(1)
        target.setsampwidth(1)
        target.setframerate(SAMPLES_PER_SECOND)
        target.writeframes(bytes((sample >> 8) + 128 for sample in samples))
    return file.getvalue()


if __name__ == "__main__":
    sys.exit(main())
