from datetime import UTC, datetime

from shared.contract import base
from shared.contract.auth import commands, erasure_answers
from shared.contract.operations import answers as operations_answers
from shared.contract.refusals import Reason, Refused
from shared.services import WITH_MEMBERS
from tests.clients.admin.fake_server import NOW, Tamdid

REQUEST = erasure_answers.ErasureRequest(
    member="3412001",
    province="isfahan",
    cause="wish_of_member",
    requested_by="officer:reza",
    requested_at=datetime(2026, 10, 7, 8, 30, tzinfo=UTC),
    hindrance="not_independent",
)


def test_an_erasure_is_requested_with_a_reason_that_is_a_code(maryam: Tamdid) -> None:
    maryam.server.replies["auth.request_erasure"] = base.Done(position=1)
    assert maryam("members", "erase", "۳۴۱۲۰۰۱").exit_code == 2
    assert maryam("members", "erase", "3412001", "--reason", "because").exit_code == 2
    result = maryam("members", "erase", "۳۴۱۲۰۰۱", "--reason", "wish_of_member")
    assert "waits for another admin" in result.stdout
    [sent] = maryam.server.sent(commands.RequestErasure)
    assert (sent.member, sent.reason) == ("3412001", "wish_of_member")


def test_what_waits_is_listed_granted_and_declined(maryam: Tamdid) -> None:
    maryam.server.replies["auth.list_erasures"] = erasure_answers.ErasureRequests(requests=(REQUEST,))
    maryam.server.replies["auth.grant_erasure"] = maryam.server.replies["auth.decline_erasure"] = base.Done(position=2)
    listed = maryam("members", "erasures").stdout
    assert all(word in listed for word in ("3412001", "wish of the member", "رضا کاشانی", "1405/07/15 12:00"))
    assert maryam("members", "grant-erasure", "3412001").exit_code == 2, "it names the reason that was seen"
    assert "is erased" in maryam("members", "grant-erasure", "3412001", "--reason", "wish_of_member").stdout
    assert "stays" in maryam("members", "decline-erasure", "3412001").stdout
    assert [sent.reason for sent in maryam.server.sent(commands.GrantErasure)] == ["wish_of_member"]
    assert maryam.server.sent(commands.DeclineErasure)


def test_the_report_has_each_service_with_what_is_left_and_why(maryam: Tamdid) -> None:
    kinds = (
        operations_answers.ErasedKind(kind="persons", rows=1),
        operations_answers.ErasedKind(kind="membership", rows=1, kept="accounts"),
    )
    done = operations_answers.ErasureReport(erased_at=NOW, kinds=kinds, is_overwritten=True)
    nothing = operations_answers.ErasureReport(erased_at=None, kinds=(), is_overwritten=False)
    maryam.server.replies = {
        **{f"{one}.get_erasure_report": nothing for one in WITH_MEMBERS},
        "auth.get_erasure_report": done,
        "payment.get_erasure_report": done.model_copy(update={"is_overwritten": False}),
        "capacity.get_erasure_report": Refused(Reason.NO_ANSWER),
    }
    result = maryam("members", "erasure-report", "3412001")
    assert result.exit_code == 0
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert "auth name and national code 1 erased" in lines
    assert "auth membership 1 kept: accounts and membership, by number" in lines
    assert "renewal: nothing is erased" in result.stderr
    assert "payment: erased; overwriting" in result.stderr
    assert "capacity:" in result.stderr
