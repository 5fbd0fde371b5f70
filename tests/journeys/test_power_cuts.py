"""A standalone instance dies between any two steps and is started again: the flow goes on as if nothing had been."""

from collections.abc import Iterator, Sequence

import pytest

from clients.admin.transport.http import HttpServer
from deploy import demonstration
from shared.contract import cloud_events
from shared.contract.envelope import Recorded
from shared.contract.operations import queries
from shared.services import SOURCES
from tests.demo import __main__ as demo
from tests.demo import checks, users
from tests.demo.browser import Unexpected
from tests.demo.checks import Outcome
from tests.demo.event_logs import Logs, must_be_whole
from tests.demo.steps import Scenario, steps
from tests.support.servers import instance

EVENTS_SECONDS = 20


@pytest.fixture(scope="module")
def survived() -> Iterator[tuple[Scenario, Sequence[Recorded], Outcome, dict[str, list[Recorded]]]]:
    """A renewal through as many `kill -9` as it has steps: who, its events, what came of it, and every log from its start."""
    with instance.standalone() as cluster:
        admin = demonstration.signed_in(cluster.portal, "admin", demonstration.admin_password())
        scenario = Scenario(cluster.portal, users.applicant(), users.officer("manager"))
        users.wait_until_known(admin, scenario.applicant)
        logs, due = Logs(admin), list[str]()
        for step in steps():
            step.do(scenario)
            cluster.kill()
            cluster.start()
            due += step.brings
            logs.wait_for(due, scenario.applicant.name, EVENTS_SECONDS)
        member = HttpServer(cluster.portal, scenario.members_browser.cookie(demo.SESSION_COOKIE), EVENTS_SECONDS)
        found = checks.outcome(member, scenario)
        yield (
            scenario,
            logs.of(scenario.applicant.name),
            found,
            {service: whole_log(admin, service) for service in SOURCES},
        )
        for client in (admin, member, scenario):
            client.close()
        cluster.kill()


def whole_log(admin: HttpServer, service: str) -> list[Recorded]:
    answer = admin.call(queries.ReadEvents(after=0), service=service)
    return [cloud_events.from_json(one.cloud_event) for one in answer.events]


Survived = tuple[Scenario, Sequence[Recorded], Outcome, dict[str, list[Recorded]]]


@pytest.mark.slow
def test_nothing_is_missing_or_doubled_after_a_kill_between_any_two_steps(survived: Survived) -> None:
    scenario, events, found, logs = survived
    checks.check(scenario, events, found)
    for service, log in logs.items():
        must_be_whole(service, 0, log)
        assert len({one.event_id for one in log}) == len(log)
    assert len(logs["renewal"]) == 4
    assert len(logs["payment"]) == 4
    assert len(logs["bank"]) == 1


def test_the_roll_is_loaded_once_though_every_start_offers_it(survived: Survived) -> None:
    _, _, _, logs = survived
    members = [one.stream for one in logs["auth"] if one.type == "MemberEnrolled"]
    assert len(members) == len(set(members)) == len(demonstration.rows("register.csv"))
    officers = [one.stream for one in logs["auth"] if one.type == "OfficerAppointed"]
    assert len(officers) == len(set(officers))
    types = {one.type for one in logs["auth"]}
    assert types <= {"MemberEnrolled", "AppointmentRequested", "OfficerAppointed", "NewDeviceSignedIn"}


def test_the_check_notices_an_event_too_many_and_one_too_few(survived: Survived) -> None:
    scenario, events, found, _ = survived
    settled = checks.only(events, "PaymentSettled")
    for wrong in ([*events, settled], [one for one in events if one is not settled]):
        with pytest.raises(Unexpected, match="the events of payment"):
            checks.check(scenario, wrong, found)


def test_the_check_notices_another_amount(survived: Survived) -> None:
    scenario, events, found, _ = survived
    invoice = found.invoice.model_copy(update={"amount_rials": found.invoice.amount_rials - 10})
    with pytest.raises(Unexpected, match="the invoice"):
        checks.check(scenario, events, Outcome(invoice, found.explanation))


def test_the_check_notices_a_capacity_that_its_lines_do_not_explain(survived: Survived) -> None:
    scenario, events, found, _ = survived
    explanation = found.explanation.model_copy(update={"lines": found.explanation.lines[:-1]})
    with pytest.raises(Unexpected, match="the lines of the capacity"):
        checks.check(scenario, events, Outcome(found.invoice, explanation))
