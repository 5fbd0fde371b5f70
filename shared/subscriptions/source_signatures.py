"""What a source has signed: the seals of its events and the epoch of its log, in messages and in the answers of `read_events`."""

from collections.abc import Callable, Mapping
from typing import Any

from shared.contract.operations.answers import RecordedEvents
from shared.contract.seal import EPOCH_HEADER, HEADER, Delivery, delivered, signed_epoch_text, signed_text
from shared.subscriptions.epochs import LogState


class SourceSignatures:
    """Reads what comes from a source, with a check of each signature by the source's key."""

    def __init__(self, source: str, is_signed: Callable[[bytes, str], bool]) -> None:
        self.source = source
        self.is_signed = is_signed
        """Whether a signature of a text is the source's."""
        self._known_epoch = ("", "")

    def delivery(self, body: str | bytes, headers: Mapping[str, Any]) -> Delivery:
        """The event of a message; `ValueError` for what is none."""
        signature = headers.get(HEADER)
        seal = self.seal(signature) if isinstance(signature, str) else None
        return delivered(body, seal, self.epoch(headers.get(EPOCH_HEADER)))

    def deliveries(self, answer: RecordedEvents) -> list[Delivery]:
        """The events of an answer, the last one with its seal."""
        bodies = [event.cloud_event for event in answer.events]
        last = len(bodies) - 1
        return [
            delivered(body, self.seal(answer.seal) if number == last else None) for number, body in enumerate(bodies)
        ]

    def log_state(self, after: int, answer: RecordedEvents) -> LogState:
        """What an answer with the events after a position says of the log."""
        seal = self.seal(answer.seal_before)
        is_sealed = (lambda chain: seal(self.source, after, chain)) if answer.seal_before else None
        return LogState(after, answer.head, self.epoch(answer.epoch), answer.epoch_began_at, is_sealed)

    def seal(self, signature: str) -> Callable[[str, int, str], bool]:
        """Whether a signature is this source's seal of a position and a chain."""
        return lambda source, position, chain: self.is_signed(signed_text(source, position, chain), signature)

    def epoch(self, signed: object) -> str:
        """The epoch of `<epoch>.<signature>`, checked once; nothing where there is none, or the source has not signed it."""
        if not isinstance(signed, str) or not signed:
            return ""
        if signed != self._known_epoch[0]:
            epoch, _, signature = signed.partition(".")
            if not self.is_signed(signed_epoch_text(self.source, epoch), signature):
                return ""
            self._known_epoch = (signed, epoch)
        return self._known_epoch[1]
