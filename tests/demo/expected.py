"""What must come of the demo's renewal, worked out by hand from the year's tables: the events, the fee, the capacity."""

from dataclasses import dataclass

from services.payment.fees import tariffs
from shared.contract.values import JobKind
from shared.policies import capacity_policy
from shared.settings import Settings
from shared.text import persian
from tests.demo import users

MONTHS_EMPLOYED = 6
MONTHS_OF_THE_POST = 6
MONTHS = 12
DEGREE_OF_GRADE_2, DEGREE_OF_THE_MINE = 3, 4


@dataclass(frozen=True)
class Due:
    """The figures of the worked example (docs/domain.md 7.1) by the tables of a year; units of 0.01 P."""

    amount_rials: int
    ceiling_units: int
    employment_units: int
    post_units: int

    @property
    def used_units(self) -> int:
        return self.employment_units + self.post_units

    @property
    def remaining_units(self) -> int:
        return self.ceiling_units - self.used_units


def due(year: int) -> Due:
    """Grade 2, extraction; half a year of full-time employment, and half a year of technical manager of a small mine."""
    tables = capacity_policy.read_folder(Settings().policies_folder, year)[year]
    month = tables.deductions[JobKind.PERSON_MONTH].p[DEGREE_OF_GRADE_2 - 1]
    post = tables.deductions[JobKind.MINE_TECHNICAL_MANAGER].p[DEGREE_OF_THE_MINE - 1]
    return Due(
        amount_rials=tariffs.load(until=year).fee(year, users.MEMBER_CLASS),
        ceiling_units=tables.ceilings[users.MEMBER_CLASS][users.FIELD],
        employment_units=int(month * MONTHS_EMPLOYED),
        post_units=int(post * MONTHS_OF_THE_POST / MONTHS),
    )


def declaration(year: int) -> dict[str, str | bool]:
    """The form without its jobs, by field."""
    return {
        "mobile": users.typed("09131234567"),
        "email": "namayeshi@example.ir",
        "province": users.PROVINCE,
        "city": "اصفهان",
        "address": users.typed("خیابان چهارباغ بالا، کوچه ۱۲، پلاک 7"),
        "postal_code": users.typed("8173954321"),
        "education": "bachelor",
        "discipline": "mining",
        "employment.status": "private_full_time",
        "employer": "معادن سنگ سپاهان",
        "employment.province": users.PROVINCE,
        **day("employment.from_on", f"{year}/01/01"),
        **day("employment.to_on", f"{year}/06/31"),
        "weekly_hours": users.typed("44"),
    }


def job(year: int) -> dict[str, str | bool]:
    """The one row of the table of jobs, by field."""
    row: dict[str, str] = {
        "kind": JobKind.MINE_TECHNICAL_MANAGER.value,
        "degree": str(DEGREE_OF_THE_MINE),
        "field": users.FIELD.value,
        "quantity": users.typed("1"),
        "title": "معدن سنگ لاشه",
        "client": "شرکت کاوش نمونه",
        "province": users.PROVINCE,
        **day("starts_on", f"{year}/07/01"),
        **day("ends_on", persian.format_date(persian.year_bounds(year)[1])),
        "cadastre_code": users.typed("12-3456"),
    }
    return {f"jobs.0.{name}": text for name, text in row.items()}


def day(name: str, text: str) -> dict[str, str]:
    """A date in its three boxes."""
    year, month, of_month = text.split("/")
    return {
        f"{name}-day": users.typed(of_month),
        f"{name}-month": str(int(month)),
        f"{name}-year": users.typed(year),
    }


def by_topic(year: int) -> dict[str, dict[str, str | bool]]:
    """The answers of each topic's page, by the page's question; the last topic has none."""
    form = declaration(year)
    contact, education = ("mobile", "email"), ("education", "discipline")
    employment = [name for name in form if name.startswith(("employment.", "employer", "weekly_hours"))]
    residence = [name for name in form if name not in {*contact, *education, *employment}]
    return {
        "چگونه با شما تماس بگیریم؟": {name: form[name] for name in contact},
        "کجا سکونت دارید؟": {name: form[name] for name in residence},
        "مدرک و پروانهٔ شما چیست؟": {name: form[name] for name in education},
        "امسال کجا کار می‌کنید؟": {name: form[name] for name in employment},
        "چه کارهایی در دست دارید؟": job(year),
        "چیز دیگری هست که سازمان بداند؟": {},
    }
