from datetime import date
from decimal import Decimal

import pytest

from clients.gateway.declaration import declaration_form, job_rows
from clients.gateway.web import forms
from clients.gateway.web.forms import Form
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal.declaration import Declaration
from shared.contract.values import JOBS_MAX
from shared.text import persian
from tests.clients.gateway import samples


def typed(**changes: str) -> Form:
    """The form as filled in by a careful member, with some fields typed otherwise."""
    form = declaration_form.filled(samples.DECLARATION, None)
    form.values |= {name.replace("__", "."): text for name, text in changes.items()}
    return form


def test_a_declaration_survives_the_way_into_the_form_and_back() -> None:
    form = typed()
    assert declaration_form.parse(form, truth_ack=True) == samples.DECLARATION
    assert form.errors == {}


def test_the_form_shows_the_readers_digits_and_dates() -> None:
    form = typed()
    assert form.value("mobile") == "۰۹۱۳۱۲۳۴۵۶۷"
    assert form.value("employment.from_on") == "۱۴۰۵/۰۱/۰۱"
    assert form.value("jobs.0.ends_on") == "۱۴۰۵/۱۲/۲۹"
    assert form.value("email") == "maryam@example.ir"
    assert form.value("jobs.0.degree") == "4"


def test_what_was_typed_is_kept_as_it_was_typed() -> None:
    form = typed(mobile=" ٠٩١٣-123 45 ", postal_code="12")
    assert declaration_form.parse(form, truth_ack=True) is None
    assert form.value("mobile") == " ٠٩١٣-123 45 "
    assert list(form.errors) == ["mobile", "postal_code"]


@pytest.mark.parametrize(
    ("name", "text", "read"),
    [
        ("mobile", "+۹۸ ۹۱۳ ۱۲۳ ۴۵۶۷", "09131234567"),
        ("mobile", "٠٩١٣١٢٣٤٥٦٧", "09131234567"),
        ("postal_code", "۸۱۶۳۷-۴۵۶۷۸", "8163745678"),
        ("phone", "۰۳۱ - ۳۲۲۱ ۱۲۲۳", "03132211223"),
        ("city", "  كاشان\u200f ", "كاشان"),
        ("job_title", "مسئولِ فنّی، شمارهٔ ۲", "مسئولِ فنّی، شمارهٔ ۲"),
        ("note", "لطفاً\r\nشمارهٔ پروانه", "لطفاً\nشمارهٔ پروانه"),
        ("weekly_hours", "۴۴", 44),
    ],
)
def test_codes_are_folded_and_texts_stay_as_written(name: str, text: str, read: object) -> None:
    declared = declaration_form.parse(typed(**{name: text}), truth_ack=True)
    assert declared is not None
    assert getattr(declared, name) == read


@pytest.mark.parametrize("text", ["۳٫۷۵", "3.75", "3/75", "٣٫٧٥"])
def test_a_quantity_may_be_typed_with_any_decimal_mark(text: str) -> None:
    declared = declaration_form.parse(typed(jobs__0__quantity=text), truth_ack=True)
    assert declared is not None
    assert declared.jobs[0].quantity == Decimal("3.75")


@pytest.mark.parametrize("text", ["۱۴۰۸/۱۲/۳۰", "1408-12-30", "۱۴۰۸.۱۲.۳۰"])
def test_the_last_day_of_a_leap_year_is_a_day(text: str) -> None:
    declared = declaration_form.parse(typed(jobs__0__ends_on=text), truth_ack=True)
    assert declared is not None
    assert declared.jobs[0].ends_on == date(2030, 3, 20)


@pytest.mark.parametrize("text", ["۱۴۰۵/۱۲/۳۰", "2026-03-21", "86400", "1405", "دیروز"])
def test_what_is_no_jalali_day_is_refused(text: str) -> None:
    form = typed(jobs__0__ends_on=text)
    assert declaration_form.parse(form, truth_ack=True) is None
    assert form.errors == {
        "jobs.0.ends_on": "تاریخ پایان در ردیف ۱: روزی از تقویم هجری شمسی را به شکل ۱۴۰۵/۰۷/۱۵ بنویسید."
    }


@pytest.mark.parametrize(
    ("changes", "name", "sentence"),
    [
        ({"employer": ""}, "employer", "نام کارفرما را بنویسید."),
        ({"employment__from_on": ""}, "employment.from_on", "تاریخ شروع اشتغال را بنویسید."),
        ({"postal_code": "1111111111"}, "postal_code", "کد پستی نمی‌تواند ده رقم یکسان باشد."),
        ({"jobs__0__starts_on": "1405/12/29", "jobs__0__ends_on": "1405/01/01"}, "jobs.0.ends_on", "پیش از تاریخ شروع"),
        ({"jobs__0__kind": ""}, "jobs.0.kind", "نوع شغل در ردیف ۱ را انتخاب کنید."),
        ({"jobs__0__client": ""}, "jobs.0.client", "کارفرما در ردیف ۱ را بنویسید."),
        ({"jobs__0__quantity": "0"}, "jobs.0.quantity", "بیشتر از صفر"),
        ({"education": ""}, "education", "مدرک تحصیلی را انتخاب کنید."),
        ({"employment__status": ""}, "employment.status", "وضعیت اشتغال را انتخاب کنید."),
    ],
)
def test_an_error_stands_at_its_field_and_says_what_to_write(changes: dict[str, str], name: str, sentence: str) -> None:
    form = typed(**changes)
    assert declaration_form.parse(form, truth_ack=True) is None
    assert list(form.errors) == [name]
    assert sentence in form.errors[name]


def test_errors_are_listed_in_the_order_of_the_form() -> None:
    form = typed(jobs__0__ends_on="?", city="", jobs__0__kind="", mobile="1", note="x" * 1001)
    declaration_form.parse(form, truth_ack=True)
    assert list(form.errors) == ["mobile", "city", "note", "jobs.0.kind", "jobs.0.ends_on"]


def test_fields_that_the_form_does_not_have_are_not_read() -> None:
    declared = declaration_form.parse(typed(truth_ack="true", member="1", jobs="x"), truth_ack=True)
    assert declared == samples.DECLARATION


def test_a_first_form_has_only_what_the_register_has() -> None:
    assert declaration_form.filled(None, samples.card()).values == {"province": "isfahan"}


def test_rows_are_added_at_the_end_with_what_is_most_likely() -> None:
    form = typed()
    assert job_rows.add(form, {"province": "isfahan"}) == 1
    assert job_rows.numbers(form) == [0, 1]
    assert form.value("jobs.1.province") == "isfahan"


def test_a_row_in_which_nothing_was_answered_is_dropped_and_the_others_move_up() -> None:
    form = typed(jobs__7__title="معدن دوم", jobs__3__province="isfahan", jobs__3__field="extraction")
    job_rows.drop_blank(form)
    assert job_rows.numbers(form) == [0, 1]
    assert form.value("jobs.1.title") == "معدن دوم"


def test_a_removed_row_is_gone_and_the_next_takes_its_number() -> None:
    form = typed(jobs__1__title="معدن دوم")
    job_rows.remove(form, 0)
    assert job_rows.numbers(form) == [0]
    assert form.value("jobs.0.title") == "معدن دوم"


def test_a_full_table_takes_no_more_rows() -> None:
    form = Form({f"jobs.{row}.title": "معدن" for row in range(JOBS_MAX)})
    assert job_rows.add(form, {}) is None
    assert len(job_rows.numbers(form)) == JOBS_MAX


def test_a_refusal_that_names_fields_is_shown_at_them() -> None:
    form = Form()
    refused = Refused(Reason.BAD_INPUT, {"form.mobile": "string_pattern_mismatch", "form.jobs.0": "dates_out_of_order"})
    forms.put_refusal(form, refused, declaration_form.error_text, within="form.")
    assert set(form.errors) == {"mobile", "jobs.0.ends_on"}
    assert form.notice == ""


def test_any_other_refusal_stands_above_the_fields_with_its_time() -> None:
    form = Form()
    forms.put_refusal(form, Refused(Reason.TOO_MANY_ATTEMPTS, {"until": "2026-11-22T18:30:00+00:00"}))
    assert form.errors == {}
    assert persian.digits_to_persian("22:00") in form.notice


def test_rows_are_ordered_by_number_not_by_text() -> None:
    tree = forms.nested({f"jobs.{row}.title": str(row) for row in (10, 9, 2)})
    assert [job["title"] for job in tree["jobs"]] == ["2", "9", "10"]


def test_a_declaration_without_jobs_is_complete() -> None:
    form = typed()
    job_rows.remove(form, 0)
    declared = declaration_form.parse(form, truth_ack=True)
    assert isinstance(declared, Declaration)
    assert declared.jobs == ()


def test_again_from_a_minute_that_is_still_to_come_with_its_day() -> None:
    """23:59:30 in Tehran is said as midnight of the next day."""
    form = Form()
    forms.put_refusal(form, Refused(Reason.TOO_MANY_ATTEMPTS, {"until": "2026-11-27T20:29:30+00:00"}))
    assert form.notice.endswith("از شنبه ۷ آذر ۱۴۰۵، ساعت ۰۰:۰۰ دوباره می‌توانید.")
