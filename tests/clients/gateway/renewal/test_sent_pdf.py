from flask.testing import FlaskClient

from tests.clients.gateway import samples
from tests.clients.gateway.conftest import SignedIn
from tests.clients.gateway.fake_services import FakeServices
from tests.support.pdf_text import pdf_text

FILE = "/member/declaration/sent.pdf"


def test_the_file_has_what_was_sent(member: FlaskClient, services: FakeServices) -> None:
    services.renewal = samples.renewal("submitted")
    assert f'href="{FILE}"' in member.get("/member/declaration/sent").text
    answer = member.get(FILE)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="tamdid-declaration-1405.pdf"'
    found = pdf_text(answer.data)
    for line in (
        "خوداظهاری سال ۱۴۰۵",
        "7K3MX09QTB",
        "۰۹۱۳۱۲۳۴۵۶۷",
        "maryam@example.ir",
        "خیابان چهارباغ",
        "شرکت معادن نمونه",
        "1288",  # drawn as K-1288; PDFium reads the sign on the other side
    ):
        assert line in found, line


def test_before_anything_was_sent_there_is_no_file(member: FlaskClient, services: FakeServices) -> None:
    services.renewal = samples.renewal("requested")
    assert member.get(FILE).status_code == 404


def test_officers_have_no_such_file(signed_in: SignedIn) -> None:
    assert signed_in("manager-session").get(FILE).status_code == 403
