"""Data of any version becomes the event of today, and data of a later version is an event that this program does not know."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from shared.contract import upcasting
from shared.contract.base import Event
from shared.contract.catalogue import EVENTS
from shared.contract.payment import events
from tests.contract import shapes

VERSION_1 = """{"member":"0012345","year":1403,"province":"isfahan","lines":[{"year":1403,"member_class":"grade_2",
"amount_rials":9000000}],"waivers":[{"year":1403,"amount_rials":500000}],"waived_by":"officer:modir",
"waiver_persons":["officer:khazanedar"],"amount_rials":8500000,"issued_at":"2025-03-20T20:29:00Z",
"payable_until":"2025-04-19T20:29:00.999999Z"}"""
"""As version 0.1.0 recorded it."""


def issued(**changes: object) -> events.InvoiceIssued:
    """The event of old data."""
    event = upcasting.event_of("InvoiceIssued", json.dumps(json.loads(VERSION_1) | changes))
    assert isinstance(event, events.InvoiceIssued)
    return event


def test_an_invoice_of_version_1_names_all_who_waived_a_part_of_it() -> None:
    event = issued()
    assert event.waiver_persons == ("officer:khazanedar", "officer:modir")
    assert (event.schema_version, event.waived_by, event.amount_rials) == (2, "officer:modir", 8_500_000)


@pytest.mark.parametrize(
    ("changes", "persons"),
    [
        ({"waiver_persons": []}, ("officer:modir",)),
        ({"waived_by": ""}, ("officer:khazanedar",)),
        ({"waivers": []}, ()),
        ({"waiver_persons": ["officer:modir"]}, ("officer:modir",)),
    ],
)
def test_persons_who_waived_nothing_are_not_named(changes: dict[str, object], persons: tuple[str, ...]) -> None:
    assert issued(**changes).waiver_persons == persons


def test_data_before_waivers_is_read_as_well() -> None:
    data = {name: value for name, value in json.loads(VERSION_1).items() if not name.startswith("wa")}
    event = upcasting.event_of("InvoiceIssued", json.dumps(data))
    assert isinstance(event, events.InvoiceIssued)
    assert (event.waivers, event.waiver_persons) == ((), ())


def test_data_of_todays_version_is_not_changed() -> None:
    text = issued(waiver_persons=[]).model_copy(update={"waiver_persons": ()}).model_dump_json()
    assert upcasting.event_of("InvoiceIssued", text).model_dump_json() == text
    assert upcasting.data_of("InvoiceIssued", text) == json.loads(text)
    assert upcasting.data_of("InvoiceIssued", VERSION_1)["waiver_persons"] == ["officer:khazanedar", "officer:modir"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("InvoiceIssued", VERSION_1.replace('{"member"', '{"schema_version": 3, "member"')),
        ("PaymentConfirmed", '{"schema_version":2,"anything":1}'),
        ("InvoicePaidByCheque", VERSION_1),
        ("PaymentConfirmed", '{"schema_version":0,"anything":1}'),
        ("PaymentConfirmed", '{"schema_version":' + "9" * 5000 + "}"),
    ],
)
def test_a_later_version_and_an_unknown_type_are_no_event_of_this_program(name: str, text: str) -> None:
    assert not upcasting.is_known(name, upcasting.schema_version(text))
    assert upcasting.event_of(name, text) is upcasting.UNKNOWN


@pytest.mark.parametrize(
    ("data", "version"),
    [
        ({"member": "1"}, 1),
        ({"member": "1", "schema_version": 12}, 12),
        ({"text": 'a policy with "schema_version": 7 in it'}, 1),
        ({"text": "schema_version", "schema_version": 2}, 2),
        ({"schema_version": "two"}, 1),
        ({"schema_version": "2"}, 1),
        ({"schema_version": 10**30}, 100_000_000),
    ],
)
def test_the_version_is_found_in_the_text_and_not_within_a_value(data: dict[str, object], version: int) -> None:
    assert upcasting.schema_version(json.dumps(data)) == version
    assert upcasting.schema_version(json.dumps(data, separators=(",", ":"))) == version


@pytest.mark.parametrize(
    "changes", [{"waiver_persons": None}, {"waiver_persons": [None]}, {"waiver_persons": [[]]}, {"waived_by": 7}]
)
def test_data_that_no_version_has_written_is_not_valid(changes: dict[str, object]) -> None:
    """As every other wrong field: `tamdid log verify` names it, and a follower parks it."""
    with pytest.raises(ValueError, match="InvoiceIssued"):
        issued(**changes)


def test_an_upcaster_leaves_the_data_that_it_is_given_as_it_is() -> None:
    data = json.loads(VERSION_1)
    upcasting.upcast("InvoiceIssued", 1, data)
    assert data == json.loads(VERSION_1)


def test_versions_are_upcast_one_after_another(monkeypatch: pytest.MonkeyPatch) -> None:
    def counted(data: dict[str, Any]) -> dict[str, Any]:
        return data | {"cause": data["cause"] + str(data.get("schema_version", 1))}

    monkeypatch.setattr(upcasting, "NEWEST", {"DayReopened": 3})
    monkeypatch.setattr(upcasting, "UPCASTERS", {("DayReopened", 1): counted, ("DayReopened", 2): counted})
    assert upcasting.data_of("DayReopened", '{"cause":""}') == {"cause": "12", "schema_version": 3}
    assert upcasting.data_of("DayReopened", '{"cause":"","schema_version":2}') == {"cause": "2", "schema_version": 3}


def test_every_version_but_the_newest_has_an_upcaster() -> None:
    earlier = {(name, version) for name, newest in upcasting.NEWEST.items() for version in range(1, newest)}
    assert set(upcasting.UPCASTERS) == earlier


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_no_part_of_an_event_has_a_field_of_the_versions_name(event: type[Event]) -> None:
    assert list(inner_versions(event)) == []


def inner_versions(event: type[Event]) -> Iterator[str]:
    """Where it would be taken for the event's own version."""
    for place in shapes.fields(event, "serialization"):
        if place != upcasting.FIELD and place.endswith(upcasting.FIELD):
            yield place
