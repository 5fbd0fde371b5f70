"""A provider whose answers a test says."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from services.notification.providers.port import Answer, Capabilities, Delivery, Message, Outcome
from shared.contract.notification.values import Way

ACCEPTED = Outcome.ACCEPTED


class PowerCut(BaseException):
    """The program ends at this moment."""


class FakeProvider:
    """Accepts everything, and delivers it when it is asked, unless a test says otherwise."""

    def __init__(self, name: str, way: Way, *, finds: bool = False, reports: bool = True) -> None:
        self.name = name
        self.capabilities = Capabilities(way, finds_by_attempt=finds, reports_delivery=reports, status_batch_max=10)
        self.outcomes: list[Outcome] = []
        """Of the next messages; then each is accepted."""
        self.cause = ""
        """Of what it refuses."""
        self.delivery = Delivery.DELIVERED
        self.got: list[Message] = []
        """What it has accepted, whatever it has answered."""
        self.sought: list[Message] = []
        """What was to be found."""
        self.loses = False
        """Whether a message without an answer has not come to it."""
        self.cut_before, self.cut_after = False, False
        self.reference = ""
        """Of every message, where it gives one twice."""
        self.meanwhile: Callable[[], object] = lambda: None
        """What happens while it takes its time."""

    def send(self, message: Message) -> Answer:
        if self.cut_before:
            raise PowerCut
        self.meanwhile()
        outcome = self.outcomes.pop(0) if self.outcomes else ACCEPTED
        if outcome is ACCEPTED or (outcome is Outcome.UNKNOWN and not self.loses):
            self.got.append(message)
        if self.cut_after:
            raise PowerCut
        return self.answer(message, outcome)

    def answer(self, message: Message, outcome: Outcome = ACCEPTED) -> Answer:
        reference = (self.reference or f"{self.name}-{message.attempt}") if outcome is ACCEPTED else ""
        cause = self.cause if outcome is Outcome.REFUSED else ""
        return Answer(outcome, reference, cost_rials=900 if outcome is ACCEPTED else 0, cause=cause)

    def deliveries(self, references: Sequence[str]) -> Mapping[str, Delivery]:
        return dict.fromkeys(references, self.delivery)

    def find(self, message: Message, since: datetime) -> Answer | None:  # noqa: ARG002 - as the port is
        self.sought.append(message)
        return next((self.answer(one) for one in self.got if one.attempt == message.attempt), None)
