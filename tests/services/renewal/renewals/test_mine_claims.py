"""One technical manager a mine: whoever claims it second is shown to the managers of each province concerned."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4

import pytest

from services.renewal.renewals import mine_claims
from services.renewal.service import LOG, RenewalService
from services.renewal.tables import MINE_CLAIMS
from shared.contract import base
from shared.contract.base import Message
from shared.contract.envelope import Metadata
from shared.contract.operations.queries import ListReads
from shared.contract.passport import NOBODY, Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import answers, queries
from shared.contract.values import Job, JobKind, Role
from tests.services.renewal import samples as s

A = TypeVar("A", bound=base.Answer)
FIRST, SECOND, THIRD = "0123456", "0777777", "0999999"
MINE = s.JOB.model_copy(update={"cadastre_code": "K-12/88"})
ISFAHAN = Passport(
    principal_kind=PrincipalKind.OFFICER,
    subject="maryam",
    roles=frozenset({Role.MANAGER}),
    provinces=frozenset({"isfahan"}),
)
YAZD = ISFAHAN.model_copy(update={"provinces": frozenset({"yazd"})})
FARS = ISFAHAN.model_copy(update={"provinces": frozenset({"fars"})})


def receive(service: RenewalService, *facts: base.Event) -> None:
    """Record facts of one renewal at the end of its stream."""
    about: Any = facts[0]
    stream = f"renewal/{about.member}/{about.year}"
    metadata = Metadata(correlation_id=uuid4(), causation_id=uuid4())
    with service.records.read() as connection:
        version = len(LOG.stream(connection, stream))
    service.records.write(lambda connection: LOG.append(connection, stream, version, facts, metadata, s.AT))


def claim(
    service: RenewalService, member: str, *jobs: Job, province: str = "isfahan", hour: int = 0, version: int = 1
) -> None:
    """A member requests and declares these jobs."""
    at = s.AT + timedelta(hours=hour)
    about = {"member": member}
    declared = s.submitted(version).model_copy(update={**about, "jobs": jobs or (MINE,), "submitted_at": at})
    requested = s.REQUESTED.model_copy(update={**about, "province": province})
    receive(service, *([requested, declared] if version == 1 else [declared]))


@pytest.mark.parametrize(
    ("caller", "reason"),
    [
        (ISFAHAN, Reason.UNKNOWN_MEMBER),
        (Passport(principal_kind=PrincipalKind.MEMBER, subject=FIRST), Reason.NOT_ALLOWED),
    ],
)
def test_only_an_officer_learns_that_a_number_is_nobodys(
    service: RenewalService, caller: Passport, reason: Reason
) -> None:
    with pytest.raises(Refused) as refused:
        call(service, caller, queries.GetRenewal(member="9999999", year=s.YEAR))
    assert refused.value.reason is reason


def contested(service: RenewalService, province: str = "isfahan") -> list[list[str]]:
    """The claimants of each contested mine of a province, the first one first."""
    with service.records.read() as connection:
        found = mine_claims.contested_in(connection, queries.ListContestedMines(province=province, year=s.YEAR))
    assert found.total == len(found.mines)
    return [[one.member for one in mine.claims] for mine in found.mines]


def call(service: RenewalService, caller: Passport, query: Message[A]) -> A:
    service.caller = caller
    return query.answer().model_validate(getattr(service, query.method)(query.model_dump(mode="json")))


@pytest.mark.parametrize("code", ["K-12/88", "k1288", " K 12 88 ", "K-۱۲/۸۸", "K_12.88"])
def test_a_second_claim_is_found_however_the_code_is_written(service: RenewalService, code: str) -> None:
    claim(service, FIRST)
    assert contested(service) == []
    claim(service, SECOND, MINE.model_copy(update={"cadastre_code": code}), province="yazd", hour=1)
    assert contested(service) == contested(service, "yazd") == [[FIRST, SECOND]]
    assert contested(service, "fars") == []


def test_who_claimed_first_stays_first_through_a_correction(service: RenewalService) -> None:
    claim(service, FIRST)
    claim(service, SECOND, hour=1)
    receive(service, s.RETURNED)
    claim(service, FIRST, hour=2, version=2)
    assert contested(service) == [[FIRST, SECOND]]


@pytest.mark.parametrize("ends", [s.WITHDRAWN, s.REJECTED], ids=["withdrawn", "rejected"])
def test_a_renewal_that_ends_claims_nothing_any_more(service: RenewalService, ends: base.Event) -> None:
    claim(service, FIRST)
    claim(service, SECOND, hour=1)
    receive(service, ends)
    assert contested(service) == []


def test_a_correction_without_the_mine_gives_it_up(service: RenewalService) -> None:
    claim(service, FIRST)
    claim(service, SECOND, hour=1)
    receive(service, s.RETURNED)
    claim(service, FIRST, MINE.model_copy(update={"cadastre_code": "K-99"}), hour=2, version=2)
    assert contested(service) == []


def test_after_withdrawing_a_claim_counts_from_its_new_time(service: RenewalService) -> None:
    claim(service, FIRST)
    claim(service, SECOND, hour=1)
    receive(service, s.WITHDRAWN)
    claim(service, FIRST, hour=2)
    assert contested(service) == [[SECOND, FIRST]]


@pytest.mark.parametrize(
    ("starts", "ends", "is_contested"),
    [
        (date(2026, 4, 1), date(2026, 9, 22), False),
        (date(2026, 4, 1), date(2026, 9, 23), True),
        (date(2026, 12, 1), date(2026, 12, 1), True),
        (date(2027, 3, 20), date(2027, 3, 20), True),
        (date(2027, 3, 21), date(2027, 6, 1), False),
    ],
)
def test_one_after_the_other_may_manage_a_mine(
    service: RenewalService, starts: date, ends: date, is_contested: bool
) -> None:
    claim(service, FIRST)
    claim(service, SECOND, MINE.model_copy(update={"starts_on": starts, "ends_on": ends}), hour=1)
    assert bool(contested(service)) == is_contested


@pytest.mark.parametrize(
    "job",
    [
        MINE.model_copy(update={"kind": JobKind.MINE_INSPECTION}),
        MINE.model_copy(update={"cadastre_code": ""}),
        MINE.model_copy(update={"cadastre_code": "- /"}),
    ],
)
def test_other_work_in_a_mine_and_work_without_a_code_claim_nothing(service: RenewalService, job: Job) -> None:
    claim(service, FIRST, job)
    claim(service, SECOND, job, hour=1)
    assert contested(service) == []


def test_the_same_mine_in_two_spellings_of_one_declaration_is_one_claim(service: RenewalService) -> None:
    later = MINE.model_copy(update={"cadastre_code": "k1288", "ends_on": date(2027, 3, 1)})
    claim(service, FIRST, MINE, later)
    assert contested(service) == []
    with service.records.read() as connection:
        (row,) = connection.execute(MINE_CLAIMS.select())
    assert (row.mine, row.cadastre_code, row.ends_on) == ("K1288", "K-12/88", date(2027, 3, 20))


def test_a_review_shows_the_claims_against_this_declaration_and_no_others(service: RenewalService) -> None:
    claim(service, FIRST)
    claim(service, SECOND, MINE, MINE.model_copy(update={"cadastre_code": "X1"}), province="yazd", hour=1)
    claim(service, THIRD, MINE.model_copy(update={"cadastre_code": "X1"}), province="fars", hour=2)
    query = queries.GetRenewal(member=FIRST, year=s.YEAR)
    (mine,) = renewal(call(service, ISFAHAN, query)).contested_mines
    assert mine.cadastre_code == "K-12/88"
    assert [(one.member, one.province, one.status) for one in mine.claims] == [
        (FIRST, "isfahan", "submitted"),
        (SECOND, "yazd", "submitted"),
    ]
    of_second = renewal(call(service, YAZD, queries.GetRenewal(member=SECOND, year=s.YEAR))).contested_mines
    assert [one.cadastre_code for one in of_second] == ["K-12/88", "X1"]


def test_whoever_stands_in_a_review_of_another_member_sees_that_it_was_read(service: RenewalService) -> None:
    claim(service, FIRST)
    claim(service, SECOND, province="yazd", hour=1)
    call(service, ISFAHAN, queries.GetRenewal(member=FIRST, year=s.YEAR))
    itself = Passport(principal_kind=PrincipalKind.MEMBER, subject=SECOND)
    (read,) = call(service, itself, ListReads(member=SECOND)).reads
    assert (read.officer, read.message, read.year) == ("maryam", "GetRenewal", s.YEAR)


def renewal(found: answers.MemberRenewal) -> answers.Renewal:
    assert found.renewal is not None
    return found.renewal


def test_a_member_is_not_told_who_else_claims_a_mine(service: RenewalService) -> None:
    claim(service, FIRST)
    claim(service, SECOND, hour=1)
    itself = Passport(principal_kind=PrincipalKind.MEMBER, subject=FIRST)
    assert renewal(call(service, itself, queries.GetRenewal(member=FIRST, year=s.YEAR))).contested_mines == ()


def test_only_a_manager_of_the_province_lists_its_contested_mines(service: RenewalService) -> None:
    claim(service, FIRST)
    claim(service, SECOND, province="yazd", hour=1)
    for caller, province in ((ISFAHAN, "isfahan"), (YAZD, "yazd")):
        query = queries.ListContestedMines(province=province, year=s.YEAR)
        assert call(service, caller, query).total == 1
    assert call(service, FARS, queries.ListContestedMines(province="fars", year=s.YEAR)).total == 0
    clerk = ISFAHAN.model_copy(update={"roles": frozenset({Role.FINANCE})})
    for caller in (FARS, clerk, Passport(principal_kind=PrincipalKind.MEMBER, subject=FIRST), NOBODY):
        with pytest.raises(Refused) as refused:
            call(service, caller, queries.ListContestedMines(province="isfahan", year=s.YEAR))
        assert refused.value.reason in (Reason.NOT_ALLOWED, Reason.NOT_SIGNED_IN)


def test_a_long_list_comes_in_pages(service: RenewalService) -> None:
    codes = [MINE.model_copy(update={"cadastre_code": f"M{number}"}) for number in range(3)]
    for member in (FIRST, SECOND):
        claim(service, member, *codes)
    with service.records.read() as connection:
        found = mine_claims.contested_in(
            connection, queries.ListContestedMines(province="isfahan", year=s.YEAR, limit=2, offset=1)
        )
    assert ([one.cadastre_code for one in found.mines], found.total) == (["M1", "M2"], 3)
    assert found.mines[0].claims[0].claimed_at == datetime(2026, 4, 15, 9, 30, tzinfo=UTC)


def test_a_code_that_grows_when_it_is_folded_is_kept(service: RenewalService) -> None:
    longest = MINE.model_copy(update={"cadastre_code": "ß" * 30})
    claim(service, FIRST, longest)
    claim(service, SECOND, longest, hour=1)
    assert contested(service) == [[FIRST, SECOND]]
