"""What a declaration uses is held against the year's capacity policy, as it is and after each amendment."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.renewal.declarations import limits
from services.renewal.service import LOG, RenewalService
from shared.contract.envelope import Metadata
from shared.contract.renewal import commands, events
from shared.contract.values import EmploymentStatus, LicenceField
from shared.settings import Settings
from tests.services.renewal import samples as s
from tests.services.renewal.renewals.test_desk import GRADE_3, Office

POLICY = (Settings().policies_folder / f"{s.YEAR}.toml").read_text(encoding="utf-8")
HIGHER = POLICY.replace("grade_2    = { extraction = 720", "grade_2    = { extraction = 7200")
ALL_DEGREES = POLICY.replace("grade_3    = [4]", "grade_3    = [3, 4]")
FULL_TIME = s.EMPLOYMENT.model_copy(
    update={
        "status": EmploymentStatus.PRIVATE_FULL_TIME,
        "province": "isfahan",
        "from_on": s.AT.date().replace(year=2020),
    }
)
WHOLE_YEAR = s.DECLARED.model_copy(update={"starts_on": s.AT.date() - timedelta(days=20), "cadastre_code": "777"})
"""300 P beside the 480 P of a full-time job, of 720."""
OVER: dict[str, Any] = {"employment": FULL_TIME, "employer": "سنگ سپاهان", "jobs": (WHOLE_YEAR,)}
ABOVE_GRADE_3 = s.DECLARED.model_copy(update={"degree": 3, "field": LicenceField.EXPLORATION, "cadastre_code": "778"})


@pytest.fixture
def office(service: RenewalService) -> Office:
    made = Office(service)
    for member, licence in (("0001", s.LICENCE), ("0002", s.LICENCE), ("0003", GRADE_3)):
        made.enrol(member, licence)
    made.declare("0001")
    made.declare("0002", **OVER)
    made.declare("0003", jobs=(ABOVE_GRADE_3,))
    return made


def amend(office: Office, before: str, after: str, version: int = 0) -> None:
    about: dict[str, Any] = {"note": s.RETURN.id, "amended_by": s.MANAGER, "amended_at": s.AT, "digest": "0" * 12}
    fact = events.PolicyAmended(year=s.YEAR, before=before, after=after, **about)
    cause = Metadata(correlation_id=uuid4(), causation_id=uuid4())
    office.service.records.write(lambda one: LOG.append(one, f"policy/{s.YEAR}", version, [fact], cause, s.AT))


def test_a_declaration_that_uses_too_much_or_has_a_degree_too_high_is_flagged(office: Office) -> None:
    assert office.note("0001").flags == ()
    assert office.note("0002").flags == ("over_ceiling",)
    assert office.note("0003").flags == ("degree_not_allowed",)
    assert office.members(flag="over_ceiling") == ["0002"]
    assert office.members(flag="degree_not_allowed") == ["0003"]
    assert office.members(flag="none") == ["0001"]


def test_a_correction_is_held_against_it_again(office: Office) -> None:
    office.send(commands.ReturnRenewal, "0002", actor=s.MANAGER, reason=s.RETURN.reason)
    assert office.desk(status="returned").renewals[0].member == "0002"
    form = s.FORM.model_copy(update={"mobile": "09130000002", "jobs": (WHOLE_YEAR,)})
    office.send(commands.SubmitDeclaration, "0002", form=form)
    assert office.note("0002").flags == ()


def test_an_amendment_of_the_policy_holds_for_all_that_wait(office: Office) -> None:
    amend(office, POLICY, HIGHER)
    assert (office.note("0002").flags, office.note("0003").flags) == ((), ("degree_not_allowed",))
    amend(office, HIGHER, ALL_DEGREES, version=1)
    assert (office.note("0002").flags, office.note("0003").flags) == (("over_ceiling",), ())


def test_what_was_decided_keeps_what_it_was_decided_by(office: Office) -> None:
    office.send(commands.ApproveRenewal, "0002", actor=s.MANAGER, declaration_version=1)
    amend(office, POLICY, HIGHER)
    (approved,) = office.desk(status="approved").renewals
    assert approved.desk is not None
    assert approved.desk.flags == ("over_ceiling",)


def test_a_year_without_a_policy_has_no_limits(service: RenewalService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "first_policies", dict)
    office = Office(service)
    office.enrol("0002")
    office.declare("0002", **OVER)
    assert office.note("0002").flags == ()


def test_an_undone_decision_is_held_against_the_policy_as_amended_in_the_meantime(office: Office) -> None:
    decision = uuid4()
    office.send(commands.ReturnRenewal, "0002", actor=s.MANAGER, reason=s.RETURN.reason, id=decision)
    amend(office, POLICY, HIGHER)
    office.send(commands.UndoDecision, "0002", actor=s.MANAGER, decision=decision)
    assert office.note("0002").flags == ()
