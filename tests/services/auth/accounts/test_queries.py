"""Queries about members and officers, on real databases."""

from services.auth.accounts import queries
from services.auth.register import import_batch
from services.auth.sign_in.credentials import Passwords
from services.auth.tables import PERSONS
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from tests.services.auth.samples import ADMIN, OTHER, ROW, appoint, appointment, import_of


def test_names_are_given_of_the_callers_provinces_only(records: Records) -> None:
    import_batch.import_members(records, import_of(ROW, OTHER | {"province": "fars"}), ADMIN)
    with records.read() as connection:
        names = queries.member_names(connection, ["012345", "012346", "999999"], ADMIN.provinces)
        assert names == {"012345": "آرمين سنگ‌تراش", "012346": "نگار سنگ‌تراش"}
        assert queries.member_names(connection, ["012345", "012346"], {"fars"}) == {"012346": "نگار سنگ‌تراش"}
        assert queries.member_names(connection, [], {"fars"}) == {}


def test_an_erased_person_leaves_a_member_without_a_name(records: Records) -> None:
    import_batch.import_members(records, import_of(ROW), ADMIN)
    records.write(lambda connection: connection.execute(PERSONS.delete()))
    with records.read() as connection:
        card = queries.member_card(connection, "012345", has_own_password=True)
        assert (card.first_name, card.last_name, card.national_code_masked, card.province) == ("", "", "", "isfahan")
        assert card.has_own_password
        assert queries.member_names(connection, ["012345"], {"isfahan"}) == {}


def test_a_passport_has_the_present_rights_of_the_account(records: Records, passwords: Passwords) -> None:
    import_batch.import_members(records, import_of(ROW), ADMIN)
    appoint(records, passwords, appointment())
    with records.read() as connection:
        assert queries.passport_of(connection, "member:012345") == Passport(
            principal_kind=PrincipalKind.MEMBER, subject="012345"
        )
        modir = queries.passport_of(connection, "officer:modir")
        assert modir == Passport(
            principal_kind=PrincipalKind.OFFICER,
            subject="modir",
            roles=frozenset({Role.MANAGER}),
            provinces=frozenset({"isfahan"}),
        )
        assert [card.officer for card in queries.officer_cards(connection)] == ["admin", "modir", "rahbar"]
        for nobody in ("member:999999", "officer:ghost", "officer:012345", "member:modir", "program:auth", ""):
            assert queries.passport_of(connection, nobody) is None
