"""The topics of the self-declaration: one page each, with its heading, why we ask, and its fields."""

from collections.abc import Collection
from dataclasses import dataclass

from clients.gateway.declaration import declaration_form, job_rows
from shared.contract.renewal.correction import DeclarationField

JOBS = "jobs"
"""The field that is the whole table of jobs, and the topic that has it."""
ANSWERED = "answered."
"""Before a topic's name: the draft's mark that the member has gone past its page."""
SAVED = "saved."
"""Before a topic's name: the draft's mark that it has the topic's answers, also where all of them are empty."""


@dataclass(frozen=True)
class Topic:
    """A topic by its name in addresses; `fields` are dotted names of the declaration."""

    slug: str
    title: str
    heading: str
    why: str
    fields: tuple[str, ...]

    def has(self, name: str) -> bool:
        """Whether a field of the form, also one of a row or a box of a date, belongs to this topic."""
        return field_of(name) in self.fields


TOPICS = (
    Topic(
        "contact",
        "راه‌های تماس",
        "چگونه با شما تماس بگیریم؟",
        "سازمان از این راه‌ها با شما تماس می‌گیرد. نتیجهٔ بررسی در «پیام‌ها» می‌آید؛ به تلفن همراه و رایانامه هم فرستاده می‌شود "
        "اگر پس از ارسال، با یک کد نشان دهید که از آن شماست.",
        ("mobile", "email", "phone"),
    ),
    Topic(
        "residence",
        "سکونت",
        "کجا سکونت دارید؟",
        "طبق آیین‌نامه، اعضا هر سال محل سکونت خود را اعلام می‌کنند.",
        ("province", "city", "address", "postal_code", "residence_since"),
    ),
    Topic(
        "education",
        "تحصیلات و پروانه",
        "مدرک و پروانهٔ شما چیست؟",
        "با بانک اعضا سنجیده می‌شود.",
        ("education", "discipline", "licence_no"),
    ),
    Topic(
        "employment",
        "اشتغال",
        "امسال کجا کار می‌کنید؟",
        "شغل تمام‌وقت از ظرفیت سال کم می‌شود. شاغلان نام کارفرما و شاغلان تمام‌وقت تاریخ شروع را هم می‌نویسند.",
        (
            *("employment.status", "employer", "job_title", "employment.province"),
            *("employment.from_on", "employment.to_on", "weekly_hours"),
        ),
    ),
    Topic(
        "jobs",
        "فعالیت‌های جاری",
        "چه کارهایی در دست دارید؟",
        "هر کاری که از ظرفیت کم می‌کند یک ردیف است. اگر کاری ندارید، ردیفی نیفزایید و ادامه دهید.",
        (JOBS,),
    ),
    Topic(
        "statements",
        "تعارض منافع و توضیحات",
        "چیز دیگری هست که سازمان بداند؟",
        "هر کدام دربارهٔ شما درست است نشان بزنید.",
        ("is_public_employee", "is_mine_operator", "note"),
    ),
)
SLUGS = ", ".join(topic.slug for topic in TOPICS)


def field_of(name: str) -> str:
    """The declaration's field of an input: without the box of its date; a row's inputs are the table's."""
    whole = name.partition("-")[0]
    return JOBS if job_rows.ROW.fullmatch(whole) else whole


def of_field(name: str) -> Topic:
    """The topic of a field or input; the first one for a name that none has."""
    return next((topic for topic in TOPICS if topic.has(name)), TOPICS[0])


def with_open(fields: Collection[DeclarationField]) -> tuple[Topic, ...]:
    """The topics that have any of these fields; all of them without fields, as the whole declaration is open then."""
    return tuple(topic for topic in TOPICS if not fields or any(name in fields for name in topic.fields))


def names(topic: Topic, values: Collection[str]) -> list[str]:
    """The inputs of a topic: its fields, and of the table of jobs those that have been filled."""
    filled = [name for name in values if job_rows.ROW.fullmatch(name)]
    return filled if JOBS in topic.fields else [name for name in declaration_form.LABELS if name in topic.fields]
