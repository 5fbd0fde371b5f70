"""The phone as the demo reads and switches it, from the moment on when it was first looked at."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from shared.text import persian
from tests.demo.message_faults import OF_ALL_ADDRESSES, PROVIDER, MessageScenario

ANSWER_SECONDS = 30
MAIL = "smtp"
CODE = re.compile(r"(?<!\d)\d{3}\s?\d{3}(?!\d)")


@dataclass(frozen=True)
class OnPhone:
    """A message as it came, or will never come."""

    reference: str
    provider: str
    subject: str
    text: str
    segments: int
    is_delivered: bool

    @property
    def way(self) -> str:
        return "email" if self.provider == MAIL else "sms"

    def says(self, text: str) -> bool:
        return self.text.split() == text.split()


class Phone:
    """The messages to some addresses since this was made."""

    def __init__(self, url: str, addresses: Sequence[str]) -> None:
        self.addresses = addresses
        self._http = httpx.Client(base_url=url, timeout=ANSWER_SECONDS, trust_env=False)
        self._switched: MessageScenario | None = None
        self._earlier = frozenset[str]()
        self._earlier = frozenset(one.reference for one in self.messages())

    def close(self) -> None:
        """Let everything go well again, and hang up."""
        if self._switched is not None:
            self._put(self._switched, is_on=False)
        self._http.close()

    def messages(self) -> list[OnPhone]:
        """The newest first, address by address."""
        return [one for address in self.addresses for one in self.messages_to(address)]

    def messages_to(self, address: str) -> list[OnPhone]:
        answer = self._http.get("/messages", params={"to": address}).raise_for_status()
        found = [
            OnPhone(
                one["reference"], one["provider"], one["subject"], one["text"], one["segments"],
                is_delivered=one["state"] == "delivered",
            )
            for one in answer.json()
        ]  # fmt: skip
        return [one for one in found if one.reference not in self._earlier]

    def code(self, address: str) -> str:
        """The six digits of the newest code that has come to an address; empty while there is none."""
        found = (CODE.search(persian.digits_to_ascii(one.text)) for one in self.messages_to(address))
        return next(("".join(one[0].split()) for one in found if one), "")

    def switch(self, fault: MessageScenario) -> None:
        """Let it go wrong with the first provider until this is closed; for our number alone where the fault can be so narrow."""
        self._switched = fault
        self._put(fault, is_on=True)

    def _put(self, fault: MessageScenario, *, is_on: bool) -> None:
        for name, value in fault.switches.items():
            sent: dict[str, int | str] = {"value": value if is_on else 0}
            if name not in OF_ALL_ADDRESSES:
                sent["to"] = self.addresses[0]
            self._http.put(f"/faults/{PROVIDER}/{name}", json=sent).raise_for_status()
