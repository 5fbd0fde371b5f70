"""A member is erased by two admins: no file and no row holds the person any more, and everybody and all money go on."""

import json
import random
import secrets
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pydantic import SecretStr
from sqlalchemy import MetaData, create_engine, select
from typer.testing import CliRunner

from clients.admin import main
from clients.admin.transport import saved_session
from deploy import demonstration
from shared.contract.auth import commands as auth_commands
from shared.contract.auth import queries as auth_queries
from shared.contract.capacity import queries as capacity_queries
from shared.contract.operations import queries as operations_queries
from shared.contract.payment import commands as payment_commands
from shared.contract.payment import queries as payment_queries
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import commands as renewal_commands
from shared.contract.renewal.declaration import Declaration
from shared.services import SERVICES, WITH_MEMBERS
from shared.text import persian
from tests.demo import users
from tests.demo.users import Person
from tests.faults import load
from tests.support import system
from tests.support.member import Member, eventually, once_followed
from tests.support.system import YEAR, Cluster, fresh

LETTERS = "ابپتجچدرزسشطعغفقکگلمنوهی"


def word() -> str:
    """Letters that stand nowhere else."""
    return "".join(secrets.choice(LETTERS) for _ in range(12))


def digits(count: int) -> str:
    return "".join(secrets.choice("123456789") for _ in range(count))


@dataclass
class Known:
    """A person with texts that are nobody else's."""

    person: Person
    texts: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = ("first_name", "last_name", "city", "address", "employer", "job_title", "note", "title", "client")
        self.texts = {name: word() for name in (*names, "draft", "returned", "approved", "waived")}
        self.texts |= {"mobile": f"09{digits(9)}", "phone": f"0{digits(10)}", "postal_code": f"12{digits(8)}"}
        self.texts |= {"email": f"{secrets.token_hex(8)}@example.ir", "national_code": self.person.secret}

    def form(self) -> Declaration:
        own = {name: self.texts[name] for name in ("city", "address", "employer", "job_title", "note")}
        own |= {name: self.texts[name] for name in ("mobile", "phone", "postal_code", "email")}
        job = load.mine(1, *persian.year_bounds(YEAR)).model_copy(
            update={name: self.texts[name] for name in ("title", "client")}
        )
        form = load.declaration(random.Random(self.person.name))  # noqa: S311 - nothing secret hangs on it
        return Declaration.model_validate(form.model_dump() | own | {"jobs": [job.model_dump()]})

    def spellings(self) -> list[str]:
        """Each text, and as JSON may have it."""
        return [one for text in self.texts.values() for one in {text, json.dumps(text)[1:-1]}]


@pytest.fixture(params=["standalone", pytest.param("distributed", marks=pytest.mark.slow)])
def erasing(request: pytest.FixtureRequest) -> Iterator[Cluster]:
    """An instance of its own: all of its files and rows are searched."""
    if request.param == "standalone":
        with system.standalone() as running:
            yield running
        return
    rabbitmq, postgres = map(request.getfixturevalue, ("rabbitmq_server", "postgres_server"))
    with system.distributed(rabbitmq, postgres) as running:
        yield running


def test_after_an_erasure_nothing_holds_the_person_and_everything_goes_on(
    erasing: Cluster, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    known = Known(Person(digits(9), users.made_up_code()))
    member = enrolled(erasing, known)
    [other] = erasing.enrol(1)
    renew(erasing, member, known)
    before = explained(erasing, member)
    stored = {text for name, text in known.texts.items() if name != "draft"}
    assert stored - places(erasing, known).keys() == set(), (
        "each is somewhere before; drafts, in the write-ahead log at most"
    )

    erase(erasing, known.person.name)
    assert places(erasing, known) == {}

    assert explained(erasing, member) == before
    assert refused(lambda: erasing.session_of("member", known.person.name, known.person.secret)) in {
        Reason.WRONG_CREDENTIALS,
        Reason.TOO_MANY_ATTEMPTS,
    }
    assert refused(member.balance) is Reason.NOT_SIGNED_IN
    card = erasing.manager.call(auth_queries.GetMember(member=member.name))
    assert (card.first_name, card.last_name, card.national_code_masked) == ("", "", "")
    report = erasing.admin.call(auth_commands.ImportMembers(**fresh(), rows=(row_of(known),)))
    assert report.rows[0].errors == {"membership_no": "member_erased"}
    with closing(Member(erasing, other)) as goes_on:
        goes_on.be_approved()
        goes_on.pay()
        goes_on.confirm()
        goes_on.capacity_becomes("active")
    assert places(erasing, known) == {}
    assert log_verify(erasing, monkeypatch, tmp_path) == 0


def row_of(known: Known) -> dict[str, str]:
    return load.row_of(known.person) | {name: known.texts[name] for name in ("first_name", "last_name")}


def enrolled(cluster: Cluster, known: Known) -> Member:
    command = auth_commands.ImportMembers(**fresh(), rows=(row_of(known),), import_id=uuid4())
    assert cluster.admin.call(command).rows[0].outcome == "enrolled"
    return Member(cluster, known.person)


def renew(cluster: Cluster, member: Member, known: Known) -> None:
    """A whole renewal with a text in every place that takes one."""
    portal, manager = member.portal, cluster.manager
    once_followed(lambda: portal.call(renewal_commands.RequestRenewal(**fresh(), **member.of)))
    draft = {"note": known.texts["draft"]}
    portal.call(renewal_commands.SaveDraft(**fresh(), **member.of, fields=draft))
    portal.call(renewal_commands.SubmitDeclaration(**fresh(), **member.of, form=known.form()))
    manager.call(renewal_commands.ReturnRenewal(**fresh(), **member.of, reason=known.texts["returned"]))
    portal.call(renewal_commands.SaveDraft(**fresh(), **member.of, fields=draft))
    portal.call(renewal_commands.SubmitDeclaration(**fresh(), **member.of, form=known.form()))
    manager.call(
        renewal_commands.ApproveRenewal(**fresh(), **member.of, declaration_version=2, reason=known.texts["approved"])
    )
    eventually(lambda: bool(portal.call(payment_queries.GetInvoices(member=member.name)).invoices), "an invoice")
    waived: dict[str, Any] = {"amount_rials": 1000, "reason": known.texts["waived"]}
    with closing(cluster.signed_in("officer", *vars(users.officer("finance")).values())) as finance:
        finance.call(payment_commands.RequestWriteOff(**fresh(), **member.of, **waived))
    member.pay()
    member.confirm()
    member.capacity_becomes("active")


def erase(cluster: Cluster, number: str) -> None:
    """Requested by the second admin and granted by the first; every service follows, and overwrites what it has deleted."""
    request = auth_commands.RequestErasure(**fresh(), member=number, reason="wish_of_member")
    cluster.second_admin.call(request)
    cluster.admin.call(auth_commands.GrantErasure(**fresh(), member=number, reason="wish_of_member"))
    query = operations_queries.GetErasureReport(member=number)
    for service in WITH_MEMBERS:
        eventually(
            lambda: cluster.admin.call(query, service=service).is_overwritten,  # noqa: B023 - called at once
            f"an erasure in {service}",
        )


def explained(cluster: Cluster, member: Member) -> tuple[Any, ...]:
    """Money and capacity as an officer sees them, by the number."""
    invoices = cluster.manager.call(payment_queries.GetInvoices(member=member.name)).invoices
    balance = cluster.manager.call(payment_queries.GetBalance(member=member.name))
    lines = cluster.manager.call(capacity_queries.ExplainCapacity(member=member.name, year=YEAR)).lines
    assert balance.entries
    assert lines
    return invoices, balance, lines


def places(cluster: Cluster, known: Known) -> dict[str, str]:
    """Where each of the person's texts stands, in the bytes of any file or in any row."""
    found = {}
    contents = {str(path): path.read_bytes() for path in cluster.running.home.rglob("*") if path.is_file()}
    if not cluster.url_of("auth").startswith("sqlite"):
        contents |= {program: rows_of(cluster.url_of(program)) for program in SERVICES}
    for spelling in known.spellings():
        for place, content in contents.items():
            if spelling.encode() in content:
                found[spelling] = place
    return found


def rows_of(url: str) -> bytes:
    """Every row of every table of a database."""
    engine = create_engine(url)
    everything = MetaData()
    with engine.connect() as connection:
        everything.reflect(connection)
        rows = [
            str(tuple(map(str, row)))
            for table in everything.tables.values()
            for row in connection.execute(select(table))
        ]
    engine.dispose()
    return "\n".join(rows).encode()


def refused(call: Any) -> Reason | None:
    try:
        call()
    except Refused as found:
        return found.reason
    return None


def log_verify(cluster: Cluster, monkeypatch: pytest.MonkeyPatch, state: Path) -> int:
    """The exit code of `tamdid log verify`."""
    monkeypatch.setenv("XDG_STATE_HOME", str(state))
    about: dict[str, Any] = {"principal_kind": "officer", "name": "admin"}
    password = SecretStr(demonstration.admin_password())
    session = cluster.admin.call(auth_commands.SignIn(**fresh(), **about, password=password))
    saved_session.save(cluster.portal, session)
    result = CliRunner().invoke(main.app, ["--server", cluster.portal, "log", "verify"])
    assert "0" in result.output, result.output
    return result.exit_code
