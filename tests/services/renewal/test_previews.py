"""Previews of decisions: what each would do, renewal by renewal, with nothing recorded."""

import pytest
from sqlalchemy import insert

from services.renewal.service import LOG, RenewalService
from services.renewal.tables import DECLARATIONS
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import queries
from tests.services.renewal import samples as s
from tests.services.renewal.renewals.test_mine_claims import FIRST, ISFAHAN, SECOND, THIRD, call, claim, receive


def keys(*members: str) -> tuple[queries.RenewalKey, ...]:
    return tuple(queries.RenewalKey(member=member, year=s.YEAR) for member in members)


@pytest.mark.parametrize("outcome", ["approved", "rejected", "returned"])
def test_each_renewal_has_its_own_preview_and_nothing_is_recorded(service: RenewalService, outcome: str) -> None:
    claim(service, FIRST)
    claim(service, SECOND, province="yazd")
    claim(service, THIRD)
    receive(service, s.REJECTED.model_copy(update={"member": THIRD}))
    row = {"member": FIRST, "year": s.YEAR, "version": 1, "submitted_at": s.AT, "form": s.FORM.model_dump_json()}
    service.records.write(lambda connection: connection.execute(insert(DECLARATIONS).values(row)).close())
    with service.records.read() as connection:
        head = LOG.head(connection)
    query = queries.PreviewDecisions.model_validate(
        {"outcome": outcome, "renewals": keys(FIRST, SECOND, THIRD, "0999")}
    )
    found = call(service, ISFAHAN, query).previews
    assert [(one.member, one.refusal, one.status, one.declaration_version) for one in found] == [
        (FIRST, "", "submitted", 1),
        (SECOND, Reason.NOT_ALLOWED, None, 0),
        (THIRD, Reason.ALREADY_DECIDED, "rejected", 0),
        ("0999", Reason.NOT_REQUESTED, None, 0),
    ]
    with service.records.read() as connection:
        assert LOG.head(connection) == head


def test_only_managers_preview(service: RenewalService) -> None:
    claim(service, FIRST)
    member = Passport(principal_kind=PrincipalKind.MEMBER, subject=FIRST)
    with pytest.raises(Refused) as refused:
        call(service, member, queries.PreviewDecisions(outcome="approved", renewals=keys(FIRST)))
    assert refused.value.reason is Reason.NOT_ALLOWED
