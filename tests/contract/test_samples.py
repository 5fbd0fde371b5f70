"""Samples of events: what was recorded once can be read for ever, whatever fields have been added since."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from shared.contract import base, cloud_events, upcasting
from shared.contract.catalogue import EVENTS
from shared.contract.envelope import CloudEvent
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import commands, events
from shared.text import persian

FOLDER = Path(__file__).parent / "samples"
NAME = re.compile(r"([A-Za-z]+)\.v([1-9][0-9]*)\.json")
SAMPLES = sorted(FOLDER.iterdir())
UNKNOWN = {"added_by_a_later_version": "ناشناخته"}


def named(path: Path) -> tuple[str, int]:
    """The event and the version in a sample's name."""
    found = NAME.fullmatch(path.name)
    assert found, f"{path.name} is not named <Event>.v<number>.json"
    return found[1], int(found[2])


def newest(event: str) -> Path:
    return max((path for path in SAMPLES if named(path)[0] == event), key=lambda path: named(path)[1])


def data(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def dumped(fact: BaseModel) -> Any:
    return json.loads(fact.model_dump_json())


def without_additions(now: Any, then: Any) -> Any:
    """What is written now, reduced to the fields that there were then."""
    if isinstance(then, dict) and isinstance(now, dict):
        return {name: without_additions(now[name], part) for name, part in then.items() if name in now}
    if isinstance(then, list) and isinstance(now, list):
        return [without_additions(one, part) for one, part in zip(now, then, strict=True)]
    return now


def is_within(then: Any, now: Any) -> bool:
    """Whether what was written then is all there; upcasting may have added to it."""
    if isinstance(then, dict):
        return all(name in now and is_within(part, now[name]) for name, part in then.items())
    if isinstance(then, list):
        return all(any(is_within(one, other) for other in now) for one in then)
    return bool(then == now)


def with_unknown_fields(part: Any) -> Any:
    """The same with a field that nobody knows in every object, however deep."""
    if isinstance(part, dict):
        return {name: with_unknown_fields(value) for name, value in part.items()} | UNKNOWN
    return [with_unknown_fields(one) for one in part] if isinstance(part, list) else part


def test_every_event_has_a_sample_and_every_sample_an_event() -> None:
    assert {named(path)[0] for path in SAMPLES} - {CloudEvent.__name__} == set(EVENTS)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_versions_of_a_sample_begin_with_one_and_miss_none(path: Path) -> None:
    event, version = named(path)
    assert all((FOLDER / f"{event}.v{earlier}.json").exists() for earlier in range(1, version))


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_the_newest_sample_has_every_field_and_is_written_again_as_it_was(event: type[base.Event]) -> None:
    sample = data(newest(event.__name__))
    assert set(sample) == set(event.model_fields)
    assert dumped(event.model_validate(sample)) == sample


@pytest.mark.parametrize("path", [path for path in SAMPLES if named(path)[0] in EVENTS], ids=lambda path: path.stem)
def test_a_sample_of_any_age_is_read_and_nothing_of_it_is_lost(path: Path) -> None:
    sample = data(path)
    fact = upcasting.event_of(named(path)[0], path.read_text(encoding="utf-8"))
    version = dumped(fact).get("schema_version")
    if sample.get("schema_version") == version:
        assert without_additions(dumped(fact), sample) == sample
    else:
        assert is_within(sample, dumped(fact))


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_a_fact_with_fields_that_nobody_knows_yet_is_read_all_the_same(event: type[base.Event]) -> None:
    sample = data(newest(event.__name__))
    assert dumped(event.model_validate_json(json.dumps(with_unknown_fields(sample)))) == sample


def test_a_message_is_read_and_written_again_as_it_was() -> None:
    message = newest(CloudEvent.__name__).read_text(encoding="utf-8")
    recorded = cloud_events.from_json(message)
    assert json.loads(cloud_events.to_json(recorded)) == json.loads(message)
    assert set(json.loads(message)) == set(CloudEvent.model_fields)
    assert isinstance(recorded.event, events.RenewalApproved)


def test_a_message_with_fields_that_nobody_knows_yet_is_read_all_the_same() -> None:
    message = newest(CloudEvent.__name__).read_text(encoding="utf-8")
    assert cloud_events.from_json(json.dumps(with_unknown_fields(json.loads(message)))).event == (
        cloud_events.from_json(message).event
    )


def test_the_samples_are_of_the_last_minute_of_a_leap_year() -> None:
    at = datetime.fromisoformat(data(FOLDER / "RenewalRequested.v1.json")["requested_at"])
    assert persian.format_instant(at) == "1403/12/30 23:59"


JOB = data(FOLDER / "RenewalApproved.v1.json")["jobs"][0] | {
    "title": "معدن سنگ لاشهٔ دره‌سرخ",
    "client": "شرکت نمونه",
    "province": "isfahan",
}
FORM = {
    "mobile": "09130012345",
    "province": "isfahan",
    "city": "اصفهان",
    "address": "خیابان چهارباغ، کوچهٔ نمونه، پلاک ۱",
    "postal_code": "8100012345",
    "education": "bachelor",
    "discipline": "mining",
    "employment": {"status": "unemployed"},
    "jobs": [JOB],
    "truth_ack": True,
}
SUBMIT = {
    "id": "0f0e0d0c-0b0a-4009-8807-060504030201",
    "deadline": datetime(2025, 3, 20, 20, 29, tzinfo=UTC).isoformat(),
    "member": "0012345",
    "year": 1403,
    "form": FORM,
}


def test_a_command_as_it_should_be_is_read() -> None:
    assert base.parse(commands.SubmitDeclaration, SUBMIT).form.jobs[0].cadastre_code == "0071300241"


@pytest.mark.parametrize(
    ("place", "changed"),
    [
        ("added_by_a_later_version", SUBMIT | UNKNOWN),
        ("form.added_by_a_later_version", SUBMIT | {"form": FORM | UNKNOWN}),
        ("form.jobs.0.added_by_a_later_version", SUBMIT | {"form": FORM | {"jobs": [JOB | UNKNOWN]}}),
    ],
)
def test_a_command_with_a_field_that_nobody_knows_is_refused_by_its_place(
    place: str, changed: dict[str, object]
) -> None:
    with pytest.raises(Refused) as refused:
        base.parse(commands.SubmitDeclaration, changed)
    assert refused.value.reason is Reason.BAD_INPUT
    assert refused.value.details == {place: "extra_forbidden"}
