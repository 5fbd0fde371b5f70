"""Persian labels of what the contract names, by code; their texts are in `shared/translations`."""

from collections.abc import Collection

from shared import provinces, translations
from shared.text import persian

PROVINCES = provinces.PROVINCES
MONTHS = persian.MONTHS
CLASSES = translations.group("member_class")
FIELDS = translations.group("licence_field")
JOBS = translations.group("job_kind")
QUANTITIES = translations.group("job_quantity")
DEGREES = translations.group("degree")
EMPLOYMENT = translations.group("employment_status")
EDUCATION = translations.group("education")
DISCIPLINES = translations.group("discipline")
ROLES = translations.group("role")
PERSONAL_KINDS = translations.group("personal_kind")
READS = translations.group("read")
SECURITY_EVENTS = translations.group("security_event")
"""What a query or command shows of a member, by its name."""
BEARERS = translations.group("principal")
RENEWAL_STATUSES = translations.group("renewal_status")
CHANGES = translations.group("change")
DECLARATION_PARTS = translations.group("declaration_part")
DESK_FLAGS = translations.group("desk_flag")
DESK_SORTS = translations.group("desk_sort")
TIMELINE = translations.group("timeline")
"""What happened to a case, by the type of its event or by its code."""
DECISIONS = translations.group("decision")
FIELD_FAULTS = translations.group("field_fault")
INVOICE_STAGES = translations.group("invoice_stage")
ATTEMPT_STATUSES = translations.group("attempt_status")
CAPACITY_STATUSES = translations.group("capacity_status")
BANDS = translations.group("capacity_left")
LINE_KINDS = translations.group("capacity_line")
ENTRY_KINDS = translations.group("ledger_entry")
TASK_KINDS = translations.group("finance_task")
LINE_STATUSES = translations.group("statement_line")
STATEMENT_CHANGES = translations.group("statement_change")
STATEMENT_COLUMNS = translations.group("statement_column")
ALERT_KINDS = translations.group("alert")
REFUND_STEPS = translations.group("refund_step")
COVERED_BY = translations.group("covered_by")
RECEIPT_STATES = translations.group("receipt_state")
NOTICE_KINDS = translations.group("notice_kind")
WAYS = translations.group("way")
WAY_ADDRESSES = translations.group("way_address")
"""What a message by a way goes to."""
MESSAGE_STATES = translations.group("message_state")
MESSAGE_FAILURES = translations.group("message_failure")
PASSED_CAUSES = translations.group("passed_cause")
"""Why a message is sent no more."""
SOURCES = translations.group("event_source")
ACTIVE_ALERTS = translations.group("active_alert")
"""What an alert of `deploy/observability/alerts.yaml` means, by its name."""
CAPACITY_CODES = translations.group("capacity_problem")
RULE_TABLES = translations.group("policy_table")
BROWSERS = translations.group("browser")
SYSTEMS = translations.group("operating_system")
INVOICE_STATUSES = {code: INVOICE_STAGES[code] for code in ("open", "settled", "confirmed")}
EXCEPTION_KINDS = {
    code: (title, translations.group("statement_exception_advice")[code])
    for code, title in translations.group("statement_exception").items()
}
"""What the bank's statement and our records disagree on: its name, and what to do about it."""
CAUSES = translations.group("money_cause")
"""Why money is held or owed, by code."""


def province(key: str | None) -> str:
    """A province's name; a key that is not on the list is shown as it is."""
    return PROVINCES.get(key or "", key or "")


def province_names(keys: Collection[str]) -> dict[str, str]:
    """The names of these provinces by key, in the order of the Persian alphabet."""
    return {key: name for key, name in PROVINCES.items() if key in keys}


def capacity_code(code: str) -> str:
    """A warning or problem for a reader; a plain sentence for a code that has none of its own."""
    return CAPACITY_CODES.get(code, "این مورد نیاز به بررسی سازمان دارد.")


def rule(text: str) -> str:
    """A row of the policy, such as `1405 ceilings.grade_2.extraction`, for a reader."""
    year, _, path = text.partition(" ")
    names = {**RULE_TABLES, **CLASSES, **FIELDS, **JOBS, **DEGREES}
    steps = [names.get(step, step) for step in path.split(".") if step]
    return "، ".join([*steps, f"سیاست سال {persian.digits_to_persian(year)}"])


def device(family: str) -> str:
    """A family of browser and system, such as `firefox-android`, for a reader."""
    browser, _, system = family.partition("-")
    names = (BROWSERS.get(browser, BROWSERS["other"]), SYSTEMS.get(system, ""))
    return " در ".join(filter(None, names))


def yes_no(answer: bool) -> str:
    return "بله" if answer else "خیر"


def cause(code: str) -> str:
    """Why money is held or owed; a bank's own code is shown as it came, read from left to right."""
    of_bank = f"پاسخ بانک: \u2066{persian.digits_to_persian(code.removeprefix('code '))}\u2069"
    return CAUSES.get(code, of_bank if code else "")
