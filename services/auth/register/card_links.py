"""The link that a member gives to strangers, so that they may check the card: unguessable, revocable, with a list of its views."""

from datetime import datetime, timedelta

from sqlalchemy import Column, Connection, Index, Integer, String, Table, Uuid, delete, func, insert, select, update

from services.auth.accounts import projection
from shared.contract.auth import answers, commands
from shared.contract.refusals import Reason, Refused
from shared.event_store import upsert
from shared.event_store.database import Instant

TOKEN_BYTES = 16
"""128 random bits: nobody finds a link by trying."""
WINDOW = timedelta(minutes=10)
LOOKS_MAX = 30
"""Of one network address within the window."""
VIEWS_SHOWN = 20
VIEWS_KEPT = timedelta(days=365)

LINKS = Table(
    "check_links",
    projection.TABLES,
    Column("member", String(12), primary_key=True),
    Column("token", String(30), unique=True),
    Column("command", Uuid, nullable=False),
    Column("issued_at", Instant, nullable=False),
)
"""The newest link of each member; a revoked one has no token. It is kept as it is: the member sees it again on the card."""
LOOKS = Table(
    "check_looks",
    projection.TABLES,
    Column("id", Integer, primary_key=True),
    Column("command", Uuid, nullable=False, unique=True),
    Column("member", String(12), nullable=False),
    Column("at", Instant, nullable=False),
    Index("check_looks_of_member", "member", "at"),
)
"""When a member's card was looked at; by whom is not kept."""
KNOCKS = Table(
    "check_knocks",
    projection.TABLES,
    Column("id", Integer, primary_key=True),
    Column("address", String(45), nullable=False),
    Column("at", Instant, nullable=False),
    Index("check_knocks_by_address", "address", "at"),
)
"""Who has looked lately, right or wrong; forgotten after the window."""


def issue(connection: Connection, command: commands.IssueCheckLink, token: str) -> None:
    """Make a new link in the place of the one before; the same command again leaves it."""
    known = select(LINKS.c.command).where(LINKS.c.member == command.member)
    if connection.execute(known).scalar() != command.id:
        row = {"token": token, "command": command.id, "issued_at": command.at}
        upsert.put(connection, LINKS, {"member": command.member}, row)


def revoke(connection: Connection, member: str) -> None:
    connection.execute(update(LINKS).where(LINKS.c.member == member).values(token=None))


def of(connection: Connection, member: str) -> answers.CheckLink:
    """A member's link, and when it was opened."""
    row = connection.execute(select(LINKS).where(LINKS.c.member == member)).one_or_none()
    mine = LOOKS.c.member == member
    newest = select(LOOKS.c.at).where(mine).order_by(LOOKS.c.at.desc()).limit(VIEWS_SHOWN)
    return answers.CheckLink(
        token=row.token if row else None,
        issued_at=row.issued_at if row and row.token else None,
        views=connection.execute(select(func.count()).select_from(LOOKS).where(mine)).scalar_one(),
        viewed_at=tuple(connection.execute(newest).scalars()),
    )


def must_not_look_too_often(connection: Connection, address: str, at: datetime) -> None:
    """Count a look from an address, or refuse it and say until when; one without an address is a program's fault alone."""
    recent = select(KNOCKS.c.at).where(KNOCKS.c.address == address, KNOCKS.c.at > at - WINDOW).order_by(KNOCKS.c.at)
    looks = connection.execute(recent).scalars().all()
    if len(looks) >= LOOKS_MAX:
        raise Refused(Reason.TOO_MANY_ATTEMPTS, {"until": (looks[-LOOKS_MAX] + WINDOW).isoformat()})
    connection.execute(insert(KNOCKS).values(address=address, at=at))


def open_link(connection: Connection, command: commands.OpenCheckLink) -> answers.CheckedMember | None:
    """What a link shows; the look is put down for the member. None where it leads nowhere."""
    query = select(LINKS.c.member).where(LINKS.c.token == command.token.get_secret_value())
    member = connection.execute(query).scalar()
    if member is None or projection.province_of(connection, member) is None:
        return None
    upsert.add(connection, LOOKS, {"command": command.id, "member": member, "at": command.at})
    card = projection.member_card(connection, member, has_own_password=False)
    return answers.CheckedMember.model_validate(
        {name: getattr(card, name) for name in answers.CheckedMember.model_fields}
    )


def forget(connection: Connection, at: datetime) -> None:
    """Drop the addresses of those who looked, and what was looked at long ago."""
    connection.execute(delete(KNOCKS).where(KNOCKS.c.at <= at - WINDOW))
    connection.execute(delete(LOOKS).where(LOOKS.c.at <= at - VIEWS_KEPT))
