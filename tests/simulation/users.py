"""Those who use the cluster: members, a registrar, managers, payers at the bank; they do what is next, and sometimes anything."""

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
from tests.simulation.environment import Scene
from tests.simulation.fixtures import CODES, FORMS, MANAGER, MEMBERS_MAX, PROVINCES, REASON, REGISTER, NoticeComes
from tests.simulation.in_memory_database import Slot
from tests.simulation.rpc import Call, NoAnswer, Post

ODD = 0.1
"""So often a person does anything at all instead of what is next."""
GIVES_UP = 0.03


@dataclass
class Person:
    """Somebody who waits for one answer at a time."""

    name: str
    pending: Call | None = None
    last_id: UUID | None = None
    doors: list[str] = field(default_factory=list)
    """Where a member was told to pay: the bank's keys of those sessions, the latest last."""


class People:
    """Everybody outside of the programs."""

    def __init__(self, scene: Scene, post: Post, slots: Mapping[str, Slot], bank: ScriptedBank) -> None:
        self.scene = scene
        self.chance = scene.chance
        self.post = post
        self.slots = slots
        self.bank = bank
        self.members = [Person(f"{number:07}") for number in range(1, self.chance.randint(2, MEMBERS_MAX) + 1)]
        self.managers = [Person("modir"), Person("raees")]
        self.registrar = Person("registrar")
        self.notices: list[Call] = []

    @property
    def all(self) -> list[Person]:
        return [self.registrar, *self.members, *self.managers]

    def a_member_acts(self) -> None:
        member = self.chance.choice(self.members)
        self.act(member, lambda: self.next_of(member))

    def a_manager_acts(self) -> None:
        self.act(self.chance.choice(self.managers), self.next_on_the_desk)

    def the_registrar_acts(self) -> None:
        self.act(self.registrar, self.next_batch)

    def act(self, person: Person, choose: Callable[[], Call | None]) -> None:
        """Ask again for what was not answered, else do the next thing."""
        if person.pending is None:
            person.pending = self.perhaps_under_an_old_id(person, choose())
        elif self.chance.happens(GIVES_UP):
            person.pending = None
        self.call(person)

    def perhaps_under_an_old_id(self, person: Person, call: Call | None) -> Call | None:
        """Whoever goes back to a form that was sent, and sends it with something else in it."""
        if call is not None:
            if person.last_id is not None and self.chance.happens(self.scene.weather.id_again):
                self.scene.tell(f"{call.about} goes under the id of an earlier command")
                call.command = call.command.model_copy(update={"id": person.last_id})
            person.last_id = call.command.id
        return call

    def call(self, person: Person) -> None:
        call = person.pending
        if call is None:
            return
        try:
            answer = self.post.send(call)
        except NoAnswer:
            return
        except Refused:
            answer = None
        if person.pending is call:
            person.pending = None
        if isinstance(answer, answers.PaymentPage):
            person.doors.append(answer.redirect_url.rsplit("/", 1)[-1])

    def new_call(self, program: str, kind: type[Any], about: str, **fields: Any) -> Call:
        stamps = {"id": self.chance.uuid(), "deadline": self.scene.now}
        return Call(program, kind(**stamps, **fields), f"{about}: {kind.__name__}")

    # --- what is next

    def next_batch(self) -> Call:
        """Rows of the register: new members, and what has changed."""
        known = {row[0] for row in self.slots["auth"].rows("SELECT member FROM members")}
        missing = [member for member in self.members if member.name not in known]
        members = missing or self.chance.sample(self.members, self.chance.choice([1, 1, 2]))
        rows = tuple(self.row_of(member) for member in members)
        return self.new_call("auth", auth_commands.ImportMembers, "registrar", rows=rows)

    def row_of(self, member: Person) -> dict[str, str]:
        return {
            "membership_no": member.name,
            "national_code": CODES[int(member.name) - 1],
            "first_name": "مریم",
            "last_name": "احمدی",
            "province": self.chance.choice(PROVINCES),
            "paid_through": "1403",
            **self.chance.choice(REGISTER),
        }

    def next_of(self, member: Person) -> Call:
        """A member's next step, by what the pages show."""
        if self.chance.happens(ODD):
            return self.anything(member)
        year, status = self.renewal_of(member)
        if status in {"none", "withdrawn"}:
            return self.new_call("renewal", renewal_commands.RequestRenewal, member.name, member=member.name, year=year)
        if status in {"requested", "returned"}:
            return self.declare(member, year)
        if status == "approved":
            return self.pay_or_look(member, year)
        return self.anything(member)

    def anything(self, member: Person) -> Call:
        year = self.renewal_of(member)[0]
        about: dict[str, Any] = {"member": member.name, "year": year}
        match self.chance.randrange(5):
            case 0:
                return self.declare(member, year)
            case 1:
                return self.new_call("renewal", renewal_commands.WithdrawRenewal, member.name, **about)
            case 2:
                return self.pay_or_look(member, year)
            case _:
                actor = f"member:{member.name}"
                return self.new_call("auth", auth_commands.SetPassword, member.name, current="a", new="b", actor=actor)

    def declare(self, member: Person, year: int) -> Call:
        form = self.chance.choice(FORMS)
        return self.new_call(
            "renewal", renewal_commands.SubmitDeclaration, member.name, member=member.name, year=year, form=form
        )

    def pay_or_look(self, member: Person, year: int) -> Call:
        if member.doors and self.chance.happens(0.5):
            door = self.chance.choice(member.doors)
            return self.new_call("payment", payment_commands.VerifyPayment, member.name, authority=door)
        return self.new_call("payment", payment_commands.StartPayment, member.name, member=member.name, year=year)

    def next_on_the_desk(self) -> Call | None:
        """A manager's next step with whatever lies on the desk, or sometimes with what does not."""
        if self.chance.happens(ODD / 2):
            return self.a_day_off()
        submitted = self.slots["renewal"].rows("SELECT member, year FROM renewals WHERE status = 'submitted'")
        settled = self.slots["payment"].rows("SELECT member, year FROM invoices WHERE status = 'settled'")
        found = submitted + settled
        if not found or self.chance.happens(ODD):
            found = self.slots["renewal"].rows("SELECT member, year FROM renewals")
        if not found:
            return None
        member, year = self.chance.choice(found)
        about: dict[str, Any] = {"member": member, "year": year, "actor": MANAGER}
        return self.confirm(about) if (member, year) in settled else self.decide(about)

    def confirm(self, about: dict[str, Any]) -> Call:
        amount = "SELECT amount_rials FROM invoices WHERE member = ? AND year = ?"
        rials = self.slots["payment"].value(amount, about["member"], about["year"]) or 0
        return self.new_call("payment", payment_commands.ConfirmPayment, "modir", **about, amount_rials=rials)

    def decide(self, about: dict[str, Any]) -> Call:
        if self.chance.happens(0.8):
            version = "SELECT max(version) FROM declarations WHERE member = ? AND year = ?"
            latest = self.slots["renewal"].value(version, about["member"], about["year"]) or 1
            return self.new_call(
                "renewal", renewal_commands.ApproveRenewal, "modir", **about, declaration_version=latest
            )
        kind = renewal_commands.ReturnRenewal if self.chance.happens(0.7) else renewal_commands.RejectRenewal
        return self.new_call("renewal", kind, "modir", **about, reason=REASON)

    def a_day_off(self) -> Call:
        on = self.scene.now.date() + timedelta(days=self.chance.randint(0, 3))
        hours = self.chance.choice([{}, {"opens": time(8), "closes": time(12)}])
        province = self.chance.choice(PROVINCES)
        about: dict[str, Any] = {"province": province, "on": on, "label": "تعطیلی استان", "actor": MANAGER}
        return self.new_call("renewal", renewal_commands.SetCalendarDay, "modir", **about, **hours)

    def renewal_of(self, member: Person) -> tuple[int, str]:
        """The year and status of a member's latest renewal."""
        found = self.slots["renewal"].rows(
            "SELECT year, status FROM renewals WHERE member = ? ORDER BY year DESC", member.name
        )
        return found[0] if found else (persian.jalali_year(self.scene.now), "none")

    # --- at the bank

    def somebody_pays(self) -> None:
        """At a page that is open; the bank then sends a notice, as often as it must."""
        doors = [door for member in self.members for door in member.doors]
        if not doors:
            return
        authority = self.chance.choice(doors)
        if self.chance.happens(0.15):
            self.bank.cancel(authority)
        elif self.bank.pay(authority):
            self.scene.tell(f"the bank: {authority[-4:]} is paid")
            if not self.chance.happens(self.scene.weather.notice_lost):
                name = f"paid-{authority}"
                notice = NoticeComes(self.chance.uuid(), name, authority, f'{{"authority": "{authority}"}}')
                self.notices.append(Call("bank", notice, f"notice {authority[-4:]}"))

    def the_bank_notifies(self) -> None:
        """Notices until they are taken; sometimes also after that."""
        if not self.notices:
            return
        call = self.chance.choice(self.notices)
        call.command = replace(call.command, id=self.chance.uuid())
        try:
            self.post.send(call)
        except (NoAnswer, Refused):
            return
        if self.chance.happens(0.7) and call in self.notices:
            self.notices.remove(call)
