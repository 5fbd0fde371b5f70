"""The context of a request: what its header may say, and that each greenlet has its own."""

from uuid import UUID

import pytest

from shared.observability import request_context
from shared.observability.request_context import NOTHING, RequestContext

ID = UUID(int=7)


@pytest.mark.parametrize("header", [None, "", "no id", 7, {"no": "text"}, "0912\u00a0345"])
def test_a_header_that_holds_no_id_does_no_harm(header: object) -> None:
    assert request_context.id_from(header) is None


def test_messages_carry_the_correlation_id_on() -> None:
    assert request_context.headers() == {}
    with request_context.within(RequestContext("gateway", ID)):
        assert request_context.headers() == {"nameko.correlation_id": str(ID)}
    assert request_context.present() is NOTHING
