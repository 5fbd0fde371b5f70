"""What payment does on another's fact: an approved renewal gets its invoice, at the fees of that moment."""

from datetime import datetime

from services.payment.fees import bill as arrears
from services.payment.fees.tariffs import Tariffs
from services.payment.invoices.coverage import Coverage
from services.payment.invoices.internal_commands import IssueInvoice, ReplaceInvoice
from shared.contract.envelope import Recorded
from shared.contract.renewal import events

HEARD = {events.RenewalApproved.__name__}


def approval(heard: Recorded) -> events.RenewalApproved | None:
    """The approval in what was heard, if it is one."""
    event = heard.event if heard.type in HEARD else None
    return event if isinstance(event, events.RenewalApproved) else None


def replacement(heard: Recorded, approved: events.RenewalApproved, at: datetime) -> ReplaceInvoice:
    """An earlier year's unpaid invoice gives way to the one of this approval, which charges its years again."""
    return ReplaceInvoice(heard.event_id, at, approved.year)


def invoice(
    heard: Recorded, approved: events.RenewalApproved, coverage: Coverage, tariffs: Tariffs, at: datetime
) -> IssueInvoice:
    """The invoice of an approval, dated when it is issued: who is heard late has no less time to pay.

    A year without a tariff raises `NoTariff`: the lane parks the approval with what follows it of this member, where it is
    seen and retried once there is a tariff; everybody else flows on.
    """
    bill = arrears.bill(approved, coverage, tariffs)
    return IssueInvoice(
        id=heard.event_id,
        at=at,
        member=approved.member,
        year=approved.year,
        province=approved.province,
        lines=bill.lines,
        entrance_rials=bill.entrance_rials,
        waivers=bill.waivers,
        waived_by=bill.waived_by,
        covered=bill.covered,
        charged_by_year=bill.charged_by_year,
    )
