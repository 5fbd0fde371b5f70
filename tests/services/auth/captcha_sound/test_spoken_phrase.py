"""The spoken security phrase: what it sounds like, and a reader that finds the known recordings in it by correlation."""

import io
import math
import wave
from array import array
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from random import Random

from services.auth.captcha_sound import spoken_phrase
from services.auth.captcha_sound.spoken_phrase import SAMPLES_PER_SECOND, recordings

PHRASE = "04719"
THIN = 2
"""The reader compares every so many samples: the recordings have little above 2,000 hertz."""
LIMB_BYTES = 4
"""Wide enough for a sum of products of all samples of a recording."""
MIDDLE = 128


def seeded(seed: str) -> Random:
    return Random(seed)  # noqa: S311 - the same at each run


def samples(sound: bytes) -> bytes:
    with wave.open(io.BytesIO(sound)) as source:
        assert (source.getnchannels(), source.getsampwidth(), source.getframerate()) == (1, 1, SAMPLES_PER_SECOND)
        received: bytes = source.readframes(source.getnframes())
        return received


def plain(digits: str, random: Random) -> bytes:
    """The phrase as a naive program speaks it: recordings as they are, with pauses and a little noise."""
    parts = [array("d", bytes(8 * random.randrange(2000, 6000))) for _ in (*digits, None)]
    words = [array("d", random.choice(recordings()[int(digit)])) for digit in digits]
    sound = parts[0]
    for word, pause in zip(words, parts[1:], strict=True):
        sound += word + pause
    return spoken_phrase.encoded([sample + random.uniform(-12, 12) for sample in sound])


def read(sound: bytes, count: int = 5) -> str:
    """The digits whose recordings fit best, as an attacker who has all recordings reads them."""
    received = samples(sound)[::THIN]
    fits = [
        (fit, place, length, digit)
        for digit, voices in enumerate(recordings())
        for voice in voices
        for fit, place, length in best_fits(received, bytes(sample + MIDDLE for sample in voice[::THIN]))
    ]
    found: list[tuple[int, int, int]] = []
    for _fit, place, length, digit in sorted(fits, reverse=True):
        if all(place + length / 2 <= other or other + its_length / 2 <= place for other, its_length, _ in found):
            found.append((place, length, digit))
    return "".join(str(digit) for _, _, digit in sorted(found[:count]))


def best_fits(received: bytes, wanted: bytes) -> Iterator[tuple[float, int, int]]:
    """The best places of a recording in a sound, each with how well it fits, from 0 to 1."""
    length = len(wanted)
    fits = correlation(received, wanted)
    for _ in range(2):
        place = max(range(len(fits)), key=fits.__getitem__)
        yield fits[place], place, length
        for near in range(max(0, place - length // 2), min(len(fits), place + length // 2)):
            fits[near] = 0.0


def correlation(received: bytes, wanted: bytes) -> list[float]:
    """The normalised cross-correlation at each place, by one product of two long integers."""
    length, middle = len(wanted), MIDDLE
    products = limbs(packed(received) * packed(wanted[::-1]), len(received) + length)
    sums = [0, *accumulate(received)]
    powers = [0, *accumulate((sample - middle) ** 2 for sample in received)]
    of_wanted = sum(wanted)
    scale = math.sqrt(sum((sample - middle) ** 2 for sample in wanted))
    fits = []
    for place in range(len(received) - length + 1):
        here = sums[place + length] - sums[place]
        product = products[place + length - 1] - middle * (here + of_wanted) + middle * middle * length
        power = powers[place + length] - powers[place]
        fits.append(abs(product) / (scale * math.sqrt(power + length)))
    return fits


def packed(values: bytes) -> int:
    wide = bytearray(LIMB_BYTES * len(values))
    wide[::LIMB_BYTES] = values
    return int.from_bytes(wide, "little")


def limbs(number: int, count: int) -> Sequence[int]:
    wide: Sequence[int] = array("I", number.to_bytes(LIMB_BYTES * count, "little"))
    return wide


def digits_read(speak: Callable[[str, Random], bytes]) -> int:
    """How many digits of the phrase the reader finds at their places."""
    return sum(one == other for one, other in zip(PHRASE, read(speak(PHRASE, seeded(PHRASE))), strict=True))


def test_a_reader_by_correlation_reads_plain_recordings() -> None:
    assert digits_read(plain) == len(PHRASE)


def test_the_same_reader_does_not_read_a_spoken_phrase() -> None:
    assert digits_read(spoken_phrase.render) <= 3


def test_every_digit_has_several_voices() -> None:
    assert {len(voices) for voices in recordings()} == {8}
    assert all(0.2 < len(voice) / SAMPLES_PER_SECOND < 0.8 for voices in recordings() for voice in voices)


def test_a_phrase_is_louder_than_what_is_behind_it() -> None:
    random = seeded("5")
    words = [spoken_phrase.varied(voice, random) for voices in recordings() for voice in voices]
    behind = spoken_phrase.babble_of_this_process()
    decibels = 10 * math.log10(power([sample for word in words for sample in word]) / power(behind))
    assert 6 < decibels < 12


def power(sound: Sequence[float]) -> float:
    return sum(sample * sample for sample in sound) / len(sound)


def test_a_phrase_is_short_enough_to_be_sent_and_heard() -> None:
    lengths = [len(spoken_phrase.render("33333", seeded(str(seed)))) for seed in range(3)]
    assert max(lengths) < 10 * SAMPLES_PER_SECOND


def test_two_sounds_of_the_same_phrase_differ_in_their_words_too() -> None:
    voice = recordings()[7][0]
    once, again = (spoken_phrase.varied(voice, seeded(str(seed))) for seed in (1, 2))
    assert len(once) != len(again)
