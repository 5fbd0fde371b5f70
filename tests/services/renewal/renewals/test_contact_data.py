"""Addresses and phone numbers of a declaration are for the member and managers; other officers of the province get none."""

from collections.abc import Iterable

import pytest
from sqlalchemy import insert

from services.renewal.service import RenewalService
from services.renewal.tables import DECLARATIONS
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import queries
from shared.contract.values import Role
from tests.services.renewal import samples as s
from tests.services.renewal.renewals.test_mine_claims import ISFAHAN, call, receive

NOTE = "شمارهٔ دیگر من ۰۹۱۳۷۶۵۴۳۲۱ است"
FORM = s.FORM.model_copy(update={"email": "armin@example.org", "phone": "03132345678", "note": NOTE})
CONTACT = [FORM.mobile, FORM.email, FORM.phone, FORM.address, FORM.postal_code, FORM.city, FORM.note]
MEMBER = Passport(principal_kind=PrincipalKind.MEMBER, subject=s.NUMBER)


@pytest.fixture
def declared(service: RenewalService) -> RenewalService:
    receive(service, s.REQUESTED, s.SUBMITTED)
    row = {**s.ABOUT, "version": 1, "submitted_at": s.AT, "form": FORM.model_dump_json()}
    service.records.write(lambda connection: connection.execute(insert(DECLARATIONS).values(row)))
    return service


def seen_by(service: RenewalService, caller: Passport) -> list[str]:
    """What of the contact data the whole answer has, wherever it stands."""
    answer = call(service, caller, queries.GetRenewal(member=s.NUMBER, year=s.YEAR))
    assert answer.renewal is not None
    assert answer.renewal.jobs == (s.JOB,)
    return [one for one in CONTACT if one in answer.model_dump_json()]


def officer(roles: Iterable[Role]) -> Passport:
    return ISFAHAN.model_copy(update={"roles": frozenset(roles)})


def test_the_member_and_managers_see_the_declaration(declared: RenewalService) -> None:
    for caller in (MEMBER, officer([Role.MANAGER]), officer([Role.MANAGER, Role.FINANCE])):
        assert seen_by(declared, caller) == CONTACT


def test_an_auditor_reads_no_renewal(declared: RenewalService) -> None:
    with pytest.raises(Refused) as refused:
        seen_by(declared, officer([Role.AUDITOR]))
    assert refused.value.reason is Reason.NOT_ALLOWED


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.MANAGER, Role.AUDITOR}))
def test_no_other_role_gets_contact_data(declared: RenewalService, role: Role) -> None:
    assert seen_by(declared, officer([role])) == []
