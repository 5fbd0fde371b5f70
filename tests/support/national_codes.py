"""National codes (کد ملی) that are made up, with the check digit that is right."""

from shared.text import persian


def with_check_digit(body: str) -> str | None:
    """The national code of these nine digits; None where no digit makes one of them, as with six zeros at their end."""
    return next(filter(None, (persian.national_code(body + digit) for digit in "0123456789")), None)
