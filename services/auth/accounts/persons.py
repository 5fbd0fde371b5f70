"""Personal data of an account's holder: names and national code, in rows that can be erased and never in an event."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.exc import IntegrityError

from services.auth.tables import PERSONS
from shared.event_store.log import VersionConflict
from shared.event_store.sql import by_key, upsert


@dataclass(frozen=True, repr=False)
class Person:
    """Personal data of an account's holder; empty where it was erased."""

    first_name: str = ""
    last_name: str = ""
    national_code: str | None = None

    @property
    def masked_code(self) -> str:
        """The national code with all but its end masked: it may still be a credential."""
        return f"********{self.national_code[-2:]}" if self.national_code else ""


def find(connection: Connection, account: str) -> Person | None:
    """Who holds an account; None where nobody is known, or not any more."""
    row = by_key.find(connection, PERSONS, {"account": account})
    return Person(row.first_name, row.last_name, row.national_code) if row else None


def save(connection: Connection, account: str, person: Person) -> None:
    """Store a person's names and code as they are now."""
    if find(connection, account) == person:
        return
    try:
        upsert.put(connection, PERSONS, {"account": account}, vars(person))
    except IntegrityError as error:
        raise VersionConflict(account) from error  # another copy has given the code away since it was looked for


def holders_by_code(connection: Connection, national_codes: Collection[str]) -> dict[str, str]:
    """Those of some national codes that a member has, with the member."""
    query = select(PERSONS.c.national_code, PERSONS.c.account).where(PERSONS.c.national_code.in_(national_codes))
    return {code: account.partition(":")[2] for code, account in connection.execute(query)}


def release_codes(connection: Connection, members: Collection[str]) -> None:
    """Take the national codes from members, who get others in this transaction: two may change places."""
    accounts = [f"member:{member}" for member in members]
    connection.execute(update(PERSONS).where(PERSONS.c.account.in_(accounts)).values(national_code=None))


def erase(connection: Connection, account: str) -> None:
    connection.execute(delete(PERSONS).where(PERSONS.c.account == account))
