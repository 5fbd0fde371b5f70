"""Open sessions by the SHA-256 of their token: the token itself is only with its holder."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, bindparam, delete, insert, or_, select, update

from services.auth.accounts import queries, security_events
from services.auth.second_factor import factors
from services.auth.sign_in import activation
from services.auth.tables import ACCOUNTS, PERSONS, SESSIONS
from shared.contract.auth import answers
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.event_store.command_handler import Records
from shared.event_store.sql import by_key
from shared.event_store.sql.prepared import Prepared
from shared.personal_data import is_erased

IDLE = timedelta(minutes=30)
"""A session ends when it was not used for so long (docs/domain.md 7.6)."""
LIFE = timedelta(hours=12)
"""A session ends after so long at the latest."""
PENDING_LIFE = timedelta(minutes=10)
"""How long a sign-in waits for its second step."""
SESSIONS_MAX = 20
"""Open sessions of an account; one more ends one that was never used, or else the one that was not used for longest."""
ID_CHARACTERS = 32
TOUCH = timedelta(minutes=1)
"""The time of the last use is written no more often than this, after the first."""

IS_OPEN = and_(
    ~SESSIONS.c.is_pending,
    SESSIONS.c.used_at > bindparam("used_after"),
    SESSIONS.c.opened_at > bindparam("opened_after"),
)
HOLDER = Prepared(
    select(
        SESSIONS.c.account,
        SESSIONS.c.opened_at,
        SESSIONS.c.used_at,
        SESSIONS.c.confirmed_at,
        and_(ACCOUNTS.c.is_own, ~ACCOUNTS.c.is_chosen).label("is_initial"),
        PERSONS.c.last_name,
    )
    .select_from(
        SESSIONS.join(ACCOUNTS, ACCOUNTS.c.account == SESSIONS.c.account, isouter=True).join(
            PERSONS, PERSONS.c.account == SESSIONS.c.account, isouter=True
        )
    )
    .where(SESSIONS.c.token_hash == bindparam("of_token"), IS_OPEN)
)


def hashed(token: str) -> str:
    """What is stored of a token; it has 256 random bits, so one fast hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def start(  # noqa: PLR0913 - a row
    connection: Connection, token: str, account: str, at: datetime, device: str = "", *, is_pending: bool = False
) -> None:
    """Open a session, within the number that an account may have."""
    was_used = SESSIONS.c.used_at > SESSIONS.c.opened_at
    by_use = (was_used.desc(), SESSIONS.c.used_at.desc(), SESSIONS.c.opened_at.desc(), SESSIONS.c.token_hash)
    alike = (SESSIONS.c.account == account, SESSIONS.c.is_pending == is_pending)  # those that wait end no open one
    last_used = select(SESSIONS.c.token_hash).where(*alike).order_by(*by_use)
    surplus = connection.execute(last_used.offset(SESSIONS_MAX - 1)).scalars().all()
    connection.execute(delete(SESSIONS).where(SESSIONS.c.token_hash.in_(surplus)))
    row = {"token_hash": hashed(token), "account": account, "opened_at": at, "used_at": at, "device": device}
    row["is_pending"] = is_pending
    connection.execute(insert(SESSIONS).values(row))


def require_waiting_room(connection: Connection, account: str, at: datetime) -> None:
    """Refuse another sign-in that waits for its second step where an account has as many as it may have: it would end one of them."""
    waits = (SESSIONS.c.account == account, SESSIONS.c.is_pending, SESSIONS.c.opened_at > at - PENDING_LIFE)
    opened = (
        connection.execute(select(SESSIONS.c.opened_at).where(*waits).order_by(SESSIONS.c.opened_at)).scalars().all()
    )
    if len(opened) >= SESSIONS_MAX:
        raise Refused(Reason.TOO_MANY_ATTEMPTS, {"until": (opened[-SESSIONS_MAX] + PENDING_LIFE).isoformat()})


def open_at(at: datetime) -> dict[str, object]:
    """The parameters of `IS_OPEN`."""
    return {"used_after": at - IDLE, "opened_after": at - LIFE}


def list_open(connection: Connection, account: str, token: str, at: datetime) -> tuple[answers.OpenSession, ...]:
    """The open sessions of an account, the last used first, with the token's own marked."""
    query = select(SESSIONS).where(SESSIONS.c.account == account, IS_OPEN)
    return tuple(
        answers.OpenSession(
            session_id=row.token_hash[:ID_CHARACTERS],
            device=row.device,
            opened_at=row.opened_at,
            used_at=row.used_at,
            is_this=row.token_hash == hashed(token),
        )
        for row in connection.execute(query.order_by(SESSIONS.c.used_at.desc(), SESSIONS.c.token_hash), open_at(at))
    )


@dataclass(frozen=True)
class Holder:
    """The holder of an open session."""

    passport: Passport
    """By the present rights; without any where the password must be changed first."""
    must_change_password: bool
    is_due: bool
    """Whether the use should be written."""
    has_security_news: bool = False
    full_name: str = ""
    """An officer's; a member's name is shown only where the read is recorded."""


def find(connection: Connection, token: str, at: datetime, *, initial_lasts: bool = False) -> Holder | None:
    """The holder of an open session, None for no such session; `initial_lasts` where an officer need not change the first password."""
    row = HOLDER.first(connection, {"of_token": hashed(token), **open_at(at)})
    passport = queries.passport_of(connection, row.account) if row else None
    if row is None or passport is None:
        return None
    is_due = at - row.used_at >= TOUCH or row.used_at == row.opened_at
    must_change = (bool(row.is_initial) and not initial_lasts) or activation.must_set_password(connection, row.account)
    passport = without_rights(passport) if must_change else passport
    factor = {"has_second_factor": factors.is_on(connection, row.account), "confirmed_at": row.confirmed_at}
    has_news = security_events.has_unseen(connection, row.account, hashed(token), at)
    name = row.last_name or "" if passport.principal_kind is PrincipalKind.OFFICER else ""
    return Holder(passport.model_copy(update=factor), must_change, is_due, has_news, name)


def without_rights(passport: Passport) -> Passport:
    return Passport(principal_kind=passport.principal_kind, subject=passport.subject)


def answer(connection: Connection, token: str, at: datetime, *, initial_lasts: bool) -> answers.Session:
    """What the holder of a session that has just been opened or confirmed learns of it."""
    holder = find(connection, token, at, initial_lasts=initial_lasts)
    if holder is None:
        raise Refused(Reason.NOT_SIGNED_IN)
    return answers.Session(
        token=token,
        passport=holder.passport,
        expires_at=at + IDLE,
        must_change_password=holder.must_change_password,
    )


def pending_answer(token: str, account: str, at: datetime) -> answers.Session:
    """What is said of a session that waits for its code: whose it will be, without any right."""
    kind, _, subject = account.partition(":")
    nobody_yet = Passport(principal_kind=PrincipalKind(kind), subject=subject)
    return answers.Session(
        token=token,
        passport=nobody_yet,
        expires_at=at + PENDING_LIFE,
        needs_code=True,
    )


def account_of(connection: Connection, token: str, at: datetime) -> str | None:
    """The account of a session that is open, or that still waits for its code."""
    waits = and_(SESSIONS.c.is_pending, SESSIONS.c.opened_at > at - PENDING_LIFE)
    query = select(SESSIONS.c.account).where(SESSIONS.c.token_hash == hashed(token), or_(IS_OPEN, waits))
    return connection.execute(query, open_at(at)).scalar()


def is_waiting(connection: Connection, token: str) -> bool:
    """Whether a session waits for its second step."""
    query = select(SESSIONS.c.is_pending).where(SESSIONS.c.token_hash == hashed(token))
    return bool(connection.execute(query).scalar())


def confirm(connection: Connection, account: str, token: str, at: datetime) -> None:
    """A code of this account or, without a second factor, its password has been given: its session is open, and confirmed for a while. It must not have ended."""
    own = update(SESSIONS).where(SESSIONS.c.token_hash == hashed(token), SESSIONS.c.account == account)
    if connection.execute(own.values(is_pending=False, confirmed_at=at, used_at=at)).rowcount != 1:
        raise Refused(Reason.NOT_SIGNED_IN)


def forget_confirmations(connection: Connection, account: str) -> None:
    """What a password has confirmed is not confirmed by the second factor that has just been set."""
    connection.execute(update(SESSIONS).where(SESSIONS.c.account == account).values(confirmed_at=None))


def use(records: Records, token: str, at: datetime, *, initial_lasts: bool = False) -> Holder:
    """The holder of an open session; using it keeps it open."""
    with records.read() as connection:
        holder = find(connection, token, at, initial_lasts=initial_lasts)
    if holder is None:
        raise Refused(Reason.NOT_SIGNED_IN)
    if holder.is_due:
        key = {"token_hash": hashed(token)}
        records.write(lambda connection: by_key.change(connection, SESSIONS, key, {"used_at": at}))
    return holder


def end(connection: Connection, token: str) -> None:
    """End a session, if it is open."""
    connection.execute(delete(SESSIONS).where(SESSIONS.c.token_hash == hashed(token)))


def end_by_id(connection: Connection, account: str, session_id: str) -> None:
    """End a session of an account by its id in the list."""
    named = SESSIONS.c.token_hash.startswith(session_id, autoescape=True)
    connection.execute(delete(SESSIONS).where(SESSIONS.c.account == account, named))


def end_others(connection: Connection, account: str, token: str) -> None:
    """End the sessions of an account but the token's own."""
    connection.execute(delete(SESSIONS).where(SESSIONS.c.account == account, SESSIONS.c.token_hash != hashed(token)))


def end_all(connection: Connection, account: str) -> None:
    """End all sessions of an account."""
    connection.execute(delete(SESSIONS).where(SESSIONS.c.account == account))


def delete_expired(connection: Connection, at: datetime) -> None:
    connection.execute(delete(SESSIONS).where((SESSIONS.c.used_at <= at - IDLE) | (SESSIONS.c.opened_at <= at - LIFE)))


def may_begin(connection: Connection, account: str) -> bool:
    """Whether an account opens, and something may be stored for it: an erasure at this moment waits, or is waited for."""
    is_gone = is_erased(connection, account.removeprefix("member:"))
    return not is_gone and queries.passport_of(connection, account) is not None
