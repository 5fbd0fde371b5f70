"""An account at a provider of the phone: takes messages, and goes wrong as its faults say."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from clients.phone import approved_templates, faults, messages
from clients.phone.faults import Fault
from clients.phone.messages import Fate, New, Sent
from shared.event_store.command_handler import Records

Clock = Callable[[], datetime]
OUTBOX = timedelta(days=1)
"""So long an account lists what it has sent."""


@dataclass(frozen=True)
class Account:
    """One provider's account."""

    records: Records
    provider: str
    clock: Clock

    def happens(self, fault: Fault, address: str = "") -> bool:
        """Whether it goes wrong this time; written down only where it is switched on."""
        return bool(self.value(fault, address)) and self.records.write(
            lambda connection: faults.happens(connection, self.provider, fault, address)
        )

    def first(self, faults: Iterable[Fault], address: str) -> Fault | None:
        """The first of some faults that happens this time."""
        return next((fault for fault in faults if self.happens(fault, address)), None)

    def value(self, fault: Fault, address: str = "") -> int:
        with self.records.read() as connection:
            return faults.value_of(connection, self.provider, fault, address)

    def template(self, name: str) -> str | None:
        """The approved text of a name."""
        with self.records.read() as connection:
            return approved_templates.text_of(connection, self.provider, name)

    def take(self, new: New) -> Sent:
        """Accept a message; what becomes of it is known from now on."""
        if self.happens(Fault.NEVER_DELIVERED, new.address):
            new = replace(new, fate=Fate.NEVER)
        return self.records.write(lambda connection: messages.add(connection, new, self.clock()))

    def found(self, references: list[str]) -> dict[str, Sent]:
        """The account's messages by its own numbers."""
        with self.records.read() as connection:
            return messages.found(connection, self.provider, references)

    def of_client_references(self, references: list[str]) -> list[Sent]:
        """The account's messages by the numbers that its client gave them."""
        with self.records.read() as connection:
            return list(messages.of_client_references(connection, self.provider, references))

    def outbox(self, skipped: int = 0, most: int = messages.LISTED_MAX) -> list[Sent]:
        """The account's messages of one day, the newest first, after those that are skipped."""
        with self.records.read() as connection:
            return messages.outbox(connection, self.provider, self.clock() - OUTBOX, skipped, most)
