"""One renewal's facts and commands, for the tests that tell its story."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from services.renewal.renewals.state import DecisionContext, Member
from shared.contract.renewal import commands, events
from shared.contract.renewal.declaration import Declaration, DeclaredJob, Discipline, Education
from shared.contract.values import Employment, EmploymentStatus, Job, JobKind, Licence, LicenceField, MemberClass

NUMBER, YEAR = "0123456", 1405
AT = datetime(2026, 4, 15, 9, 30, tzinfo=UTC)
DUE = AT + timedelta(days=3)
LICENCE = Licence(member_class=MemberClass.GRADE_2, fields=(LicenceField.EXTRACTION,), expires_on=date(2027, 9, 1))
CONTEXT = DecisionContext(Member("isfahan", LICENCE), DUE)
MANAGER = "officer:modir"


def in_context(**more: Any) -> DecisionContext:
    """The context of the samples, with something else in it."""
    return replace(CONTEXT, **more)


DECLARED = DeclaredJob(
    kind=JobKind.MINE_TECHNICAL_MANAGER,
    degree=4,
    field=LicenceField.EXTRACTION,
    quantity=Decimal(1),
    starts_on=date(2026, 9, 23),
    ends_on=date(2027, 3, 20),
    cadastre_code="40012345",
    title="معدن سنگ لاشتر",
    client="شرکت سنگ سپاهان",
    province="isfahan",
)
JOB: Job = DECLARED.job
EMPLOYMENT = Employment(status=EmploymentStatus.SELF_EMPLOYED)
FORM = Declaration(
    mobile="09131234567",
    province="isfahan",
    city="اصفهان",
    address="خیابان چهارباغ بالا، پلاک ۱۲",
    postal_code="8134567890",
    education=Education.MASTER,
    discipline=Discipline.MINING,
    employment=EMPLOYMENT,
    jobs=(DECLARED,),
    truth_ack=True,
)


def stamped(**more: Any) -> dict[str, Any]:
    """What every command has, and the renewal it is about."""
    return {"id": uuid4(), "deadline": AT + timedelta(seconds=10), "at": AT, "member": NUMBER, "year": YEAR, **more}


REQUEST = commands.RequestRenewal(**stamped(id=UUID(int=1405)))
SUBMIT = commands.SubmitDeclaration(**stamped(form=FORM))
WITHDRAW = commands.WithdrawRenewal(**stamped())
RETURN = commands.ReturnRenewal(**stamped(actor=MANAGER, reason="تصویر قرارداد معدن خوانا نیست"))
REJECT = commands.RejectRenewal(**stamped(actor=MANAGER, reason="اشتغال تمام‌وقت در استان دیگر"))
APPROVE = commands.ApproveRenewal(**stamped(actor=MANAGER, declaration_version=1))

ABOUT: dict[str, Any] = {"member": NUMBER, "year": YEAR}
REQUESTED = events.RenewalRequested(
    **ABOUT, province="isfahan", licence=LICENCE, tracking_code="XB10000000", requested_at=AT
)  # fmt: skip


def submitted(version: int = 1) -> events.DeclarationSubmitted:
    return events.DeclarationSubmitted(
        **ABOUT,
        declaration_version=version,
        licence=LICENCE,
        employment=EMPLOYMENT,
        jobs=(JOB,),
        submitted_at=AT,
        review_due_at=DUE,
    )


SUBMITTED = submitted()
RETURNED = events.RenewalReturned(**ABOUT, note=RETURN.id, returned_by=MANAGER, returned_at=AT)
REJECTED = events.RenewalRejected(**ABOUT, note=REJECT.id, rejected_by=MANAGER, rejected_at=AT)
WITHDRAWN = events.RenewalWithdrawn(**ABOUT, withdrawn_at=AT)
APPROVED = events.RenewalApproved(
    **ABOUT,
    province="isfahan",
    licence=LICENCE,
    employment=EMPLOYMENT,
    jobs=(JOB,),
    approved_by=MANAGER,
    approved_at=AT,
)
