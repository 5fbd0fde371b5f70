"""The sandbox bank's switchboard, where several requests may share one transaction."""

from collections.abc import Callable
from contextvars import Context
from typing import TypeVar

import pytest
from sqlalchemy import Connection

from clients.bank import app
from shared.event_store.command_handler import Records
from tests.support import sandbox_bank
from tests.support.sandbox_bank import CALLBACK, MERCHANT, Clock

T = TypeVar("T")


class OfOtherWorkers(Records):
    """Records whose transactions are run by the worker of another request, as those of a busy program may be."""

    def write(self, work: Callable[[Connection], T]) -> T:
        return Context().run(super().write, work)


@pytest.mark.parametrize(("sent", "status"), [({"do": "age", "minutes": 31}, 200), ({"do": "nothing"}, 400)])
def test_what_was_sent_is_read_before_another_worker_acts_on_it(
    records: Records, clock: Clock, sent: dict[str, object], status: int
) -> None:
    shared = OfOtherWorkers(records.database, records.log)
    client = app.make_app(sandbox_bank.program(shared), clock).test_client()
    request = {"merchant_id": MERCHANT, "amount": 9_000_000, "callback_url": CALLBACK, "description": "حق عضویت"}
    opened = client.post("/pg/v4/payment/request.json", json=request).get_json()
    answer = client.post(f"/sandbox/sessions/{opened['data']['authority']}", json=sent)
    assert answer.status_code == status
