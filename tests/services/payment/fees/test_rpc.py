import pytest

from services.payment.fees.rpc import TariffRpc
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.payment import answers
from shared.contract.refusals import Reason, Refused
from shared.contract.values import MemberClass


class Service(TariffRpc):
    """Called without a session."""

    name = "payment"
    caller = Passport(principal_kind=PrincipalKind.NOBODY, subject="")


def test_anyone_may_know_the_fees_of_a_year() -> None:
    found = answers.Tariff.model_validate(Service().get_tariff({"year": 1405}))
    assert set(found.fees) == set(MemberClass)
    assert (found.fees[MemberClass.GRADE_2], found.entrance_rials) == (9_000_000, 5_000_000)


def test_a_year_without_a_tariff_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        Service().get_tariff({"year": 1499})
    assert refused.value.reason is Reason.NO_TARIFF
