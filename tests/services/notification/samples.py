"""Facts of the other services about one member, in their order, for tests of notification."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from shared.contract.auth import events as auth
from shared.contract.base import Event
from shared.contract.capacity import events as capacity
from shared.contract.envelope import Metadata, Recorded
from shared.contract.notification.values import Way
from shared.contract.payment import events as payment
from shared.contract.renewal import events as renewal
from shared.contract.values import Employment, EmploymentStatus, InvoiceLine, Licence, MemberClass, Role

MEMBER, PERSON, YEAR, PROVINCE = "0123456", "member:0123456", 1405, "isfahan"
OFFICER = "officer:maryam"
AT = datetime(2026, 7, 4, 6, 30, tzinfo=UTC)
"""Ten in the morning in Tehran, of a working day."""
CODE = "7K3MX09QTB"
NAMESPACE = UUID("00000000-0000-4000-8000-000000000001")
LICENCE = Licence(member_class=MemberClass.GRADE_2)
ABOUT: dict[str, Any] = {"member": MEMBER, "year": YEAR}

ENROLLED = auth.MemberEnrolled(
    member=MEMBER, province=PROVINCE, licence=LICENCE, paid_through=1404, enrolled_by=OFFICER, enrolled_at=AT
)
APPOINTED = auth.OfficerAppointed(
    officer="maryam", roles=(Role.MANAGER,), provinces=(PROVINCE,), appointed_by="officer:admin", appointed_at=AT
)
REQUESTED = renewal.RenewalRequested(**ABOUT, province=PROVINCE, licence=LICENCE, tracking_code=CODE, requested_at=AT)
SUBMITTED = renewal.DeclarationSubmitted(
    **ABOUT,
    declaration_version=1,
    licence=LICENCE,
    employment=Employment(status=EmploymentStatus.UNEMPLOYED),
    jobs=(),
    submitted_at=AT,
    review_due_at=AT + timedelta(hours=4),
)
RETURNED = renewal.RenewalReturned(
    **ABOUT,
    note=uuid5(NAMESPACE, "note"),
    returned_by=OFFICER,
    returned_at=AT,
    correction_due_at=AT + timedelta(days=10),
)
UNDONE = renewal.DecisionUndone(
    **ABOUT, decision=RETURNED.note, outcome="returned", undone_by=OFFICER, undone_at=AT + timedelta(minutes=2)
)
ISSUED = payment.InvoiceIssued(
    **ABOUT,
    province=PROVINCE,
    lines=(InvoiceLine(year=YEAR, member_class=MemberClass.GRADE_2, amount_rials=6_000_000),),
    amount_rials=6_000_000,
    issued_at=AT,
    payable_until=AT + timedelta(days=30),
)
SETTLED = payment.PaymentSettled(
    **ABOUT,
    province=PROVINCE,
    attempt=uuid5(NAMESPACE, "attempt"),
    authority="A1",
    amount_rials=6_000_000,
    bank_reference="99",
    card_mask="6037",
    settled_at=AT,
)
CONFIRMED = payment.PaymentConfirmed(
    **ABOUT, province=PROVINCE, amount_rials=6_000_000, confirmed_by=OFFICER, confirmed_at=AT
)
CLOSED = renewal.CalendarDaySet(
    province=PROVINCE, on=date(2026, 7, 5), opens=None, closes=None, label="", set_by=OFFICER, set_at=AT
)
UNITS: dict[str, Any] = {**ABOUT, "province": PROVINCE, "ceiling_units": 72_000, "used_units": 66_000}
NEARLY_USED = capacity.CapacityNearlyUsed(**UNITS, nearly_used_at=AT)
ERASED = auth.MemberErased(
    member=MEMBER,
    province=PROVINCE,
    cause="wish_of_member",
    requested_by="officer:admin",
    granted_by="officer:rahbar",
    erased_at=AT + timedelta(days=1),
)


def recorded(event: Event, position: int = 1, at: datetime = AT) -> Recorded:
    """An event as its source has recorded it."""
    event_id = uuid5(NAMESPACE, f"{type(event).__name__}/{position}")
    metadata = Metadata(correlation_id=event_id, causation_id=event_id, actor=OFFICER)
    stream = f"{event.source}/{getattr(event, 'member', 'none')}"
    return Recorded(
        event.source, position, stream, position, event_id, type(event).__name__, event.model_dump_json(), metadata, at
    )


def granted(position: int | None = None) -> capacity.CapacityGranted:
    """What capacity says on the confirmation that payment has recorded at a position; None where it does not know which it was."""
    confirmation = None if position is None else recorded(CONFIRMED, position).event_id
    return capacity.CapacityGranted(
        **UNITS,
        valid_until=date(2027, 3, 20),
        confirmed_at_position=position or 1,
        confirmation=confirmation,
        granted_at=AT,
    )


SMS, EMAIL = Way.SMS, Way.EMAIL
