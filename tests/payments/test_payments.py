"""The failure cases of docs/payments.md, each ending for the member as the contract says, in both ways to run."""

import re
from pathlib import Path

import pytest

from tests.payments.cases import CASES, differences
from tests.payments.run import Result, run
from tests.support import system
from tests.support.servers import servers

CONTRACT = Path(__file__).parents[2] / "docs" / "payments.md"


@pytest.fixture(scope="session")
def standalone() -> dict[int, Result]:
    """What came of each case in one process, on SQLite and the broker within."""
    with system.standalone() as one:
        return run(one)


@pytest.fixture(scope="session")
def distributed(rabbitmq_server: servers.RabbitMQ, postgres_server: servers.Postgres) -> dict[int, Result]:
    """The very same on RabbitMQ and PostgreSQL, each program a process of its own."""
    with system.distributed(rabbitmq_server, postgres_server) as one:
        return run(one)


@pytest.mark.slow
@pytest.mark.parametrize("number", sorted(CASES), ids=lambda number: CASES[number].name)
@pytest.mark.parametrize("on", ["standalone", "distributed"])
def test_a_payment_ends_as_it_must_when(request: pytest.FixtureRequest, on: str, number: int) -> None:
    result: Result = request.getfixturevalue(on)[number]
    assert result.trouble == ""
    assert result.seen is not None
    assert differences(result.seen, result.case.ends) == []


def test_every_case_of_the_contract_has_its_scenario() -> None:
    rows = re.findall(r"^\| (\d{1,2}) \| ", CONTRACT.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(CASES) == sorted(map(int, rows))


def test_what_is_seen_and_must_not_be_is_told() -> None:
    ends = CASES[1].ends
    seen = ends._replace(attempts=("held",), alerts=frozenset({"notice_not_signed", "amount_differs"}))
    assert differences(seen, ends) == [
        "attempts: ('held',) instead of ('settled',)",
        "alerts: frozenset({'amount_differs'}) instead of frozenset()",
    ]
