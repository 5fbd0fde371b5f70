"""How many SMS segments a text takes: 160 characters of GSM-7, or 70 UTF-16 code units where it has any other, such as a Persian letter."""

from collections.abc import Iterable

GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_7_ESCAPED = frozenset("\f^{}\\[~]|€")
"""An escape and another character each."""
GSM_7_ALONE, GSM_7_CHAINED = 160, 153
UCS_2_ALONE, UCS_2_CHAINED = 70, 67
"""Alone, and in a chain, where each segment also says which it is."""


def count(text: str) -> int:
    """The segments of a text; 0 where it is empty."""
    if set(text) <= GSM_7 | GSM_7_ESCAPED:
        return chained([2 if one in GSM_7_ESCAPED else 1 for one in text], GSM_7_ALONE, GSM_7_CHAINED)
    return chained([len(one.encode("utf-16-le")) // 2 for one in text], UCS_2_ALONE, UCS_2_CHAINED)


def chained(sizes: Iterable[int], alone: int, in_chain: int) -> int:
    """The segments of characters with these sizes; no character is split over two."""
    sizes = list(sizes)
    if sum(sizes) <= alone:
        return 1 if sizes else 0
    segments, left = 1, in_chain
    for size in sizes:
        if size > left:
            segments, left = segments + 1, in_chain
        left -= size
    return segments
