"""What the placeholders of a case stand for when it is sent, and the case as the request that goes over the wire."""

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

from shared.settings import Settings
from shared.text import persian
from tests.fuzz import program
from tests.fuzz.raw_http import SPOILERS, Sent, encoded
from tests.fuzz.requests.case import Case
from tests.fuzz.users import Cast
from tests.support.system import YEAR

PLACEHOLDER = re.compile(r"\{\{([a-z]+)(?::([a-z0-9 -]+))?\}\}")
NUMBERS = {"amount"}
"""Placeholders that are numbers where they are all of a JSON text."""
LATIN, PERSIAN, MOBILE = "zqjx", "ژغظض", "0917"
"""How each kind of word begins; what follows is of the case alone."""
LETTERS_LATIN, LETTERS_PERSIAN = "abcdefghijklmnopqrstuvwxyz", "ابپتثجچحخدذرزسشصطعفقکگلمنوه"
WORD_LETTERS = 8
SCRAMBLE = 7_368_787
"""A prime that spreads the cases' numbers over all seven digits, so that words do not begin alike."""
MOBILES = 10**7
UNSCRAMBLE = pow(SCRAMBLE, -1, MOBILES)
DEADLINE_SECONDS = 15


def word(number: int, first: str, letters: str) -> str:
    """A word that nothing but this case contains."""
    digits, rest = [], number * SCRAMBLE + 1
    for _ in range(WORD_LETTERS):
        rest, letter = divmod(rest, len(letters))
        digits.append(letters[letter])
    return first + "".join(digits)


def mobile(number: int) -> str:
    return f"{MOBILE}{number * SCRAMBLE % MOBILES:07}"


def number_of(mobile: str) -> int:
    """The number of the case that has a mobile number."""
    return int(mobile.removeprefix(MOBILE)) * UNSCRAMBLE % MOBILES


class Filling:
    """Fills in one case; its own ids follow from its number."""

    def __init__(self, cast: Cast, case: Case, number: int, run: str) -> None:
        self.cast = cast
        self.case = case
        self.number = number
        self.run = run
        self.session = cast.session(case)

    def sent(self) -> Sent:
        """The request."""
        case = self.case
        kind, body = encoded(case.kind, self.filled(case.content)) if case.kind else ("", b"")
        if case.spoilt:
            body = SPOILERS[case.spoilt](body)
        headers = [(name, self.text(value)) for name, value in case.headers]
        given = {name.lower() for name, _ in headers}
        if kind and "content-type" not in given:
            headers.append(("Content-Type", kind))
        if case.spoilt == "zipped":
            headers.append(("Content-Encoding", "gzip"))
        if case.target.startswith("/webhooks") and "webhook-id" not in given:
            headers += self.signed(f"msg_{self.uuid('notice').hex}", body)
        is_chunked = case.spoilt.startswith("chunk")
        if not is_chunked and (body or case.method not in {"GET", "HEAD", "OPTIONS"}) and "content-length" not in given:
            headers.append(("Content-Length", str(len(body))))
        if is_chunked:
            headers.append(("Transfer-Encoding", "chunked"))
        if case.host == "portal":
            headers += self.proofs(given)
        return Sent(
            case.method, self.text(case.target, is_target=True), tuple(headers), body, case.spoilt.startswith("chunked")
        )

    def signed(self, notice_id: str, body: bytes) -> list[tuple[str, str]]:
        """The headers of a notice that the bank itself has signed."""
        text = body.decode(errors="replace")
        return list(self.cast.cluster.signatures.headers(notice_id, text, datetime.now(UTC)).items())

    def proofs(self, given: set[str]) -> list[tuple[str, str]]:
        """Where it comes from, and whose session it is: the API reads a header, the pages a cookie."""
        address = (
            []
            if "x-forwarded-for" in given
            else [("X-Forwarded-For", f"10.{self.number >> 8 & 255}.{self.number & 255}.7")]
        )
        if self.case.target.startswith("/api"):
            token = self.session.token
            return (
                [*address, ("Authorization", f"Bearer {token}")] if token and "authorization" not in given else address
            )
        cookies = self.session.cookies
        return [*address, ("Cookie", cookies)] if cookies and "cookie" not in given else address

    def filled(self, content: Any) -> Any:
        """A tree with every text of it filled in."""
        match content:
            case str():
                found = PLACEHOLDER.fullmatch(content)
                text = self.text(content)
                return int(text) if found and found[1] in NUMBERS and text.isdecimal() else text
            case dict():
                return {self.text(name): self.filled(value) for name, value in content.items()}
            case list() | tuple():
                return [self.filled(one) for one in content]
            case _:
                return content

    def text(self, text: str, *, is_target: bool = False) -> str:
        def put(found: re.Match[str]) -> str:
            digits = self.of(found[1], found[2] or "")
            if digits is None:
                return found[0]
            return quote(digits, safe="") if is_target else digits

        return PLACEHOLDER.sub(put, text)

    def of(self, kind: str, which: str) -> str | None:
        """What a placeholder stands for; None where it is none."""
        if kind in OF_MEMBERS:
            return self.named(kind, which)
        digits = KINDS.get(kind)
        return digits(self, which) if digits else None

    def named(self, kind: str, which: str) -> str:
        """Something of a member's, else what there is none of: the right form, and unknown."""
        fallback = {"member": "999999999", "amount": "9000000", "authority": f"A{'0' * 35}", "card": "none"}
        state = which or self.case.about or self.case.who.partition(":")[2] or "paid"
        return self.cast.known.get(
            f"{kind}:{state}" if kind != "victim" else kind, fallback.get(kind, str(self.uuid(kind)))
        )

    def uuid(self, which: str) -> UUID:
        return repeatable_id(f"{self.run}/{self.number}/{which}")


def repeatable_id(text: str) -> UUID:
    """The same id for the same text, of the kind that whoever sends commands draws by chance."""
    return UUID(bytes=hashlib.sha256(text.encode()).digest()[:16], version=4)


def soon(seconds: int) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()


def basic(one: Filling, which: str) -> str:
    """The credentials of a Basic header: the program account's own, or what is none."""
    name, secret = program.NAME, one.cast.program_secret
    wrong = {
        "wrong": f"{name}:{secret}x".encode(),
        "unknown": f"{word(one.number, LATIN, LETTERS_LATIN)}:{secret}".encode(),
        "persian": f"{word(one.number, PERSIAN, LETTERS_PERSIAN)}:{secret}".encode(),
        "bytes": b"\xff\x00:\xff",
        "no colon": name.encode(),
        "empty": b"",
    }
    return base64.b64encode(wrong.get(which, f"{name}:{secret}".encode())).decode()


def policy_text() -> str:
    """The policy file of the year, as an officer who corrects it has it."""
    return (Settings().policies_folder / f"{YEAR}.toml").read_text(encoding="utf-8")


OF_MEMBERS = frozenset({"member", "amount", "attempt", "request", "receipt", "authority", "card", "victim"})
"""Placeholders of what somebody of the cast has; the rest follow from the case itself."""
KINDS: Mapping[str, Callable[[Filling, str], str]] = {
    "latin": lambda one, _which: word(one.number, LATIN, LETTERS_LATIN),
    "persian": lambda one, _which: word(one.number, PERSIAN, LETTERS_PERSIAN),
    "mobile": lambda one, _which: mobile(one.number),
    "phone": lambda one, _which: persian.digits_to_persian(mobile(one.number)),
    "long": lambda _one, which: "آ" * int(which),
    "fresh": lambda one, which: str(one.uuid(which)),
    "again": lambda one, which: str(repeatable_id(f"{one.run}/again/{which}")),
    "digest": lambda one, which: hashlib.sha256(f"{one.run}/{which}".encode()).hexdigest(),
    "soon": lambda _one, _which: soon(DEADLINE_SECONDS),
    "late": lambda _one, _which: soon(-3600),
    "csrf": lambda one, _which: one.session.form_token,
    "program": lambda _one, _which: program.NAME,
    "secret": lambda one, _which: one.cast.program_secret,
    "basic": basic,
    "policy": lambda _one, _which: policy_text(),
}
