"""An erasure in auth: nothing about the person is left, nothing comes back, and the account opens no more."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import MetaData, insert, select

from services.auth import erasures
from services.auth.accounts import queries as account_queries
from services.auth.personal_data import PERSONAL_DATA
from services.auth.register import card_links, import_batch, undo_import
from services.auth.sign_in import sessions
from services.auth.sign_in.credentials import Passwords
from services.auth.sign_in.sign_in import SignIn
from services.auth.tables import IMPORT_REPORTS, PERSONS, TABLES
from shared import personal_data
from shared.contract.auth import answers, commands
from shared.contract.operations.answers import ErasureReport
from shared.contract.refusals import Reason, Refused
from shared.event_store.command_handler import Records
from tests.services.auth.samples import (
    ADMIN,
    NOON,
    OTHER,
    ROW,
    SECOND,
    by,
    import_of,
    sign_in,
    stamps,
    start_with_two_admins,
)

pytestmark = pytest.mark.usefixtures("replays")

MEMBER, OTHER_MEMBER = "012345", "012346"
CODE = "0019378653"
OTHERS = OTHER | {"last_name": "ماندگار"}
SPELLINGS = ("آرمين", "سنگ‌تراش", "کوه‌تراش", CODE, CODE.lstrip("0"))
TOKEN = "a session of the member"


@pytest.fixture
def listed(records: Records, passwords: Passwords) -> Records:
    """Two members, of whom one has changed the name, has signed in and has a card's link; and two admins."""
    start_with_two_admins(records, passwords)
    import_id = uuid4()
    put(records, ROW | {"last_name": "کوه‌تراش"}, OTHERS, import_id=import_id)
    put(records, ROW, import_id=uuid4())
    signed_in(records, passwords)
    link = commands.IssueCardLink(**stamps(), member=MEMBER)
    records.write(lambda connection: card_links.issue(connection, link, "the link"))
    return records


def put(records: Records, *rows: dict[str, str], **more: Any) -> answers.ImportReport:
    return import_batch.import_members(records, import_of(*rows, **more), ADMIN)


def signed_in(records: Records, passwords: Passwords, token: str = TOKEN) -> answers.Session:
    return SignIn(records, passwords, "never").open_session(sign_in(MEMBER, CODE), token, "a device")


def erase(records: Records) -> None:
    """Requested by the second admin, granted by the first."""
    request = commands.RequestErasure(**stamps(), member=MEMBER, reason="wish_of_member")
    erasures.decide(records, by(SECOND, request), SECOND)
    erasures.decide(records, commands.GrantErasure(**stamps(), member=MEMBER), ADMIN)


def report(records: Records) -> ErasureReport:
    with records.read() as connection:
        return personal_data.erasure_report(connection, PERSONAL_DATA, MEMBER)


def texts(records: Records) -> str:
    """Every row of every table."""
    everything = MetaData()
    with records.read() as connection:
        everything.reflect(connection)
        assert all(everything.tables.keys() >= tables.tables.keys() for tables in TABLES)
        rows = [row for table in everything.tables.values() for row in connection.execute(select(table))]
    return " ".join(str(value) for row in rows for value in row)


def test_nothing_about_the_person_is_left_in_any_row(listed: Records) -> None:
    before = texts(listed)
    assert [spelling for spelling in SPELLINGS if spelling not in before] == []
    erase(listed)
    left = texts(listed)
    assert [spelling for spelling in SPELLINGS if spelling in left] == []
    assert "نگار" in left, "others stay"


def test_the_answer_to_an_import_still_tells_what_was_changed_of_others(records: Records, passwords: Passwords) -> None:
    start_with_two_admins(records, passwords)
    put(records, ROW | {"last_name": "کوه‌تراش"}, OTHERS)
    batch = import_of(ROW, OTHER | {"last_name": "پایدار"})
    first = import_batch.import_members(records, batch, ADMIN)
    erase(records)
    again = import_batch.import_members(records, batch, ADMIN)
    assert [row.member for row in first.rows] == [MEMBER, OTHER_MEMBER]
    assert (again.rows[0].changes, again.rows[1]) == ((), first.rows[1])


def test_the_answer_to_an_import_of_before_members_were_named_in_it_tells_of_nobody(listed: Records) -> None:
    nameless = {"row": 1, "outcome": "changed", "changes": [{"column": "last_name", "before": "کوه‌تراش", "after": ""}]}
    row = {"command": uuid4(), "report": json.dumps({"rows": [nameless]}, ensure_ascii=False), "reported_at": NOON}
    listed.write(lambda connection: connection.execute(insert(IMPORT_REPORTS).values(row)).close())
    erase(listed)
    assert "کوه‌تراش" not in texts(listed)


def test_the_report_says_what_was_deleted_and_what_is_left_and_why(listed: Records) -> None:
    assert report(listed) == ErasureReport(erased_at=None, kinds=(), is_overwritten=False)
    erase(listed)
    found = {one.kind: (one.rows, one.kept) for one in report(listed).kinds}
    assert found == {
        "persons": (1, ""),
        "name_beginnings": (3, ""),
        "credentials": (1, ""),
        "sessions": (1, ""),
        "known_devices": (1, ""),
        "card_links": (1, ""),
        "import_changes": (2, ""),
        "import_reports": (1, ""),
        "membership": (1, "accounts"),
    }


def test_the_account_opens_no_more(listed: Records, passwords: Passwords) -> None:
    erase(listed)
    with listed.read() as connection:
        assert sessions.find(connection, TOKEN, NOON) is None
        assert account_queries.passport_of(connection, f"member:{MEMBER}") is None
    with pytest.raises(Refused) as refused:
        signed_in(listed, passwords)
    assert refused.value.reason is Reason.WRONG_CREDENTIALS
    assert CODE not in texts(listed)


def test_a_sign_in_under_way_stores_nothing(listed: Records, passwords: Passwords) -> None:
    class Overtaken(Passwords):
        """The erasure comes while the code is checked."""

        def verify(self, stored: str | None, password: str) -> bool:
            is_right = super().verify(stored, password)
            if is_right:
                erase(listed)
            return is_right

    with pytest.raises(Refused):
        SignIn(listed, Overtaken(), "never").open_session(sign_in(MEMBER, CODE), "late", "another device")
    found = {one.kind for one in report(listed).kinds}
    assert found >= {"sessions", "credentials"}
    listed.write(lambda connection: personal_data.erase(connection, PERSONAL_DATA, MEMBER, NOON))
    again = {one.kind: one.rows for one in report(listed).kinds}
    assert (again["sessions"], again["credentials"]) == (1, 1), "there was nothing more to delete"


def test_a_file_brings_nobody_back(listed: Records) -> None:
    erase(listed)
    for is_dry in (True, False):
        rows = put(listed, ROW, OTHERS | {"first_name": "نگارین"}, dry_run=is_dry).rows
        assert (rows[0].outcome, rows[0].errors) == ("wrong", {"membership_no": "member_erased"})
        assert rows[1].outcome == "changed"
    assert "آرمين" not in texts(listed)


def test_the_import_before_is_undone_for_the_others(records: Records, passwords: Passwords) -> None:
    start_with_two_admins(records, passwords)
    import_id = uuid4()
    put(records, ROW, OTHER, import_id=import_id)
    erase(records)
    undone = undo_import.undo(records, commands.UndoImport(**stamps(), import_id=import_id), ADMIN)
    assert (undone.changed, undone.removed) == (0, 1)
    assert "آرمين" not in texts(records)


def test_a_late_link_for_the_card_is_refused(listed: Records) -> None:
    erase(listed)
    late = commands.IssueCardLink(**stamps(), member=MEMBER)
    with pytest.raises(Refused) as refused:
        listed.write(lambda connection: card_links.issue(connection, late, "another link"))
    assert refused.value.reason is Reason.UNKNOWN_MEMBER


def test_officers_see_the_number_and_when_it_was_erased(listed: Records) -> None:
    erase(listed)
    with listed.read() as connection:
        card = account_queries.member_card(connection, MEMBER, has_own_password=False)
        names = account_queries.member_names(connection, [MEMBER, OTHER_MEMBER], ["isfahan"])
    assert (card.first_name, card.last_name, card.national_code_masked, card.erased_at) == ("", "", "", NOON)
    assert names.keys() == {OTHER_MEMBER}


def test_rows_that_were_restored_are_erased_again(listed: Records) -> None:
    erase(listed)
    row = {"account": f"member:{MEMBER}", "first_name": "آرمين", "last_name": "سنگ‌تراش", "national_code": CODE}
    listed.write(lambda connection: connection.execute(PERSONS.insert().values(row)).close())
    listed.write(lambda connection: personal_data.erase(connection, PERSONAL_DATA, MEMBER, NOON + timedelta(days=1)))
    with listed.read() as connection:
        assert connection.execute(select(PERSONS).where(PERSONS.c.account == row["account"])).first() is None
    assert {one.kind: one.rows for one in report(listed).kinds}["persons"] == 2


def test_what_waits_is_listed_with_what_hinders_its_grant(listed: Records) -> None:
    request = commands.RequestErasure(**stamps(), member=MEMBER, reason="ordered")
    erasures.decide(listed, by(SECOND, request), SECOND)
    with listed.read() as connection:
        log = listed.own_log()
        [own] = erasures.open_requests(connection, log, SECOND, NOON)
        [other] = erasures.open_requests(connection, log, ADMIN, NOON)
    assert (own.hindrance, other.hindrance, other.cause) == ("own_request", "", "ordered")
    grant = commands.GrantErasure(**stamps(), member=MEMBER)
    stranger = ADMIN.model_copy(update={"subject": "third"})
    for caller, reason in ((SECOND, Reason.OWN_REQUEST), (stranger, Reason.NOT_ALLOWED)):
        with pytest.raises(Refused) as refused:
            erasures.decide(listed, by(caller, grant.model_copy(update={"id": uuid4()})), caller)
        assert refused.value.reason is reason
    erasures.decide(listed, commands.DeclineErasure(**stamps(), member=MEMBER), ADMIN)
    with listed.read() as connection:
        assert erasures.open_requests(connection, log, ADMIN, NOON) == ()
