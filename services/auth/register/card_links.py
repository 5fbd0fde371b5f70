"""The link by which strangers check a member's card: unguessable, revocable, rate-limited, with a list of its views."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, update

from services.auth.accounts import queries
from services.auth.tables import CARD_LINKS, CARD_VIEWS, RATE_LIMIT_HITS
from shared.contract.auth import answers, commands
from shared.contract.refusals import Reason, Refused
from shared.event_store.sql import upsert
from shared.network_addresses import network_of
from shared.personal_data import is_erased

TOKEN_BYTES = 16
"""128 random bits: nobody finds a link by trying."""
WINDOW = timedelta(minutes=10)
HITS_MAX = 30
"""Of one network address within the window."""
VIEWS_LISTED = 20


def issue(connection: Connection, command: commands.IssueCardLink, token: str) -> None:
    """Make a new link in the place of the one before; the same command again leaves it."""
    if is_erased(connection, command.member):
        raise Refused(Reason.UNKNOWN_MEMBER)
    known = select(CARD_LINKS.c.command).where(CARD_LINKS.c.member == command.member)
    if connection.execute(known).scalar() != command.id:
        row = {"token": token, "command": command.id, "issued_at": command.at}
        upsert.put(connection, CARD_LINKS, {"member": command.member}, row)


def revoke(connection: Connection, member: str) -> None:
    connection.execute(update(CARD_LINKS).where(CARD_LINKS.c.member == member).values(token=None))


def find(connection: Connection, member: str) -> answers.CardLink:
    """A member's link, and when it was opened."""
    row = connection.execute(select(CARD_LINKS).where(CARD_LINKS.c.member == member)).one_or_none()
    own = CARD_VIEWS.c.member == member
    newest = select(CARD_VIEWS.c.at).where(own).order_by(CARD_VIEWS.c.at.desc()).limit(VIEWS_LISTED)
    return answers.CardLink(
        token=row.token if row else None,
        issued_at=row.issued_at if row and row.token else None,
        views=connection.execute(select(func.count()).select_from(CARD_VIEWS).where(own)).scalar_one(),
        viewed_at=tuple(connection.execute(newest).scalars()),
    )


def count_hit(connection: Connection, address: str, at: datetime) -> None:
    """Count a request from an address's network; refuse it over the rate limit, with the time when it is free again."""
    network = network_of(address)
    within = (RATE_LIMIT_HITS.c.address == network, RATE_LIMIT_HITS.c.at > at - WINDOW)
    recent = select(RATE_LIMIT_HITS.c.at).where(*within).order_by(RATE_LIMIT_HITS.c.at)
    hits = connection.execute(recent).scalars().all()
    if len(hits) >= HITS_MAX:
        raise Refused(Reason.TOO_MANY_ATTEMPTS, {"until": (hits[-HITS_MAX] + WINDOW).isoformat()})
    connection.execute(insert(RATE_LIMIT_HITS).values(address=network, at=at))


def open_link(connection: Connection, command: commands.OpenCardLink) -> answers.CheckedMember | None:
    """The card behind a link, with the view recorded for the member; None for a link that leads nowhere."""
    query = select(CARD_LINKS.c.member).where(CARD_LINKS.c.token == command.token.get_secret_value())
    member = connection.execute(query).scalar()
    if member is None or queries.province_of(connection, member) is None:
        return None
    upsert.add(connection, CARD_VIEWS, {"command": command.id, "member": member, "at": command.at})
    card = queries.member_card(connection, member, has_own_password=False)
    return answers.CheckedMember.model_validate(card.model_dump())


def delete_expired(connection: Connection, at: datetime) -> None:
    connection.execute(delete(RATE_LIMIT_HITS).where(RATE_LIMIT_HITS.c.at <= at - WINDOW))
