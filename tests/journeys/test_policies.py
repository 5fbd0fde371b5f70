"""The policy files: a wrong cell keeps a new start from serving, and a correction counts from its recorded act on."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from clients.admin.transport.http import HttpServer
from deploy import demonstration
from shared.contract.capacity import queries
from shared.contract.operations.commands import RebuildProjections
from shared.contract.operations.queries import GetRebuild
from shared.contract.operations.rebuild_answers import Rebuild
from shared.contract.refusals import Refused
from shared.contract.renewal import commands as renewal_commands
from shared.settings import Settings
from tests.demo import steps, users
from tests.demo.event_logs import until
from tests.demo.steps import Scenario
from tests.demo.users import Person
from tests.journeys import driver
from tests.support.servers import instance

START_SECONDS = 60
FILE = Settings().policies_folder / "1405.toml"


@pytest.fixture
def newcomer(admin: HttpServer) -> Person:
    return users.newcomer(admin)


def test_a_wrong_cell_is_refused_at_the_start_and_the_running_version_goes_on(
    cluster: instance.Instance, admin: HttpServer, newcomer: Person, tmp_path: Path
) -> None:
    text = FILE.read_text(encoding="utf-8")
    (tmp_path / "1405.toml").write_text(text.replace("[5, 3.75, 2.5, 1.65]", '[5, "3/75", 2.5, 1.65]'), "utf-8")
    settings = cluster.processes[0].environment | {
        "TAMDID_POLICIES": str(tmp_path),
        "TAMDID_VAR": str(tmp_path / "var"),
    }
    command = [sys.executable, "-m", "deploy.run", "all", "--demonstration"]
    ended = subprocess.run(command, env=settings, capture_output=True, text=True, timeout=START_SECONDS, check=False)
    assert ended.returncode == 1
    assert f"The capacity policies in {tmp_path} can't be used:" in ended.stderr
    assert "1405.toml [deductions] person_day.p cell 2: '3/75' is no number of P (such as 25 or 3.75)" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert admin.call(queries.GetCapacity(member=newcomer.name, year=1405)).status == "none"


REASON = "سقف پایه ۲ در مصوبهٔ تازه ۷۶۰ است."


def test_a_correction_changes_a_members_lines_and_says_who_and_why() -> None:
    with instance.standalone() as own:
        admin = demonstration.signed_in(own.portal, "admin", demonstration.admin_password())
        scenario = Scenario(own.portal, users.newcomer(admin), users.officer("manager"))
        driver.until(scenario, steps.see_capacity)
        before = admin.call(queries.GetPolicy(year=scenario.year)).file
        after = before.replace("{ extraction = 720", "{ extraction = 760")
        stamps = {"id": uuid4(), "deadline": datetime.now(UTC) + timedelta(seconds=driver.ANSWER_SECONDS)}
        second = demonstration.signed_in(own.portal, *vars(users.officer("admin", nth=1)).values())
        wanted = second.call(
            renewal_commands.AmendPolicy(**stamps, year=scenario.year, before=before, after=after, reason=REASON)  # type: ignore[arg-type]
        )
        assert admin.call(queries.GetPolicy(year=scenario.year)).file == before

        def grant() -> Any:
            about = {**stamps, "id": uuid4(), "year": scenario.year, "request": wanted.request}
            return renewal_commands.GrantPolicyAmendment.model_validate(about)

        with pytest.raises(Refused, match="own_request"):
            second.call(grant())
        act = admin.call(grant())
        assert (act.by, act.granted_by) == ("officer:rahbar", "officer:admin")
        browser = scenario.members_browser

        def has_come() -> bool:
            browser.go(f"/member/capacity/{scenario.year}")
            return REASON in browser.page.words

        until(has_come, driver.ANSWER_SECONDS, "line of the correction")
        browser.must_say("۷۶۰ P", "۳۷۰ P", f"renewal #{act.position}", "به‌دست سازمان")
        rebuild = RebuildProjections(id=uuid4(), deadline=stamps["deadline"], check=True)  # type: ignore[arg-type]
        admin.call(rebuild, "capacity")
        until(lambda: rebuild_of(admin).status != "running", driver.ANSWER_SECONDS, "end of the check")
        checked = rebuild_of(admin)
        assert (checked.status, checked.differences) == ("checked", {})
        scenario.close()
        second.close()
        admin.close()


def rebuild_of(admin: HttpServer) -> Rebuild:
    return admin.call(GetRebuild(), "capacity")
