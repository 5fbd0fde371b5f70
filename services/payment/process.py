"""What payment does on another's fact: an approved renewal gets its invoice, at the fees of that moment."""

from datetime import UTC, datetime

from services.payment.fees import Tariffs
from shared.contract import commands, events
from shared.contract.envelope import Recorded

HEARD = {events.RenewalApproved.__name__}
NEVER = datetime.max.replace(tzinfo=UTC)
"""The deadline of what is not asked by anybody who waits."""


def react(heard: Recorded, tariffs: Tariffs) -> list[commands.IssueInvoice]:
    """The invoice of an approval: dated as the approval is, so that a late hearing does not make its time longer.

    A year without a tariff raises `NoTariff`: the lane must stop and be seen, not leave a member without an invoice.
    """
    if heard.type not in HEARD:
        return []
    match heard.event:
        case events.RenewalApproved() as approved:
            return [
                commands.IssueInvoice(
                    id=heard.event_id,
                    deadline=NEVER,
                    at=approved.approved_at,
                    member=approved.member,
                    year=approved.year,
                    province=approved.province,
                    lines=tariffs.lines([(approved.year, approved.licence.member_class)]),
                )
            ]
        case _:
            return []
