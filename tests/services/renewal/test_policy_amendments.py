"""A correction of the year's capacity policy is a recorded act: who, when, why, and each cell that changed."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from services.renewal import policy_amendments
from services.renewal.policy_amendments import POLICY
from services.renewal.service import LOG, RenewalService
from shared import capacity_policy
from shared.capacity_policy import parse
from shared.contract import base
from shared.contract.passport import NOBODY, Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import answers, commands, events, queries
from shared.contract.values import Role
from shared.settings import Settings
from tests.support.given import given

SAMPLE = Path(__file__).parents[2] / "contract" / "samples" / "PolicyAmended.v1.json"
TEXT = (Settings().policies_folder / "1405.toml").read_text(encoding="utf-8")
HIGHER = TEXT.replace("{ extraction = 720", "{ extraction = 760")
HIGHEST = TEXT.replace("{ extraction = 720", "{ extraction = 800")
AT = datetime(2026, 10, 7, 11, 0, tzinfo=UTC)
REASON = "سقف پایه ۲ در مصوبهٔ تازه ۷۶۰ است."
ADMIN = Passport(principal_kind=PrincipalKind.OFFICER, subject="root", roles=frozenset({Role.ADMIN}))
MANAGER = ADMIN.model_copy(update={"roles": frozenset({Role.MANAGER}), "provinces": frozenset({"isfahan"})})
MEMBER = Passport(principal_kind=PrincipalKind.MEMBER, subject="0123456")


def amend(before: str = TEXT, after: str = HIGHER, **changes: Any) -> commands.AmendPolicy:
    stamps = {"id": uuid4(), "deadline": datetime.now(UTC) + timedelta(seconds=10), "at": AT, "actor": "officer:root"}
    return commands.AmendPolicy(
        **{**stamps, "year": 1405, "before": before, "after": after, "reason": REASON, **changes}
    )


def amended(command: commands.AmendPolicy) -> events.PolicyAmended:
    return events.PolicyAmended(
        year=1405, before=command.before, after=command.after, digest=parse(command.after).digest, note=command.id,
        amended_by="officer:root", amended_at=AT,
    )  # fmt: skip


def test_a_correction_is_put_on_record_with_both_texts_and_without_its_reason() -> None:
    command = amend()
    (recorded,) = given(POLICY).when(command)
    assert recorded == amended(command)
    assert REASON not in recorded.model_dump_json()


def test_a_second_correction_follows_the_first_and_another_one_in_between_is_a_conflict() -> None:
    first, second = amend(), amend(HIGHER, HIGHEST)
    assert given(POLICY, amended(first)).when(second) == [amended(second)]
    assert refusal(amend(TEXT, HIGHEST), amended(first)).reason is Reason.CONFLICT


def refusal(command: commands.AmendPolicy, *past: base.Event) -> Refused:
    with pytest.raises(Refused) as refused:
        POLICY.decide(command, POLICY.fold(past))
    return refused.value


@pytest.mark.parametrize("after", [TEXT, f"# a note\n{TEXT}"])
def test_a_file_that_says_the_same_changes_nothing(after: str) -> None:
    refused = refusal(amend(after=after))
    assert refused.reason is Reason.NOTHING_CHANGES


def test_a_wrong_cell_is_refused_by_file_table_and_cell() -> None:
    wrong = TEXT.replace("surveying = 540", "surveying = '5/4'").replace('per = "day"', 'per = "dya"')
    refused = refusal(amend(after=wrong))
    assert refused.reason is Reason.POLICY_WRONG
    first, second = refused.details.values()
    assert first.startswith("1405.toml [ceilings] grade_2.surveying: '5/4' is no number of P")
    assert second.startswith("1405.toml [deductions] person_day.per")


def test_another_years_file_is_refused() -> None:
    refused = refusal(amend(after=HIGHER.replace("year = 1405", "year = 1404")))
    assert (refused.reason, refused.details) == (Reason.POLICY_WRONG, {"year": "1404"})


def test_a_text_that_was_once_on_record_can_still_be_counted_by() -> None:
    sample = json.loads(SAMPLE.read_text(encoding="utf-8"))
    before, after = parse(sample["before"]), parse(sample["after"])
    assert capacity_policy.changes(before, after) == ["ceilings.grade_2.surveying: 54000 → 56000"]
    assert after.digest == sample["digest"]


def send(service: RenewalService, command: commands.AmendPolicy, caller: Passport = ADMIN) -> answers.PolicyAct:
    service.caller = caller
    return answers.PolicyAct.model_validate(service.amend_policy(command.model_dump(mode="json")))


def test_the_amendments_of_a_year_are_listed_with_who_why_and_which_cells(service: RenewalService) -> None:
    first = amend()
    act = send(service, first)
    assert send(service, first) == act
    send(service, amend(HIGHER, HIGHEST, reason="اصلاح دوبارهٔ همان خانه"))
    service.caller = MEMBER
    query = queries.ListPolicyActs(year=1405).model_dump(mode="json")
    found = answers.PolicyActs.model_validate(service.list_policy_acts(query)).acts
    assert [(one.position, one.by, one.reason) for one in found] == [
        (1, "officer:root", REASON),
        (2, "officer:root", "اصلاح دوبارهٔ همان خانه"),
    ]
    assert found[0] == act
    assert act.changes == ("ceilings.grade_2.extraction: 72000 → 76000",)
    assert act.version == parse(HIGHER).version
    service.caller = NOBODY
    with pytest.raises(Refused, match="not_signed_in"):
        service.list_policy_acts(query)


@pytest.mark.parametrize("caller", [MANAGER, MEMBER, NOBODY])
def test_only_an_admin_corrects_a_policy(service: RenewalService, caller: Passport) -> None:
    with pytest.raises(Refused) as refused:
        send(service, amend(), caller)
    assert refused.value.reason in (Reason.NOT_ALLOWED, Reason.NOT_SIGNED_IN)
    with service.records.read() as connection:
        assert LOG.stream(connection, policy_amendments.stream_of(1405)) == []


def test_a_correction_without_a_reason_is_refused(service: RenewalService) -> None:
    payload = amend().model_dump(mode="json") | {"reason": "کوتاه"}
    service.caller = ADMIN
    with pytest.raises(Refused) as refused:
        service.amend_policy(payload)
    assert refused.value.details == {"reason": "string_too_short"}
