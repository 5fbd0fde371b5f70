from pathlib import Path
from uuid import UUID

import pytest

from shared.contract import base
from shared.contract.capacity import answers as capacity_answers
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import answers as renewal_answers
from shared.contract.renewal import commands
from shared.policies import capacity_policy
from shared.settings import Settings
from tests.clients.admin.fake_server import NOW, Tamdid

FILE = Settings().policies_folder / "1405.toml"
TEXT = FILE.read_text(encoding="utf-8")


def test_the_policies_of_the_programs_here_are_right(tamdid: Tamdid) -> None:
    result = tamdid("policy", "check")
    assert result.exit_code == 0
    assert capacity_policy.parse(TEXT).version in result.stdout
    assert result.stderr == ""
    assert tamdid.tokens == []


def test_every_wrong_cell_is_named_by_file_table_and_cell(tamdid: Tamdid, tmp_path: Path) -> None:
    wrong = TEXT.replace("[5, 3.75, 2.5, 1.65]", '[5, "3/75", 2.5, 1.65]').replace("surveying = 540", "surveying = -1")
    (tmp_path / "1405.toml").write_text(wrong, encoding="utf-8")
    result = tamdid("policy", "check", str(tmp_path))
    assert result.exit_code == 1
    assert "1405.toml [deductions] person_day.p cell 2: '3/75' is no number of P (such as 25 or 3.75)" in result.stderr
    assert "1405.toml [ceilings] grade_2.surveying: '-1' is no number of P (such as 25 or 3.75)" in result.stderr
    assert len(tamdid.json("policy", "check", str(tmp_path), exit_code=1)["wrong"]) == 2


def test_the_folder_of_the_setting_is_checked(tamdid: Tamdid, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAMDID_POLICIES", str(tmp_path))
    result = tamdid("policy", "check")
    assert result.exit_code == 1
    assert "no policy is there" in result.stderr


def test_a_folder_that_is_not_there_is_wrong_usage(tamdid: Tamdid, tmp_path: Path) -> None:
    assert tamdid("policy", "check", str(tmp_path / "nowhere")).exit_code == 2


HIGHER = TEXT.replace("{ extraction = 720", "{ extraction = 760")
ACT = renewal_answers.PolicyAct(
    year=1405,
    position=42,
    by="officer:root",
    at=NOW,
    reason="سقف پایه ۲ در مصوبهٔ تازه ۷۶۰ است.",
    version=capacity_policy.parse(HIGHER).version,
    changes=("ceilings.grade_2.extraction: 72000 → 76000",),
    request=UUID("0e0c0f0e-6a37-4c39-9d0a-0b7f3f1f7a10"),
)
GRANTED = ACT.model_copy(update={"granted_by": "officer:reza", "position": 43})
WAITING = ACT.model_copy(update={"hindrance": "own_request"})


@pytest.fixture
def root(maryam: Tamdid) -> Tamdid:
    in_use = capacity_answers.PolicyInUse(year=1405, version=capacity_policy.parse(TEXT).version, file=TEXT)
    maryam.server.replies = {
        "capacity.get_policy": in_use,
        "renewal.amend_policy": ACT,
        "renewal.grant_policy_amendment": GRANTED,
        "renewal.decline_policy_amendment": base.Done(position=44),
        "renewal.list_policy_acts": renewal_answers.PolicyActs(acts=(GRANTED,), requests=(WAITING,)),
    }
    return maryam


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "corrected.toml"
    made.write_text(HIGHER, encoding="utf-8")
    return made


def test_a_correction_is_sent_with_what_it_corrects_and_shows_its_cells(root: Tamdid, file: Path) -> None:
    result = root("policy", "amend", str(file), "--reason", ACT.reason)
    assert result.exit_code == 0, result.output
    assert "ceilings.grade_2.extraction: 72000 → 76000" in result.stdout
    assert f"renewal, event 42: {ACT.version}" in result.stdout
    assert "Request 0e0c0f0e waits for a colleague to grant it." in result.stdout
    (sent,) = root.server.sent(commands.AmendPolicy)
    assert (sent.year, sent.before, sent.after, sent.reason) == (1405, TEXT, HIGHER, ACT.reason)


def test_a_dry_run_only_shows_the_cells(root: Tamdid, file: Path) -> None:
    result = root("policy", "amend", str(file), "--reason", ACT.reason, "--dry-run")
    assert "72000 → 76000" in result.stdout
    assert root.server.sent(commands.AmendPolicy) == []


def test_a_wrong_correction_is_not_sent(root: Tamdid, file: Path) -> None:
    file.write_text(HIGHER.replace("25.5", "'25/5'"), encoding="utf-8")
    result = root("policy", "amend", str(file), "--reason", ACT.reason)
    assert result.exit_code == 1
    assert "corrected.toml [deductions] teaching_theory.p cell 2: '25/5'" in result.stderr
    assert root.server.messages == []


def test_a_refusal_of_the_service_names_the_cells(root: Tamdid, file: Path) -> None:
    root.server.replies["renewal.amend_policy"] = Refused(Reason.POLICY_WRONG, {"1": "1405.toml [ceilings] senior: …"})
    result = root("policy", "amend", str(file), "--reason", ACT.reason)
    assert result.exit_code == 1
    assert "1405.toml [ceilings] senior" in result.stderr


def test_the_acts_are_listed_with_who_why_and_which_cells(root: Tamdid) -> None:
    output = root("policy", "acts").stdout
    for text in ("renewal, event 43", "مدیر سامانه", "رضا کاشانی", "1405/07/15 14:30", ACT.reason, "72000 → 76000"):
        assert text in output
    assert root.json("policy", "acts")["acts"][0]["position"] == 43


def test_what_waits_is_listed_with_why_one_may_not_grant_it(root: Tamdid) -> None:
    output = root("policy", "requests").stdout
    for text in (
        "0e0c0f0e",
        "مدیر سامانه",
        ACT.reason,
        "72000 → 76000",
        "A colleague has to grant what you asked for.",
    ):
        assert text in output


def test_a_correction_is_granted_or_declined_by_the_beginning_of_its_id(root: Tamdid) -> None:
    assert f"renewal, event 43: {ACT.version}" in root("policy", "grant", "0e0c").stdout
    assert "request declined" in root("policy", "decline", "0e0c").stdout
    assert root("policy", "grant", "ffff").exit_code == 1
    (granted,) = root.server.sent(commands.GrantPolicyAmendment)
    (declined,) = root.server.sent(commands.DeclinePolicyAmendment)
    assert (granted.year, granted.request, declined.request) == (1405, ACT.request, ACT.request)
