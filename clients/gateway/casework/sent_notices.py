"""What a member was told about a case, by which way, and whether it arrived."""

from clients.gateway import web
from shared.contract.notification.answers import SentNotices
from shared.contract.notification.queries import ListSentNotices
from shared.contract.refusals import Reason

SHOWN_MAX = 20


def of_member(visitor: web.Visitor, member: str, year: int | None = None) -> SentNotices | None:
    """The last messages to a member, of a year those about its renewal; None while notification does not answer or does not know the member yet."""
    query = ListSentNotices(member=member, year=year, limit=SHOWN_MAX)
    return visitor.call_if_known(query, Reason.UNKNOWN_MEMBER)
