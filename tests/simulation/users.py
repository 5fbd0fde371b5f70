"""The simulated users: members, a registrar, managers, payers at the bank; they take the next step, and sometimes any."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import time, timedelta
from typing import Any
from uuid import UUID

from shared.contract.auth import commands as auth_commands
from shared.contract.payment import answers
from shared.contract.payment import commands as payment_commands
from shared.contract.refusals import Refused
from shared.contract.renewal import commands as renewal_commands
from shared.text import persian
from tests.simulation.bank import ScriptedBank
from tests.simulation.environment import Environment
from tests.simulation.fixtures import (
    CODES,
    FORMS,
    MANAGER,
    MEMBERS_MAX,
    PROVINCES,
    REASON,
    REGISTER,
    RETURNED_FIELDS,
    BankNotice,
)
from tests.simulation.in_memory_database import Slot
from tests.simulation.rpc import Call, Network, NoAnswer

RANDOM_ACTION_SHARE = 0.1
"""So often a user does anything at all instead of the next step."""
DROPS_REQUEST = 0.03


@dataclass
class User:
    """A user who waits for one answer at a time."""

    name: str
    pending: Call | None = None
    last_id: UUID | None = None
    authorities: list[str] = field(default_factory=list)
    """The bank's keys of the member's payment sessions, the latest last."""


class Users:
    """All users, and the bank's notices."""

    def __init__(
        self, environment: Environment, network: Network, slots: Mapping[str, Slot], bank: ScriptedBank
    ) -> None:
        self.environment = environment
        self.random = environment.random
        self.network = network
        self.slots = slots
        self.bank = bank
        self.members = [User(f"{number:07}") for number in range(1, self.random.randint(2, MEMBERS_MAX) + 1)]
        self.managers = [User("modir"), User("raees")]
        self.registrar = User("registrar")
        self.notices: list[Call] = []

    @property
    def all(self) -> list[User]:
        return [self.registrar, *self.members, *self.managers]

    def a_member_acts(self) -> None:
        member = self.random.choice(self.members)
        self.act(member, lambda: self.next_member_action(member))

    def a_manager_acts(self) -> None:
        self.act(self.random.choice(self.managers), self.next_desk_action)

    def the_registrar_acts(self) -> None:
        self.act(self.registrar, self.next_batch)

    def act(self, user: User, choose: Callable[[], Call | None]) -> None:
        """Retry the unanswered call, else send the next one."""
        if user.pending is None:
            user.pending = self.maybe_reuse_id(user, choose())
        elif self.random.occurs(DROPS_REQUEST):
            user.pending = None
        self.call(user)

    def maybe_reuse_id(self, user: User, call: Call | None) -> Call | None:
        """Whoever goes back to a form that was sent, and sends it with something else in it."""
        if call is not None:
            if user.last_id is not None and self.random.occurs(self.environment.fault_rates.id_reused):
                self.environment.log_step(f"{call.about} goes under the id of an earlier command")
                call.command = call.command.model_copy(update={"id": user.last_id})
            user.last_id = call.command.id
        return call

    def call(self, user: User) -> None:
        call = user.pending
        if call is None:
            return
        try:
            answer = self.network.send(call)
        except NoAnswer:
            return
        except Refused:
            answer = None
        if user.pending is call:
            user.pending = None
        if isinstance(answer, answers.PaymentPage):
            user.authorities.append(answer.redirect_url.rsplit("/", 1)[-1])

    def new_call(self, program: str, kind: type[Any], about: str, **fields: Any) -> Call:
        stamps = {"id": self.random.uuid(), "deadline": self.environment.now}
        return Call(program, kind(**stamps, **fields), f"{about}: {kind.__name__}")

    # --- what is next

    def next_batch(self) -> Call:
        """Rows of the register: new members, and what has changed."""
        known = {row[0] for row in self.slots["auth"].rows("SELECT member FROM members")}
        missing = [member for member in self.members if member.name not in known]
        members = missing or self.random.sample(self.members, self.random.choice([1, 1, 2]))
        rows = tuple(self.row_of(member) for member in members)
        return self.new_call("auth", auth_commands.ImportMembers, "registrar", rows=rows)

    def row_of(self, member: User) -> dict[str, str]:
        return {
            "membership_no": member.name,
            "national_code": CODES[int(member.name) - 1],
            "first_name": "مریم",
            "last_name": "احمدی",
            "province": self.random.choice(PROVINCES),
            "paid_through": "1403",
            **self.random.choice(REGISTER),
        }

    def next_member_action(self, member: User) -> Call:
        """A member's next step, by what the pages show."""
        if self.random.occurs(RANDOM_ACTION_SHARE):
            return self.any_member_action(member)
        year, status = self.renewal_of(member)
        if status in {"none", "withdrawn"}:
            return self.new_call("renewal", renewal_commands.RequestRenewal, member.name, member=member.name, year=year)
        if status in {"requested", "returned"}:
            return self.declare(member, year)
        if status == "approved":
            return self.start_or_verify_payment(member, year)
        return self.any_member_action(member)

    def any_member_action(self, member: User) -> Call:
        year = self.renewal_of(member)[0]
        about: dict[str, Any] = {"member": member.name, "year": year}
        match self.random.randrange(5):
            case 0:
                return self.declare(member, year)
            case 1:
                return self.new_call("renewal", renewal_commands.WithdrawRenewal, member.name, **about)
            case 2:
                return self.start_or_verify_payment(member, year)
            case _:
                actor = f"member:{member.name}"
                return self.new_call("auth", auth_commands.SetPassword, member.name, current="a", new="b", actor=actor)

    def declare(self, member: User, year: int) -> Call:
        form = self.random.choice(FORMS)
        return self.new_call(
            "renewal", renewal_commands.SubmitDeclaration, member.name, member=member.name, year=year, form=form
        )

    def start_or_verify_payment(self, member: User, year: int) -> Call:
        if member.authorities and self.random.occurs(0.5):
            authority = self.random.choice(member.authorities)
            return self.new_call("payment", payment_commands.VerifyPayment, member.name, authority=authority)
        return self.new_call("payment", payment_commands.StartPayment, member.name, member=member.name, year=year)

    def next_desk_action(self) -> Call | None:
        """A manager's next step with a request on the desk, or sometimes with one that is not."""
        if self.random.occurs(RANDOM_ACTION_SHARE / 2):
            return self.a_day_off()
        submitted = self.slots["renewal"].rows("SELECT member, year FROM renewals WHERE status = 'submitted'")
        settled = self.slots["payment"].rows("SELECT member, year FROM invoices WHERE status = 'settled'")
        found = submitted + settled
        if not found or self.random.occurs(RANDOM_ACTION_SHARE):
            found = self.slots["renewal"].rows("SELECT member, year FROM renewals")
        if not found:
            return None
        member, year = self.random.choice(found)
        about: dict[str, Any] = {"member": member, "year": year, "actor": MANAGER}
        return self.confirm(about) if (member, year) in settled else self.decide(about)

    def confirm(self, about: dict[str, Any]) -> Call:
        amount = "SELECT amount_rials FROM invoices WHERE member = ? AND year = ?"
        rials = self.slots["payment"].value(amount, about["member"], about["year"]) or 0
        return self.new_call("payment", payment_commands.ConfirmPayment, "modir", **about, amount_rials=rials)

    def decide(self, about: dict[str, Any]) -> Call:
        if self.random.occurs(0.8):
            version = "SELECT max(version) FROM declarations WHERE member = ? AND year = ?"
            latest = self.slots["renewal"].value(version, about["member"], about["year"]) or 1
            return self.new_call(
                "renewal", renewal_commands.ApproveRenewal, "modir", **about, declaration_version=latest
            )
        kind = renewal_commands.ReturnRenewal if self.random.occurs(0.7) else renewal_commands.RejectRenewal
        by_field = kind is renewal_commands.ReturnRenewal and int(about["member"]) % 2 == 1
        fields = {"fields": RETURNED_FIELDS} if by_field else {}
        return self.new_call("renewal", kind, "modir", **about, reason=REASON, **fields)

    def a_day_off(self) -> Call:
        on = self.environment.now.date() + timedelta(days=self.random.randint(0, 3))
        hours = self.random.choice([{}, {"opens": time(8), "closes": time(12)}])
        province = self.random.choice(PROVINCES)
        about: dict[str, Any] = {"province": province, "on": on, "label": "تعطیلی استان", "actor": MANAGER}
        return self.new_call("renewal", renewal_commands.SetCalendarDay, "modir", **about, **hours)

    def renewal_of(self, member: User) -> tuple[int, str]:
        """The year and status of a member's latest renewal."""
        found = self.slots["renewal"].rows(
            "SELECT year, status FROM renewals WHERE member = ? ORDER BY year DESC", member.name
        )
        return found[0] if found else (persian.jalali_year(self.environment.now), "none")

    # --- at the bank

    def a_member_pays(self) -> None:
        """At a page that is open; the bank then sends a notice, as often as it must."""
        authorities = [authority for member in self.members for authority in member.authorities]
        if not authorities:
            return
        authority = self.random.choice(authorities)
        if self.random.occurs(0.15):
            self.bank.cancel(authority)
        elif self.bank.pay(authority):
            self.environment.log_step(f"the bank: {authority[-4:]} is paid")
            if not self.random.occurs(self.environment.fault_rates.notice_lost):
                name = f"paid-{authority}"
                notice = BankNotice(self.random.uuid(), name, authority, f'{{"authority": "{authority}"}}')
                self.notices.append(Call("bank", notice, f"notice {authority[-4:]}"))

    def the_bank_notifies(self) -> None:
        """Notices until they are taken; sometimes also after that."""
        if not self.notices:
            return
        call = self.random.choice(self.notices)
        call.command = replace(call.command, id=self.random.uuid())
        try:
            self.network.send(call)
        except (NoAnswer, Refused):
            return
        if self.random.occurs(0.7) and call in self.notices:
            self.notices.remove(call)
