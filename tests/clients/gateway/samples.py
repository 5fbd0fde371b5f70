"""Sample answers: a member whose number begins with zeros, in the middle of a renewal."""

import base64
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from shared.contract.auth import answers as auth_answers
from shared.contract.auth import security_answers
from shared.contract.capacity import answers as capacity_answers
from shared.contract.notification import answers as notification_answers
from shared.contract.payment import answers as payment_answers
from shared.contract.payment import finance_answers
from shared.contract.renewal import answers as renewal_answers
from shared.contract.renewal import mine_answers
from shared.contract.renewal.declaration import Declaration, DeclaredJob, Discipline, Education
from shared.contract.values import (
    Employment,
    EmploymentStatus,
    InvoiceLine,
    JobKind,
    Licence,
    LicenceField,
    MemberClass,
)
from shared.policies import capacity_policy

NOW = datetime(2026, 11, 29, 8, 30, tzinfo=UTC)
"""The pages' clock in these tests and in their pictures."""
LATE_BEFORE = NOW - timedelta(days=1)
"""The beginning of the last working day that is over, as renewal has it."""
MEMBER = "0012345"
YEAR = 1405
ATTEMPT = UUID("7f2a9a52-3c51-4a3e-9f35-0d6a2a4f1b11")
AUTHORITY = "A00000000000000000000000000217885159"
DOWN = payment_answers.BankHealth(bank="zarinpal", is_up=False, down_since=NOW - timedelta(minutes=12))
PIXEL = base64.b64encode(bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cfc0f01f0005000"
    "1ff89993d1d0000000049454e44ae426082"
)).decode()  # fmt: skip
ENROLLED = auth_answers.SecondFactorSecret(
    secret="JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
    uri="otpauth://totp/Tamdid:maryam?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Tamdid",
)
PASSKEY = auth_answers.Passkey(passkey_id="ab" * 32, name="گوشی من", added_at=NOW - timedelta(days=3), used_at=NOW)
PASSKEY_OPTIONS = auth_answers.PasskeyOptions(options='{"challenge": "AA", "user": {"id": "AA"}}')
ACTIVATION_CODE = security_answers.ActivationCode(code="k7qa-dddd-bbbb-cccc", expires_at=NOW + timedelta(days=14))
NEW_DEVICE = security_answers.SecurityEvent(kind="new_device", at=NOW, device="firefox-android")
RECOVERY_CODES = auth_answers.RecoveryCodes(codes=("k7qa-aaaa-bbbb-cccc", "m2zz-aaaa-bbbb-cccc"))
LICENCE = Licence(member_class=MemberClass.GRADE_2, fields=(LicenceField.EXTRACTION,), expires_on=date(2028, 9, 1))
JOB = DeclaredJob(
    kind=JobKind.MINE_TECHNICAL_MANAGER,
    degree=4,
    field=LicenceField.EXTRACTION,
    quantity=Decimal(1),
    starts_on=date(2026, 9, 23),
    ends_on=date(2027, 3, 20),
    cadastre_code="K-1288",
    title="معدن سنگ آهن گل‌گهر",
    client="شرکت معادن نمونه",
    province="isfahan",
)
DECLARATION = Declaration(
    mobile="09131234567",
    email="maryam@example.ir",
    province="isfahan",
    city="اصفهان",
    address="خیابان چهارباغ بالا، کوچهٔ ۱۲، پلاک ۷",
    postal_code="8163745678",
    education=Education.MASTER,
    discipline=Discipline.MINING,
    employment=Employment(
        status=EmploymentStatus.PRIVATE_FULL_TIME,
        province="isfahan",
        from_on=date(2026, 3, 21),
        to_on=date(2026, 9, 22),
    ),
    employer="شرکت معادن نمونه",
    job_title="مهندس استخراج",
    weekly_hours=44,
    jobs=(JOB,),
    truth_ack=True,
)


def renewal(status: str, **changes: Any) -> renewal_answers.Renewal:
    """A renewal of the member, as far as `status` says."""
    declared = status != "requested"
    content = {
        "member": MEMBER,
        "year": YEAR,
        "province": "isfahan",
        "licence": LICENCE,
        "status": status,
        "tracking_code": "7K3MX09QTB",
        "requested_at": NOW - timedelta(hours=3),
        "submitted_at": NOW - timedelta(hours=2) if declared else None,
        "review_due_at": NOW + timedelta(hours=5) if declared else None,
        "declarations": (
            (renewal_answers.DeclarationOnFile(version=1, submitted_at=NOW - timedelta(hours=2), form=DECLARATION),)
            if declared
            else ()
        ),
        "employment": DECLARATION.employment if declared else None,
        "jobs": (JOB.job,) if declared else (),
    }
    return renewal_answers.Renewal.model_validate(content | changes)


def decision(outcome: str, reason: str = "") -> renewal_answers.Decision:
    return renewal_answers.Decision.model_validate(
        {"outcome": outcome, "by": "officer:maryam", "at": NOW - timedelta(hours=1), "reason": reason}
    )


def invoice(status: str, **changes: Any) -> payment_answers.Invoice:
    """The member's invoice, as far as `status` says."""
    paid = status != "open"
    content = {
        "member": MEMBER,
        "year": YEAR,
        "province": "isfahan",
        "lines": (InvoiceLine(year=YEAR, member_class=MemberClass.GRADE_2, amount_rials=9_000_000),),
        "amount_rials": 9_000_000,
        "status": status,
        "issued_at": NOW - timedelta(hours=1),
        "payable_until": NOW + timedelta(days=30),
        "settled_at": NOW - timedelta(minutes=9) if paid else None,
        "confirmed_at": NOW - timedelta(minutes=3) if status == "confirmed" else None,
        "bank_reference": "100200300" if paid else "",
        "card_mask": "502229******5995" if paid else "",
    }
    return payment_answers.Invoice.model_validate(content | changes)


def capacity(**changes: Any) -> capacity_answers.Capacity:
    content = {
        "member": MEMBER,
        "year": YEAR,
        "province": "isfahan",
        "status": "active",
        "ceiling_units": 72000,
        "used_units": 39000,
        "remaining_units": 33000,
        "valid_until": date(2027, 3, 20),
        "updated_at": NOW,
    }
    return capacity_answers.Capacity.model_validate(content | changes)


def what_if(**changes: Any) -> capacity_answers.WhatIfResult:
    content = {
        "member": MEMBER,
        "year": YEAR,
        "field": LicenceField.EXTRACTION,
        "starts_on": date(2026, 9, 23),
        "ends_on": date(2027, 3, 20),
        "fits": True,
        "units": 15000,
        "rule": "1405 deductions.mine_technical_manager.4",
        "months": 6,
        "left_units": 33000,
        "remaining_units": 18000,
    }
    return capacity_answers.WhatIfResult.model_validate(content | changes)


def overview() -> capacity_answers.CapacityOverview:
    """Four members: nothing used, a half, all, too much."""
    shares = [(0, 1), (25, 0), (50, 1), (75, 0), (100, 1), (None, 1)]
    use = {
        "members": 4, "ceiling_units": 288000, "used_units": 176000,
        "shares": [{"up_to_percent": percent, "members": members} for percent, members in shares],
    }  # fmt: skip
    uses = [{**use, "field": field} for field in (None, *LicenceField)]
    return capacity_answers.CapacityOverview.model_validate({"province": "isfahan", "year": YEAR, "overviews": uses})


def contested_mine() -> mine_answers.ContestedMine:
    """A mine that a member of Yazd has declared before ours."""
    days = {"starts_on": JOB.starts_on, "ends_on": JOB.ends_on, "year": YEAR, "status": "approved"}
    claims = [
        {**days, "member": "0077001", "province": "yazd", "claimed_at": NOW - timedelta(days=4)},
        {**days, "member": MEMBER, "province": "isfahan", "claimed_at": NOW - timedelta(hours=2)},
    ]
    return mine_answers.ContestedMine.model_validate({"cadastre_code": "K-1288", "claims": claims})


def check_link(**changes: Any) -> auth_answers.CardLink:
    content = {
        "token": "gVb0c-Zk3S_QmN1yT7xLwA",
        "issued_at": NOW - timedelta(days=2),
        "views": 23,
        "viewed_at": (NOW - timedelta(hours=1),) * 20,
    }
    return auth_answers.CardLink.model_validate(content | changes)


def checked(**changes: Any) -> auth_answers.CheckedMember:
    known = card().model_dump() | {"member": MEMBER} | changes
    return auth_answers.CheckedMember.model_validate(known)


def month() -> tuple[renewal_answers.CalendarDay, ...]:
    """Azar 1405: open from Saturday to Wednesday, closed for smog on the eighth."""
    first = date(2026, 11, 22)
    days = []
    for on in (first + timedelta(days=count) for count in range(30)):
        is_open = on.weekday() not in (3, 4) and on != date(2026, 11, 29)
        opens, closes = (time(8), time(14)) if is_open else (None, None)
        label = "آلودگی هوا" if on == date(2026, 11, 29) else ""
        days.append(renewal_answers.CalendarDay(on=on, opens=opens, closes=closes, label=label))
    return tuple(days)


def policy_act(**changes: Any) -> renewal_answers.PolicyAct:
    content = {
        "year": YEAR,
        "position": 7,
        "by": "officer:root",
        "at": NOW - timedelta(minutes=5),
        "reason": "سقف پایه ۲ در مصوبهٔ تازه بالاتر است.",
        "version": "1405-0123456789ab",
        "changes": ["ceilings.grade_2.extraction: 72000 → 76000"],
    }
    return renewal_answers.PolicyAct.model_validate(content | changes)


def payment_result(outcome: str) -> payment_answers.PaymentResult:
    return payment_answers.PaymentResult.model_validate({
        "attempt": ATTEMPT, "outcome": outcome, "amount_rials": 9_000_000, "year": YEAR,
        "bank_reference": "100200300" if outcome == "paid" else "", "settled_at": NOW if outcome == "paid" else None,
    })  # fmt: skip


def card(**changes: Any) -> auth_answers.MemberCard:
    content = {
        "member": MEMBER,
        "first_name": "زهرا",
        "last_name": "صفوی‌نیا",
        "national_code_masked": "001*****53",
        "province": "isfahan",
        "licence": LICENCE,
        "paid_through": 1404,
        "has_own_password": True,
    }
    return auth_answers.MemberCard.model_validate(content | changes)


def session(device: str, *, is_this: bool = False) -> auth_answers.OpenSession:
    session_id = uuid5(ATTEMPT, device).hex
    return auth_answers.OpenSession(
        session_id=session_id, device=device, opened_at=NOW - timedelta(hours=2), used_at=NOW, is_this=is_this
    )


def lines() -> tuple[capacity_answers.CapacityLine, ...]:
    """The ledger of docs/domain.md 7.1's worked example: 720 - 240 - 150 = 330 P."""
    common = {"effective_at": NOW - timedelta(minutes=3)}
    grant = {
        "kind": "grant",
        "units": 72000,
        "rule": "1405 ceilings.grade_2.extraction",
        "source": "payment",
        "position": 12,
    }
    work = {
        "kind": "use",
        "units": -24000,
        "rule": "1405 deductions.person_month.3",
        "source": "renewal",
        "position": 7,
    }
    mine = {
        "kind": "use", "units": -15000, "rule": "1405 deductions.mine_technical_manager.4", "source": "renewal",
        "position": 7, "field": LicenceField.EXTRACTION, "job": JOB.job,
    }  # fmt: skip
    return tuple(capacity_answers.CapacityLine.model_validate(line | common) for line in (grant, work, mine))


TASK = UUID("3d5c9f0e-8f6d-4b1b-9c0f-5a3a4f6f2c77")


def task(kind: str, **changes: Any) -> finance_answers.MoneyTask:
    """What waits about the member's money; asked by Reza, where anybody asked."""
    is_requested = kind not in {"held", "taken_back", "refund_due"}
    content = {
        "task": TASK,
        "kind": kind,
        "member": MEMBER,
        "year": YEAR,
        "attempt": ATTEMPT,
        "amount_rials": 9_000_000,
        "cause": "" if is_requested else "too_late",
        "reason": "عضو دو بار پرداخت کرده است" if is_requested else "",
        "requested_by": "officer:reza" if is_requested else "",
        "granted_by": "officer:sara" if kind == "refund_granted" else "",
        "since": NOW - timedelta(days=2),
    }
    return finance_answers.MoneyTask.model_validate(content | changes)


def alert(kind: str = "callback_of_another") -> finance_answers.Alert:
    content = {"kind": kind, "member": MEMBER, "year": YEAR, "times": 3, "first_at": NOW, "last_at": NOW}
    return finance_answers.Alert.model_validate(content)


SLIP = UUID("0d9b4f6e-52b1-4d0a-9a53-2a4c8a1f7e10")


def slip(**changes: Any) -> payment_answers.Slip:
    """A deposit slip that counts."""
    content = {
        "request": SLIP,
        "slip": "0098-77",
        "amount_rials": 4_500_000,
        "paid_on": date(2026, 10, 7),
        "granted_at": NOW - timedelta(days=1),
    }
    return payment_answers.Slip.model_validate(content | changes)


def attempt(status: str, **changes: Any) -> payment_answers.Attempt:
    paid = status in {"settled", "duplicate", "reversed"}
    content = {
        "attempt": ATTEMPT,
        "status": status,
        "amount_rials": 9_000_000,
        "started_at": NOW - timedelta(minutes=20),
        "bank_reference": "100200300" if paid else "",
        "card_mask": "502229******5995" if paid else "",
    }
    return payment_answers.Attempt.model_validate(content | changes)


def balance() -> finance_answers.Balance:
    """Charged, paid twice, and the second payment still here."""
    kinds = (("charge", -9_000_000), ("payment", 9_000_000), ("credit", 9_000_000))
    entries = tuple(
        {"kind": kind, "amount_rials": amount, "year": YEAR, "by": "program:payment", "at": NOW, "position": place}
        | ({"reference": f"10020030{place}"} if amount > 0 else {})
        for place, (kind, amount) in enumerate(kinds)
    )
    return finance_answers.Balance.model_validate({"member": MEMBER, "balance_rials": 9_000_000, "entries": entries})


def bank_day(**changes: Any) -> finance_answers.ReconciledDay:
    """A day on which the bank and we disagree in each way there is."""
    common = {"at": NOW, "bank_reference": "100200300", "member": MEMBER, "year": YEAR}
    kinds = (
        ("missing_here", 9_000_000, 0),
        ("missing_there", 0, 4_000_000),
        ("amount_differs", 9_000_000, 900_000),
        ("duplicate", 9_000_000, 9_000_000),
    )
    exceptions = tuple(
        {**common, "kind": kind, "authority": f"S{place:035}", "bank_rials": bank, "our_rials": ours}
        for place, (kind, bank, ours) in enumerate(kinds)
    )
    content = {"bank": "zarinpal", "on": NOW.date(), "bank_rials": 27_000_000, "ledger_rials": 13_900_000}
    content["figures"] = "5ee0" * 4
    return finance_answers.ReconciledDay.model_validate(content | {"exceptions": exceptions} | changes)


def receipt(**changes: Any) -> payment_answers.Receipt:
    content = {
        "token": TASK,
        "province": "isfahan",
        "series_year": YEAR,
        "number": 17,
        "member": MEMBER,
        "invoice_year": YEAR,
        "amount_rials": 9_000_000,
        "bank_reference": "100200300",
        "paid_at": NOW - timedelta(minutes=9),
    }
    return payment_answers.Receipt.model_validate(content | changes)


def tariff() -> payment_answers.Tariff:
    fees = {one: (place + 1) * 3_000_000 for place, one in enumerate(MemberClass)}
    return payment_answers.Tariff(year=YEAR, fees=fees, entrance_rials=5_000_000)


def policy() -> capacity_answers.PolicyInUse:
    text = Path(f"services/capacity/policies/{YEAR}.toml").read_text(encoding="utf-8")
    version = capacity_policy.parse(text, f"{YEAR}.toml").version
    return capacity_answers.PolicyInUse(year=YEAR, version=version, file=text)


NOTICE = UUID("5b0c9a6e-4a57-5e0f-8f3b-6d1f1f7f2c01")


def notice(kind: str = "approved", **changes: Any) -> notification_answers.Notice:
    content = {
        "notice": NOTICE,
        "kind": kind,
        "title": "درخواست شما تأیید شد",
        "text": "مبلغ ۹٬۰۰۰٬۰۰۰ ریال تا ۱۴۰۵/۰۲/۳۱ پرداخت شود.",
        "link": f"/member/pay/{YEAR}",
        "notified_at": NOW - timedelta(hours=3),
    }
    return notification_answers.Notice.model_validate(content | changes)


def sent_notice(*attempts: Mapping[str, Any], **changes: Any) -> notification_answers.SentNotice:
    """A message to the member; each attempt is an SMS that has not arrived, but for what is named."""
    tried = {"way": "sms", "provider": "kavenegar", "address": "0913•••4567", "state": "failed", "at": NOW}
    content = {
        "notice": NOTICE,
        "member": MEMBER,
        "year": YEAR,
        "kind": "approved",
        "title": "درخواست شما تأیید شد",
        "notified_at": NOW - timedelta(hours=3),
        "attempts": tuple({**tried, **one} for one in attempts),
    }
    return notification_answers.SentNotice.model_validate(content | changes)


def address(way: str, **changes: Any) -> notification_answers.Address:
    """A proved address, the declared one; where no code is awaited."""
    known = DECLARATION.mobile if way == "sms" else "maryam@example.ir"
    return notification_answers.Address.model_validate({"way": way, "address": known, "is_proved": True} | changes)


def contacts(*addresses: notification_answers.Address, **changes: Any) -> notification_answers.Contacts:
    quiet = {"quiet_from": time(21), "quiet_to": time(8)}
    return notification_answers.Contacts.model_validate({"addresses": addresses, **quiet, **changes})
