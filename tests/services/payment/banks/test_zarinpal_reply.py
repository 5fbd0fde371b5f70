import pytest

from services.payment.banks.port import Paid, Unknown
from services.payment.banks.zarinpal import paid
from services.payment.banks.zarinpal_reply import Reply, read


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"data": {"code": 100}, "errors": []}', 100),
        (b'{"data": {"code": "100", "x": null}, "errors": []}', 100),
        (b'{"data": [], "errors": {"code": -9, "message": "", "validations": []}}', -9),
        (b'{"data": {}, "errors": {"code": "-51"}}', -51),
        (b'{"data": [], "errors": [{"code": -50}, {"code": -9}]}', -50),
        (b'{"errors": {"code": -54}}', -54),
        # An error beside data wins: a yes must be a clean one
        (b'{"data": {"code": 100}, "errors": {"code": -51}}', -51),
    ],
)
@pytest.mark.parametrize("status", [200, 401, 422])
def test_the_body_decides_and_not_the_status(body: bytes, code: int, status: int) -> None:
    reply = read(status, body)
    assert isinstance(reply, Reply)
    assert reply.code == code


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b'{"data": {"code": 100}, "errors": []}'),
        (502, b"<html>Bad Gateway</html>"),
        (200, b"<html>maintenance</html>"),
        (200, b""),
        (200, b"[]"),
        (200, b"null"),
        (200, b'"100"'),
        (200, b"{}"),
        (200, b'{"data": [], "errors": []}'),
        (200, b'{"data": {"code": 100}, "errors": {"message": "no code"}}'),
        (200, b'{"data": {"code": true}}'),
        (200, b'{"data": {"code": 100.0}}'),
        (200, b'{"data": {"code": "abc"}}'),
        (200, b"\xff\xfe"),
        (200, b"[" * 100_000),
        (200, b'{"data": {"code": 100}, "pad": "' + b"x" * 1_000_000 + b'"}'),
    ],
)
def test_what_is_no_answer_is_unknown(status: int, body: bytes) -> None:
    assert isinstance(read(status, body), Unknown)


@pytest.mark.parametrize(
    ("data", "reference"),
    [({"ref_id": 201}, "201"), ({"ref_id": "201", "fee": "12"}, "201"), ({"ref_id": 201, "fee": None}, "201")],
)
def test_a_reference_may_be_a_number_or_a_text(data: dict[str, object], reference: str) -> None:
    verdict = paid(Reply(100, data))
    assert isinstance(verdict, Paid)
    assert verdict.reference == reference


@pytest.mark.parametrize(
    "data", [{}, {"ref_id": ""}, {"ref_id": 0}, {"ref_id": None}, {"ref_id": ["201"]}, {"ref_id": "1" * 101}]
)
def test_a_yes_without_a_reference_proves_nothing(data: dict[str, object]) -> None:
    assert isinstance(paid(Reply(100, data)), Unknown)
