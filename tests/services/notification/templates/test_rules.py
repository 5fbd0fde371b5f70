"""The texts have what the rules of their kinds promise."""

import pytest

from services.notification.notices.kinds import RULES
from services.notification.templates.tokens import REMINDERS
from shared.contract.notification.values import NoticeKind
from tests.services.notification.templates.samples import TEXTS, VALUES


@pytest.mark.parametrize("kind", sorted(NoticeKind))
def test_a_kind_has_a_text_for_each_way_by_which_it_is_sent(kind: NoticeKind) -> None:
    assert set(RULES[kind].ways) <= TEXTS.ways(kind, VALUES)


def test_the_reminders_are_those_that_a_person_may_switch_off() -> None:
    assert {kind for kind, rule in RULES.items() if rule.is_reminder} == REMINDERS
