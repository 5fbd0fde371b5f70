"""New officers for the journeys, appointed by two admins."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from clients.admin.transport.http import HttpServer
from deploy import demonstration
from shared.contract.auth import commands
from shared.contract.values import Role
from tests.demo import users
from tests.demo.users import Person
from tests.journeys import driver
from tests.support.servers import instance


def appointed(cluster: instance.Instance, admin: HttpServer, role: Role) -> Person:
    """An officer whom the second admin has requested and the first one granted."""
    person, second = Person(f"amniat-{uuid4().hex[:6]}", uuid4().hex), users.officer("admin", nth=1)
    about: dict[str, Any] = {"full_name": "همکار نمایشی", "roles": (role,), "provinces": (users.PROVINCE,)}
    about |= {"officer": person.name, "password": person.secret}
    appointment = commands.AppointOfficer.model_validate({**fresh(), **about})
    with closing(demonstration.signed_in(cluster.portal, second.name, second.secret)) as server:
        server.call(appointment)
    admin.call(commands.GrantOfficerRequest(**fresh(), officer=person.name, request=appointment.id))
    return person


def fresh() -> dict[str, Any]:
    return {"id": uuid4(), "deadline": datetime.now(UTC) + timedelta(seconds=driver.ANSWER_SECONDS)}
