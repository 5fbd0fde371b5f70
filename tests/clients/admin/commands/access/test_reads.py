"""`tamdid reads`: the reads of all services as one list."""

from datetime import timedelta

import pytest

from shared.contract.operations import answers, queries
from shared.contract.values import Role
from shared.services import SERVICES
from tests.clients.admin.fake_server import NOW, Tamdid


def read(message: str, minutes_ago: int = 0, member: str = "0012345", officer: str = "maryam") -> answers.Read:
    return answers.Read(
        member=member,
        year=1405,
        officer=officer,
        roles=(Role.MANAGER,),
        message=message,
        at=NOW - timedelta(minutes=minutes_ago),
    )


@pytest.fixture
def auditor(maryam: Tamdid) -> Tamdid:
    nothing = answers.Reads(reads=(), total=0)
    found = {
        "auth": answers.Reads(reads=(read("GetMember"), read("ReadEvents", 20, member="")), total=2),
        "renewal": answers.Reads(reads=(read("GetRenewal", 10, officer="reza"),), total=1),
    }
    maryam.server.replies = {f"{service}.list_reads": found.get(service, nothing) for service in SERVICES}
    return maryam


def test_reads_are_listed_the_newest_first_with_who_and_what(auditor: Tamdid) -> None:
    result = auditor("--language", "fa", "reads", "--member", "۰۰۱۲۳۴۵")
    assert result.exit_code == 0, result.output
    lines = [line for line in result.stdout.splitlines() if "۱۴۰۵/۰۷/۱۵" in line]
    for line, words in zip(
        lines, [("مریم تهرانی", "مشخصات"), ("رضا کاشانی", "تمدید"), ("دفتر رویدادها",)], strict=True
    ):
        assert all(word in line for word in words)
    assert {one.member for one in auditor.server.sent(queries.ListReads)} == {"0012345"}


def test_a_page_counts_in_the_whole_list(auditor: Tamdid) -> None:
    document = auditor.json("reads", "--officer", "maryam", "--limit", "1", "--offset", "1")
    assert [one["message"] for one in document["reads"]] == ["GetRenewal"]
    assert document["total"] == 3


def test_without_a_member_or_an_officer_nothing_is_asked(auditor: Tamdid) -> None:
    assert auditor("reads").exit_code == 2
    assert auditor.server.sent(queries.ListReads) == []
