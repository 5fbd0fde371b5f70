"""Queries about notices: a person's inbox, what a member was told, and what arrived by no way."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, RowMapping, case, func, select

from services.notification.addresses.contacts import masked
from services.notification.notices.domain import UNDONE
from services.notification.persons import member_of
from services.notification.tables import ATTEMPTS, MEMBERS, MESSAGES, NOTICES
from services.notification.templates import Texts
from shared.contract.notification import answers, queries
from shared.contract.notification.values import NoticeKind, NoticeValues, Way
from shared.contract.refusals import Reason, Refused

NO_WAY = "no_way"
KINDS = tuple(NoticeKind)
"""A later version may have written others before this one was put back."""


def visible(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """What is told by now, was not undone before, and is of a kind that this version has texts for."""
    return (NOTICES.c.notified_at <= at, NOTICES.c.passed != UNDONE, NOTICES.c.kind.in_(KINDS))


def inbox(
    connection: Connection, texts: Texts, person: str, query: queries.ListNotices, at: datetime
) -> answers.Notices:
    """A page of a person's notices, the unread first, then the newest."""
    of_kind = () if query.kind is None else (NOTICES.c.kind == query.kind.value,)
    own = (NOTICES.c.person == person, *of_kind, *visible(at))
    is_read = case((NOTICES.c.read_at.is_(None), 0), else_=1)
    page = select(NOTICES).where(*own).order_by(is_read, NOTICES.c.notified_at.desc(), NOTICES.c.notice)
    rows = connection.execute(page.limit(query.limit).offset(query.offset)).mappings().all()
    total = connection.execute(select(func.count()).select_from(NOTICES).where(*own)).scalar_one()
    return answers.Notices(
        notices=tuple(shown(texts, row) for row in rows), unread=unread(connection, person, at), total=total
    )


def shown(texts: Texts, row: RowMapping) -> answers.Notice:
    rendered = texts.render(NoticeKind(row["kind"]), NoticeValues.model_validate_json(row["values"]))
    return answers.Notice(
        notice=row["notice"],
        kind=NoticeKind(row["kind"]),
        title=rendered.title,
        text=rendered.inbox,
        link=rendered.link,
        notified_at=row["notified_at"],
        read_at=row["read_at"],
    )


def unread(connection: Connection, person: str, at: datetime) -> int:
    own = (NOTICES.c.person == person, NOTICES.c.read_at.is_(None), *visible(at))
    return connection.execute(select(func.count()).select_from(NOTICES).where(*own)).scalar_one()


def of_person(connection: Connection, person: str, notices: Iterable[UUID]) -> list[UUID]:
    """Those of some notices that are the person's own and unread."""
    own = (NOTICES.c.person == person, NOTICES.c.read_at.is_(None), NOTICES.c.notice.in_(list(notices)))
    return list(connection.execute(select(NOTICES.c.notice).where(*own)).scalars())


def province_now(connection: Connection, member: str) -> str | None:
    """Where somebody is a member now; None for an officer, and who is a member no more.

    It decides who sees what a member was told and has it sent once more, wherever the member was when it was told.
    """
    return connection.execute(select(MEMBERS.c.province).where(MEMBERS.c.member == member)).scalar()


def must_find(connection: Connection, notice: UUID) -> tuple[RowMapping, str]:
    """A notice, and the province whose managers may have it sent once more: the member's present one; where there is none, that of the notice."""
    row = connection.execute(select(NOTICES).where(NOTICES.c.notice == notice)).mappings().one_or_none()
    if row is None:
        raise Refused(Reason.UNKNOWN_NOTICE)
    return row, province_now(connection, row["member"]) or row["province"]


def sent(connection: Connection, texts: Texts, query: queries.ListSentNotices, at: datetime) -> answers.SentNotices:
    """What a member was told, the last first."""
    of_year = () if query.year is None else (NOTICES.c.year == query.year,)
    this = () if query.notice is None else (NOTICES.c.notice == query.notice,)
    return page(connection, texts, query, (NOTICES.c.member == query.member, *of_year, *this, *visible(at)))


def undelivered(
    connection: Connection, texts: Texts, query: queries.ListUndelivered, at: datetime
) -> answers.SentNotices:
    """Notices that arrived by no way and that nobody has read, of those who are members of the province now; but an address that was left is often out of use."""
    lost = (NOTICES.c.passed == NO_WAY, NOTICES.c.read_at.is_(None), NOTICES.c.delivered_at.is_(None))
    here = (NOTICES.c.member.in_(select(MEMBERS.c.member).where(MEMBERS.c.province == query.province)),)
    of_kind = (NOTICES.c.kind != NoticeKind.ADDRESS_CHANGED,)
    if query.kind is not None:
        of_kind = (NOTICES.c.kind == query.kind.value,)
    return page(connection, texts, query, (*here, *of_kind, *lost, *visible(at)))


def page(
    connection: Connection,
    texts: Texts,
    query: queries.ListSentNotices | queries.ListUndelivered,
    where: Sequence[ColumnElement[bool]],
) -> answers.SentNotices:
    found = select(NOTICES).where(*where).order_by(NOTICES.c.notified_at.desc(), NOTICES.c.notice)
    rows = connection.execute(found.limit(query.limit).offset(query.offset)).mappings().all()
    total = connection.execute(select(func.count()).select_from(NOTICES).where(*where)).scalar_one()
    attempts = attempts_of(connection, [row["notice"] for row in rows])
    notices = tuple(with_attempts(texts, row, attempts.get(row["notice"], [])) for row in rows)
    return answers.SentNotices(notices=notices, total=total)


def with_attempts(texts: Texts, row: RowMapping, attempts: Sequence[answers.Attempt]) -> answers.SentNotice:
    return answers.SentNotice(
        notice=row["notice"],
        member=member_of(row["person"]),
        year=row["year"],
        kind=NoticeKind(row["kind"]),
        title=shown(texts, row).title,
        notified_at=row["notified_at"],
        read_at=row["read_at"],
        passed=row["passed"],
        attempts=tuple(attempts),
    )


def attempts_of(connection: Connection, notices: Sequence[UUID]) -> dict[UUID, list[answers.Attempt]]:
    """The messages of some notices in their order; one that is on its way to a provider has no state yet."""
    joined = MESSAGES.outerjoin(ATTEMPTS, ATTEMPTS.c.attempt == MESSAGES.c.attempt)
    columns = (
        *(MESSAGES.c.notice, MESSAGES.c.way, MESSAGES.c.provider, MESSAGES.c.address, MESSAGES.c.handed_at),
        *(ATTEMPTS.c.state, ATTEMPTS.c.cause, ATTEMPTS.c.at, ATTEMPTS.c.segments, ATTEMPTS.c.cost_rials),
    )
    query = select(*columns).select_from(joined).where(MESSAGES.c.notice.in_(notices)).order_by(MESSAGES.c.handed_at)
    found: dict[UUID, list[answers.Attempt]] = {}
    for row in connection.execute(query).mappings():
        attempt = answers.Attempt(
            way=Way(row["way"]),
            provider=row["provider"],
            address=masked(row["address"]),
            state=row["state"] or "sending",
            cause=row["cause"] or "",
            at=row["at"] or row["handed_at"],
            segments=row["segments"] or 0,
            cost_rials=row["cost_rials"] or 0,
        )
        found.setdefault(row["notice"], []).append(attempt)
    return found


def provider_use(connection: Connection, query: queries.GetProviderUse) -> answers.ProviderUses:
    """What the messages of a time cost, by provider."""
    state = ATTEMPTS.c.state
    within = (ATTEMPTS.c.province == query.province, ATTEMPTS.c.at >= query.since, ATTEMPTS.c.at < query.until)
    counted = (
        func.count().label("messages"),
        func.sum(case((state == "delivered", 1), else_=0)).label("delivered"),
        func.sum(case((state == "failed", 1), else_=0)).label("failed"),
        func.sum(ATTEMPTS.c.segments).label("segments"),
        func.sum(ATTEMPTS.c.cost_rials).label("cost_rials"),
    )
    key = (ATTEMPTS.c.province, ATTEMPTS.c.way, ATTEMPTS.c.provider)
    rows = connection.execute(select(*key, *counted).where(*within).group_by(*key).order_by(*key)).mappings()
    return answers.ProviderUses(uses=tuple(answers.ProviderUse.model_validate(dict(row)) for row in rows))
