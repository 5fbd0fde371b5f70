"""The reasons for a no: a code that programs compare and the sentence that a person reads."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum


class Reason(StrEnum):
    """Why a command or question is refused; a refused command records nothing."""

    BAD_INPUT = "bad_input"
    NOT_SIGNED_IN = "not_signed_in"
    NOT_ALLOWED = "not_allowed"
    DEADLINE_PASSED = "deadline_passed"
    NO_ANSWER = "no_answer"
    CONFLICT = "conflict"
    WRONG_CREDENTIALS = "wrong_credentials"
    TOO_MANY_ATTEMPTS = "too_many_attempts"
    WRONG_CHALLENGE = "wrong_challenge"
    WEAK_PASSWORD = "weak_password"  # noqa: S105 - a code, not a secret
    UNKNOWN_MEMBER = "unknown_member"
    UNKNOWN_OFFICER = "unknown_officer"
    UNKNOWN_LINK = "unknown_link"
    NOT_THIS_YEAR = "not_this_year"
    NOT_REQUESTED = "not_requested"
    ALREADY_SUBMITTED = "already_submitted"
    ALREADY_DECIDED = "already_decided"
    NOT_SUBMITTED = "not_submitted"
    NOT_WITHDRAWABLE = "not_withdrawable"
    REASON_NEEDED = "reason_needed"
    NO_INVOICE = "no_invoice"
    INVOICE_EXPIRED = "invoice_expired"
    INVOICE_OUTDATED = "invoice_outdated"
    INVOICE_REPLACED = "invoice_replaced"
    INVOICE_CANCELLED = "invoice_cancelled"
    OWN_REQUEST = "own_request"
    UNKNOWN_REQUEST = "unknown_request"
    TOO_MUCH = "too_much"
    REFERENCE_COUNTED = "reference_counted"
    REFUND_IN_FLIGHT = "refund_in_flight"
    REFUND_UNKNOWN = "refund_unknown"
    REFUND_RECORDED = "refund_recorded"
    GIVEN_BACK_BY_BANK = "given_back_by_bank"
    UNKNOWN_STATEMENT = "unknown_statement"
    STATEMENT_COUNTED = "statement_counted"
    STATEMENT_WRONG = "statement_wrong"
    STATEMENT_CORRECTED = "statement_corrected"
    OWN_CORRECTION = "own_correction"
    DAY_NOT_OVER = "day_not_over"
    UNKNOWN_IMPORT = "unknown_import"
    IMPORT_FOLLOWED = "import_followed"
    NO_TARIFF = "no_tariff"
    NO_POLICY = "no_policy"
    POLICY_WRONG = "policy_wrong"
    NOTHING_CHANGES = "nothing_changes"
    ALREADY_PAID = "already_paid"
    PAYMENT_UNKNOWN = "payment_unknown"
    PAYMENT_HELD = "payment_held"
    UNKNOWN_PAYMENT = "unknown_payment"
    UNKNOWN_RECEIPT = "unknown_receipt"
    PAYMENT_NOT_SETTLED = "payment_not_settled"
    BANK_UNREACHABLE = "bank_unreachable"
    BANK_BUSY = "bank_busy"
    NO_CAPACITY = "no_capacity"
    NOT_PARKED = "not_parked"
    REBUILD_RUNNING = "rebuild_running"


SENTENCES: Mapping[Reason, tuple[str, str]] = {
    Reason.BAD_INPUT: ("برخی از اطلاعات درست نیست؛ موارد مشخص‌شده را اصلاح کنید.", "Some of the input is wrong."),
    Reason.NOT_SIGNED_IN: ("برای ادامه وارد سامانه شوید.", "Sign in first."),
    Reason.NOT_ALLOWED: ("اجازهٔ این کار را ندارید.", "You may not do this."),
    Reason.DEADLINE_PASSED: (
        "درخواست دیر رسید و انجام نشد؛ دوباره تلاش کنید.",
        "The request came too late and was not run.",
    ),
    Reason.NO_ANSWER: ("سامانه پاسخ نداد؛ چند لحظهٔ دیگر دوباره تلاش کنید.", "The service did not answer in time."),
    Reason.CONFLICT: ("هم‌زمان تغییر دیگری ثبت شد؛ دوباره تلاش کنید.", "Another change came in between; try again."),
    Reason.WRONG_CREDENTIALS: ("شماره یا گذرواژه درست نیست.", "The number or the password is wrong."),
    Reason.TOO_MANY_ATTEMPTS: (
        "تلاش‌های ناموفق زیاد بود؛ کمی بعد دوباره وارد شوید.",
        "Too many failed attempts; try later.",
    ),
    Reason.WRONG_CHALLENGE: ("عبارت امنیتی درست نیست؛ عبارت تازه را وارد کنید.", "The security phrase is wrong."),
    Reason.WEAK_PASSWORD: (
        "گذرواژه باید دست‌کم ۱۰ نویسه باشد، بی‌شمردن نشانه‌های نادیدنی و فاصله‌های پیاپی، و کد ملی یا شمارهٔ عضویت نباشد.",
        "The password is too weak.",
    ),
    Reason.UNKNOWN_MEMBER: ("عضوی با این شماره یافت نشد.", "No member has this number."),
    Reason.UNKNOWN_OFFICER: ("کاربری با این نام یافت نشد.", "No officer has this name."),
    Reason.UNKNOWN_LINK: (
        "این پیوند به کارتی نمی‌رسد: نادرست است، یا عضو آن را باطل کرده است.",
        "The link leads to no card: it is wrong, or its member has revoked it.",
    ),
    Reason.NOT_THIS_YEAR: ("تمدید فقط برای سال جاری ممکن است.", "Only the current year can be renewed."),
    Reason.NOT_REQUESTED: ("برای این سال درخواست تمدیدی ثبت نشده است.", "No renewal is requested for this year."),
    Reason.ALREADY_SUBMITTED: (
        "خوداظهاری پیش‌تر ارسال شده و در کارتابل مدیر است.",
        "The declaration is already submitted.",
    ),
    Reason.ALREADY_DECIDED: ("دربارهٔ این درخواست پیش‌تر تصمیم گرفته شده است.", "This request is already decided."),
    Reason.NOT_SUBMITTED: ("خوداظهاری این درخواست هنوز ارسال نشده است.", "The declaration is not submitted yet."),
    Reason.NOT_WITHDRAWABLE: ("پس از تأیید، انصراف ممکن نیست.", "An approved renewal can't be withdrawn."),
    Reason.REASON_NEEDED: ("دلیل را در دست‌کم ۱۰ نویسه بنویسید.", "Give a reason of at least 10 characters."),
    Reason.NO_INVOICE: ("برای این درخواست هنوز صورت‌حسابی صادر نشده است.", "No invoice is issued yet."),
    Reason.INVOICE_EXPIRED: (
        "مهلت پرداخت این صورت‌حساب گذشته است؛ در صفحهٔ صورت‌حساب آن را با همین مبلغ دوباره صادر کنید.",
        "The invoice has expired; its member can have it issued again.",
    ),
    Reason.INVOICE_OUTDATED: (
        "سال صدور این صورت‌حساب پایان یافته است؛ تمدید سال جاری را درخواست کنید: این سال هم با تعرفهٔ خودش در همان صورت‌حساب می‌آید.",
        "The year of the invoice's issue is over; renew the current year, whose invoice charges this one by its tariff.",
    ),
    Reason.INVOICE_REPLACED: (
        "سال‌های این صورت‌حساب در صورت‌حساب دیگری از شما آمده است؛ آن را پرداخت کنید.",
        "Another invoice charges these years; pay that one.",
    ),
    Reason.INVOICE_CANCELLED: ("این صورت‌حساب باطل شده است.", "The invoice is cancelled."),
    Reason.OWN_REQUEST: (
        "درخواست خود را نمی‌توانید تأیید کنید؛ همکار دیگری باید آن را ببیند.",
        "A colleague has to grant what you asked for.",
    ),
    Reason.UNKNOWN_REQUEST: ("درخواستی با این شناسه در انتظار نیست.", "No such request waits."),
    Reason.TOO_MUCH: ("مبلغ از آنچه مانده بیشتر است.", "The amount is more than what is left."),
    Reason.REFERENCE_COUNTED: (
        "این شمارهٔ فیش یا پیگیری پیش‌تر به حساب آمده است.",
        "This reference is counted already.",
    ),
    Reason.REFUND_IN_FLIGHT: (
        "از بانک خواسته‌ایم این پول را برگرداند و هنوز نتیجه را نمی‌دانیم؛ تا پاسخ بانک بازپرداخت دیگری درخواست نمی‌شود.",
        "The bank is asked to give this money back and has not answered: no other refund is asked for until it has.",
    ),
    Reason.REFUND_UNKNOWN: (
        "بانک پاسخ نداد و شاید خودش این پول را برگردانده باشد؛ چیزی ثبت نشد. کمی بعد دوباره تلاش کنید.",
        "The bank does not answer, and may have given this money back itself: nothing is recorded; try again later.",
    ),
    Reason.REFUND_RECORDED: (
        "این بازپرداخت پیش‌تر با شمارهٔ پیگیری دیگری ثبت شده است؛ اگر دو بار واریز شده، یکی را از بانک بازخواهید.",
        "This refund is on record under another reference; if it was sent twice, ask for one of them back.",
    ),
    Reason.GIVEN_BACK_BY_BANK: (
        "بانک این پول را پیش‌تر به عضو برگردانده است؛ بازپرداخت دیگری نفرستید. اگر فرستاده‌اید، برگشت آن را از بانک بخواهید.",
        "The bank has given this money back already: send no other refund, and ask for one back that was sent.",
    ),
    Reason.UNKNOWN_STATEMENT: ("چنین صورت‌حساب بانکی در دست نیست.", "No such statement is being handed over."),
    Reason.STATEMENT_COUNTED: ("این فایل پیش‌تر به حساب آمده است.", "This file is counted already."),
    Reason.STATEMENT_WRONG: (
        "ردیف‌ها یا جمع کل فایل درست نیست و هیچ ردیفی از آن به حساب نیامد.",
        "Lines or total of the file are wrong; nothing of it counts.",
    ),
    Reason.STATEMENT_CORRECTED: (
        "به جای آن صورت‌حساب، فایل دیگری به حساب آمده است؛ همان را اصلاح کنید.",
        "Another statement counts in place of that one; correct that.",
    ),
    Reason.OWN_CORRECTION: (
        "این فایل با ردیف‌هایی که به حساب آمده‌اند یکی نیست؛ همکار دیگری باید تفاوت‌ها را ببیند و آن را به حساب بیاورد.",
        "The file says otherwise than what counts: a colleague has to look at the differences and count it.",
    ),
    Reason.DAY_NOT_OVER: (
        "روزی که هنوز تمام نشده است بسته نمی‌شود؛ از فردای آن روز می‌توانید.",
        "A day that is not over can't be closed.",
    ),
    Reason.UNKNOWN_IMPORT: (
        "واردکردنی با این شناسه یافت نشد، یا چیزی را تغییر نداده یا بیش از ۳۰ روز از آن گذشته است.",
        "No import has this id, or it changed nothing, or it is more than 30 days old.",
    ),
    Reason.IMPORT_FOLLOWED: (
        "پس از این واردکردن کارهایی بر پایهٔ آن انجام شده و برگرداندن آن ممکن نیست.",
        "Something has followed from this import: it can't be undone.",
    ),
    Reason.NO_TARIFF: ("تعرفهٔ حق عضویت این سال تعریف نشده است.", "There is no tariff for this year."),
    Reason.NO_POLICY: ("جدول ظرفیت این سال تعریف نشده است.", "There is no capacity policy for this year."),
    Reason.POLICY_WRONG: (
        "جدول ظرفیت درست نیست؛ خانه‌های مشخص‌شده را اصلاح کنید.",
        "The capacity policy is wrong in the cells that are named.",
    ),
    Reason.NOTHING_CHANGES: ("این فایل چیزی را تغییر نمی‌دهد.", "The file changes nothing."),
    Reason.ALREADY_PAID: ("این صورت‌حساب پرداخت شده است؛ دوباره پرداخت نکنید.", "The invoice is already paid."),
    Reason.PAYMENT_UNKNOWN: (
        "در حال استعلام – دوباره پرداخت نکنید. نتیجهٔ پرداخت پیشین را از بانک می‌پرسیم و همین‌جا می‌آید.",
        "The bank is being asked about an earlier payment: do not pay again.",
    ),
    Reason.PAYMENT_HELD: (
        "پرداخت پیشین در دست بررسی امور مالی است؛ دوباره پرداخت نکنید.",
        "Finance is looking at an earlier payment: do not pay again.",
    ),
    Reason.UNKNOWN_PAYMENT: ("پرداختی با این شناسه یافت نشد.", "No such payment."),
    Reason.UNKNOWN_RECEIPT: ("رسیدی با این نشانی صادر نشده است.", "No such receipt was issued."),
    Reason.PAYMENT_NOT_SETTLED: ("پرداخت این صورت‌حساب هنوز از بانک قطعی نشده است.", "The payment is not settled yet."),
    Reason.BANK_UNREACHABLE: (
        "درگاه بانک پاسخ نمی‌دهد و پولی کم نشده است؛ کمی بعد دوباره تلاش کنید.",
        "The bank does not answer.",
    ),
    Reason.BANK_BUSY: (
        "درگاه بانک کند است و اکنون جای پرسش دیگری نیست؛ چیزی از دست نرفته است. چند لحظهٔ دیگر دوباره تلاش کنید.",
        "The bank is slow and no other call has room now; nothing is lost. Try again in a moment.",
    ),
    Reason.NOT_PARKED: ("چنین رویدادی کنار گذاشته نشده است.", "No such event is parked."),
    Reason.REBUILD_RUNNING: ("بازسازی دیگری در جریان است.", "Another rebuild is running."),
    Reason.NO_CAPACITY: ("برای این سال ظرفیتی ثبت نشده است.", "No capacity is recorded for this year."),
}
"""Each reason's sentence, Persian first, then English."""
OFFICER_SENTENCES: Mapping[Reason, tuple[str, str]] = {
    Reason.NO_INVOICE: ("برای این سال صورت‌حسابی صادر نشده است.", "No invoice is issued for this year."),
    Reason.INVOICE_EXPIRED: ("مهلت پرداخت این صورت‌حساب گذشته است.", "The invoice has expired."),
    Reason.INVOICE_REPLACED: (
        "سال‌های این صورت‌حساب در صورت‌حساب دیگری از این عضو آمده است؛ کار را روی همان انجام دهید.",
        "Another invoice charges these years; work on that one.",
    ),
    Reason.ALREADY_PAID: ("عضو این صورت‌حساب را پرداخت کرده است.", "The member has paid this invoice."),
    Reason.ALREADY_SUBMITTED: (
        "عضو خوداظهاری را فرستاده است و درخواست در کارتابل است.",
        "The member has submitted the declaration.",
    ),
    Reason.BANK_UNREACHABLE: (
        "درگاه بانک پاسخ نمی‌دهد و چیزی ثبت نشد.",
        "The bank does not answer; nothing is recorded.",
    ),
}
"""What an officer reads where the member's sentence tells the member what to do."""


ID_TAKEN = "id_of_another_command"
"""What `CONFLICT` says of a command's `id`."""


class Refused(Exception):  # noqa: N818 - a word of the domain, not a programming error
    """A command or question is refused: nothing was recorded. It crosses the wire as itself.

    `details` maps a field's dotted name (or a fact such as `until`) to a text for the reader.
    """

    def __init__(self, reason: str, details: Mapping[str, str] | None = None) -> None:
        self.reason = Reason(reason)
        self.details = dict(details or {})
        super().__init__(self.reason.value, self.details)

    def sentence(self, language: str = "fa", *, for_officer: bool = False) -> str:
        """The refusal in the reader's language, `fa` or `en`."""
        own = OFFICER_SENTENCES.get(self.reason) if for_officer else None
        persian, english = own or SENTENCES[self.reason]
        if self.details.get("id") == ID_TAKEN:
            persian, english = FIELD_SENTENCES[ID_TAKEN]
        return english if language == "en" else persian

    def __str__(self) -> str:
        notes = "".join(f" [{name}: {text}]" for name, text in self.details.items())
        return f"{self.reason.value}: {self.sentence('en')}{notes}"


FIELD_SENTENCES: Mapping[str, tuple[str, str]] = {
    "missing": ("این بخش را کامل کنید.", "This is needed."),
    "string_too_short": ("این بخش کوتاه‌تر از حد لازم است.", "This is too short."),
    "string_too_long": ("این بخش بلندتر از حد مجاز است.", "This is too long."),
    "string_unicode": (
        "نویسه‌ای از این متن ناقص است؛ آن را دوباره بنویسید.",
        "A character of this text is broken; write it again.",
    ),
    "longer_than": (
        "حداکثر {0} نویسه پذیرفته می‌شود و نوشتهٔ شما {1} نویسه است؛ آن را کوتاه کنید.",
        "At most {0} characters are taken, and this has {1}: shorten it.",
    ),
    "string_pattern_mismatch": ("شکل این مقدار درست نیست.", "This has the wrong form."),
    "date_from_datetime_parsing": (
        "روزی از تقویم هجری شمسی را به شکل ۱۴۰۵/۰۷/۱۵ بنویسید.",
        "Write a day of the Jalali calendar as 1405/07/15.",
    ),
    "day_out_of_range": (
        "تاریخ باید از ۱۳۰۰/۰۱/۰۱ تا ۱۴۵۰/۱۲/۲۹ باشد.",
        "The day must lie between 1300/01/01 and 1450/12/29.",
    ),
    "instant_type": (
        "زمان را با تاریخ، ساعت و اختلاف آن با ساعت جهانی بنویسید، مانند 2026-10-07T14:30:00+03:30.",
        "Write the time with its day and offset, such as 2026-10-07T14:30:00+03:30.",
    ),
    "instant_out_of_range": ("زمان باید در این سده باشد.", "The time must lie in this century."),
    "time_parsing": ("ساعت را به شکل ۰۸:۰۰ بنویسید.", "Write the hour as 08:00."),
    "literal_error": ("یکی از گزینه‌ها را انتخاب کنید.", "Choose one of the options."),
    "extra_forbidden": ("چنین بخشی وجود ندارد.", "There is no such field."),
    "enum": ("یکی از گزینه‌ها را انتخاب کنید.", "Choose one of the options."),
    "greater_than": ("مقدار باید بیشتر از صفر باشد.", "The value must be above zero."),
    "too_long": ("تعداد ردیف‌ها بیش از حد مجاز است.", "There are too many rows."),
    "truth_ack_needed": ("برای ادامه، درستی اظهارات را تأیید کنید.", "Confirm that what you declare is true."),
    "postal_code_repeats": ("کد پستی نمی‌تواند ده رقم یکسان باشد.", "A postal code is not ten equal digits."),
    "employer_needed": ("نام کارفرما را بنویسید.", "Name the employer."),
    "employment_start_needed": ("تاریخ شروع اشتغال را بنویسید.", "Give the day on which the employment began."),
    "same_mine_twice": (
        "یک کد کاداستر با همین نوع شغل دو بار آمده است.",
        "The same mine and kind of job stands twice.",
    ),
    "dates_out_of_order": ("تاریخ پایان نباید پیش از تاریخ شروع باشد.", "The end lies before the start."),
    "national_code_wrong": ("کد ملی درست نیست.", "The national code is wrong."),
    "national_code_taken": ("این کد ملی برای عضو دیگری ثبت شده است.", "Another member has this national code."),
    "national_code_twice": (
        "این کد ملی در ردیف دیگری هم آمده است.",
        "This national code stands in another row as well.",
    ),
    "changed_since": (
        "اطلاعات این عضو پس از آن تغییر کرده است.",
        "What the roll says of this member has changed since.",
    ),
    "signed_in_since": ("این عضو پس از آن وارد سامانه شده است.", "This member has signed in since."),
    "card_linked_since": ("این عضو پس از آن پیوند کارت ساخته است.", "This member has made a link to the card since."),
    "member_twice": ("این شمارهٔ عضویت در ردیف دیگری هم آمده است.", "This number stands in another row as well."),
    "not_your_province": ("این عضو در استان‌های شما نیست.", "This member is not in a province that you serve."),
    "no_licence_expected": ("عضو بدون پروانه رسته و تاریخ اعتبار ندارد.", "Leave it empty without a licence."),
    "year_ahead": (
        "این سال از سال آینده هم دیرتر است؛ حق عضویت آن هنوز پرداخت‌شدنی نیست.",
        "This year lies beyond the next one, and can't be paid for yet.",
    ),
    "year_wrong": ("سال را با چهار رقم بنویسید، مانند ۱۴۰۴.", "Write the year with four digits, such as 1404."),
    "file_too_large": ("فایل بزرگ‌تر از حد مجاز است.", "The file is too large."),
    "file_xls": (
        "این فایل از نوع قدیمی اکسل (xls) است؛ آن را با نوع xlsx یا CSV UTF-8 ذخیره کنید.",
        "The file is of Excel's old kind (xls): save it as xlsx or as CSV UTF-8.",
    ),
    "file_ods": (
        "این فایل از نوع ods است؛ آن را با نوع xlsx یا CSV UTF-8 ذخیره کنید.",
        "The file is an ods: save it as xlsx or as CSV UTF-8.",
    ),
    "file_html": (
        "این فایل صفحهٔ وب یا XML است، با هر نامی که دارد؛ آن را با نوع xlsx یا CSV UTF-8 ذخیره کنید.",
        "The file is a web page or XML, whatever its name says: save it as xlsx or as CSV UTF-8.",
    ),
    "file_locked": (
        "این فایل گذرواژه دارد؛ آن را بدون گذرواژه ذخیره کنید.",
        "The file has a password: save it without one.",
    ),
    "file_broken": ("این فایل xlsx خراب است؛ آن را دوباره ذخیره کنید.", "The xlsx file is broken: save it again."),
    "file_unknown": (
        "این فایل جدول نیست؛ فایل xlsx یا CSV UTF-8 لازم است.",
        "The file is no table: an xlsx or CSV UTF-8 is needed.",
    ),
    "encoding_unknown": (
        "نویسه‌های این ردیف با رمزگذاری UTF-8 نیست (شاید Windows-1256)؛ فایل را با نوع CSV UTF-8 ذخیره کنید.",
        "This row is not UTF-8 (it may be Windows-1256): save the file as CSV UTF-8.",
    ),
    "quote_unclosed": (
        'نشانهٔ " که در این ردیف باز شده در پایان همان خانه بسته نشده است.',
        'A quotation mark (") that opens in this row is not closed at the end of its cell.',
    ),
    "formula_unread": (
        "حاصل فرمولی که در این ردیف است در فایل نیست؛ فایل را در اکسل باز و ذخیره کنید یا فرمول‌ها را به مقدار تبدیل کنید.",
        "The result of a formula in this row is not in the file: open and save it in Excel, or turn formulas into values.",
    ),
    "cell_too_long": ("متن یک خانه از این ردیف بیش از حد بلند است.", "A cell of this row is too long."),
    "digits_lost": (
        "رقم‌های آخر این شماره در فایل از دست رفته است؛ ستون را از نوع متن ذخیره کنید.",
        "The last digits of this number are lost in the file: save its column as text.",
    ),
    "column_missing": ("این ستون در ردیف عنوان‌ها نیست.", "This column is missing among the headings."),
    "column_twice": ("این ستون در ردیف عنوان‌ها دو بار آمده است.", "This column stands twice among the headings."),
    "ends_nothing": (
        "عضویت سال بر این پرداخت استوار نیست؛ «پابرجا می‌ماند» را انتخاب کنید.",
        "The membership does not rest on this payment: refund it without ending the membership.",
    ),
    "amount_wrong": (
        "مبلغ را به ریال و بی‌اعشار بنویسید، مانند ۹۰۰۰۰۰۰ یا ۹٬۰۰۰٬۰۰۰.",
        "Write the amount in whole rials, such as 9000000 or 9,000,000.",
    ),
    "count_wrong": ("این بخش را با عدد بی‌اعشار بنویسید، مانند ۱۲.", "Write a whole number, such as 12."),
    "quantity_wrong": ("مقدار را با رقم بنویسید، مانند ۳ یا ۲٫۵.", "Write the quantity in digits, such as 3 or 2.5."),
    "two_readings": (
        "این عدد را هم {0} می‌توان خواند و هم {1}؛ یکی را بی‌هیچ نشانهٔ دیگری بنویسید: {2} یا {3}.",
        "This can be read as {0} and as {1}; write one of them without any other sign: {2} or {3}.",
    ),
    "number_type": ("این بخش باید عدد باشد.", "This is a number."),
    "less_than_equal": ("مقدار بزرگ‌تر از حد مجاز است.", "The value is above the largest that is possible."),
    "greater_than_equal": ("مقدار کوچک‌تر از حد مجاز است.", "The value is below the smallest that is possible."),
    "decimal_max_places": ("بیش از دو رقم اعشار ممکن نیست.", "There are at most two decimals."),
    "decimal_max_digits": ("مقدار بزرگ‌تر از حد مجاز است.", "The value is above the largest that is possible."),
    "decimal_whole_digits": ("مقدار بزرگ‌تر از حد مجاز است.", "The value is above the largest that is possible."),
    "instant_wrong": ("زمان پرداخت خوانا نیست.", "The time of the payment can't be read."),
    "status_unknown": ("این وضعیت شناخته نیست.", "This status is unknown."),
    "total_differs": ("جمع ردیف‌ها با جمع کل اعلام‌شده یکی نیست.", "The lines do not add up to the stated total."),
    "line_twice": (
        "این پرداخت در ردیف دیگری از همین فایل هم آمده است؛ یکی را بردارید.",
        "This payment stands in another row of the file as well: take one of them out.",
    ),
    "no_lines": ("فایل هیچ ردیفی ندارد.", "The file has no lines."),
    ID_TAKEN: (
        "این فرم پیش‌تر با محتوای دیگری ثبت شده است؛ اگر آنچه اکنون می‌بینید هم باید ثبت شود، دوباره بفرستید.",
        "Another command has had this id: give this one an id of its own.",
    ),
    "too_many_cells": ("این ردیف از ردیف عنوان‌ها خانهٔ بیشتری دارد.", "This row has more cells than the headings."),
}
"""Sentences for what is wrong with one field, by the error's code; Persian first, then English."""


PRECISE = {
    "longer_than",
    "two_readings",
    "day_out_of_range",
    "decimal_max_places",
    "decimal_max_digits",
    "decimal_whole_digits",
}
"""Errors whose sentence says more than "write a number" would."""
PERSIAN_NUMBERS = str.maketrans("0123456789,.", "۰۱۲۳۴۵۶۷۸۹٬٫")


def field_sentence(code: str, language: str = "fa") -> str:
    """What is wrong with a field, in the reader's language; a plain sentence for a code without its own.

    Behind colons a code brings numbers that its sentence names, first with groups of three digits, then without.
    """
    code, *numbers = code.split(":")
    persian, english = FIELD_SENTENCES.get(code, ("مقدار این بخش درست نیست.", "This value is wrong."))
    named = [f"{Decimal(number):,f}" for number in numbers] + numbers
    if language == "en":
        return english.format(*named)
    return persian.format(*(number.translate(PERSIAN_NUMBERS) for number in named))


def own_sentence(own: Mapping[str, str], name: str, code: str) -> str:
    """What a form says at one of its fields, unless the error's own sentence tells more."""
    told = field_sentence(code)
    return told if code.partition(":")[0] in PRECISE else own.get(name, told)
