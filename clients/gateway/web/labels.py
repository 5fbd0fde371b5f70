"""Persian labels of what the contract names: classes, fields, jobs, statuses, problems."""

from collections.abc import Mapping

from clients.gateway.web import money_labels
from shared import provinces
from shared.contract.renewal.declaration import Discipline, Education
from shared.contract.values import EmploymentStatus, JobKind, LicenceField, MemberClass, Role
from shared.text import persian

PROVINCES = provinces.PROVINCES
CLASSES: Mapping[str, str] = {
    MemberClass.INTERN: "کارورز",
    MemberClass.UNLICENSED: "عضو بدون پروانه",
    MemberClass.GRADE_3: "پایه ۳",
    MemberClass.GRADE_2: "پایه ۲",
    MemberClass.GRADE_1: "پایه ۱",
    MemberClass.SENIOR: "پایه ارشد",
}
FIELDS: Mapping[str, str] = {
    LicenceField.EXTRACTION: "استخراج معدن",
    LicenceField.EXPLORATION: "پی‌جویی و اکتشاف",
    LicenceField.PROCESSING: "فرآوری و کانه‌آرایی",
    LicenceField.METALLURGY: "متالورژی استخراجی",
    LicenceField.SURVEYING: "نقشه‌برداری معدن",
}
JOBS: Mapping[str, str] = {
    JobKind.PERSON_HOUR: "نفر ساعت",
    JobKind.PERSON_DAY: "نفر روز",
    JobKind.PERSON_MONTH: "نفر ماه (تمام‌وقت)",
    JobKind.MINE_TECHNICAL_MANAGER: "مسئول فنی معدن",
    JobKind.EXPLORATION_TECHNICAL_MANAGER: "مسئول فنی اکتشاف (غیرتفصیلی)",
    JobKind.EXPLORATION_PLAN: "طرح اکتشاف",
    JobKind.EXPLORATION_REPORT: "گزارش پایان عملیات اکتشاف",
    JobKind.MINE_EXPLOITATION_PLAN: "طرح بهره‌برداری معدن",
    JobKind.PLANT_EXPLOITATION_PLAN: "طرح بهره‌برداری کارخانه",
    JobKind.AMENDED_EXPLORATION_PLAN: "طرح اصلاحی اکتشاف (تمدید پروانه)",
    JobKind.SAFETY_PLAN: "طرح فنی و ایمنی (اجازهٔ برداشت)",
    JobKind.BOUNDARY_DRAWING: "ترسیم محدوده",
    JobKind.STAKE_OUT_MANAGER: "مسئول فنی میله‌گذاری",
    JobKind.TEACHING_THEORY: "تدریس دورهٔ ارتقا (نظری)",
    JobKind.TEACHING_PRACTICE: "تدریس دورهٔ ارتقا (نظری و عملی)",
    JobKind.STAKE_OUT_SURVEYOR: "نقشه‌بردار میله‌گذاری",
    JobKind.EXPLORATION_SURVEY: "نقشه‌برداری کامل در طرح اکتشاف",
    JobKind.MINE_AS_IS_MAP: "نقشهٔ وضع موجود معدن",
    JobKind.MINE_INSPECTION: "بازرسی معدن",
    JobKind.FACULTY_HALF_TIME: "هیأت علمی نیمه‌وقت",
    JobKind.FACULTY_PART_TIME: "هیأت علمی پاره‌وقت",
    JobKind.FULL_TIME_JOB: "شغل تمام‌وقت",
}
"""Rows of the organization's deduction table (docs/domain.md 2.4)."""

QUANTITIES: Mapping[str, str] = {
    JobKind.PERSON_HOUR: "ساعت",
    JobKind.PERSON_DAY: "روز",
    JobKind.PERSON_MONTH: "ماه",
    JobKind.MINE_TECHNICAL_MANAGER: "معدن",
    JobKind.EXPLORATION_TECHNICAL_MANAGER: "ماه",
    JobKind.EXPLORATION_PLAN: "طرح",
    JobKind.EXPLORATION_REPORT: "گزارش",
    JobKind.MINE_EXPLOITATION_PLAN: "طرح",
    JobKind.PLANT_EXPLOITATION_PLAN: "طرح",
    JobKind.AMENDED_EXPLORATION_PLAN: "طرح",
    JobKind.SAFETY_PLAN: "طرح",
    JobKind.BOUNDARY_DRAWING: "محدوده",
    JobKind.STAKE_OUT_MANAGER: "مورد",
    JobKind.TEACHING_THEORY: "دوره",
    JobKind.TEACHING_PRACTICE: "دوره",
    JobKind.STAKE_OUT_SURVEYOR: "مورد",
    JobKind.EXPLORATION_SURVEY: "طرح",
    JobKind.MINE_AS_IS_MAP: "نقشه",
    JobKind.MINE_INSPECTION: "معدن",
    JobKind.FACULTY_HALF_TIME: "نیم‌سال",
    JobKind.FACULTY_PART_TIME: "نیم‌سال",
    JobKind.FULL_TIME_JOB: "شغل",
}
"""What a job's quantity counts."""

DEGREES: Mapping[str, str] = {"1": "درجه ۱", "2": "درجه ۲", "3": "درجه ۳", "4": "درجه ۴"}
EMPLOYMENT: Mapping[str, str] = {
    EmploymentStatus.UNEMPLOYED: "بیکار",
    EmploymentStatus.SELF_EMPLOYED: "شغل آزاد",
    EmploymentStatus.PRIVATE_FULL_TIME: "بخش خصوصی، تمام‌وقت",
    EmploymentStatus.PRIVATE_PART_TIME: "بخش خصوصی، پاره‌وقت",
    EmploymentStatus.PUBLIC: "دولتی و عمومی",
    EmploymentStatus.FACULTY_FULL_TIME: "هیأت علمی تمام‌وقت",
    EmploymentStatus.FACULTY_HALF_TIME: "هیأت علمی نیمه‌وقت",
    EmploymentStatus.FACULTY_PART_TIME: "هیأت علمی پاره‌وقت",
    EmploymentStatus.RETIRED: "بازنشسته",
    EmploymentStatus.ARMED_FORCES: "نیروهای مسلح",
}
EDUCATION: Mapping[str, str] = {
    Education.ASSOCIATE: "کاردانی",
    Education.BACHELOR: "کارشناسی",
    Education.MASTER: "کارشناسی ارشد",
    Education.DOCTORATE: "دکتری",
}
DISCIPLINES: Mapping[str, str] = {
    Discipline.MINING: "مهندسی معدن",
    Discipline.GEOLOGY: "زمین‌شناسی",
    Discipline.SURVEYING: "مهندسی نقشه‌برداری",
    Discipline.METALLURGY: "متالورژی استخراجی",
    Discipline.RELATED: "رشتهٔ مرتبط",
}
ROLES: Mapping[str, str] = {Role.MANAGER: "مدیر پورتال", Role.FINANCE: "امور مالی", Role.ADMIN: "راهبر سامانه"}
BEARERS: Mapping[str, str] = {"member": "اعضای نظام مهندسی معدن", "officer": "مدیر پورتال و کارکنان سازمان"}
RENEWAL_STATUSES: Mapping[str, str] = {
    "submitted": "در انتظار بررسی",
    "returned": "بازگشته برای اصلاح",
    "approved": "تأییدشده",
    "rejected": "ردشده",
    "withdrawn": "منصرف‌شده",
    "requested": "در انتظار خوداظهاری",
}
DECISIONS: Mapping[str, str] = {"returned": "بازگرداندن برای اصلاح", "rejected": "رد درخواست", "approved": "تأیید"}
INVOICE_STATUSES: Mapping[str, str] = {
    "open": "پرداخت‌نشده",
    "settled": "پرداخت‌شده، در انتظار تأیید",
    "confirmed": "تأییدشده",
}
INVOICE_STAGES: Mapping[str, str] = {
    **INVOICE_STATUSES,
    "asking": "در حال استعلام",
    "held": "در دست بررسی",
    "given_up": "تسویه‌شده، در انتظار تأیید",
    "replaced": "در صورت‌حساب دیگری آمده است",
    "cancelled": "لغوشده",
}
ATTEMPT_STATUSES: Mapping[str, str] = {
    "started": "در حال استعلام",
    "settled": "موفق",
    "failed": "ناموفق",
    "held": "در دست بررسی",
    "duplicate": "پرداخت دوباره",
    "reversed": "برگشت‌خورده",
}
CAPACITY_STATUSES: Mapping[str, str] = {
    "none": "هنوز صادر نشده",
    "active": "فعال",
    "expired": "پایان‌یافته",
}
BANDS: Mapping[str, str] = {
    "nothing": "ندارد",
    "under_quarter": "کمتر از یک‌چهارم",
    "under_half": "یک‌چهارم تا نیم",
    "under_three_quarters": "نیم تا سه‌چهارم",
    "more": "سه‌چهارم یا بیشتر",
}
"""What is left of a ceiling, for strangers."""
LINE_KINDS: Mapping[str, str] = {
    "grant": "ظرفیت سال",
    "regrade": "تغییر سقف",
    "use": "کسر",
    "release": "بازگشت کسر",
    "suspension": "تعلیق تا تمدید پروانه",
    "restoration": "رفع تعلیق",
    "expiry": "پایان سال",
    "withdrawal": "پس‌گرفتن با برگشت پرداخت",
}
ENTRY_KINDS = money_labels.ENTRY_KINDS
TASK_KINDS = money_labels.TASK_KINDS
EXCEPTION_KINDS = money_labels.EXCEPTION_KINDS
LINE_STATUSES = money_labels.LINE_STATUSES
STATEMENT_CHANGES = money_labels.STATEMENT_CHANGES
STATEMENT_COLUMNS = money_labels.STATEMENT_COLUMNS
ALERT_KINDS = money_labels.ALERT_KINDS
REFUND_STEPS = money_labels.REFUND_STEPS
COVERED_BY = {
    "payment": "پرداخت شده است",
    "slip": "با فیش پرداخت شده است",
    "credit": "با بستانکاری عضو پرداخت شده است",
    "waiver": "بی‌پرداخت تسویه شده است",
}
RECEIPT_STATES = money_labels.RECEIPT_STATES
SOURCES: Mapping[str, str] = {"auth": "بانک اعضا", "renewal": "تمدید", "payment": "پرداخت", "bank": "بانک"}
CAPACITY_CODES: Mapping[str, str] = {
    "over_ceiling": "مجموع کسرها از سقف ظرفیت سال بیشتر است؛ تا رفع آن ظرفیتی برای کار تازه نمی‌ماند.",
    "over_field_ceiling": "کسرهای یک رسته از سقف همان رسته بیشتر است.",
    "licence_expires_early": "اعتبار پروانه پیش از پایان سال تمام می‌شود؛ ظرفیت تا همان روز معتبر است.",
    "degree_not_allowed": "این درجه برای این پایه مجاز نیست.",
    "field_not_in_licence": "این رسته در پروانهٔ اشتغال نیست.",
    "dates_out_of_order": "تاریخ پایان پیش از تاریخ شروع است.",
    "outside_year": "این کار در سال تمدید نیست و کسری ندارد.",
    "full_time_twice": "شغل تمام‌وقت هم در وضعیت اشتغال و هم در این ردیف آمده است.",
    "too_many_posts": "شمار مسئولیت‌های فنی هم‌زمان از حد مجاز این پایه بیشتر است.",
    "not_granted": "ظرفیت این سال هنوز صادر نشده است؛ پس از تأیید پرداخت صادر می‌شود.",
    "licence_expired": "اعتبار پروانهٔ اشتغال پیش از شروع این کار پایان می‌یابد.",
    "year_over": "این سال پایان یافته است.",
}
"""Warnings of a capacity and problems of a declared job, by code; none of them stops the payment."""
cause = money_labels.cause
RULE_TABLES: Mapping[str, str] = {
    "ceilings": "سقف ظرفیت",
    "deductions": "جدول کسر ظرفیت",
    "degrees": "درجه‌های مجاز",
    "posts": "شمار مسئولیت‌های فنی هم‌زمان",
    "validity": "مدت اعتبار",
    "licence": "پایان اعتبار پروانه",
    "year": "پایان سال",
}
"""Tables of the capacity policy, and its rows that are no class, field or job."""


def province(key: str | None) -> str:
    """A province's name; a key that is not on the list is shown as it is."""
    return PROVINCES.get(key or "", key or "")


def capacity_code(code: str) -> str:
    """A warning or problem for a reader; a plain sentence for a code that has none of its own."""
    return CAPACITY_CODES.get(code, "این مورد نیاز به بررسی سازمان دارد.")


def rule(text: str) -> str:
    """A row of the policy, such as `1405 ceilings.grade_2.extraction`, for a reader."""
    year, _, path = text.partition(" ")
    names = {**RULE_TABLES, **CLASSES, **FIELDS, **JOBS, **DEGREES}
    steps = [names.get(step, step) for step in path.split(".") if step]
    return "، ".join([*steps, f"سیاست سال {persian.digits_to_persian(year)}"])


def yes_no(answer: bool) -> str:
    return "بله" if answer else "خیر"
