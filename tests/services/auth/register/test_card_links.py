"""The link by which strangers check a card: unguessable, revocable, rate-limited, and its views shown to the member."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from pydantic import SecretStr

from services.auth.register import card_links, import_batch
from services.auth.register.card_links import HITS_MAX, WINDOW
from services.auth.service import AuthService
from services.auth.tables import ACCOUNTS, CARD_VIEWS, MEMBERS, RATE_LIMIT_HITS
from shared.contract.auth import answers, commands, queries
from shared.contract.passport import NOBODY, Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from tests.services.auth.samples import ADMIN, NOON, OTHER, ROW, import_of, stamps

MEMBER = "012345"
GATEWAY = Passport(principal_kind=PrincipalKind.PROGRAM, subject="gateway")


@pytest.fixture
def listed(records: Records) -> Records:
    import_batch.import_members(records, import_of(ROW, OTHER), ADMIN)
    return records


def issue(records: Records, token: str, member: str = MEMBER, id: UUID | None = None) -> None:  # noqa: A002
    command = commands.IssueCardLink(**{**stamps(id=id), "member": member})
    records.write(lambda connection: card_links.issue(connection, command, token))


def view(
    records: Records,
    token: str,
    at: datetime = NOON,
    id: UUID | None = None,  # noqa: A002
) -> answers.CheckedMember | None:
    command = commands.OpenCardLink(**{**stamps(at, id), "token": SecretStr(token)})
    return records.write(lambda connection: card_links.open_link(connection, command))


def link(records: Records, member: str = MEMBER) -> answers.CardLink:
    with records.read() as connection:
        return card_links.find(connection, member)


def hit(records: Records, at: datetime, address: str = "192.0.2.7") -> bool:
    try:
        records.write(lambda connection: card_links.count_hit(connection, address, at))
    except Refused as refused:
        return refused.reason is not Reason.TOO_MANY_ATTEMPTS
    return True


def test_a_link_shows_the_register_entry_of_its_member(listed: Records) -> None:
    issue(listed, "secret")
    found = view(listed, "secret")
    assert found is not None
    assert (found.member, found.first_name, found.paid_through) == (MEMBER, "آرمين", 1404)
    assert view(listed, "another") is None
    assert view(listed, MEMBER) is None


def test_a_new_link_ends_the_one_before(listed: Records) -> None:
    issue(listed, "first")
    issue(listed, "second")
    assert view(listed, "first") is None
    assert link(listed).token == "second"


def test_the_same_command_again_leaves_the_link_as_it_is(listed: Records) -> None:
    command = uuid4()
    issue(listed, "first", id=command)
    issue(listed, "second", id=command)
    assert link(listed).token == "first"


def test_a_revoked_link_leads_nowhere_and_may_be_made_again(listed: Records) -> None:
    issue(listed, "first")
    listed.write(lambda connection: card_links.revoke(connection, MEMBER))
    assert view(listed, "first") is None
    assert (link(listed).token, link(listed).issued_at) == (None, None)
    issue(listed, "third")
    assert view(listed, "third") is not None


def test_two_members_may_have_revoked_links(listed: Records) -> None:
    for member in (MEMBER, "012346"):
        issue(listed, f"of {member}", member)
        listed.write(lambda connection, member=member: card_links.revoke(connection, member))  # type: ignore[misc]
    assert view(listed, "of 012346") is None


def test_each_view_is_shown_to_the_member_and_a_repeated_one_once(listed: Records) -> None:
    issue(listed, "secret")
    command = uuid4()
    for id_ in (command, command):
        view(listed, "secret", NOON, id_)
    view(listed, "secret", NOON + timedelta(minutes=1))
    assert (link(listed).views, link(listed).viewed_at) == (2, (NOON + timedelta(minutes=1), NOON))
    assert link(listed, "012346") == answers.CardLink(token=None)


def test_what_is_kept_of_a_view_is_when_and_whose_card(listed: Records) -> None:
    assert {column.name for column in CARD_VIEWS.columns} == {"id", "command", "member", "at"}


def test_all_addresses_of_one_ipv6_network_count_together(listed: Records) -> None:
    """Whoever has a /64 has more addresses than a limit for each of them would ever count."""
    assert all(hit(listed, NOON, f"2001:db8::{number + 1:x}") for number in range(HITS_MAX))
    assert not hit(listed, NOON, "2001:db8::ffff")
    assert hit(listed, NOON, "2001:db8:0:1::1")


def test_an_address_over_the_rate_limit_has_to_wait(listed: Records) -> None:
    assert all(hit(listed, NOON + timedelta(seconds=number)) for number in range(HITS_MAX))
    late = NOON + timedelta(minutes=5)
    assert not hit(listed, late)
    assert hit(listed, late, "192.0.2.8")
    assert hit(listed, NOON + WINDOW)
    assert not hit(listed, NOON + WINDOW)


def test_addresses_are_forgotten_after_the_window(listed: Records) -> None:
    issue(listed, "secret")
    view(listed, "secret")
    hit(listed, NOON)
    listed.write(lambda connection: card_links.delete_expired(connection, NOON + WINDOW))
    with listed.read() as connection:
        assert connection.execute(RATE_LIMIT_HITS.select()).all() == []
    assert link(listed).views == 1


def test_a_link_of_a_member_who_left_the_register_leads_nowhere(listed: Records) -> None:
    issue(listed, "secret")
    gone = MEMBERS.delete().where(MEMBERS.c.member == MEMBER)
    listed.write(lambda connection: connection.execute(gone).close())
    assert view(listed, "secret") is None


@pytest.fixture
def service(listed: Records) -> AuthService:
    row = {"account": f"member:{MEMBER}", "password_hash": "", "is_own": True, "is_chosen": True, "changed_at": NOON}
    listed.write(lambda connection: connection.execute(ACCOUNTS.insert().values(row)).close())
    made = AuthService()
    made.records = listed
    return made


def call_as(service: AuthService, caller: Passport, call: object) -> object:
    service.caller = caller
    return getattr(service, call.method)(call.model_dump(mode="json"))  # type: ignore[attr-defined]


OWN = Passport(principal_kind=PrincipalKind.MEMBER, subject=MEMBER)
OTHERS = [
    Passport(principal_kind=PrincipalKind.MEMBER, subject="012346"),
    Passport(
        principal_kind=PrincipalKind.OFFICER, subject="root", roles=frozenset(Role), provinces=frozenset({"isfahan"})
    ),
    GATEWAY,
    NOBODY,
]


def test_only_the_member_makes_sees_and_revokes_the_link(service: AuthService) -> None:
    content = {"member": MEMBER}
    messages = [
        lambda: commands.IssueCardLink(**stamps(datetime.now(NOON.tzinfo)), **content),  # type: ignore[arg-type]
        lambda: commands.RevokeCardLink(**stamps(datetime.now(NOON.tzinfo)), **content),  # type: ignore[arg-type]
        lambda: queries.GetCardLink(member=MEMBER),
    ]
    for make in messages:
        for caller in OTHERS:
            with pytest.raises(Refused):
                call_as(service, caller, make())
        assert call_as(service, OWN, make()) is not None


def test_only_the_gateway_opens_links_and_each_try_counts(service: AuthService) -> None:
    first = commands.IssueCardLink(**stamps(datetime.now(NOON.tzinfo)), member=MEMBER)
    token = answers.CardLink.model_validate(call_as(service, OWN, first)).token
    assert token is not None
    assert len(token) >= 22

    def opening(secret: str) -> commands.OpenCardLink:
        stamped = stamps(datetime.now(NOON.tzinfo))
        return commands.OpenCardLink(**stamped, token=SecretStr(secret), address="192.0.2.7")

    for caller in (OWN, OTHERS[1], NOBODY, Passport(principal_kind=PrincipalKind.PROGRAM, subject="bank")):
        with pytest.raises(Refused):
            call_as(service, caller, opening(token))
    assert answers.CheckedMember.model_validate(call_as(service, GATEWAY, opening(token))).member == MEMBER
    for _ in range(HITS_MAX - 1):
        with pytest.raises(Refused, match="unknown_link"):
            call_as(service, GATEWAY, opening("guessed"))
    with pytest.raises(Refused, match="too_many_attempts"):
        call_as(service, GATEWAY, opening(token))
    assert link(service.records).views == 1
