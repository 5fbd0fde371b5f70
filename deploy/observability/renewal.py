"""Metrics of the renewal service: what waits on a province's desk for longer than was promised."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, Select, func, select

from deploy.observability.definitions import Sample
from services.renewal.tables import RENEWALS
from shared.provinces import PROVINCES
from shared.settings import Settings


class RenewalMetrics:
    """Reads them."""

    def __init__(self, settings: Settings) -> None:
        self.home_province = settings.home_province

    def samples(self, connection: Connection, now: datetime) -> Iterator[Sample]:
        overdue = {self.home_province: 0, **{row[0]: row[1] for row in connection.execute(overdue_at(now))}}
        for province, count in sorted(overdue.items()):
            yield Sample("tamdid_desk_overdue", (province,), count)


def overdue_at(now: datetime) -> Select[str, int]:
    """The overdue declarations by province; the provinces are named, so that the desk's index is used."""
    late = (RENEWALS.c.status == "submitted", RENEWALS.c.review_due_at <= now)
    query = select(RENEWALS.c.province, func.count()).where(RENEWALS.c.province.in_(sorted(PROVINCES)), *late)
    return query.group_by(RENEWALS.c.province)
