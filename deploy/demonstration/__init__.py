"""The demonstration: a made-up register and its officers, put on record as an admin would, and how to sign in as each."""

import csv
import time
from collections import defaultdict
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from pydantic import SecretStr

from clients.admin.transport.client import Server
from clients.admin.transport.http import HttpServer
from shared.contract.auth import commands, queries
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role
from shared.settings import Settings
from shared.text import persian

FOLDER = Path(__file__).parent
ANSWER_SECONDS = 20
LOAD_SECONDS = 60
PAUSE_SECONDS = 0.5
NOT_IN_TIME = {Reason.NO_ANSWER, Reason.DEADLINE_PASSED}
"""Of a program that has just started, on a machine where many do."""
SHOWN_MEMBERS = 3
SECOND_ADMIN = "rahbar"
REGISTER_YEAR = 1405
OF_YEARS = ("licence_expires_on", "paid_through")


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a data file of the demonstration, as texts."""
    with (FOLDER / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def register(year: int) -> list[dict[str, str]]:
    """The rows of the register as they are in a Jalali year: the file has those of `REGISTER_YEAR`."""
    later = year - REGISTER_YEAR
    return [{**row, **{name: moved(row[name], later) for name in OF_YEARS}} for row in rows("register.csv")]


def moved(text: str, years: int) -> str:
    """A year or a day, so many years later; a day that only a leap year has, the day before it."""
    first, *day = text.split("/")
    if not (first and years):
        return text
    return "/".join([str(int(first) + years), *(["12", "29"] if day == ["12", "30"] else day)])


def password_of(officer: str) -> str:
    """An officer's password in the demonstration."""
    return next(row["password"] for row in rows("officers.csv") if row["officer"] == officer)


def admin_password() -> str:
    """The password of the first admin in the demonstration."""
    return password_of("admin")


def load(settings: Settings, password: str = "") -> None:
    """Put the register and the officers on record where they are not yet, through the gateway as any admin would.

    `password` is the first admin's where it is not the demonstration's own. What is not answered in time is begun again for
    a minute, with what is missing then and under the same ids: it may have been done, or be done yet.
    """
    url, until = f"http://127.0.0.1:{settings.gateway_port}", time.monotonic() + LOAD_SECONDS
    ids = defaultdict[str, UUID](uuid4)
    while True:
        try:
            return load_missing(url, password or admin_password(), ids)
        except Refused as refused:
            if refused.reason not in NOT_IN_TIME or time.monotonic() > until:
                raise
        time.sleep(PAUSE_SECONDS)


def load_missing(url: str, password: str, ids: Mapping[str, UUID]) -> None:
    """Put on record what is missing; the first admin signs in anew. `ids` has an id for the command of any name."""
    with closing(signed_in(url, "admin", password)) as first:
        appoint_officers(url, first, ids)
        members = register(persian.jalali_year(datetime.now(UTC)))
        if not is_known(first, members[-1]["membership_no"]):  # in a later year what they have paid since would be lost
            first.call(commands.ImportMembers(id=ids["import"], deadline=deadline(), rows=tuple(members)))


def is_known(admin: HttpServer, member: str) -> bool:
    """Whether a member is in the register."""
    try:
        admin.call(queries.GetMember(member=member))
    except Refused as refused:
        if refused.reason is not Reason.UNKNOWN_MEMBER:
            raise
        return False
    return True


def appoint_officers(url: str, first: HttpServer, ids: Mapping[str, UUID]) -> None:
    """The first admin appoints the second one alone, who requests all others for the first one to grant."""
    found = first.call(queries.ListOfficers())
    known = {card.officer for card in found.officers}
    by_second = [one for one in found.requests if one.requested_by == f"officer:{SECOND_ADMIN}"]
    requested = {one.officer: one.request for one in by_second}  # in a load that was broken off
    missing = {row["officer"]: row for row in rows("officers.csv") if row["officer"] not in known}
    if SECOND_ADMIN in missing:
        first.call(appointment(missing.pop(SECOND_ADMIN), ids))
    if missing:
        with closing(signed_in(url, SECOND_ADMIN, password_of(SECOND_ADMIN))) as second:
            for officer, row in missing.items():
                if officer not in requested:
                    second.call(appointment(row, ids))
                request = requested.get(officer, ids[f"appoint {officer}"])
                first.call(
                    commands.GrantOfficerRequest(
                        id=ids[f"grant {officer}"], deadline=deadline(), officer=officer, request=request
                    )
                )


def appointment(row: dict[str, str], ids: Mapping[str, UUID]) -> commands.AppointOfficer:
    return commands.AppointOfficer(
        id=ids[f"appoint {row['officer']}"],
        deadline=deadline(),
        officer=row["officer"],
        full_name=row["full_name"],
        roles=tuple(Role(role) for role in row["roles"].split()),
        provinces=tuple(row["provinces"].split()),
        password=SecretStr(row["password"]),
    )


def signed_in(url: str, officer: str, password: str) -> HttpServer:
    """The gateway's API as an officer."""
    with closing(HttpServer(url, None, ANSWER_SECONDS)) as anonymous:
        return HttpServer(url, session_of(anonymous, officer, password), ANSWER_SECONDS)


def session_of(anonymous: Server, officer: str, password: str) -> str:
    """The token of an officer's new session; the security phrase is known in development."""
    captcha = anonymous.call(commands.NewCaptcha(id=uuid4(), deadline=deadline()))
    session = anonymous.call(
        commands.SignIn(
            id=uuid4(),
            deadline=deadline(),
            principal_kind="officer",
            name=officer,
            password=SecretStr(password),
            captcha_id=captcha.captcha_id,
            captcha_answer=captcha.hint or "",
        )
    )
    return session.token


def deadline() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=ANSWER_SECONDS)


def welcome(settings: Settings) -> str:
    """Where it runs, and who can sign in with what."""
    officers = "\n".join(
        f"    {row['officer']:<12} {row['password']:<24} {row['roles']}" for row in rows("officers.csv")
    )
    members = "\n".join(
        f"    {row['membership_no']:<12} {row['national_code']:<24} {row['member_class']}"
        for row in rows("register.csv")[:SHOWN_MEMBERS]
    )
    return f"""
Tamdid is ready: {settings.portal_url}

  members (membership number, national code), more in deploy/demonstration/register.csv:
{members}
  officers (name, password, roles):
{officers}

  messages to members and officers are not sent, but shown: {settings.phone_url}

Data stays in {settings.var.absolute()} until `make clean`. Ctrl-C stops it.
"""
