"""Imports into the register: checked whole, reported before, and undone while nothing has followed."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.auth.register import card_links, entries, import_batch, undo_import
from services.auth.sign_in import credentials
from shared.contract.auth import answers, commands
from shared.contract.passport import Passport
from shared.contract.refusals import Reason, Refused
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from tests.services.auth.samples import ADMIN, NOON, OTHER, ROW, import_of, stamps

pytestmark = pytest.mark.usefixtures("replays")

FIRST, SECOND = UUID(int=1), UUID(int=2)
CODE, OTHER_CODE, THIRD_CODE = "0019378653", "1275260187", "1281860913"
THIRD = ROW | {"membership_no": "012347", "national_code": THIRD_CODE, "first_name": "رأفت"}


def put(
    records: Records, *rows: dict[str, str], import_id: UUID = FIRST, **more: Any
) -> list[answers.RegisterRowResult]:
    return list(import_batch.import_members(records, import_of(*rows, import_id=import_id, **more), ADMIN).rows)


def undo(records: Records, import_id: UUID, caller: Passport = ADMIN, **more: Any) -> answers.UndoneImport:
    return undo_import.undo(records, commands.UndoImport(**{**stamps(), **more}, import_id=import_id), caller)


def refused(records: Records, import_id: UUID, caller: Passport = ADMIN) -> tuple[Reason, dict[str, str]]:
    with pytest.raises(Refused) as refusal:
        undo(records, import_id, caller)
    return refusal.value.reason, refusal.value.details


def register(records: Records) -> dict[str, Any]:
    """All entries of the register, by member."""
    with records.read() as connection:
        return {one: entries.find(connection, one) for one in ("012345", "012346", "012347")}


def codes(records: Records) -> list[str]:
    return [entry.national_code if entry else "" for entry in register(records).values()]


def event_types(records: Records) -> list[str]:
    with records.read() as connection:
        return [one.type for one in records.own_log().read(connection, 0, 100)]


def with_code(row: dict[str, str], code: str) -> dict[str, str]:
    return row | {"national_code": code}


@pytest.mark.parametrize("dry_run", [True, False])
def test_two_codes_that_stand_crossed_are_corrected(records: Records, dry_run: bool) -> None:
    put(records, ROW, OTHER)
    swapped = put(records, with_code(ROW, OTHER_CODE), with_code(OTHER, CODE), import_id=SECOND, dry_run=dry_run)
    assert [row.outcome for row in swapped] == ["changed", "changed"]
    assert codes(records)[:2] == ([CODE, OTHER_CODE] if dry_run else [OTHER_CODE, CODE])


def test_codes_that_move_on_in_a_ring_or_a_chain_are_corrected(records: Records) -> None:
    put(records, ROW, OTHER, THIRD)
    put(records, with_code(THIRD, CODE), with_code(ROW, OTHER_CODE), with_code(OTHER, THIRD_CODE))
    assert codes(records) == [OTHER_CODE, THIRD_CODE, CODE]
    put(records, with_code(ROW, THIRD_CODE), with_code(OTHER, "1296281949"))
    assert codes(records) == [THIRD_CODE, "1296281949", CODE]


def test_a_code_stays_with_a_holder_whose_own_row_is_refused(records: Records) -> None:
    put(records, ROW, OTHER, THIRD)
    rows = put(records, with_code(ROW, OTHER_CODE), with_code(OTHER, THIRD_CODE), THIRD | {"paid_through": "04"})
    assert [(row.outcome, row.held_by) for row in rows] == [("wrong", "012346"), ("wrong", "012347"), ("wrong", "")]
    assert codes(records) == [CODE, OTHER_CODE, THIRD_CODE]


def test_a_moved_code_is_the_first_credential_of_its_new_holder_alone(records: Records) -> None:
    put(records, ROW, OTHER)
    records.write(lambda connection: credentials.save_hash(connection, "member:012345", "hash", NOON, is_own=False))
    put(records, with_code(ROW, OTHER_CODE), with_code(OTHER, CODE))
    with records.read() as connection:
        assert credentials.find(connection, "member:012345").password_hash is None


def test_each_field_is_reported_before_and_after(records: Records) -> None:
    put(records, ROW)
    news = with_code(ROW, THIRD_CODE) | {"last_name": "کوه‌نورد", "paid_through": "1405", "licence_fields": "extraction"}
    dry = put(records, news, import_id=SECOND, dry_run=True)
    assert [(change.column, change.before, change.after) for change in dry[0].changes] == [
        ("national_code", "********53", "********13"),
        ("last_name", "سنگ‌تراش", "کوه‌نورد"),
        ("licence_fields", "extraction;exploration", "extraction"),
        ("paid_through", "1404", "1405"),
    ]
    assert put(records, news, import_id=SECOND) == dry


def test_an_undone_import_leaves_the_register_as_it_was(records: Records) -> None:
    put(records, ROW, OTHER)
    before = register(records)
    put(records, with_code(ROW, OTHER_CODE) | {"paid_through": "1405"}, with_code(OTHER, CODE), THIRD, import_id=SECOND)
    assert undo(records, SECOND) == answers.UndoneImport(changed=2, removed=1)
    assert register(records) == before
    assert event_types(records)[2:] == ["MembershipChanged", "MemberEnrolled", "MembershipChanged", "MemberRemoved"]
    assert [row.outcome for row in put(records, THIRD)] == ["enrolled"]


def test_an_import_that_was_undone_is_not_sent_again(records: Records) -> None:
    put(records, ROW)
    command = commands.ImportMembers(**stamps(), rows=(THIRD,), import_id=SECOND)
    import_batch.import_members(records, command, ADMIN)
    undo(records, SECOND)
    before = register(records)
    for again in (command, command.model_copy(update={"id": uuid4(), "first_row": 2})):
        with pytest.raises(Refused) as refusal:
            import_batch.import_members(records, again, ADMIN)
        assert refusal.value.reason is Reason.IMPORT_UNDONE
    assert register(records) == before


def test_what_stood_before_is_in_rows_and_never_in_the_log(records: Records) -> None:
    put(records, ROW)
    put(records, ROW | {"last_name": "کوهکن"}, import_id=SECOND)
    undo(records, SECOND)
    with records.read() as connection:
        log = records.own_log().read(connection, 0, 100)
    assert not [one for one in log if "کوهکن" in one.data or "سنگ‌تراش" in one.data or CODE in one.data]


def test_the_same_undo_again_is_done_once_and_another_finds_nothing(records: Records) -> None:
    put(records, ROW)
    put(records, ROW | {"paid_through": "1405"}, import_id=SECOND)
    command = commands.UndoImport(**stamps(), import_id=SECOND)
    assert undo_import.undo(records, command, ADMIN) == undo_import.undo(records, command, ADMIN)
    assert event_types(records) == ["MemberEnrolled", "MembershipChanged", "MembershipChanged"]
    assert refused(records, SECOND)[0] is Reason.NOTHING_CHANGES


def test_two_copies_that_undo_at_once_undo_once(records: Records, database_url: str) -> None:
    put(records, ROW, OTHER)
    put(records, ROW | {"last_name": "کوهکن"}, OTHER | {"last_name": "کوهکن"}, import_id=SECOND)
    copies = [Records(Database(database_url), records.log) for _ in range(2)]
    start = Barrier(len(copies))

    def outcome(copy: Records) -> Reason | int:
        start.wait()
        try:
            return undo(copy, SECOND).changed
        except Refused as refusal:
            return refusal.reason

    with ThreadPoolExecutor(len(copies)) as threads:
        found = {*threads.map(outcome, copies)}
    for copy in copies:
        copy.database.close()
    assert found == {2, Reason.NOTHING_CHANGES}


def test_nothing_is_undone_once_something_has_followed(records: Records) -> None:
    put(records, ROW, OTHER, THIRD)
    put(records, ROW | {"paid_through": "1405"}, import_id=SECOND)
    records.write(lambda connection: credentials.save_hash(connection, "member:012346", "hash", NOON, is_own=False))
    link = commands.IssueCardLink(**stamps(), member="012347")
    records.write(lambda connection: card_links.issue(connection, link, "token"))
    assert refused(records, FIRST) == (
        Reason.IMPORT_FOLLOWED,
        {"012345": "changed_since", "012346": "signed_in_since", "012347": "card_linked_since"},
    )
    assert event_types(records) == ["MemberEnrolled"] * 3 + ["MembershipChanged"]
    assert undo(records, SECOND).changed == 1


def test_a_sign_in_by_a_corrected_code_follows_from_its_import(records: Records) -> None:
    put(records, ROW, OTHER)
    put(records, with_code(ROW, THIRD_CODE), OTHER | {"paid_through": "1405"}, import_id=SECOND)
    records.write(lambda connection: credentials.save_hash(connection, "member:012345", "hash", NOON, is_own=False))
    records.write(lambda connection: credentials.save_hash(connection, "member:012346", "hash", NOON, is_own=False))
    assert refused(records, SECOND) == (Reason.IMPORT_FOLLOWED, {"012345": "signed_in_since"})


def test_an_own_password_outlives_the_undoing_of_a_corrected_code(records: Records) -> None:
    put(records, ROW)
    records.write(lambda connection: credentials.save_hash(connection, "member:012345", "hash", NOON, is_own=True))
    put(records, with_code(ROW, THIRD_CODE), import_id=SECOND)
    assert undo(records, SECOND).changed == 1
    with records.read() as connection:
        assert credentials.find(connection, "member:012345").password_hash == "hash"


def test_a_corrected_name_is_a_change_that_something_may_follow(records: Records) -> None:
    put(records, ROW)
    put(records, ROW | {"last_name": "کوهکن"}, import_id=SECOND)
    put(records, ROW | {"last_name": "کوهکنان"}, import_id=uuid4())
    assert refused(records, SECOND) == (Reason.IMPORT_FOLLOWED, {"012345": "changed_since"})


def test_an_import_is_undone_by_who_serves_all_its_provinces(records: Records) -> None:
    put(records, ROW, OTHER | {"province": "fars"})
    here = ADMIN.model_copy(update={"provinces": frozenset({"isfahan"})})
    assert refused(records, FIRST, here)[0] is Reason.NOT_ALLOWED
    assert refused(records, SECOND)[0] is Reason.UNKNOWN_IMPORT
