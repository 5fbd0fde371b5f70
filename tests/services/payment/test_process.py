from dataclasses import replace

import pytest

from services.payment import fees, process
from services.payment.domain import INVOICE
from tests.given import given
from tests.services.payment.story import APPROVED, AT, CONFIRMED, ISSUED, LINES, heard


def test_an_approval_gets_its_invoice_dated_as_the_approval_is() -> None:
    [command] = process.react(heard(APPROVED), fees.load())
    assert (command.id, command.at, command.lines) == (heard(APPROVED).event_id, AT, LINES)
    assert given(INVOICE).when(command) == [ISSUED]


def test_what_is_no_approval_is_ignored_even_of_an_unknown_type() -> None:
    assert process.react(heard(CONFIRMED), fees.load()) == []
    assert process.react(replace(heard(APPROVED), type="RenewalBlessed"), fees.load()) == []


def test_an_approval_of_a_year_without_a_tariff_fails_loudly() -> None:
    with pytest.raises(fees.NoTariff):
        process.react(heard(APPROVED.model_copy(update={"year": 1406})), fees.load())
