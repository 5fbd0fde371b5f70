"""Attacks on sign-in against a running instance, each with what was seen: `python -m tests.attack.sign_in`."""

import http.client
import json
import sys
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from time import monotonic
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pyotp

from deploy import demonstration
from tests.attack.load import Row
from tests.demo import users
from tests.demo.users import Person
from tests.support.authenticator import Authenticator
from tests.support.servers import instance

ANSWER_SECONDS = 30
GUESSES_SECONDS = 12
GUESSES_MAX = 9
"""Five are free; then one, two, four and eight seconds lie between two of them."""
GUESSING_ADDRESSES = 200
SETTINGS = {"TAMDID_CHALLENGE": "never"}
"""Whoever guesses is taken to read every security phrase."""
HOME, ELSEWHERE = "127.2.0.1", "127.3.0.1"
PASSWORD = "koohe-alvand-1405"
WEAK = ("1234567890", "qwertyuiop", " " * 10, "password123", "isfahan-1405", "۰۹۱۳۱۲۳۴۵۶۷")


class Client:
    """The JSON API of auth from one address of the loopback network."""

    def __init__(self, portal: str, address: str = HOME, session: str = "") -> None:
        server = urlsplit(portal)
        self.session = session
        self._peer = http.client.HTTPConnection(
            server.hostname or "", server.port, timeout=ANSWER_SECONDS, source_address=(address, 0)
        )

    def call(self, method: str, **body: object) -> dict[str, Any]:
        """The answer, or the refusal with its reason under `refused`."""
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.session}"}
        self._peer.request("POST", f"/api/auth/{method}", json.dumps(body), headers)
        answer: dict[str, Any] = json.loads(self._peer.getresponse().read())
        return answer

    def sign_in(self, person: Person, secret: str = "", **more: object) -> dict[str, Any]:
        kind = "member" if person.name.isdigit() else "officer"
        return self.call("sign_in", principal_kind=kind, name=person.name, password=secret or person.secret, **more)

    def close(self) -> None:
        self._peer.close()


def outcome(answer: Mapping[str, Any]) -> str:
    return str(answer.get("refused", "accepted"))


def once(portal: str, address: str, person: Person, secret: str = "", **more: object) -> dict[str, Any]:
    """One sign-in from an address."""
    with closing(Client(portal, address)) as client:
        return client.sign_in(person, secret, **more)


def lock_out(portal: str, member: Person) -> Row:
    """Keep a member out by wrong tries from elsewhere."""
    tries = Counter(outcome(once(portal, ELSEWHERE, member, "wrong")) for _ in range(20))
    right = outcome(once(portal, HOME, member))
    return Row("20 wrong tries from elsewhere keep a member out", right == "accepted", f"{dict(tries)}, then {right}")


def lock_out_a_device(portal: str, member: Person) -> Row:
    """Keep a member out by wrong tries from the member's own network, whose browser signed in before."""
    device = once(portal, HOME, member)["known_device"]
    for _ in range(20):
        once(portal, HOME, member, "wrong")
    unknown, known = outcome(once(portal, HOME, member)), outcome(once(portal, HOME, member, known_device=device))
    seen = f"an unknown device: {unknown}, the known one: {known}"
    return Row("20 wrong tries from the same network keep the known browser out", known == "accepted", seen)


def close_an_address(portal: str, member: Person) -> Row:
    """Keep everybody behind one address out by failures with many accounts."""
    address = "127.4.0.1"
    strangers = [Person(str(9 * 10**8 + uuid4().int % 10**8), "wrong") for _ in range(25)]
    tries = Counter(outcome(once(portal, address, stranger, "wrong")) for stranger in strangers)
    right = outcome(once(portal, address, member))
    seen = f"{dict(tries)}, then {right}"
    return Row(f"{len(strangers)} failures from one address keep everybody behind it out", right == "accepted", seen)


def guess(portal: str, member: Person) -> Row:
    """Guess one account's secret from many addresses, as fast as they are answered."""
    started, tries = monotonic(), Counter[str]()
    while monotonic() - started < GUESSES_SECONDS:
        number = tries.total() % GUESSING_ADDRESSES
        tries[outcome(once(portal, f"127.5.0.{number + 1}", member, f"{number}"))] += 1
    checked = tries["wrong_credentials"]
    return Row(
        f"one account is guessed at from {GUESSING_ADDRESSES} addresses for {GUESSES_SECONDS} s",
        0 < checked <= GUESSES_MAX,
        f"{checked} guesses were checked, {tries['too_many_attempts']} turned away",
    )


def guess_between_own_sign_ins(portal: str, member: Person) -> Row:
    """Guess at an officer, and sign in to the own account after each guess, all under one command's id."""
    victim, tries = Person("manager", ""), Counter[str]()
    for number in range(2 * GUESSES_MAX):
        command = str(uuid4())
        tries[outcome(once(portal, ELSEWHERE, victim, f"guess-{number}", id=command))] += 1
        once(portal, ELSEWHERE, member, id=command)
    checked = tries["wrong_credentials"]
    return Row("own sign-ins under the same id hide guesses at another", checked <= GUESSES_MAX, str(dict(tries)))


def weak_passwords(portal: str, member: Person) -> Row:
    with closing(Client(portal, session=once(portal, HOME, member)["token"])) as client:
        answers = [client.call("set_password", current=member.secret, new=new) for new in (*WEAK, member.secret)]
    codes = [one.get("details", {}).get("password", outcome(one)) for one in answers]
    return Row("weak, personal and present passwords are set", all("password_" in one for one in codes), str(codes))


def old_session(portal: str, member: Person) -> Row:
    """Go on with a session that was opened before the holder changed the password."""
    stolen = once(portal, ELSEWHERE, member)["token"]
    own = once(portal, HOME, member)["token"]
    with closing(Client(portal, session=own)) as holder, closing(Client(portal, ELSEWHERE, stolen)) as thief:
        before = outcome(thief.call("list_sessions"))
        changed = holder.call("set_password", current=member.secret, new=PASSWORD, session=own)
        after, goes_on = outcome(thief.call("list_sessions")), outcome(holder.call("list_sessions"))
    held = (before, outcome(changed), after, goes_on) == ("accepted", "accepted", "not_signed_in", "accepted")
    return Row("a session outlives a password change", held, f"before {before}, after {after}; the holder's {goes_on}")


def used_code(portal: str, member: Person) -> Row:
    """Use a one-time code that was read over a shoulder, and a session that waits for its code."""
    token = with_password(portal, member)
    with closing(Client(portal, session=token)) as holder:
        totp = pyotp.TOTP(holder.call("enrol_second_factor", current=PASSWORD)["secret"])
        holder.call("confirm_second_factor", code=totp.now(), session=token)
        code = totp.at(datetime.now(UTC), counter_offset=1)
        waiting = [once(portal, HOME, member, PASSWORD)["token"] for _ in range(2)]
        with closing(Client(portal, session=waiting[1])) as thief:
            without = outcome(thief.call("list_sessions"))
            first = outcome(thief.call("confirm_session", session=waiting[0], code=code))
            second = outcome(thief.call("confirm_session", session=waiting[1], code=code))
    seen = f"without a code {without}, with the code {first}, with it again {second}"
    held = (without, first, second) == ("not_signed_in", "accepted", "wrong_code")
    return Row("a password alone, and a one-time code that was used, open a session", held, seen)


def used_passkey(portal: str, member: Person) -> Row:
    """Use the answer of a passkey again, in another session, and one that was given to another site."""
    token, origin = with_password(portal, member), portal.replace("127.0.0.1", "localhost")
    key = Authenticator(origin, "localhost")
    with closing(Client(portal, session=token)) as holder:
        begun = holder.call("begin_passkey", current=PASSWORD, session=token)["options"]
        holder.call("add_passkey", passkey=key.create(begun), name="x", session=token)
    waiting = [once(portal, HOME, member, PASSWORD)["token"] for _ in range(3)]
    with closing(Client(portal, ELSEWHERE)) as thief:
        options = [thief.call("get_second_step", session=one)["passkey_options"] for one in waiting]
        seen = key.get(options[0])
        phished = replace(key, origin="https://evil.example").get(options[2])
        tries = [(waiting[1], seen), (waiting[0], seen), (waiting[0], seen), (waiting[2], phished)]
        found = [outcome(thief.call("confirm_session", session=one, passkey=answer)) for one, answer in tries]
    held = found == ["wrong_passkey", "accepted", "wrong_passkey", "wrong_passkey"]
    return Row("a passkey's answer opens another session, a second one, or comes from another site", held, str(found))


def with_password(portal: str, member: Person) -> str:
    """The session of a member who has set a password."""
    token = str(once(portal, HOME, member)["token"])
    with closing(Client(portal, session=token)) as holder:
        holder.call("set_password", current=member.secret, new=PASSWORD, session=token)
    return token


ATTACKS = (
    lock_out, lock_out_a_device, close_an_address, guess, guess_between_own_sign_ins, weak_passwords, old_session,
    used_code, used_passkey,
)  # fmt: skip


def newcomers(running: instance.Instance) -> list[Person]:
    """A member for each attack."""
    with closing(demonstration.signed_in(running.portal, "admin", demonstration.admin_password())) as admin:
        return [users.newcomer(admin) for _ in ATTACKS]


def main() -> int:
    with instance.standalone(**SETTINGS) as running:
        rows = [attack(running.portal, member) for attack, member in zip(ATTACKS, newcomers(running), strict=True)]
    for row in rows:
        print("held" if row.held else "NOT HELD", "|", row.tried, "|", row.seen)
    return 0 if all(row.held for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
