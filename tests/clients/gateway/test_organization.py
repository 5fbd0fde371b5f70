from pathlib import Path

import pytest
from flask.testing import FlaskClient

from clients.gateway import organization
from shared.policies.policy_files import PolicyError
from tests.clients.gateway import samples
from tests.clients.gateway.fake_services import FakeServices


def test_an_organization_of_the_file_has_its_telephone_and_address() -> None:
    office = organization.load().of_province("isfahan")
    assert office.telephone == "031-00000000"
    assert office.letterhead.name == "سازمان نظام مهندسی معدن استان اصفهان"
    assert office.letterhead.lines[-1] == "تلفن \u2066۰۳۱-۰۰۰۰۰۰۰۰\u2069"


def test_an_organization_that_the_file_does_not_name_has_its_name_alone() -> None:
    office = organization.load().of_province("yazd")
    assert office.letterhead == ("سازمان نظام مهندسی معدن استان یزد", ())


def test_a_wrong_line_is_named(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text('[of.yazd]\ntelephone = "call us"\n', "utf-8")
    with pytest.raises(PolicyError, match=r"own.toml \[of\] yazd.telephone"):
        organization.load(file)


def test_a_member_reads_the_own_province_s_organization_on_each_page(
    member: FlaskClient, services: FakeServices
) -> None:
    services.card = services.card.model_copy(update={"province": "yazd"})
    services.renewal = samples.renewal("submitted")
    own = '<span class="brand-of">سازمان نظام مهندسی معدن استان یزد</span>'
    assert own in member.get("/member").text
    assert own in member.get("/member/renewal").text, "a page that does not ask for the register's entry"


def test_an_officer_who_reads_a_member_s_entry_keeps_the_own_head(manager: FlaskClient, services: FakeServices) -> None:
    services.card = services.card.model_copy(update={"province": "fars"})
    services.renewal = samples.renewal("submitted", opened_at=samples.NOW)
    assert "استان فارس</span>" not in manager.get("/desk/0012345/1405").text
