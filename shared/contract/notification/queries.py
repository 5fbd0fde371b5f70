"""Queries that notification answers."""

from typing import Literal
from uuid import UUID

from shared.contract.base import Query
from shared.contract.bounds import Limit, Offset
from shared.contract.notification import answers, webhook_answers
from shared.contract.notification.values import NoticeKind
from shared.contract.values import Instant, JalaliYear, MembershipNo, Province


class ListNotices(Query[answers.Notices], service="notification"):
    """The caller's own inbox, or what of one kind is in it."""

    kind: NoticeKind | None = None
    limit: Limit = 50
    offset: Offset = 0


class CountUnread(Query[answers.UnreadCount], service="notification"):
    """How many notices of the caller's own are unread."""


class GetContacts(Query[answers.Contacts], service="notification"):
    """The caller's own addresses and choices."""


class ListSentNotices(Query[answers.SentNotices], service="notification"):
    """What a member was told and whether it arrived; for officers of the province. With a year, what is about that year's renewal."""

    member: MembershipNo
    year: JalaliYear | None = None
    notice: UUID | None = None
    """Only this one, as before it is sent once more."""
    limit: Limit = 50
    offset: Offset = 0


class ListUndelivered(Query[answers.SentNotices], service="notification"):
    """Notices of a province that arrived by no way and are unread: somebody has to telephone."""

    province: Province
    kind: NoticeKind | None = None
    limit: Limit = 50
    offset: Offset = 0


class GetProviderUse(Query[answers.ProviderUses], service="notification"):
    """What the messages of a time cost, by province and provider."""

    province: Province
    since: Instant
    until: Instant


class ListWebhooks(Query[webhook_answers.Webhooks], service="notification"):
    """The webhooks whose provinces an admin serves, ended ones too."""


class ListDeliveries(Query[webhook_answers.Deliveries], service="notification"):
    """What became of the events of a webhook, the last first; for admins of all its provinces."""

    webhook: UUID
    state: Literal["waiting", "delivered", "failed"] | None = None
    since: Instant | None = None
    """Only those recorded then or later."""
    limit: Limit = 50
    offset: Offset = 0
