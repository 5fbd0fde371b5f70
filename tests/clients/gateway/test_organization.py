from pathlib import Path

import pytest

from clients.gateway import organization
from shared.policies.policy_files import PolicyError


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
