"""Faults of messages in the demo, by name: the phone's switches for one SMS provider, and how the member is told all the same."""

from collections.abc import Mapping
from dataclasses import dataclass, field

PROVIDER = "kavenegar"
"""The first one, with which it goes wrong."""
SETTINGS = {"TAMDID_SMS_PROVIDERS": f"{PROVIDER},smsir", "TAMDID_MESSAGE_TIME_SCALE": "60"}
"""A second provider, and ten seconds for a message to arrive instead of ten minutes; `make up` has neither by itself."""
ALWAYS = 1000
OF_ALL_ADDRESSES = frozenset({"down"})


@dataclass(frozen=True)
class MessageScenario:
    """What happens to messages after the proof of the number; in each scenario the member is told every notice once."""

    words: str
    switches: Mapping[str, int] = field(default_factory=dict)
    """The phone's faults of the provider, each so many times."""
    seconds: float = 60
    """The unscaled time within which a notice must have arrived."""


FAULTS: Mapping[str, MessageScenario] = {
    "sms-never-delivered": MessageScenario(
        "The SMS provider accepts the next message, and it never arrives: after a while the notice goes by e-mail.",
        {"never_delivered": 1},
        seconds=700,
    ),
    "sms-error-answer": MessageScenario(
        "The SMS provider answers every message with an error: the next provider sends it.", {"error_answer": ALWAYS}
    ),
    "sms-down": MessageScenario(
        "The SMS provider is down, and says so instead of taking a message: the next provider sends it.",
        {"down": ALWAYS},
    ),
    "sms-answer-lost": MessageScenario(
        "The SMS provider takes every message, and its answer is lost: it is asked for the message, which is not sent again.",
        {"answer_lost": ALWAYS},
    ),
}
"""By the names that `make demo FAULT=…` takes."""
