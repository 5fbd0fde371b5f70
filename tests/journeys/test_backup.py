"""A backup that is made while members renew their membership is restored, and everybody goes on from its moment."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from clients.admin.transport import saved_session
from clients.admin.transport.http import HttpServer
from deploy import demonstration, tamdid
from deploy.backup import making, restoring, snapshots, streams
from shared.contract.auth import commands as auth_commands
from shared.contract.capacity import queries as capacity_queries
from shared.contract.operations import queries as operations_queries
from shared.contract.refusals import Reason, Refused
from shared.messaging.topology import sources_of
from shared.services import SUBSCRIPTIONS, WITH_MEMBERS
from shared.settings import Settings
from tests.demo import users
from tests.faults.load import Load
from tests.support import system
from tests.support.member import Member, eventually
from tests.support.system import YEAR, Cluster, fresh

AT_ONCE = 4
BEFORE, AFTER = 6, 12
"""How many members have finished when the backup begins, and when the instance is lost."""
WAIT_SECONDS = 120
"""For so many renewals, on a busy machine."""


@dataclass
class Story:
    """An instance that was backed up under load, lost, and restored."""

    cluster: Cluster
    admin: HttpServer
    """With a session since the restore."""
    former: HttpServer
    """With a session from before the backup."""
    restored: restoring.Restored
    finished: Sequence[str]
    """Members who had finished before the backup began."""
    erased: str
    """Another one, whose erasure came after the backup."""


def ignore(**_numbers: float) -> None:
    """Of a progress bar that nobody sees."""


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    file, key = tmp_path_factory.mktemp("backups") / "backup", streams.parse_key(streams.new_key().encode())
    with system.standalone() as cluster:
        settings = Settings(var=cluster.running.var)
        with closing(Load(cluster.portal, 1405, AT_ONCE)) as load:
            eventually(lambda: load.completed >= BEFORE, f"{BEFORE} renewals", WAIT_SECONDS)
            finished = [renewal.member for renewal in load.renewals if renewal.is_completed]
            making.make(settings, file, key, ignore)
            eventually(lambda: load.completed >= AFTER, f"{AFTER} renewals", WAIT_SECONDS)
            assert load.finish(WAIT_SECONDS) == []
        erased = finished.pop()
        erase(cluster, erased)
        cluster.cut()
        restored = restoring.restore(file, key, settings.var, settings.keys_folder, replace=True, update_bar=ignore)
        cluster.start()
        with closing(cluster.signed_in("officer", "admin", demonstration.admin_password())) as admin:
            former, cluster.admin = cluster.admin, admin
            yield Story(cluster, admin, former, restored, finished, erased)
            cluster.admin = former


def erase(cluster: Cluster, member: str) -> None:
    cluster.second_admin.call(auth_commands.RequestErasure(**fresh(), member=member, reason="wish_of_member"))
    cluster.admin.call(auth_commands.GrantErasure(**fresh(), member=member, reason="wish_of_member"))


def test_every_log_is_whole_and_sealed(story: Story, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Also what is recorded since, behind it."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    password = demonstration.admin_password()
    command = ["--server", story.cluster.portal, "sign-in", "--as", "admin"]
    assert CliRunner().invoke(tamdid.app, command, env={"TAMDID_PASSWORD": password}).exit_code == 0
    assert saved_session.load(story.cluster.portal)
    keys = str(story.cluster.running.var / "keys")
    result = CliRunner().invoke(tamdid.app, ["--server", story.cluster.portal, "log", "verify", "--keys", keys])
    assert result.exit_code == 0, result.output


def test_no_follower_was_ahead_of_its_source_and_all_go_on(story: Story) -> None:
    for follower in snapshots.programs():
        if not sources_of(follower):
            continue
        eventually(lambda: not lags(story, follower), f"{follower} without a lag")  # noqa: B023 - called at once
    assert set(story.restored.manifest.heads) == set(SUBSCRIPTIONS)
    assert story.restored.manifest.heads["renewal"] >= 3 * BEFORE


def lags(story: Story, follower: str) -> list[str]:
    states = story.admin.call(operations_queries.GetSubscriptions(), service=follower).subscriptions
    assert all(one.checkpoint <= one.head and not one.alarm and not one.parked for one in states), states
    return [state.source for state in states if state.lag_events]


def test_who_had_finished_has_the_capacity_of_the_year(story: Story) -> None:
    assert story.finished
    for member in story.finished:
        query = capacity_queries.GetCapacity(member=member, year=YEAR)
        eventually(lambda: story.admin.call(query).status == "active", f"capacity of {member}")  # noqa: B023


def test_who_came_later_is_not_there(story: Story) -> None:
    """What was recorded after the backup is in the folder that was moved aside, and there alone."""
    assert story.restored.aside
    with closing(sqlite3.connect(story.restored.aside / "renewal.db")) as former:
        (lost,) = former.execute("SELECT position FROM log_head").fetchone()
    assert lost > story.restored.manifest.heads["renewal"]


def test_who_was_erased_stays_erased_everywhere(story: Story) -> None:
    assert story.restored.erased == [story.erased]
    query = operations_queries.GetErasureReport(member=story.erased)
    for service in WITH_MEMBERS:
        eventually(
            lambda: story.admin.call(query, service=service).erased_at is not None,  # noqa: B023 - called at once
            f"an erasure in {service}",
        )


def test_sessions_from_before_have_ended(story: Story) -> None:
    with pytest.raises(Refused) as refused:
        story.former.call(operations_queries.GetSubscriptions(), service="payment")
    assert refused.value.reason is Reason.NOT_SIGNED_IN


def test_a_new_member_renews(story: Story) -> None:
    cluster = story.cluster
    manager, cluster.manager = cluster.manager, cluster.signed_in("officer", *vars(users.officer("manager")).values())
    with closing(cluster.manager), closing(Member(cluster, cluster.enrol(1)[0])) as member:
        member.be_approved()
        member.pay()
        member.confirm()
        member.capacity_becomes("active")
    cluster.manager = manager
