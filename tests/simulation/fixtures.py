"""Input data of the users: rows of the register, the declaration's forms, the bank's notices."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from shared import services
from shared.contract.renewal.correction import DeclarationField, FieldFault, FieldToCorrect
from shared.contract.renewal.declaration import Declaration
from shared.contract.values import EmploymentStatus, JobKind, LicenceField

SIMULATED = ("auth", "renewal", "payment", "capacity", "bank")
"""The programs of a run."""
SUBSCRIPTIONS = {
    source: tuple(one for one in subscribers if one in SIMULATED)
    for source, subscribers in services.SUBSCRIPTIONS.items()
    if source in SIMULATED and not set(SIMULATED).isdisjoint(subscribers)
}
PROVINCES = ("isfahan", "yazd")
CODES = ("0012345679", "0123456789", "1234567891", "9876543210")
MEMBERS_MAX = len(CODES)
NEVER = datetime.max.replace(tzinfo=UTC)
REGISTER = (
    {"member_class": "grade_2", "licence_fields": "extraction", "licence_expires_on": "1407/06/01"},
    {"member_class": "grade_1", "licence_fields": "extraction;surveying", "licence_expires_on": "1405/03/01"},
    {"member_class": "grade_3", "licence_fields": "exploration", "licence_expires_on": "1404/12/29"},
    {"member_class": "intern", "licence_fields": "", "licence_expires_on": ""},
)
JOB = {
    "kind": JobKind.MINE_TECHNICAL_MANAGER,
    "degree": 4,
    "field": LicenceField.EXTRACTION,
    "quantity": "1",
    "starts_on": date(2026, 1, 1),
    "ends_on": date(2026, 9, 1),
    "title": "معدن سنگ لاشتر",
    "client": "شرکت سنگ سپاهان",
    "province": "isfahan",
}
FORM = {
    "mobile": "09131234567",
    "province": "isfahan",
    "city": "اصفهان",
    "address": "خیابان چهارباغ بالا، پلاک ۱۲",
    "postal_code": "8134567890",
    "education": "master",
    "discipline": "mining",
    "truth_ack": True,
}
FORMS = tuple(
    Declaration.model_validate({**FORM, **more})
    for more in (
        {"employment": {"status": EmploymentStatus.SELF_EMPLOYED}, "jobs": (JOB,)},
        {"employment": {"status": EmploymentStatus.UNEMPLOYED}},
        {
            "employment": {"status": EmploymentStatus.PUBLIC, "from_on": date(2025, 9, 1)},
            "employer": "سازمان",
            "jobs": (JOB, {**JOB, "kind": JobKind.PERSON_HOUR, "quantity": "12.5"}),
        },
    )
)
REASON = "تصویر قرارداد معدن خوانا نیست"
RETURNED_FIELDS = (
    FieldToCorrect(field=DeclarationField.EMPLOYMENT_STATUS, fault=FieldFault.OUTDATED),
    FieldToCorrect(field=DeclarationField.JOBS, fault=FieldFault.INCOMPLETE),
)
"""In what the forms differ, so that each of them is a correction."""
MANAGER = "officer:modir"


@dataclass(frozen=True)
class BankNotice:
    """The bank's notice at our receiver."""

    id: UUID
    notice_id: str
    authority: str
    body: str
    deadline: datetime = NEVER
    at: datetime = NEVER
