"""How many SMS segments each kind's text takes with the longest values: two cost twice as much, and are for a date with a link."""

from services.notification.templates import segments, tokens
from services.notification.templates.tokens import LONGEST, PORTAL
from tests.services.notification.templates.samples import TEXTS

ADDRESS = "https://tamdid.example.ir"
"""The address of a portal, as long as they usually are."""
OF_TWO = {"approved", "returned"}


def test_a_kind_takes_one_segment_but_where_a_date_and_a_link_do_not_fit_into_it() -> None:
    texts = {**TEXTS.kinds, **{f"{kind} without a value": one for kind, one in TEXTS.lacking.items()}}
    longest = {kind: tokens.fill(one.sms, {**LONGEST, PORTAL: ADDRESS}) for kind, one in texts.items()}
    found = {kind: segments.count(text) for kind, text in longest.items() if text}
    assert found == {kind: 2 if kind in OF_TWO else 1 for kind in found}
