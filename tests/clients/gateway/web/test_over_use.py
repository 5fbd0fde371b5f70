"""Over-used capacity: each page shows ceiling, sum and excess, with unambiguous numbers."""

import re

import pytest
from flask.testing import FlaskClient

from clients.gateway.web import labels
from shared.contract.capacity import answers
from shared.contract.values import LicenceField
from tests.clients.gateway import samples
from tests.clients.gateway.fake_services import FakeServices

WHOLE = "مجموع کسرها ۹۶۰ P است، سقف ظرفیت سال ۷۲۰ P: ۲۴۰ P بیش از سقف."
OF_FIELD = "کسرهای رستهٔ استخراج معدن ۳۶۰٫۵ P است، سقف این رسته ۳۰۰ P: ۶۰٫۵ P بیش از سقف."
FIELD = answers.FieldCapacity(field=LicenceField.EXTRACTION, ceiling_units=30000, used_units=36050, remaining_units=0)
ROOMY = answers.FieldCapacity(field=LicenceField.SURVEYING, ceiling_units=30000, used_units=30000, remaining_units=0)
OVER = samples.capacity(
    used_units=96000, remaining_units=0, warnings=("over_ceiling", "over_field_ceiling"), fields=(FIELD, ROOMY)
)
OTHERS = ("degree_not_allowed", "field_not_in_licence", "dates_out_of_order", "outside_year", "full_time_twice")
MINES = "kind=mine_technical_manager&degree=1&quantity=1&starts_on=1405/07/01"


@pytest.fixture(autouse=True)
def too_much(services: FakeServices) -> None:
    services.renewal = samples.renewal("submitted")
    services.capacity, services.over_use = OVER, (OVER,)
    services.units = answers.JobUnits(
        units=(72000,),
        employment_units=24000,
        ceiling_units=72000,
        fields=(FIELD, ROOMY),
        problems={"jobs": "over_ceiling", "fields.extraction": "over_field_ceiling"},
    )
    services.what_if = samples.what_if(
        fits=False,
        remaining_units=-24000,
        ceiling_units=72000,
        used_units=96000,
        fields=(FIELD, ROOMY),
        problems={"over_ceiling": "1405 ceilings.grade_2.extraction", "over_field_ceiling": ""},
    )


def read(client: FlaskClient, path: str) -> str:
    """A page's words without its markup."""
    return re.sub(r"\s+", " ", re.sub("<[^>]*>", "", client.get(path).text))


@pytest.mark.parametrize("path", ["/member", "/member/capacity/1405", f"/member/capacity/what-if?{MINES}"])
def test_the_member_reads_ceiling_sum_and_excess(member: FlaskClient, path: str) -> None:
    page = read(member, path)
    assert WHOLE in page
    assert '<bdi dir="ltr">۲۴۰</bdi> P' in member.get(path).text, "each number stands by itself between Latin letters"
    assert OF_FIELD in page
    assert "نقشه‌برداری معدن" not in page.partition("نوع شغل")[0]


@pytest.mark.parametrize("path", ["/desk/0012345/1405", "/desk/0012345/1405/capacity", "/desk/capacity?year=1405"])
def test_the_manager_reads_the_same_numbers(manager: FlaskClient, path: str) -> None:
    page = read(manager, path)
    assert WHOLE in page
    assert OF_FIELD in page


def test_each_reads_what_is_meant_for_them(member: FlaskClient, manager: FlaskClient) -> None:
    """The member may send all the same; the manager may approve all the same."""
    sent, review = read(member, "/member/declaration/sent"), read(manager, "/desk/0012345/1405")
    assert "می‌توانید بفرستید" not in review
    assert "این مانع تأیید نیست" in review
    assert "این مانع تأیید نیست" not in sent


def test_without_the_numbers_of_a_field_the_warning_is_still_shown(member: FlaskClient, services: FakeServices) -> None:
    services.capacity = OVER.model_copy(update={"fields": ()})
    assert "کسرهای یک رسته از سقف همان رسته بیشتر است." in read(member, "/member")


@pytest.mark.parametrize("code", OTHERS)
def test_a_warning_about_a_job_says_that_it_is_about_one(
    member: FlaskClient, services: FakeServices, code: str
) -> None:
    services.capacity = samples.capacity(warnings=(code, "licence_expires_early"))
    home = member.get("/member").text
    assert f"یکی از فعالیت‌ها: {labels.capacity_code(code)}" in home
    assert f">{labels.capacity_code('licence_expires_early')}" in home
