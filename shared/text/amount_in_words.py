"""A whole amount written out in Persian words, as on receipts and cheques: «نه میلیون و پانصد هزار»; pure."""

ONES = (
    *("", "یک", "دو", "سه", "چهار", "پنج", "شش", "هفت", "هشت", "نه"),
    *("ده", "یازده", "دوازده", "سیزده", "چهارده", "پانزده", "شانزده", "هفده", "هجده", "نوزده"),
)
TENS = ("", "", "بیست", "سی", "چهل", "پنجاه", "شصت", "هفتاد", "هشتاد", "نود")
HUNDREDS = ("", "صد", "دویست", "سیصد", "چهارصد", "پانصد", "ششصد", "هفتصد", "هشتصد", "نهصد")
SCALES = ("", "هزار", "میلیون", "میلیارد", "تریلیون")
"""Names of the groups of three digits, from the right."""
AND = " و "
THOUSAND = 1000
RIALS_IN_TOMAN = 10
AMOUNT_MAX = THOUSAND ** len(SCALES) - 1


def in_words(amount: int) -> str:
    """The amount in words, without a unit; ValueError below zero or beyond `AMOUNT_MAX`."""
    if not 0 <= amount <= AMOUNT_MAX:
        raise ValueError("no amount that can be written out")
    groups: list[str] = []
    for scale in SCALES:
        amount, group = divmod(amount, THOUSAND)
        if group:
            groups.insert(0, f"{below_thousand(group)} {scale}".strip())
    return AND.join(groups) or "صفر"


def rials_in_words(amount_rials: int) -> str:
    """Money in words: in rials, and in the tomans that people speak of."""
    return f"{in_words(amount_rials)} ریال ({in_words(amount_rials // RIALS_IN_TOMAN)} تومان)"


def below_thousand(number: int) -> str:
    """A number from 1 to 999 in words."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10) if rest >= len(ONES) else (0, rest)
    return AND.join(filter(None, (HUNDREDS[hundreds], TENS[tens], ONES[ones])))
