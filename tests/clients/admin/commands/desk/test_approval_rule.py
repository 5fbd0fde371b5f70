"""The approval rule from the command line: shown for each province, switched for one."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from shared.contract.auth.answers import MemberNames
from shared.contract.renewal import answers, commands, queries
from shared.contract.renewal.rule_answers import ApprovalRule
from tests.clients.admin.examples import DECLARED, MEMBER, SUBMITTED
from tests.clients.admin.fake_server import Tamdid

AT = datetime(2026, 10, 7, 5, 0, tzinfo=UTC)
ON = ApprovalRule(province="isfahan", is_on=True, by="officer:maryam", at=AT, salt=UUID(int=7), approved=37)


@pytest.fixture
def desk(maryam: Tamdid) -> Tamdid:
    maryam.server.replies = {
        "renewal.get_approval_rule": ON,
        "renewal.switch_approval_rule": lambda command: ON.model_copy(update={"is_on": command.is_on}),
        "auth.get_member_names": MemberNames(names={}),
    }
    return maryam


def test_it_is_shown_and_nothing_is_switched(desk: Tamdid) -> None:
    shown = desk("desk", "rule").stdout
    for text in ("isfahan", "yes", "مریم تهرانی", "37", "1405/07/15"):
        assert text in shown
    assert desk.json("desk", "rule")[0]["is_on"] is True
    assert desk.server.sent(commands.SwitchApprovalRule) == []
    assert {one.province for one in desk.server.sent(queries.GetApprovalRule)} == {"isfahan"}


@pytest.mark.parametrize(("option", "word"), [("--on", "is on"), ("--off", "is off")])
def test_it_is_switched_for_one_province(desk: Tamdid, option: str, word: str) -> None:
    assert word in desk("desk", "rule", option).stdout
    [command] = desk.server.sent(commands.SwitchApprovalRule)
    assert (command.province, command.is_on) == ("isfahan", option == "--on")


def test_what_the_rule_has_approved_says_so_in_lists_and_in_the_case(desk: Tamdid) -> None:
    notes = answers.DeskNotes(change="same", approved_by_rule=True)
    listed = SUBMITTED.model_copy(update={"status": "approved", "desk": notes})
    desk.server.replies["renewal.list_desk"] = answers.Desk(renewals=(listed,), total=1, overdue=0)
    assert "تأیید با قاعده" in desk("--language", "fa", "desk", "list", "--status", "approved").stdout
    decision = DECLARED.decisions[0].model_copy(update={"outcome": "approved", "by": "rule:unchanged"})
    renewal = DECLARED.model_copy(update={"status": "approved", "decisions": (decision,)})
    desk.server.replies["renewal.get_renewal"] = answers.MemberRenewal(current_year=1405, renewal=renewal)
    assert "the approval rule" in desk("desk", "show", MEMBER).stdout
