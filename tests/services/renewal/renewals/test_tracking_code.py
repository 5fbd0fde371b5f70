from uuid import uuid4

from services.renewal.renewals.tracking_code import tracking_code


def test_a_tracking_code_follows_from_the_request() -> None:
    one = uuid4()
    assert tracking_code(one) == tracking_code(one) != tracking_code(uuid4())
    assert len(tracking_code(one)) == 10
