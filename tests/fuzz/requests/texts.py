"""Hostile texts and values: the edges of every type, and words by which a text is found again where it must not be."""

from typing import Any

from hypothesis import strategies as st

WORDS = ("{{latin}}", "{{persian}}", "{{mobile}}", "{{phone}}")
"""A word of this case alone, in Latin letters, in Persian ones, and as a mobile number in ASCII and in Persian digits."""
PLAIN = (
    "{{latin}}",
    "{{persian}}",
    "لطفاً شمارهٔ {{persian}}",
    "پلاک ۷، {{persian}} {{phone}}",
    "{{persian}} {{mobile}}",
)
ATOMS = (
    *(
        "",
        " ",
        "\t",
        "\n",
        "\r\n",
        "\u00a0",
        "\u200c",
        "\u2028",
        "\x00",
        "a\x00b",
        "\x1b[31m",
        "\x7f",
        "\x85",
        "\ufeff",
    ),
    *("\u202e", "\u2066", "\u200f", "\u200e", "\u061c", "\ud800", "\udfff\ud800", "\uffff", "\U0010ffff", "\ue000"),
    *(
        "😀",
        "👨‍👩‍👧",
        "e\u0301" * 30,
        "ﷺ",
        "ك ي ى ة",
        "ئ\u0654",
        "İı",
        "ß",
        "Å",
        "۱۲۳۴۵۶۷۸۹۰",
        "١٢٣٤",
        "১২৩",
        "²",
        "½",
        "Ⅷ",
    ),
    *("-1", "+1", "0", "00", "1e3", "1E+400", "0x10", "1_000", "NaN", "-Infinity", "2,5", "6500000,00", "6,500,00"),
    *("۱۲٬۳۴", "1.234,5", "1٫5", "9" * 30, "2147483648", "9223372036854775808", "1180591620717411303424", "-0"),
    *(
        "0001-01-01",
        "9999-12-31",
        "1405/12/30",
        "1405/07/15",
        "۱۴۰۵/۰۷/۱۵",
        "0000/00/00",
        "9999/99/99",
        "1/1/1",
        "1405-7-5",
    ),
    *("9999-12-31T23:59:59.999999+00:00", "0001-01-01T00:00:00+14:00", "24:00", "25:61", "2024-02-30", "1", "20"),
    *(
        "null",
        "None",
        "undefined",
        "true",
        "' OR 1=1 --",
        "<script>alert(1)</script>",
        "${7*7}",
        "{7*7}",
        "%s%n%x",
        "%00",
    ),
    *(
        "../../etc/passwd",
        "\\\\host\\share",
        "\r\nSet-Cookie: a=b",
        "file:///etc/passwd",
        "=1+1",
        "a/b",
        "?",
        "#",
        ".",
        "..",
    ),
    *("{{long:40}}", "{{long:300}}", "{{long:1001}}", "{{long:4500}}", "{{long:70000}}"),
)
NUMBERS: tuple[Any, ...] = (
    *(
        0,
        1,
        -1,
        2**31 - 1,
        2**31,
        -(2**31) - 1,
        2**53 + 1,
        2**63 - 1,
        2**63,
        -(2**63) - 1,
        2**70,
        10**300,
        1369,
        1501,
        9999,
    ),
    *(0.0, -0.0, 0.1, 1.5, 1e22, 1e308, 5e-324, float("nan"), float("inf"), float("-inf")),
)
SHAPES: tuple[Any, ...] = (None, True, False, [], {}, [[]], [None], {"a": {"b": []}}, [{}], {"": ""}, ["{{latin}}"] * 3)

texts = st.one_of(
    st.sampled_from(ATOMS),
    st.tuples(st.sampled_from(ATOMS), st.sampled_from(WORDS), st.sampled_from(ATOMS)).map("".join),
    st.text(max_size=12).map(lambda text: f"{text}{{{{persian}}}}"),
)
"""Texts that somebody might type, paste, or send to see what happens."""
values = st.one_of(texts, st.sampled_from(NUMBERS), st.sampled_from(SHAPES))
"""Whatever JSON can say."""
plain = st.sampled_from(PLAIN)
"""Texts as they are meant to be."""
