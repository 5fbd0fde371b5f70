"""A member's whole entry in the register, personal data among it, and what differs between two of them."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from services.auth.accounts import persons, queries
from services.auth.accounts.persons import Person
from services.auth.register.domain import Membership
from services.auth.tables import MEMBERS
from shared.contract.auth import answers
from shared.contract.auth.search_answers import FoundMember
from shared.contract.values import Licence
from shared.text import persian


@dataclass(frozen=True, repr=False)
class RegisterEntry:
    """One member as the register has them; the names and the national code are personal data."""

    member: str
    national_code: str
    first_name: str
    last_name: str
    province: str
    licence: Licence
    paid_through: int | None

    @property
    def person(self) -> Person:
        """The part that is stored in an erasable row."""
        return Person(self.first_name, self.last_name, self.national_code or None)

    @property
    def found(self) -> FoundMember:
        """The member as a search finds them."""
        return FoundMember(member=self.member, full_name=f"{self.first_name} {self.last_name}")

    @property
    def membership(self) -> Membership:
        """The part that enters an event."""
        return Membership(self.province, self.licence, self.paid_through)

    @property
    def cells(self) -> dict[str, str]:
        """The entry as a file has it."""
        expires_on = self.licence.expires_on
        return {
            "membership_no": self.member,
            "national_code": self.national_code,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "province": self.province,
            "member_class": self.licence.member_class.value,
            "licence_fields": ";".join(self.licence.fields),
            "licence_expires_on": persian.format_date(expires_on) if expires_on else "",
            "paid_through": str(self.paid_through or ""),
        }


def find(connection: Connection, member: str) -> RegisterEntry | None:
    """A member's present entry; the names are empty where they were erased."""
    row = connection.execute(select(MEMBERS).where(MEMBERS.c.member == member)).one_or_none()
    if row is None:
        return None
    holder = persons.find(connection, f"member:{member}") or Person()
    return RegisterEntry(
        member=member,
        national_code=holder.national_code or "",
        first_name=holder.first_name,
        last_name=holder.last_name,
        province=row.province,
        licence=queries.licence_of(row),
        paid_through=row.paid_through,
    )


def changes(before: RegisterEntry, after: RegisterEntry) -> tuple[answers.RegisterChange, ...]:
    """What differs, column by column, in readable form; of national codes only the end, for one may be a credential."""
    old, new = before.cells, after.cells
    return tuple(
        answers.RegisterChange(column=column, before=masked(column, old[column]), after=masked(column, new[column]))
        for column in old
        if old[column] != new[column]
    )


def masked(column: str, text: str) -> str:
    return Person(national_code=text).masked_code if column == "national_code" else text
