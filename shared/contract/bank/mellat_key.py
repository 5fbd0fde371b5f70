"""The bank's key of an attempt, where a bank's page brings it back in two parts: the order's number, and the bank's own."""

import re

ORDER_DIGITS = 14
REF_LENGTH = 21
REF = re.compile(rf"[0-9A-Za-z]{{{REF_LENGTH}}}")
ORDER = re.compile(f"[0-9]{{1,{ORDER_DIGITS}}}")


def key(order: str, ref: str) -> str:
    """Both parts as one key of 36 characters, as attempts are known by; empty for what can be none."""
    if not ORDER.fullmatch(order) or not REF.fullmatch(ref):
        return ""
    return f"A{int(order):0{ORDER_DIGITS}}{ref}"
