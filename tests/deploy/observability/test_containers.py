"""Prometheus of the containers looks for every program by the name that the container engine's DNS has for it."""

from pathlib import Path

import yaml

from deploy.containers.program_settings import PROGRAMS
from tests.deploy.observability.alert_rules import RULES

FOLDER = RULES.parent / "containers"


def test_every_program_is_looked_for() -> None:
    [job] = yaml.safe_load(RULES.with_name("prometheus.yml").read_text(encoding="utf-8"))["scrape_configs"]
    assert job["job_name"] == "tamdid", "the alert rules name it"
    [named] = job["dns_sd_configs"]
    assert set(named["names"]) == set(PROGRAMS)


def test_alerts_go_to_the_alertmanager_beside_it_and_what_both_mount_is_there() -> None:
    services = yaml.safe_load((FOLDER / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
    [managers] = yaml.safe_load(RULES.with_name("prometheus.yml").read_text(encoding="utf-8"))["alerting"][
        "alertmanagers"
    ]
    [target] = managers["static_configs"][0]["targets"]
    assert target.partition(":")[0] in services
    volumes = [one for service in services.values() for one in service["volumes"]]
    ours = [Path(one.partition(":")[0]) for one in volumes if one.startswith("..")]
    assert len(ours) == 2
    assert all((FOLDER / one).exists() for one in ours)
