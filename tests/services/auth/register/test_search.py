"""Members are found by name in any spelling, by number and by national code, in their own province alone."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, insert, select, update

from services.auth.personal_data import PERSONAL_DATA
from services.auth.register import import_batch, search, undo_import
from services.auth.service import AuthService
from services.auth.tables import NAME_BEGINNINGS
from shared import personal_data
from shared.contract.auth import commands, queries
from shared.contract.passport import NOBODY, Passport, PrincipalKind
from shared.contract.refusals import Refused
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from tests.services.auth.samples import ADMIN, NOON, OTHER, ROW, import_of, stamps

MANAGER = ADMIN.model_copy(update={"subject": "modir", "roles": frozenset({Role.MANAGER})})
IMPORT = UUID("7d7a2d0e-5d0a-4e39-9a55-3a2c5d2c9f10")
NAMES = {
    "1001": ("علی‌رضا", "صفوی نیا"),
    "1002": ("علی رضا", "کاظمی"),
    "1003": ("علیرضا", "كاظمي‌پور"),
    "1004": ("مُحمد", "علاء"),
    "1005": ("محمد", "محمدی"),
    "1006": ("زهرا", "مؤمنی"),
}
CODES = ("0019378653", "0013542419", "0084575948", "0499370899", "0790419904", "1275260187")


def rows() -> list[dict[str, str]]:
    return [
        ROW | {"membership_no": member, "national_code": code, "first_name": first, "last_name": last}
        for (member, (first, last)), code in zip(NAMES.items(), CODES, strict=True)
    ]


@pytest.fixture
def listed(records: Records) -> Records:
    report = import_batch.import_members(records, import_of(*rows()), ADMIN)
    assert {row.outcome for row in report.rows} == {"enrolled"}
    return records


def found(records: Records, text: str, **more: Any) -> list[str]:
    query = queries.SearchMembers(**{"province": "isfahan", "text": text, **more})
    with records.read() as connection:
        return [one.member for one in search.search(connection, query).members]


@pytest.mark.parametrize(
    ("text", "members"),
    [
        ("علیرضا", ["1002", "1001", "1003"]),
        ("علی رضا", ["1002", "1001", "1003"]),
        ("علی‌رضا", ["1002", "1001", "1003"]),
        ("رضا صفوی", ["1001"]),
        ("صفوي‌نيا علی", ["1001"]),
        ("نیا", ["1001"]),
        ("كاظمى", ["1002", "1003"]),
        ("کاظمی پور", ["1003"]),
        ("محمد علا", ["1004"]),
        ("محمد عل", ["1004"]),
        ("محمد", ["1004", "1005"]),
        ("محمد محمدی", ["1005"]),
        ("مومنی", ["1006"]),
        ("ﻣﺆﻣﻨﯽ", ["1006"]),
        ("هر کسی", []),
        ("…", []),
        ("۱۰۰۶", ["1006"]),
        ("١٠-٠٦", ["1006"]),
        ("19378653", ["1001"]),
        ("۰۰۱۹۳۷۸۶۵۳", ["1001"]),
    ],
)
def test_a_member_is_found_by_any_spelling(listed: Records, text: str, members: list[str]) -> None:
    assert sorted(found(listed, text)) == sorted(members)


def test_a_search_shows_no_more_than_its_limit_and_says_so(listed: Records) -> None:
    query = queries.SearchMembers(province="isfahan", text="علی", limit=2)
    with listed.read() as connection:
        answer = search.search(connection, query)
        whole = search.search(connection, query.model_copy(update={"limit": 3}))
    assert (len(answer.members), answer.is_all) == (2, False)
    assert (len(whole.members), whole.is_all) == (3, True)
    assert whole.members[0].full_name in {" ".join(name) for name in NAMES.values()}


def test_members_of_another_province_are_not_found(listed: Records) -> None:
    assert found(listed, "زهرا", province="fars") == found(listed, "1006", province="fars") == []
    import_batch.import_members(listed, import_of(rows()[5] | {"province": "fars"}), ADMIN)
    assert found(listed, "زهرا") == []
    assert found(listed, "زهرا", province="fars") == ["1006"]


def test_a_corrected_name_is_found_and_the_former_one_is_not(listed: Records) -> None:
    before = import_of(rows()[5] | {"last_name": "رستمی"}, import_id=IMPORT)
    import_batch.import_members(listed, before, ADMIN)
    assert (found(listed, "رستمی"), found(listed, "مومنی")) == (["1006"], [])
    undo_import.undo(listed, commands.UndoImport(**stamps(), import_id=IMPORT), ADMIN)
    assert (found(listed, "رستمی"), found(listed, "مومنی")) == ([], ["1006"])


def test_nothing_is_found_of_a_member_whose_import_is_undone(records: Records) -> None:
    before = import_of(ROW, OTHER, import_id=IMPORT)
    import_batch.import_members(records, before, ADMIN)
    assert found(records, "نگار") == ["012346"]
    undo_import.undo(records, commands.UndoImport(**stamps(), import_id=IMPORT), ADMIN)
    assert found(records, "نگار") == found(records, "012346") == []
    assert left(records) == []


def test_an_erased_member_is_found_by_number_alone(listed: Records) -> None:
    listed.write(lambda connection: personal_data.erase(connection, PERSONAL_DATA, "1006", NOON))
    assert "1006" not in dict(left(listed))
    assert found(listed, "زهرا") == []
    with listed.read() as connection:
        (one,) = search.search(connection, queries.SearchMembers(province="isfahan", text="1006")).members
    assert (one.member, one.full_name) == ("1006", "")


def left(records: Records) -> list[tuple[str, str]]:
    with records.read() as connection:
        query = select(NAME_BEGINNINGS.c.member, NAME_BEGINNINGS.c.beginning)
        return sorted(map(tuple, connection.execute(query)))


def test_what_a_version_without_these_rows_has_written_is_completed_at_the_start(
    listed: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "COMPLETED_AT_ONCE", 2)
    before = left(listed)

    def as_it_did(connection: Any) -> None:
        connection.execute(delete(NAME_BEGINNINGS).where(NAME_BEGINNINGS.c.member.in_(["1001", "1002", "1003"])))
        changed = update(NAME_BEGINNINGS).where(NAME_BEGINNINGS.c.member == "1004")
        connection.execute(changed.values(province="fars", full_name="نام پیشین"))
        erased = {"province": "isfahan", "beginning": "شیرین", "member": "1999", "full_name": "شیرین"}
        connection.execute(insert(NAME_BEGINNINGS).values(erased))

    listed.write(as_it_did)
    search.complete(listed)
    assert left(listed) == before
    assert found(listed, "محمد علا") == ["1004"]


def test_managers_search_their_own_provinces(listed: Records) -> None:
    service = AuthService()
    service.records = listed
    payload = {"province": "isfahan", "text": "زهرا"}
    service.caller = MANAGER
    assert [one["member"] for one in service.search_members(payload)["members"]] == ["1006"]
    elsewhere = MANAGER.model_copy(update={"provinces": frozenset({"fars"})})
    member = Passport(principal_kind=PrincipalKind.MEMBER, subject="1006")
    for caller in (ADMIN, elsewhere, member, NOBODY):
        service.caller = caller
        with pytest.raises(Refused):
            service.search_members(payload)


def test_strangers_requests_are_counted_for_the_gateway_alone(listed: Records) -> None:
    service = AuthService()
    service.records = listed
    payload = {**stamps(), "address": "192.0.2.7"}
    service.caller = Passport(principal_kind=PrincipalKind.PROGRAM, subject="gateway")
    deadline = payload["deadline"].replace(year=NOON.year + 50)
    service.count_hit({"id": str(payload["id"]), "deadline": deadline.isoformat(), "address": "192.0.2.7"})
    for caller in (MANAGER, NOBODY):
        service.caller = caller
        with pytest.raises(Refused):
            service.count_hit({"id": str(payload["id"]), "deadline": deadline.isoformat(), "address": "192.0.2.7"})
