"""What one officer alone tries to do with money and officers, against the running services: it takes two."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from clients.admin.transport.http import HttpServer
from deploy import demonstration
from shared.contract.auth import commands as auth_commands
from shared.contract.base import Command
from shared.contract.payment import commands as payment_commands
from shared.contract.payment import queries as payment_queries
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import commands as renewal_commands
from shared.contract.values import Role, Waiver
from tests.demo import event_logs, expected, steps, users
from tests.demo.steps import Scenario
from tests.demo.users import Person
from tests.journeys import driver
from tests.support.servers import instance

PATIENCE_SECONDS = 20
REASON = "خسارت سیل در محل کار عضو"
SignIn = Callable[[Person], HttpServer]


@pytest.fixture
def sign_in(cluster: instance.Instance) -> Iterator[SignIn]:
    """The JSON API as an officer."""
    with ExitStack() as stack:

        def opened(person: Person) -> HttpServer:
            server = demonstration.signed_in(cluster.portal, person.name, person.secret)
            stack.callback(server.close)
            return server

        yield opened


def fresh() -> dict[str, Any]:
    return {"id": uuid4(), "deadline": datetime.now(UTC) + timedelta(seconds=driver.ANSWER_SECONDS)}


def refusal(server: HttpServer, command: Command[Any]) -> Reason:
    with pytest.raises(Refused) as refused:
        server.call(command)
    return Reason(refused.value.reason)


def test_a_manager_who_waives_the_whole_fee_neither_grants_nor_confirms_it(scenario: Scenario, sign_in: SignIn) -> None:
    driver.until(scenario, steps.send_declaration)
    member, year = scenario.applicant.name, scenario.year
    manager, deputy = sign_in(users.officer("manager")), sign_in(users.officer("manager", nth=1))
    finance = sign_in(users.officer("treasury"))
    about: dict[str, Any] = {"member": member, "year": year}
    fee = expected.due(year).amount_rials
    waivers = (Waiver(year=year, amount_rials=fee),)
    manager.call(
        renewal_commands.ApproveRenewal(**fresh(), **about, declaration_version=1, waivers=waivers, reason=REASON)
    )

    def invoices() -> Any:
        return manager.call(payment_queries.GetInvoices(member=member)).invoices

    event_logs.until(lambda: bool(invoices()), PATIENCE_SECONDS, "the invoice")
    [invoice] = invoices()
    assert (invoice.status, invoice.amount_rials, invoice.waiver_requested_rials) == ("open", fee, fee)
    waiting = finance.call(payment_queries.ListMoneyTasks(province=users.PROVINCE, member=member)).tasks
    [task] = [one for one in waiting if one.kind == "write_off_requested"]
    assert (task.cause, task.requested_by) == ("waiver", f"officer:{scenario.manager.name}")
    grant = payment_commands.GrantWriteOff(**fresh(), **about, request=task.task)
    confirm = payment_commands.ConfirmPayment(**fresh(), **about, amount_rials=fee)
    assert refusal(manager, grant) is Reason.OWN_REQUEST
    assert refusal(manager, confirm) is Reason.PAYMENT_NOT_SETTLED
    finance.call(grant.model_copy(update=fresh()))
    assert refusal(manager, confirm.model_copy(update=fresh())) is Reason.OWN_WAIVER
    assert invoices()[0].status == "settled"
    assert deputy.call(confirm.model_copy(update=fresh())).status == "confirmed"


def test_an_admin_neither_handles_money_nor_gives_it_to_the_own_name(admin: HttpServer, sign_in: SignIn) -> None:
    second = sign_in(users.officer("admin", nth=1))
    yesterday = (datetime.now(UTC) - timedelta(days=2)).date()
    assert refusal(admin, payment_commands.CloseDay(**fresh(), on=yesterday)) is Reason.NOT_ALLOWED
    both = appointment(f"both.{uuid4().hex[:6]}", Role.ADMIN, Role.TREASURY)
    assert refusal(second, both) is Reason.ROLES_EXCLUDED
    assert refusal(admin, appointment("admin", Role.TREASURY)) is Reason.NOT_ALLOWED


def test_an_admin_makes_no_ghost_who_grants_what_the_admin_requests(admin: HttpServer, sign_in: SignIn) -> None:
    second = sign_in(users.officer("admin", nth=1))
    ghost = appointment(f"ghost.{uuid4().hex[:6]}", Role.ADMIN)
    second.call(ghost)
    assert refusal(second, grant_of(ghost)) is Reason.OWN_REQUEST
    admin.call(grant_of(ghost))
    assert ghost.password is not None
    as_ghost = sign_in(Person(ghost.officer, ghost.password.get_secret_value()))
    of_maker = appointment(f"clerk.{uuid4().hex[:6]}", Role.FINANCE)
    second.call(of_maker)
    assert refusal(as_ghost, grant_of(of_maker)) is Reason.NOT_INDEPENDENT
    of_ghost = appointment(f"clerk.{uuid4().hex[:6]}", Role.FINANCE)
    as_ghost.call(of_ghost)
    assert refusal(second, grant_of(of_ghost)) is Reason.NOT_INDEPENDENT
    admin.call(grant_of(of_maker))


def appointment(name: str, *roles: Role) -> auth_commands.AppointOfficer:
    content = {"officer": name, "full_name": "همکار نمایشی", "roles": roles, "provinces": (users.PROVINCE,)}
    return auth_commands.AppointOfficer.model_validate({**fresh(), **content, "password": f"parvaz-{uuid4().hex[:12]}"})


def grant_of(command: auth_commands.AppointOfficer) -> auth_commands.GrantOfficerRequest:
    return auth_commands.GrantOfficerRequest(**fresh(), officer=command.officer, request=command.id)
