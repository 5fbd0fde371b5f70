"""The health port of a running instance: `/ready` tells of every program, `/metrics` of every metric that is defined and no other, without members."""

import re
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from deploy.observability import program_metrics
from deploy.observability.definitions import COUNTERS, GAUGES, HISTOGRAMS, INFO, Sample
from deploy.observability.metrics import StateCollector, families
from deploy.observability.program_metrics import ProgramMetrics
from deploy.programs import IN_DEVELOPMENT, PROGRAMS
from shared.services import SOURCES, SUBSCRIPTIONS
from shared.settings import Settings
from tests.conftest import TRUSTED
from tests.support.servers import instance
from tests.support.servers.free_ports import free_ports

ONLY_WITH_TLS = {"tamdid_certificate_end_timestamp_seconds"}
ONLY_IN_A_CLUSTER = {"tamdid_servers_missing"}
ONLY_IN_TROUBLE = {"tamdid_follower_alarm"}
MEMBER = re.compile(r"\d{5}")


@pytest.fixture(scope="module")
def scraped() -> SimpleNamespace:
    """A standalone instance that somebody has visited, and what it says."""
    (port,) = free_ports(1)
    with (
        instance.standalone(TAMDID_HEALTH_PORT=str(port)) as it,
        httpx.Client(verify=TRUSTED, trust_env=False) as client,
    ):
        for path in ("/", "/sign-in", "/members/0123456", "/static/none.css"):
            client.get(f"{it.portal}{path}")
        live, ready, answer = (client.get(f"{instance.url(port)}/{path}") for path in ("live", "ready", "metrics"))
    return SimpleNamespace(live=live, ready=ready, answer=answer, families=families_of(answer.text))


def families_of(text: str) -> dict[str, Metric]:
    return {one.name: one for one in text_string_to_metric_families(text)}


def test_it_tells_of_every_program(scraped: SimpleNamespace) -> None:
    assert scraped.live.json() == {"live": True}
    assert scraped.ready.status_code == 200
    programs = scraped.ready.json()["programs"]
    assert {name for name, state in programs.items() if state["started"]} == {*PROGRAMS, *IN_DEVELOPMENT}
    assert sorted(programs["capacity"]["subscriptions"]) == ["auth", "payment", "renewal"]
    assert programs["auth"]["relay"]["error"] == ""
    assert "subscriptions" not in programs["gateway"]


def test_it_says_every_metric_and_no_other(scraped: SimpleNamespace) -> None:
    assert scraped.answer.status_code == 200
    assert scraped.answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    found = {sample.name for family in scraped.families.values() for sample in family.samples}
    own = {name for name in found if name.startswith("tamdid_")}
    histograms = {f"{name}_{part}" for name in HISTOGRAMS for part in ("bucket", "count", "sum")}
    expected = {*GAUGES, *COUNTERS, *histograms, INFO} - ONLY_WITH_TLS - ONLY_IN_TROUBLE - ONLY_IN_A_CLUSTER
    assert own == expected
    assert "process_resident_memory_bytes" in found


def test_each_log_and_each_subscription_is_there(scraped: SimpleNamespace) -> None:
    positions = {one.labels["service"]: one.value for one in scraped.families["tamdid_log_position"].samples}
    assert set(positions) == set(SOURCES)
    assert positions["auth"] > 0
    pairs = {(name, source) for source, names in SUBSCRIPTIONS.items() for name in names}
    for metric in ("tamdid_follower_checkpoint", "tamdid_follower_lag_seconds", "tamdid_parked_events"):
        found = {(one.labels["subscriber"], one.labels["source"]) for one in scraped.families[metric].samples}
        assert found == pairs, metric
    assert {one.value for one in scraped.families["tamdid_program_ready"].samples} == {1}


def test_requests_and_calls_are_counted(scraped: SimpleNamespace) -> None:
    requests = scraped.families["tamdid_http_request_duration_seconds"].samples
    routes = {one.labels["route"] for one in requests if one.labels["program"] == "gateway"}
    assert {"/", "none", "/static/<path:filename>"} <= routes
    calls = scraped.families["tamdid_command_duration_seconds"].samples
    assert ("auth", "import_members", "done") in {
        (one.labels["service"], one.labels["command"], one.labels["outcome"]) for one in calls
    }


def test_no_label_names_a_member(scraped: SimpleNamespace) -> None:
    samples = [sample for family in scraped.families.values() for sample in family.samples]
    values = {value for one in samples for name, value in one.labels.items() if name != "le"}
    assert [value for value in values if MEMBER.search(value)] == []


def test_what_was_read_is_kept_for_a_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SimpleNamespace(now=100.0)
    monkeypatch.setattr(program_metrics, "monotonic", lambda: clock.now)
    gateway = SimpleNamespace(
        service_name="gateway", started=False, dependencies=(), entrypoints=(), shared_extensions={}
    )
    collector = StateCollector(ProgramMetrics(Settings(var=tmp_path), [gateway]))
    assert ready(collector) == 0
    gateway.started = True
    clock.now += program_metrics.KEPT_SECONDS - 1
    assert ready(collector) == 0
    clock.now += 1
    assert ready(collector) == 1


def ready(collector: StateCollector) -> float:
    (family,) = (one for one in collector.collect() if one.name == "tamdid_program_ready")
    (sample,) = family.samples
    return sample.value


def test_samples_of_several_programs_are_one_family() -> None:
    made = families([Sample("tamdid_log_position", (name,), 7) for name in ("auth", "bank")])
    assert [(one.name, len(one.samples)) for one in made] == [("tamdid_log_position", 2), ("tamdid_build", 1)]
