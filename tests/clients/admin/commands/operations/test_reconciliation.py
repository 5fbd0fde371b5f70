"""`tamdid restore reconcile|cases|settle` against a fake server."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from deploy import tamdid as _mounted  # noqa: F401 - puts the group `restore` on the app
from shared.contract import base
from shared.contract.operations import answers, commands, rebuild_answers
from shared.contract.refusals import Reason, Refused
from shared.services import FOLLOWERS
from tests.clients.admin.fake_server import Tamdid

AT = datetime(2026, 10, 7, 20, 29, tzinfo=UTC)
FOLLOWING = answers.ComparedSource(source="auth", state="following", checkpoint=28, common=28, head=30)
BEYOND = answers.ComparedSource(
    source="renewal", state="beyond", checkpoint=1857, common=1841, head=1850, notes=2, orphaned=1
)
CASE = answers.OrphanedEvent(
    position=77,
    stream="invoice/0123456/1405",
    type="InvoiceIssued",
    recorded_at=AT,
    correlation_id=UUID(int=7),
    source="renewal",
    cause=UUID(int=8),
    found_by="officer:maryam",
    found_at=AT,
)


def compared(*sources: answers.ComparedSource) -> answers.Comparison:
    return answers.Comparison(sources=sources)


@pytest.fixture
def restored(maryam: Tamdid) -> Tamdid:
    """Renewal was restored: payment and capacity have followed what it has lost."""
    no_events = answers.OrphanedEvents(events=(), total=0)
    maryam.server.replies = {
        **{f"{one}.compare_sources": compared() for one in FOLLOWERS},
        **{f"{one}.list_orphaned_events": no_events for one in FOLLOWERS},
        "renewal.compare_sources": compared(FOLLOWING),
        "payment.compare_sources": compared(FOLLOWING, BEYOND),
        "capacity.compare_sources": compared(BEYOND.model_copy(update={"orphaned": 0})),
        "payment.take_back": BEYOND,
        "capacity.take_back": BEYOND.model_copy(update={"orphaned": 0}),
        "payment.rebuild_projections": rebuild_answers.Rebuild(status="switched"),
        "capacity.rebuild_projections": rebuild_answers.Rebuild(status="running"),
        "capacity.get_rebuild": rebuild_answers.Rebuild(status="switched"),
        "payment.list_orphaned_events": answers.OrphanedEvents(events=(CASE,), total=1),
        "payment.settle_orphaned_event": base.Done(),
    }
    return maryam


def test_without_apply_it_is_shown_and_nothing_is_changed(restored: Tamdid) -> None:
    result = restored("restore", "reconcile")
    assert result.exit_code == 1
    lines = [line.split() for line in result.stdout.splitlines()[3:] if line.strip()]
    assert lines[2][:8] == ["payment", "renewal", "1,857", "1,841", "1,850", "16", "2", "1"]
    assert "2 to be taken back" in result.stderr
    assert restored.server.sent(commands.TakeBack) == []


def test_with_apply_exactly_what_was_shown_is_taken_back_and_the_projections_are_rebuilt(restored: Tamdid) -> None:
    result = restored("restore", "reconcile", "--apply")
    assert result.exit_code == 0, result.output
    sent = restored.server.sent(commands.TakeBack)
    assert [(one.source, one.checkpoint, one.common) for one in sent] == [("renewal", 1857, 1841)] * 2
    assert len(restored.server.sent(commands.RebuildProjections)) == 2
    assert "tamdid restore cases" in result.stderr
    assert "after 1,841 up to 1,857 is taken back" in result.stdout


@pytest.mark.parametrize("status", ["cancelled", "failed"])
def test_a_rebuild_that_was_broken_off_is_said_by_the_exit_code_and_made_again(restored: Tamdid, status: Any) -> None:
    broken_off = rebuild_answers.Rebuild(status=status, started_at=AT)
    restored.server.replies["capacity.get_rebuild"] = broken_off
    assert restored("restore", "reconcile", "--service", "capacity", "--apply").exit_code == 1
    left = BEYOND.model_copy(update={"state": "following", "checkpoint": 1841, "orphaned": 0, "taken_back_at": AT})
    restored.server.replies |= {
        "capacity.compare_sources": compared(left),
        "capacity.rebuild_projections": rebuild_answers.Rebuild(status="switched", started_at=AT),
    }
    assert restored("restore", "reconcile", "--service", "capacity").exit_code == 1
    assert restored("restore", "reconcile", "--service", "capacity", "--apply").exit_code == 0
    restored.server.replies["capacity.get_rebuild"] = rebuild_answers.Rebuild(status="switched", started_at=AT)
    assert restored("restore", "reconcile", "--service", "capacity").exit_code == 0
    assert len(restored.server.sent(commands.TakeBack)) == 1
    assert len(restored.server.sent(commands.RebuildProjections)) == 2


def test_one_service_alone_may_be_reconciled(restored: Tamdid) -> None:
    assert restored("restore", "reconcile", "--service", "payment", "--apply").exit_code == 0
    assert len(restored.server.sent(commands.TakeBack)) == 1


def test_nothing_to_take_back_is_said_by_the_exit_code(restored: Tamdid) -> None:
    assert restored("restore", "reconcile", "--service", "renewal").exit_code == 0
    assert restored.json("restore", "reconcile", "--service", "renewal")[0]["compared"]["state"] == "following"


@pytest.mark.parametrize(("state", "code"), [("no_epoch", 1), ("not_sealed", 1), ("unreachable", 3)])
def test_what_cannot_be_compared_is_named(restored: Tamdid, state: Any, code: int) -> None:
    other = FOLLOWING.model_copy(update={"state": state})
    restored.server.replies["renewal.compare_sources"] = compared(other)
    assert restored("restore", "reconcile", "--service", "renewal", "--apply").exit_code == code


def test_a_service_that_is_down_does_not_keep_the_others_from_it(restored: Tamdid) -> None:
    restored.server.replies["renewal.compare_sources"] = Refused(Reason.NO_ANSWER)
    assert restored("restore", "reconcile", "--apply").exit_code == 3
    assert len(restored.server.sent(commands.TakeBack)) == 2


def test_what_has_changed_since_it_was_shown_is_refused(restored: Tamdid) -> None:
    restored.server.replies["payment.take_back"] = Refused(Reason.CHANGED_SINCE)
    result = restored("restore", "reconcile", "--apply")
    assert (result.exit_code, "no longer what you looked at" in result.stderr) == (1, True)


def test_cases_are_listed_until_they_are_settled(restored: Tamdid) -> None:
    result = restored("restore", "cases")
    assert result.exit_code == 1
    assert "invoice/0123456/1405" in result.stdout
    closed = CASE.model_copy(update={"settled_at": AT, "settled_by": "officer:maryam", "reason": "approved again"})
    restored.server.replies["payment.list_orphaned_events"] = answers.OrphanedEvents(events=(closed,), total=1)
    assert restored("restore", "cases").exit_code == 0
    restored("restore", "settle", "payment", "77", "--reason", "approved again since")
    (sent,) = restored.server.sent(commands.SettleOrphanedEvent)
    assert (sent.position, sent.reason) == (77, "approved again since")
