"""Who takes part in the fuzz: members whose renewals stand in every state, officers of each role, and their open sessions."""

import random
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import uuid4

from pydantic import SecretStr

from clients.admin.transport.http import HttpServer
from clients.gateway.web.session import COOKIE
from shared.contract import bounds
from shared.contract.auth import commands as auth_commands
from shared.contract.auth import queries as auth_queries
from shared.contract.payment import commands as payment_commands
from shared.contract.payment import queries as payment_queries
from shared.contract.refusals import Refused
from shared.contract.renewal import commands as renewal_commands
from shared.contract.renewal import queries as renewal_queries
from shared.contract.values import Role
from tests.demo import page, users
from tests.faults.load import declaration
from tests.fuzz import program
from tests.fuzz.raw_http import Sent, Wire
from tests.fuzz.requests.case import PROGRAM, Case
from tests.support.member import Member, once_followed
from tests.support.system import ANSWER_SECONDS, Cluster, fresh

REASON = "بنا بر مدارک پیوست، بررسی شد."
JSON = ("Content-Type", "application/json")
AT_ONCE = 4
"""Members who are brought into their states at the same time."""
PASSWORD = "fuzz-of-endpoints-1405"
PROVINCES = (users.PROVINCE, "fars")


@dataclass
class Session:
    """A browser with somebody's session: its cookies, and the token that its forms carry."""

    token: str = ""
    cookies: str = ""
    form_token: str = ""


@dataclass
class Cast:
    """Everybody, with the keys of what is theirs that requests may name."""

    cluster: Cluster
    members: dict[str, Member] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)
    """Texts by placeholder, such as `attempt:paid`."""
    program_secret: str = ""

    def enter(self) -> None:
        """Appoint the officers, open their sessions, and bring new members into every state."""
        for role in Role:
            self.open(role)
        self.open("nobody")
        self.program_secret = program.secret_of_new_account(self.cluster, PROVINCES)
        self.open(PROGRAM)
        self.replace_members()

    def replace_members(self) -> None:
        """New members in every state, because those of before have been moved on by what was asked of them."""
        for member in self.members.values():
            member.close()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(self.bring, STATES, self.cluster.enrol(len(STATES))))
        self.look()

    def bring(self, state: str, person: users.Person) -> None:
        """A new member into a state."""
        member = self.members[state] = Member(self.cluster, person)
        self.secrets[state] = person.secret
        followed(member)
        STATES[state](member)
        if state == "confirmed":
            self.set_password(state, member)
        self.open(f"member:{state}")

    def set_password(self, state: str, member: Member) -> None:
        """Without a password of their own, members make no link for strangers; all sessions end with it."""
        current, new = SecretStr(self.secrets[state]), SecretStr(PASSWORD)
        member.portal.call(auth_commands.SetPassword(**fresh(), current=current, new=new))
        member.portal.close()
        self.secrets[state] = PASSWORD
        member.portal = self.cluster.signed_in("member", member.name, PASSWORD)

    def open(self, who: str) -> None:
        """A new session for somebody; an officer is somebody new each time, for the sign-in of the one before may be locked."""
        role, _, state = who.partition(":")
        if role == PROGRAM:
            self.sessions[who] = Session(program.access_token(self.cluster.portal, self.program_secret))
            return
        token = ""
        if role in set(Role):
            token = self.token("officer", self.appointed(Role(role)), PASSWORD)
        elif state:
            token = self.token("member", self.members[state].name, self.secrets[state])
        self.sessions[who] = self.browser(token)

    def reopen(self, who: str) -> None:
        """The same after somebody has signed out; a member who is locked out stays so until others take the place."""
        with suppress(Refused):
            self.open(who)

    def appointed(self, role: Role) -> str:
        """A new officer of a role."""
        name = f"fuzz.{role}.{uuid4().hex[:8]}"
        message = auth_commands.AppointOfficer(
            **fresh(), officer=name, full_name="کارمند نمایشی", roles=(role,), provinces=PROVINCES,
            password=SecretStr(PASSWORD),
        )  # fmt: skip
        self.cluster.second_admin.call(message)
        self.cluster.admin.call(auth_commands.GrantOfficerRequest(**fresh(), officer=name, request=message.id))
        return name

    def token(self, principal_kind: str, name: str, secret: str) -> str:
        with closing(HttpServer(self.cluster.portal, None, ANSWER_SECONDS)) as nobody:
            who: Mapping[str, Any] = {"principal_kind": principal_kind, "name": name, "password": SecretStr(secret)}
            return nobody.call(auth_commands.SignIn(**fresh(), **who)).token

    def browser(self, token: str) -> Session:
        """A browser that has opened a page with a form."""
        wire = Wire(self.cluster.portal)
        session_cookie = f"{COOKIE}={token}" if token else ""
        target = "/password" if token else "/sign-in"
        came = wire.send(Sent("GET", target, (("Cookie", session_cookie),)))
        wire.close()
        forms = page.read(came.text).forms
        tokens = [one.value for form in forms for one in form.controls if one.name == "csrf_token"]
        cookie = came.headers.get("Set-Cookie", "").partition(";")[0]
        return Session(token, "; ".join(filter(None, (session_cookie, cookie))), tokens[0] if tokens else "")

    def look(self) -> None:
        """Read anew what requests may name of each member: numbers, attempts, requests, amounts."""
        self.known = {"victim": "fuzz.victim"}
        for state, member in self.members.items():
            self.known[f"member:{state}"] = member.name
            for invoice in self.cluster.finance.call(payment_queries.GetInvoices(member=member.name)).invoices:
                self.known[f"amount:{state}"] = str(invoice.amount_rials)
                for attempt in invoice.attempts:
                    self.known[f"attempt:{state}"] = str(attempt.attempt)
                for receipt in invoice.receipts:
                    self.known[f"receipt:{state}"] = str(receipt.token)
            if member.visits:
                self.known[f"authority:{state}"] = member.visits[-1].authority
        message = payment_queries.ListMoneyTasks(province=users.PROVINCE, limit=bounds.PAGE_MAX)
        names = {member.name: state for state, member in self.members.items()}
        for task in self.cluster.finance.call(message).tasks:
            self.known[f"request:{names.get(task.member, 'other')}"] = str(task.task)
        for who in [who for who, session in self.sessions.items() if session.token and not self.is_signed_in(session)]:
            self.reopen(who)
        with suppress(Refused), closing(self.portal("member:confirmed")) as portal:
            link = portal.call(auth_commands.IssueCardLink(**fresh(), member=self.members["confirmed"].name))
            self.known["card:confirmed"] = link.token or ""

    def portal(self, who: str) -> HttpServer:
        """The API with somebody's session."""
        return HttpServer(self.cluster.portal, self.sessions[who].token, ANSWER_SECONDS)

    def is_signed_in(self, session: Session) -> bool:
        """Whether nobody has ended a session: a new password, an officer who resets it, and its holder may."""
        query, body = auth_queries.ListSessions, b"{}"
        headers = (("Authorization", f"Bearer {session.token}"), ("Content-Length", str(len(body))), JSON)
        return self.wire.send(Sent("POST", f"/api/{query.service}/{query.method}", headers, body)).status == 200

    @cached_property
    def wire(self) -> Wire:
        """A kept connection to the portal, for one question after the other."""
        return Wire(self.cluster.portal)

    def session(self, case: Case) -> Session:
        return self.sessions[case.who]

    def close(self) -> None:
        self.wire.close()
        for member in self.members.values():
            member.close()


def followed(member: Member) -> None:
    """Wait until renewal knows the member."""
    once_followed(lambda: member.portal.call(renewal_queries.GetRenewal(member=member.name)))


def requested(member: Member) -> None:
    member.portal.call(renewal_commands.RequestRenewal(**fresh(), **member.of))


def drafted(member: Member) -> None:
    requested(member)
    fields = {"city": "اصفهان", "jobs.0.kind": "person_day", "jobs.0.title": "نقشه"}
    member.portal.call(renewal_commands.SaveDraft(**fresh(), **member.of, fields=fields))


def declared(member: Member) -> None:
    requested(member)
    form = declaration(random.Random(1))  # noqa: S311 - nothing secret hangs on it
    member.portal.call(renewal_commands.SubmitDeclaration(**fresh(), **member.of, form=form))


def decided(kind: Callable[..., Any]) -> Callable[[Member], None]:
    """By the manager, with a reason."""

    def decide(member: Member) -> None:
        declared(member)
        member.cluster.manager.call(kind(**fresh(), **member.of, reason=REASON))

    return decide


def withdrawn(member: Member) -> None:
    requested(member)
    member.portal.call(renewal_commands.WithdrawRenewal(**fresh(), **member.of))


def at_the_bank(member: Member) -> None:
    member.be_approved()
    member.go_to_bank()


def paid(member: Member) -> None:
    member.be_approved()
    member.pay()


def confirmed(member: Member) -> None:
    paid(member)
    member.confirm()


def refund_requested(member: Member) -> None:
    paid(member)
    attempt, amount = member.visits[-1].attempt, member.invoice().amount_rials
    command = payment_commands.RequestRefund(
        **fresh(), **member.of, attempt=attempt, amount_rials=amount // 3, reason=REASON, ends_membership=True
    )
    member.cluster.finance.call(command)


def write_off_requested(member: Member) -> None:
    member.be_approved()
    member.cluster.finance.call(
        payment_commands.RequestWriteOff(**fresh(), **member.of, amount_rials=1_000_000, reason=REASON)
    )


STATES: Mapping[str, Callable[[Member], None]] = {
    "fresh": lambda _member: None,
    "drafted": drafted,
    "requested": requested,
    "declared": declared,
    "declared-again": declared,
    "returned": decided(renewal_commands.ReturnRenewal),
    "rejected": decided(renewal_commands.RejectRenewal),
    "withdrawn": withdrawn,
    "approved": lambda member: member.be_approved(),
    "at-bank": at_the_bank,
    "paid": paid,
    "confirmed": confirmed,
    "refund-asked": refund_requested,
    "write-off-asked": write_off_requested,
}
"""How a member comes into each state."""
