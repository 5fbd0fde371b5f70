"""What the journeys share: one standalone instance for all who do not end it, and as many members as they need."""

from collections.abc import Iterator

import pytest

from clients.admin.transport.http import HttpServer
from deploy import demonstration
from tests.demo import steps, users
from tests.demo.event_logs import Logs
from tests.demo.steps import Scenario
from tests.journeys import driver
from tests.support.servers import instance


@pytest.fixture(scope="session")
def cluster() -> Iterator[instance.Instance]:
    """A standalone instance that nobody stops."""
    with instance.standalone() as running:
        yield running


@pytest.fixture(scope="session")
def admin(cluster: instance.Instance) -> Iterator[HttpServer]:
    server = demonstration.signed_in(cluster.portal, "admin", demonstration.admin_password())
    yield server
    server.close()


@pytest.fixture
def logs(admin: HttpServer) -> Logs:
    """The logs from now on."""
    return Logs(admin)


@pytest.fixture
def scenario(cluster: instance.Instance, admin: HttpServer) -> Iterator[Scenario]:
    """A member whom nobody knew before, and the manager of the province."""
    scenario = Scenario(cluster.portal, users.newcomer(admin), users.officer("manager"))
    yield scenario
    scenario.close()


@pytest.fixture(scope="session")
def lost_payment(cluster: instance.Instance, admin: HttpServer) -> Iterator[Scenario]:
    """A member who has paid, of which neither the browser nor the bank has told us; a minute later we ask for ourselves.

    Whoever runs early asks for it too, so that the minute passes while others are at work.
    """
    scenario = Scenario(cluster.portal, users.newcomer(admin), users.officer("manager"), "lost-everything")
    driver.until(scenario, steps.pay)
    yield scenario
    scenario.close()
