from collections.abc import Iterable, Mapping
from typing import get_args

import pytest

from clients.gateway.declaration import declaration_form, summary
from clients.gateway.progress import renewal_progress
from clients.gateway.web import filters, labels, sentences
from shared.contract.capacity import answers as capacity_answers
from shared.contract.passport import PrincipalKind
from shared.contract.payment import answers as payment_answers
from shared.contract.payment import finance_answers, invoice_stage
from shared.contract.renewal import answers as renewal_answers
from shared.contract.renewal.declaration import Declaration, DeclaredJob, Discipline, Education
from shared.contract.renewal.status import RenewalStatus
from shared.contract.values import EmploymentStatus, JobKind, LicenceField, MemberClass, Role
from shared.tabular import bank_statement
from tests.clients.gateway import samples

OUTCOMES = dict.fromkeys(
    ("paid", "not_paid", "unknown", "held", "duplicate", "reversed"), "has its own page: test_pay.py"
)


@pytest.mark.parametrize(
    ("labels", "values"),
    [
        (labels.CLASSES, MemberClass),
        (labels.FIELDS, LicenceField),
        (labels.JOBS, JobKind),
        (labels.QUANTITIES, JobKind),
        (labels.EMPLOYMENT, EmploymentStatus),
        (labels.EDUCATION, Education),
        (labels.DISCIPLINES, Discipline),
        (labels.ROLES, Role),
        (labels.BEARERS, [PrincipalKind.MEMBER, PrincipalKind.OFFICER]),
        (labels.DEGREES, ["1", "2", "3", "4"]),
        (labels.RENEWAL_STATUSES, get_args(RenewalStatus)),
        (labels.DECISIONS, get_args(renewal_answers.Decision.model_fields["outcome"].annotation)),
        (labels.INVOICE_STATUSES, get_args(payment_answers.Invoice.model_fields["status"].annotation)),
        (labels.INVOICE_STAGES, get_args(invoice_stage.Stage)),
        (labels.ATTEMPT_STATUSES, get_args(payment_answers.AttemptStatus)),
        (labels.CAPACITY_STATUSES, get_args(capacity_answers.Capacity.model_fields["status"].annotation)),
        (OUTCOMES, get_args(payment_answers.PaymentResult.model_fields["outcome"].annotation)),
        (labels.BANDS, get_args(capacity_answers.Left)),
        (labels.LINE_KINDS, get_args(capacity_answers.LineKind)),
        (labels.ENTRY_KINDS, get_args(finance_answers.EntryKind)),
        (labels.TASK_KINDS, get_args(finance_answers.MoneyTask.model_fields["kind"].annotation)),
        (
            {kind: title for kind, (title, _) in labels.EXCEPTION_KINDS.items()},
            get_args(finance_answers.StatementException.model_fields["kind"].annotation),
        ),
        (labels.ALERT_KINDS, get_args(finance_answers.AlertKind)),
        (
            {"": "nothing is said", **labels.REFUND_STEPS},
            get_args(payment_answers.PaymentResult.model_fields["refund"].annotation),
        ),
        (labels.RECEIPT_STATES, ["valid", "reversed", "refunded", "part_refunded"]),
        (labels.LINE_STATUSES, ["verified", "paid", "reversed"]),
        (labels.STATEMENT_COLUMNS, bank_statement.HEADINGS),
        (renewal_progress.TAGS, get_args(renewal_progress.Tag)),
    ],
)
def test_every_value_has_its_label_and_no_label_is_left_over(labels: Mapping[str, str], values: Iterable[str]) -> None:
    assert set(labels) == set(values)
    assert all(label.strip() for label in labels.values())


def test_the_summary_shows_every_answer_of_a_declaration() -> None:
    shown = {row.name for section in summary.sections(samples.DECLARATION) for row in section.rows}
    whole = set(Declaration.model_fields) - {"jobs", "truth_ack", "employment"}
    assert shown == whole | {f"employment.{part}" for part in ("status", "province", "from_on", "to_on")}


def test_a_row_of_the_form_has_a_label_for_every_answer_of_a_job() -> None:
    assert set(declaration_form.JOB_LABELS) == set(DeclaredJob.model_fields)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("1405 ceilings.grade_2.extraction", "سقف ظرفیت، پایه ۲، استخراج معدن، سیاست سال ۱۴۰۵"),
        ("1405 deductions.mine_technical_manager.4", "جدول کسر ظرفیت، مسئول فنی معدن، درجه ۴، سیاست سال ۱۴۰۵"),
        ("1405 validity.year", "مدت اعتبار، پایان سال، سیاست سال ۱۴۰۵"),
    ],
)
def test_a_rule_is_shown_by_its_labels(rule: str, said: str) -> None:
    assert labels.rule(rule) == said


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("", ""),
        ("too_late", "مهلت برگشت از سوی بانک گذشته است"),
        ("code -61", "پاسخ بانک: \u2066-۶۱\u2069"),
        ("code -", "پاسخ بانک: \u2066-\u2069"),
    ],
)
def test_a_banks_own_code_is_shown_as_it_came(code: str, said: str) -> None:
    assert labels.cause(code) == said


@pytest.mark.parametrize(
    ("code", "shown"),
    [("0412009", "۰۴۱۲۰۰۹"), ("12-34", "۱۲-۳۴"), ("K-0", "K-0"), ("FISH-0012", "FISH-0012"), ("۱۲/k", "۱۲/k")],
)
def test_a_code_with_latin_letters_keeps_the_digits_that_are_typed(code: str, shown: str) -> None:
    assert filters.code(code) == f'<bdi dir="ltr">{shown}</bdi>'


def test_a_declared_mine_has_the_same_code_for_the_member_and_the_manager() -> None:
    assert summary.shown("cadastre_code", "K-0") == '<bdi dir="ltr">K-0</bdi>'
    assert summary.shown("cadastre_code", "<i>") == '<bdi dir="ltr">&lt;i&gt;</bdi>'
    assert summary.shown("cadastre_code", "") == summary.NOTHING


STARTED, HELD, FAILED = (samples.attempt(status) for status in ("started", "held", "failed"))


@pytest.mark.parametrize(
    ("invoice", "said"),
    [
        (samples.invoice("open"), "پرداخت‌نشده"),
        (samples.invoice("open", attempts=(FAILED,)), "پرداخت‌نشده"),
        (samples.invoice("open", attempts=(STARTED, FAILED)), "در حال استعلام"),
        (samples.invoice("open", attempts=(HELD,)), "در دست بررسی"),
        (samples.invoice("settled", attempts=(STARTED,)), "پرداخت‌شده، در انتظار تأیید"),
        (samples.invoice("settled", written_off_rials=8_000_000), "تسویه‌شده، در انتظار تأیید"),
        (samples.invoice("settled", amount_rials=0), "تسویه‌شده، در انتظار تأیید"),
        (samples.invoice("confirmed", written_off_rials=9_000_000), "تأییدشده"),
        (samples.invoice("open", replaced_by_year=1406, attempts=(STARTED,)), "در صورت‌حساب سال ۱۴۰۶ آمده است"),
        (samples.invoice("open", cancelled_at=samples.NOW), "لغوشده"),
    ],
)
def test_an_invoice_is_called_paid_and_unpaid_only_where_it_is(invoice: payment_answers.Invoice, said: str) -> None:
    assert sentences.invoice_status(invoice) == said


def test_a_code_that_nobody_knows_still_has_a_sentence() -> None:
    assert labels.capacity_code("a_code_of_next_year") == "این مورد نیاز به بررسی سازمان دارد."
