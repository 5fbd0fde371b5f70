"""What is asked of auth: the roll and the officers as their events leave them, and the persons, whose rows can be erased."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Column, Connection, Date, Integer, MetaData, Row, String, Table, Text, delete, select, update
from sqlalchemy.exc import IntegrityError

from services.auth.accounts.persons import Person
from services.auth.register.import_file import RollEntry
from shared.contract.auth import answers, events
from shared.contract.envelope import Recorded
from shared.contract.passport import Bearer, Passport
from shared.contract.values import Licence, LicenceField, MemberClass, Role
from shared.event_store import upsert
from shared.event_store.log import VersionConflict

TABLES = MetaData()
"""All tables of auth, also those of its other modules."""

MEMBERS = Table(
    "members",
    TABLES,
    Column("member", String(12), primary_key=True),
    Column("province", String(20), nullable=False, index=True),
    Column("member_class", String(20), nullable=False),
    Column("licence_fields", Text, nullable=False),
    Column("licence_expires_on", Date),
    Column("paid_through", Integer),
)
OFFICERS = Table(
    "officers",
    TABLES,
    Column("officer", String(40), primary_key=True),
    Column("roles", Text, nullable=False),
    Column("provinces", Text, nullable=False),
)
PERSONS = Table(
    "persons",
    TABLES,
    Column("account", String(50), primary_key=True),
    Column("first_name", Text, nullable=False),
    Column("last_name", Text, nullable=False),
    Column("national_code", String(10), unique=True),
)
"""Personal data by account (`member:…`, `officer:…`); an officer's whole name stands in `last_name`. No event repeats it."""


def project(connection: Connection, recorded: Recorded) -> None:
    """Bring the views up to an event of our own log."""
    match recorded.event:
        case events.MemberEnrolled() | events.MembershipChanged() as event:
            put_member(connection, event)
        case events.MemberRemoved() as event:
            connection.execute(delete(MEMBERS).where(MEMBERS.c.member == event.member))
        case events.OfficerAppointed() as event:
            put_officer(connection, event.officer, event.roles, event.provinces)
        case events.OfficerDismissed() as event:
            put_officer(connection, event.officer, (), ())
        case _:
            pass


def put_member(connection: Connection, event: events.MemberEnrolled | events.MembershipChanged) -> None:
    row = {
        "province": event.province,
        "member_class": event.licence.member_class.value,
        "licence_fields": " ".join(event.licence.fields),
        "licence_expires_on": event.licence.expires_on,
        "paid_through": event.paid_through,
    }
    upsert.put(connection, MEMBERS, {"member": event.member}, row)


def put_officer(connection: Connection, officer: str, roles: tuple[Role, ...], provinces: tuple[str, ...]) -> None:
    row = {"roles": " ".join(roles), "provinces": " ".join(provinces)}
    upsert.put(connection, OFFICERS, {"officer": officer}, row)


NOBODY = Person("", "", None)


def put_person(connection: Connection, account: str, person_now: Person) -> bool:
    """Keep a person's names and code as they are now; False when nothing changed."""
    if person(connection, account) == person_now:
        return False
    try:
        upsert.put(connection, PERSONS, {"account": account}, vars(person_now))
    except IntegrityError as error:
        raise VersionConflict(account) from error  # another copy has given the code away since it was looked for
    return True


def person(connection: Connection, account: str) -> Person | None:
    """Who holds an account; None where nobody is known, or not any more."""
    row = connection.execute(select(PERSONS).where(PERSONS.c.account == account)).one_or_none()
    return Person(row.first_name, row.last_name, row.national_code) if row else None


def holders_of(connection: Connection, national_codes: Collection[str]) -> dict[str, str]:
    """Those of some national codes that a member has, with the member."""
    query = select(PERSONS.c.national_code, PERSONS.c.account).where(PERSONS.c.national_code.in_(national_codes))
    return {code: account.partition(":")[2] for code, account in connection.execute(query)}


def free_codes(connection: Connection, members: Collection[str]) -> None:
    """Take the national codes from members, who get others in this transaction: two may change places."""
    accounts = [f"member:{member}" for member in members]
    connection.execute(update(PERSONS).where(PERSONS.c.account.in_(accounts)).values(national_code=None))


def drop_person(connection: Connection, account: str) -> None:
    connection.execute(delete(PERSONS).where(PERSONS.c.account == account))


def roll_entry(connection: Connection, member: str) -> RollEntry | None:
    """All that the roll has of a member; the names are empty where they were erased."""
    row = connection.execute(select(MEMBERS).where(MEMBERS.c.member == member)).one_or_none()
    if row is None:
        return None
    holder = person(connection, f"member:{member}") or NOBODY
    return RollEntry(
        member=member,
        national_code=holder.national_code or "",
        first_name=holder.first_name,
        last_name=holder.last_name,
        province=row.province,
        licence=licence_of(row),
        paid_through=row.paid_through,
    )


def licence_of(row: Row[Any]) -> Licence:
    return Licence(
        member_class=MemberClass(row.member_class),
        fields=tuple(LicenceField(field) for field in row.licence_fields.split()),
        expires_on=row.licence_expires_on,
    )


def province_of(connection: Connection, member: str) -> str | None:
    """The province of a member, None for a number that is not on the roll."""
    return connection.execute(select(MEMBERS.c.province).where(MEMBERS.c.member == member)).scalar()


def member_card(connection: Connection, member: str, *, has_own_password: bool) -> answers.MemberCard:
    """What the roll says of a member who is on it; the names are empty when they were erased."""
    row = connection.execute(select(MEMBERS).where(MEMBERS.c.member == member)).one()
    holder = person(connection, f"member:{member}") or NOBODY
    return answers.MemberCard(
        member=member,
        first_name=holder.first_name,
        last_name=holder.last_name,
        national_code_masked=holder.masked_code,
        province=row.province,
        licence=licence_of(row),
        paid_through=row.paid_through,
        has_own_password=has_own_password,
    )


def member_names(connection: Connection, members: Collection[str], provinces: Collection[str]) -> dict[str, str]:
    """Full names of those members who belong to the provinces."""
    query = (
        select(MEMBERS.c.member, PERSONS.c.first_name, PERSONS.c.last_name)
        .join(PERSONS, PERSONS.c.account == "member:" + MEMBERS.c.member)
        .where(MEMBERS.c.member.in_(members), MEMBERS.c.province.in_(provinces))
    )
    return {member: f"{first} {last}" for member, first, last in connection.execute(query)}


def officer_names(connection: Connection, officers: Collection[str]) -> dict[str, str]:
    """Full names of officers, as far as they are known; a dismissed one keeps the name that past acts are told by."""
    accounts = {f"officer:{officer}": officer for officer in officers}
    query = select(PERSONS.c.account, PERSONS.c.last_name).where(PERSONS.c.account.in_(accounts))
    return {accounts[row.account]: row.last_name for row in connection.execute(query) if row.last_name}


def officer_cards(connection: Connection) -> tuple[answers.OfficerCard, ...]:
    """All officers who serve, by name."""
    query = (
        select(OFFICERS, PERSONS.c.last_name)
        .join(PERSONS, PERSONS.c.account == "officer:" + OFFICERS.c.officer, isouter=True)
        .where(OFFICERS.c.roles != "")
        .order_by(OFFICERS.c.officer)
    )
    return tuple(
        answers.OfficerCard(
            officer=row.officer,
            full_name=row.last_name or "",
            roles=tuple(Role(role) for role in row.roles.split()),
            provinces=tuple(row.provinces.split()),
        )
        for row in connection.execute(query)
    )


def has_officers(connection: Connection) -> bool:
    """Whether anybody was ever appointed."""
    return connection.execute(select(OFFICERS.c.officer).limit(1)).scalar() is not None


def passport(connection: Connection, account: str) -> Passport | None:
    """The passport of an account as things stand now; None when it may no longer sign in."""
    bearer, _, subject = account.partition(":")
    if bearer == Bearer.MEMBER:
        known = province_of(connection, subject) is not None
        return Passport(bearer=Bearer.MEMBER, subject=subject) if known else None
    row = connection.execute(
        select(OFFICERS).where(OFFICERS.c.officer == subject, OFFICERS.c.roles != "")
    ).one_or_none()
    if row is None:
        return None
    roles = frozenset(Role(role) for role in row.roles.split())
    return Passport(bearer=Bearer.OFFICER, subject=subject, roles=roles, provinces=frozenset(row.provinces.split()))
