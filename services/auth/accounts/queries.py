"""Queries about members and officers: cards, names, and the passport that an account gets."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from services.auth.accounts import persons
from services.auth.accounts.domain import in_force
from services.auth.accounts.persons import Person
from services.auth.tables import MEMBERS, OFFICERS, PERSONS
from shared.contract.auth import answers
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.values import Licence, LicenceField, MemberClass, Role
from shared.event_store.sql import by_key


def licence_of(row: Row[Any]) -> Licence:
    return Licence(
        member_class=MemberClass(row.member_class),
        fields=tuple(LicenceField(field) for field in row.licence_fields.split()),
        expires_on=row.licence_expires_on,
    )


def province_of(connection: Connection, member: str) -> str | None:
    """The province of a member, None for a number that is not on the register."""
    row = by_key.find(connection, MEMBERS, {"member": member})
    return row.province if row else None


def member_card(
    connection: Connection, member: str, *, has_own_password: bool, password_reset_at: datetime | None = None
) -> answers.MemberCard:
    """The register's entry of a member who is on it; the names are empty when they were erased."""
    row = by_key.find(connection, MEMBERS, {"member": member})
    holder = persons.find(connection, f"member:{member}") or Person()
    return answers.MemberCard(
        member=member,
        first_name=holder.first_name,
        last_name=holder.last_name,
        national_code_masked=holder.masked_code,
        province=row.province,
        licence=licence_of(row),
        paid_through=row.paid_through,
        has_own_password=has_own_password,
        password_reset_at=password_reset_at,
        erased_at=row.erased_at,
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
    """Full names of officers, as far as they are known; a dismissed one keeps the name for the acts of the past."""
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
            roles=tuple(sorted(in_force(map(Role, row.roles.split())))),
            provinces=tuple(row.provinces.split()),
        )
        for row in connection.execute(query)
    )


def known_texts(connection: Connection, account: str) -> list[str]:
    """What everybody knows of an account's holder: names, national code, and the keys of the provinces."""
    holder = persons.find(connection, account) or Person()
    name = account.partition(":")[2]
    served = connection.execute(select(OFFICERS.c.provinces).where(OFFICERS.c.officer == name)).scalar()
    provinces = [province_of(connection, name)] if account.startswith("member:") else (served or "").split()
    return [text for text in (holder.first_name, holder.last_name, holder.national_code, *provinces) if text]


def admins(connection: Connection) -> list[str]:
    """The names of the admins who serve."""
    return [card.officer for card in officer_cards(connection) if Role.ADMIN in card.roles]


def has_officers(connection: Connection) -> bool:
    """Whether anybody was ever appointed."""
    return connection.execute(select(OFFICERS.c.officer).limit(1)).scalar() is not None


def passport_of(connection: Connection, account: str) -> Passport | None:
    """The passport of an account by its present rights; None when it may no longer sign in."""
    principal_kind, _, subject = account.partition(":")
    if principal_kind == PrincipalKind.MEMBER:
        row = by_key.find(connection, MEMBERS, {"member": subject})
        is_known = row is not None and row.erased_at is None
        return Passport(principal_kind=PrincipalKind.MEMBER, subject=subject) if is_known else None
    row = by_key.find(connection, OFFICERS, {"officer": subject})
    if row is None or not row.roles:
        return None
    roles = in_force(map(Role, row.roles.split()))
    return Passport(
        principal_kind=PrincipalKind.OFFICER, subject=subject, roles=roles, provinces=frozenset(row.provinces.split())
    )
