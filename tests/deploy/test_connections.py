"""PostgreSQL allows as many connections as all copies of all programs may take, and writes no row that it refuses to its log."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.kubernetes.rendering import groups
from shared.event_store.sql.engines import CONNECTIONS_OF_PROGRAM
from shared.services import SERVICES
from tests.deploy.containers.test_cluster import SERVICES as CLUSTER

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
PATRONI = yaml.safe_load((ROOT / "deploy" / "cluster" / "patroni.yml").read_text(encoding="utf-8"))
TO_SPARE = 20
"""For the migration, backups, replication, the server's own and whoever looks."""


def of_compose() -> tuple[dict[str, Any], int]:
    given = (re.fullmatch(r"--(\w+)=(.*)", option) for option in COMPOSE["postgres"]["command"])
    with_database = {name for name, one in COMPOSE.items() if "database" in one["networks"]} - {"postgres", "migrate"}
    assert with_database == set(SERVICES)
    return {option[1]: option[2] for option in given if option}, len(SERVICES)


def of_cluster() -> tuple[dict[str, Any], int]:
    return PATRONI["bootstrap"]["dcs"]["postgresql"]["parameters"], sum(
        CLUSTER[name]["deploy"]["replicas"] for name in SERVICES
    )


def of_kubernetes() -> tuple[dict[str, Any], int]:
    found = {
        (one["kind"], one["metadata"]["name"]): one["spec"]
        for group in groups().values()
        for one in group
        if "spec" in one
    }
    scaled = sum(found["ScaledObject", name]["maxReplicaCount"] for name in SERVICES)
    while_replaced = sum(found["Deployment", name]["strategy"]["rollingUpdate"]["maxSurge"] for name in SERVICES)
    return found["Cluster", "postgres"]["postgresql"]["parameters"], scaled + while_replaced


PLACES = {"cluster": of_cluster, "compose": of_compose, "kubernetes": of_kubernetes}


@pytest.mark.parametrize("place", sorted(PLACES))
def test_all_copies_may_take_their_connections_at_once(place: str) -> None:
    parameters, copies = PLACES[place]()
    assert int(parameters["max_connections"]) >= copies * CONNECTIONS_OF_PROGRAM + TO_SPARE


@pytest.mark.parametrize("place", sorted(PLACES))
def test_a_row_that_is_refused_is_not_in_the_servers_log(place: str) -> None:
    parameters, _ = PLACES[place]()
    assert parameters["log_error_verbosity"] == "terse"
