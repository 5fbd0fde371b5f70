"""Persian labels of what the contract names about money; pages find them in `labels`."""

from collections.abc import Mapping

from shared.text import persian

ENTRY_KINDS: Mapping[str, str] = {
    "charge": "صورت‌حساب",
    "payment": "پرداخت",
    "reversal": "برگشت از سوی بانک",
    "refund": "بازپرداخت به عضو",
    "credit": "بستانکاری",
    "write_off": "چشم‌پوشی از بدهی",
    "adjustment": "اصلاح صورت‌حساب",
}
"""Entries of a member's ledger."""
TASK_KINDS: Mapping[str, str] = {
    "held": "پرداخت نیازمند بررسی",
    "reversal_asked": "پرداخت اضافه؛ از بانک خواسته‌ایم آن را برگرداند",
    "reversal_unknown": "برگشت پرداخت اضافه؛ پاسخ بانک نرسیده است",
    "refund_due": "بازپرداختی که باید درخواست شود",
    "refund_asked": "بازپرداخت، در انتظار تأیید همکار",
    "refund_granted": "بازپرداخت تأییدشده، در انتظار واریز",
    "write_off_asked": "چشم‌پوشی از بدهی، در انتظار تأیید همکار",
    "manual_payment_asked": "فیش واریز، در انتظار تأیید همکار",
    "taken_back": "پرداختی که بانک پس گرفت",
}
"""Tasks about money that wait for an officer."""
EXCEPTION_KINDS: Mapping[str, tuple[str, str]] = {
    "missing_here": ("در بانک هست، نزد ما نیست", "از بانک پرسیده می‌شود؛ اگر پرداخت از آنِ ما باشد خودبه‌خود ثبت می‌شود."),
    "missing_there": ("نزد ما هست، در بانک نیست", "شاید بانک آن را برگردانده یا فایل همهٔ ردیف‌ها را ندارد."),
    "amount_differs": ("مبلغ‌ها یکی نیست", "مبلغ بانک و مبلغ ثبت‌شدهٔ ما را با پروندهٔ عضو بسنجید."),
    "duplicate": ("دو بار پرداخت شده", "پرداخت دوم به عضو بدهی ماست: برگشت، بازپرداخت یا بستانکاری."),
}
"""What the bank's statement and our records disagree on: what it is called, and what to do about it."""
REFUND_STEPS: Mapping[str, str] = {
    "unknown": "از بانک خواسته‌ایم آن را برگرداند و هنوز پاسخ قطعی نگرفته‌ایم؛ تا پاسخ بانک پی‌درپی از آن می‌پرسیم.",
    "due": "بانک آن را برنگرداند و امور مالی باید آن را بازگرداند.",
    "asked": "بازپرداخت آن درخواست شده و در انتظار تأیید است.",
    "granted": "بازپرداخت آن تأیید شده است و به‌زودی واریز می‌شود.",
}
"""How far money is on its way back, as the member reads it."""
RECEIPT_STATES: Mapping[str, str] = {
    "valid": "معتبر",
    "reversed": "برگشت‌خورده",
    "refunded": "بازپرداخت‌شده",
    "part_refunded": "بخشی بازپرداخت شده",
}
LINE_STATUSES: Mapping[str, str] = {"verified": "تأییدشده", "paid": "پرداخت‌شده", "reversed": "برگشت‌خورده"}
STATEMENT_CHANGES: Mapping[str, str] = {
    "added": "افزوده می‌شود",
    "changed": "تغییر می‌کند",
    "given_back": "برگشته است",
    "gone": "کنار می‌رود",
}
"""What a bank's file makes of a payment in those that count."""
STATEMENT_COLUMNS: Mapping[str, str] = {
    "authority": "شناسهٔ پرداخت",
    "amount_rials": "مبلغ به ریال",
    "paid_at": "زمان پرداخت",
    "status": "وضعیت",
    "fee_rials": "کارمزد",
    "bank_reference": "شمارهٔ پیگیری",
    "settlement": "شناسهٔ تسویه",
}
CAUSES: Mapping[str, str] = {
    "amount_differs": "مبلغ بانک با صورت‌حساب یکی نیست",
    "session_unknown": "بانک این پرداخت را نمی‌شناسد",
    "session_of_another": "بانک این پرداخت را از آنِ پذیرندهٔ دیگری می‌داند",
    "reference_counted_before": "شمارهٔ پیگیری بانک پیش‌تر به حساب آمده است",
    "duplicate": "پرداخت اضافه",
    "too_late": "مهلت برگشت از سوی بانک گذشته است",
    "not_offered": "بانک برگشت پرداخت ندارد",
    "by_bank": "بانک پول را برگرداند",
}
"""Why money is held or owed, by code."""
ALERT_KINDS: Mapping[str, str] = {
    "callback_unknown": "مرورگری با کلیدی آمد که هیچ پرداختی ندارد",
    "callback_of_another": "مرورگری با کلید پرداخت کسی دیگر آمد",
    "callback_contradicts": "گفتهٔ مرورگر با پاسخ بانک یکی نبود",
    "callback_again": "بازگشت تکراری از بانک",
    "notice_not_signed": "پیامی به نام بانک بی امضای درست آمد",
    "notice_differs": "همان پیام بانک با متنی دیگر آمد",
    "payment_unknown": "بانک پرداختی دارد که ما نخواسته‌ایم",
    "amount_differs": "مبلغ بانک با صورت‌حساب یکی نیست",
    "session_of_another": "بانک پرداخت را از آنِ پذیرندهٔ دیگری می‌داند",
    "session_unknown": "بانک این پرداخت را نمی‌شناسد",
    "reference_counted_before": "شمارهٔ پیگیری پیش‌تر به حساب آمده است",
    "disputed": "پرداخت‌کننده به بانک اعتراض کرده است",
    "credit_gone": "بانک پولی را پس گرفته که برای صورت‌حساب سال دیگری به حساب آمده بود؛ از آن صورت‌حساب کم شد",
}
"""What nobody in good order does, or what finance must answer; none of it has moved money."""


def cause(code: str) -> str:
    """Why money is held or owed; a bank's own code is shown as it came, read from left to right."""
    of_bank = f"پاسخ بانک: \u2066{persian.digits_to_persian(code.removeprefix('code '))}\u2069"
    return CAUSES.get(code, of_bank if code else "")
