import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from clients.admin.commands.operations import log_verification
from deploy.containers.secrets import make_keys
from shared.contract import cloud_events
from shared.contract.auth import events as auth_events
from shared.contract.envelope import Metadata, Recorded
from shared.contract.operations import answers, queries
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import events as renewal_events
from shared.contract.seal import SealEvidence
from shared.services import SOURCES
from tests.clients.admin.fake_server import Tamdid

AT = datetime(2026, 10, 7, 8, 0, tzinfo=UTC)
WITHDRAWN = renewal_events.RenewalWithdrawn(member="0123456", year=1405, withdrawn_at=AT).model_dump_json()


def recorded(position: int, **fields: Any) -> Recorded:
    """A withdrawal at a position of renewal's log, each in a stream of its own but for what is said."""
    usual = {
        "source": "renewal",
        "position": position,
        "stream": f"renewal/{position:07d}/1405",
        "version": 1,
        "event_id": UUID(int=position),
        "type": "RenewalWithdrawn",
        "data": WITHDRAWN,
        "metadata": Metadata(correlation_id=UUID(int=1), causation_id=UUID(int=position)),
        "recorded_at": AT,
    }
    return Recorded(**{**usual, **fields})


def log(*events: Recorded | str, head: int | None = None, page: int = 3) -> Callable[[Any], answers.RecordedEvents]:
    """A log by pages; a text stands for whatever else may lie in it."""

    def read(query: queries.ReadEvents) -> answers.RecordedEvents:
        bodies = [one if isinstance(one, str) else cloud_events.to_json(one) for one in events]
        places = [index if isinstance(one, str) else one.position for index, one in enumerate(events, start=1)]
        rest = [body for place, body in zip(places, bodies, strict=True) if place > query.after]
        page_events = tuple(answers.RecordedEvent(cloud_event=body) for body in rest[: min(page, query.limit)])
        return answers.RecordedEvents(events=page_events, head=len(events) if head is None else head)

    return read


@pytest.fixture
def logs(maryam: Tamdid) -> Tamdid:
    maryam.server.replies = {f"{name}.read_events": log() for name in SOURCES}
    maryam.server.replies["renewal.read_events"] = log(*(recorded(position) for position in range(1, 9)))
    return maryam


def problems(tamdid: Tamdid, *events: Recorded | str, head: int | None = None) -> list[tuple[int, str]]:
    tamdid.server.replies["renewal.read_events"] = log(*events, head=head)
    page_events = tamdid.json("log", "verify", "--service", "renewal", exit_code=1)
    return [(one["position"], one["code"]) for one in page_events["problems"]]


def test_whole_logs_are_read_to_their_ends(logs: Tamdid) -> None:
    result = logs("log", "verify")
    assert result.exit_code == 0
    assert "renewal: 8 events, 0 problems" in result.stdout
    assert "bank: 0 events, 0 problems" in result.stdout


def test_a_hole_is_named_once_by_what_comes_after_it(logs: Tamdid) -> None:
    events = [recorded(1), recorded(2), recorded(5), recorded(6)]
    assert problems(logs, *events, head=6) == [(5, "hole")]
    assert "after 2" in logs("log", "verify", "--service", "renewal").stdout


def test_a_log_that_ends_before_its_head_has_a_hole(logs: Tamdid) -> None:
    assert problems(logs, recorded(1), recorded(2), head=4) == [(4, "hole")]


def test_versions_of_a_stream_come_in_a_row(logs: Tamdid) -> None:
    one = {"stream": "renewal/0123456/1405"}
    events = [recorded(1, **one), recorded(2, **one, version=3), recorded(3, **one, version=4), recorded(4, version=2)]
    assert problems(logs, *events) == [(2, "version"), (4, "version")]


def test_a_version_that_comes_twice_is_named(logs: Tamdid) -> None:
    one = {"stream": "renewal/0123456/1405"}
    assert problems(logs, recorded(1, **one), recorded(2, **one), recorded(3, **one, version=2)) == [(2, "version")]


def test_an_event_that_its_class_cannot_read_is_named_without_its_values(logs: Tamdid) -> None:
    secret = json.dumps({"member": "0123456", "year": "a secret", "withdrawn_at": AT.isoformat()})
    assert problems(logs, recorded(1), recorded(2, data=secret), recorded(3)) == [(2, "unreadable")]
    page_events = logs("log", "verify", "--service", "renewal").stdout
    assert "RenewalWithdrawn: year: int_parsing" in page_events
    assert "a secret" not in page_events


def test_a_type_that_nobody_knows_is_named(logs: Tamdid) -> None:
    assert problems(logs, recorded(1, type="RenewalForgotten")) == [(1, "unknown_type")]


def test_versions_of_data_that_no_program_has_written_are_named(logs: Tamdid) -> None:
    """Whoever alters a log does not end its verification by it."""
    renewal = [recorded(position, data=WITHDRAWN[:-1] + f',"schema_version":{version}}}')
               for position, version in enumerate((0, 7, 10**30), start=1)]  # fmt: skip
    assert problems(logs, *renewal) == [(1, "unknown_type"), (2, "unknown_type"), (3, "unknown_type")]
    invoice = {"source": "payment", "type": "InvoiceIssued", "data": '{"waivers":[1],"waiver_persons":null}'}
    logs.server.replies["payment.read_events"] = log(recorded(1, **invoice))
    found = logs.json("log", "verify", "--service", "payment", exit_code=1)["problems"]
    assert [(one["code"], one["detail"]) for one in found] == [("unreadable", "InvoiceIssued: ValueError")]


def test_an_event_of_another_source_is_named(logs: Tamdid) -> None:
    paid = {"type": "InvoiceCancelled", "data": "{}"}
    assert problems(logs, recorded(1, **paid))[0] == (1, "of_another")
    assert problems(logs, recorded(1, source="payment")) == [(1, "of_another")]


def test_an_id_that_was_used_before_is_named_with_where(logs: Tamdid) -> None:
    events = [recorded(1), recorded(2), recorded(3, event_id=UUID(int=1))]
    assert problems(logs, *events) == [(3, "id_twice")]
    assert "renewal 1" in logs("log", "verify", "--service", "renewal").stdout


def test_an_id_is_used_once_in_all_logs_together(logs: Tamdid) -> None:
    dismissed = auth_events.OfficerDismissed(officer="sara", dismissed_by="officer:maryam", dismissed_at=AT)
    other = recorded(1, source="auth", type="OfficerDismissed", data=dismissed.model_dump_json())
    logs.server.replies["auth.read_events"] = log(other)
    document = logs.json("log", "verify", exit_code=1)
    assert [(one["service"], one["position"], one["code"]) for one in document["problems"]] == [
        ("renewal", 1, "id_twice")
    ]


def test_what_is_no_event_is_named_and_the_rest_is_read(logs: Tamdid) -> None:
    assert problems(logs, recorded(1), "{", recorded(3), recorded(4)) == [(2, "no_event")]


def test_problems_beyond_the_first_hundred_are_counted(logs: Tamdid) -> None:
    events = [recorded(position, version=2) for position in range(1, 151)]
    assert len(problems(logs, *events)) == log_verification.PROBLEMS_NAMED_MAX
    page_events = logs.json("log", "verify", "--service", "renewal", exit_code=1)
    assert page_events["logs"]["renewal"] == {"events": 150, "head": 150, "problems": {"version": 150}}


def test_a_service_that_does_not_answer_is_reported_and_the_others_are_verified(logs: Tamdid) -> None:
    logs.server.replies["payment.read_events"] = Refused(Reason.NO_ANSWER)
    result = logs("log", "verify")
    assert result.exit_code == 3
    assert "renewal: 8 events" in result.stdout
    assert "payment: The service did not answer in time." in result.stderr


def test_who_may_not_read_a_log_is_refused(logs: Tamdid) -> None:
    logs.server.replies["auth.read_events"] = Refused(Reason.NOT_ALLOWED)
    assert logs("log", "verify").exit_code == 1


def test_evidence_that_the_service_has_not_signed_is_named_and_a_file_of_something_else_is_refused(
    logs: Tamdid, tmp_path: Path
) -> None:
    make_keys(tmp_path / "keys", ["renewal"])
    made_up = SealEvidence(source="renewal", position=3, chain="0" * 64, signature="AAAA", written_at=AT)
    file = tmp_path / "renewal.seals"
    file.write_text(f"{made_up.model_dump_json()}\n")
    verify = ("log", "verify", "--service", "renewal", "--keys", str(tmp_path / "keys"), "--evidence", str(file))
    said = logs.json(*verify, exit_code=1)
    assert [one["detail"] for one in said["problems"] if one["code"] == "evidence"] == ["not signed by the service"]
    file.write_text("something else")
    assert logs(*verify).exit_code == 2
