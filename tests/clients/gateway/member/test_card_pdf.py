from flask.testing import FlaskClient

from shared.contract.auth import queries as auth_queries
from shared.contract.capacity.answers import CapacityBand
from shared.contract.refusals import Reason
from tests.clients.gateway import samples
from tests.clients.gateway.conftest import SignedIn
from tests.clients.gateway.fake_services import FakeServices
from tests.support.pdf_text import pdf_text

FILE = "/member/card.pdf"


def test_the_card_has_name_validity_and_the_address_of_its_check(member: FlaskClient, services: FakeServices) -> None:
    services.card = samples.card(paid_through=1499)
    found = pdf_text(member.get(FILE).data)
    for line in (
        "سازمان نظام مهندسی معدن استان اصفهان",
        "زهرا",
        "۰۰۱۲۳۴۵",
        "تا ۱۴۹۹/۱۲/",
        "/card/gVb0c-Zk3S_QmN1yT7xLwA",
    ):
        assert line in found, line
    assert "تمدید نشده" not in found


def test_a_card_of_a_membership_that_is_not_renewed_says_so(member: FlaskClient, services: FakeServices) -> None:
    services.card = samples.card(paid_through=1390)
    services.band = CapacityBand(year=samples.YEAR, status="none", left="nothing")
    assert "تمدید نشده" in pdf_text(member.get(FILE).data)
    assert "تمدید نشده" in member.get("/member/card").text


def test_without_a_link_the_card_has_no_address(member: FlaskClient, services: FakeServices) -> None:
    services.link = samples.check_link(token=None)
    assert "/card/" not in pdf_text(member.get(FILE).data)


def test_without_the_register_there_is_no_card(member: FlaskClient, services: FakeServices) -> None:
    services.refuse(auth_queries.GetMember, Reason.NO_ANSWER)
    assert member.get(FILE).status_code == 503


def test_officers_have_no_such_file(signed_in: SignedIn) -> None:
    assert signed_in("manager-session").get(FILE).status_code == 403
