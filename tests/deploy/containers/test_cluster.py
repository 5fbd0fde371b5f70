"""The cluster's compose file and the secrets that are made for it name the same nodes, and every program has two copies."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from kombu import Connection
from sqlalchemy import make_url

from deploy.containers import broker_users, certificates, secrets
from deploy.containers.layout import CLUSTER
from deploy.containers.program_settings import PROGRAMS
from shared.broker_nodes import nodes_of
from shared.messaging import topology
from tests.conftest import fresh_name
from tests.support.servers import servers

ROOT = Path(__file__).parents[3]


class ComposeLoader(yaml.SafeLoader):
    """YAML with compose's own tags, by which a service changes what it extends."""


ComposeLoader.add_multi_constructor("!", lambda loader, _tag, node: construct(loader, node))


def construct(loader: yaml.SafeLoader, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    return loader.construct_sequence(node) if isinstance(node, yaml.SequenceNode) else None


TEXT = (ROOT / "docker-compose.cluster.yml").read_text(encoding="utf-8")
SERVICES: dict[str, Any] = yaml.load(TEXT, ComposeLoader)["services"]  # noqa: S506 - a safe loader


@pytest.fixture
def made(tmp_path: Path) -> Path:
    secrets.make_compose_secrets(tmp_path, CLUSTER)
    return tmp_path


def environment(folder: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in (folder / "env").read_text().splitlines())


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_has_two_copies_that_are_reached_by_the_proxy_alone(program: str) -> None:
    service = SERVICES[program]
    assert service["extends"] == {"file": "docker-compose.yml", "service": program}
    assert service["deploy"] == {"replicas": 2}
    assert not service.get("ports")
    assert {*CLUSTER.brokers, "migrate"} == set(service["depends_on"])


def test_compose_publishes_the_proxy_alone(made: Path) -> None:
    """As it reads the two files together; in production the phone is not there."""
    if shutil.which("docker") is None:
        pytest.skip("no docker command is there")
    command = ["docker", "compose", "--file", "docker-compose.cluster.yml", "--env-file", os.devnull]
    settings = os.environ | {"TAMDID_SECRETS": str(made), "TAMDID_DEVELOPMENT": "false", "COMPOSE_PROFILES": ""}
    done = subprocess.run(
        [*command, "config", "--format", "json"], cwd=ROOT, env=settings, capture_output=True, text=True, check=True
    )
    services = json.loads(done.stdout)["services"]
    assert [name for name, service in services.items() if service.get("ports")] == ["proxy"]
    assert {"rabbitmq", "postgres", "phone"}.isdisjoint(services)
    for program in PROGRAMS:
        assert services[program]["environment"]["TAMDID_BROKER_URL"].count(";") == len(CLUSTER.brokers) - 1


def test_the_nodes_are_those_of_the_settings() -> None:
    nodes = {name for name in SERVICES if name.startswith(("rabbitmq", "postgres"))}
    assert nodes == {*CLUSTER.brokers, *CLUSTER.databases}
    assert all(SERVICES[name]["hostname"] == name for name in nodes)
    configured = (ROOT / "deploy" / "cluster" / "rabbitmq.conf").read_text().splitlines()
    found = [line.partition("rabbit@")[2] for line in configured if line.startswith("cluster_formation.classic_config")]
    assert found == list(CLUSTER.brokers)


@pytest.mark.parametrize("node", CLUSTER.brokers)
def test_a_broker_node_starts_by_what_makes_its_dead_members_of_queues_anew(node: str) -> None:
    assert SERVICES[node]["entrypoint"] == ["bash", "/etc/tamdid/with-replicas.sh"]
    mounted = dict(one.split(":")[:2] for one in SERVICES[node]["volumes"])
    assert {path: (ROOT / path).exists() for path in mounted if path.startswith(".")} == {
        "./deploy/cluster/rabbitmq.conf": True,
        "./deploy/cluster/with-replicas.sh": True,
    }
    assert mounted["./deploy/cluster/with-replicas.sh"] == SERVICES[node]["entrypoint"][1]


QUEUES = {
    "dead": ("rabbit@rabbitmq-3, rabbit@rabbitmq-2, rabbit@rabbitmq-1", "rabbit@rabbitmq-2, rabbit@rabbitmq-1"),
    "well": ("rabbit@rabbitmq-3, rabbit@rabbitmq-2, rabbit@rabbitmq-1",) * 2,
    "dead-with-another": ("rabbit@rabbitmq-3, rabbit@rabbitmq-2, rabbit@rabbitmq-1", "rabbit@rabbitmq-1"),
    "dead-of-five": (
        ", ".join(f"rabbit@rabbitmq-{n}" for n in (3, 1, 2, 4, 5)),
        "rabbit@rabbitmq-1, rabbit@rabbitmq-2",
    ),
    "another-is-dead": (
        "rabbit@rabbitmq-3, rabbit@rabbitmq-2, rabbit@rabbitmq-1",
        "rabbit@rabbitmq-3, rabbit@rabbitmq-1",
    ),
    "of-another": ("rabbit@rabbitmq-30, rabbit@rabbitmq-2, rabbit@rabbitmq-1", "rabbit@rabbitmq-2, rabbit@rabbitmq-1"),
    "of-two": ("rabbit@rabbitmq-3, rabbit@rabbitmq-2", "rabbit@rabbitmq-2"),
    "rpc-dead": ("rabbit@rabbitmq-3, rabbit@rabbitmq-2, rabbit@rabbitmq-1", "rabbit@rabbitmq-1, rabbit@rabbitmq-2"),
    "alone": ("rabbit@rabbitmq-3", ""),
    "classic": ("", ""),
}
"""By name, the members and those online as `rabbitmqctl list_queues` prints them."""
WITH_REPLICAS = ROOT / "deploy" / "cluster" / "with-replicas.sh"
DONE = ("delete_member", "add_member")


@pytest.fixture
def node(tmp_path: Path) -> Callable[[str], list[str]]:
    """Runs a line of shell behind the functions of a node's entrypoint, where RabbitMQ's tools have the queues above, and write down what else is ordered."""
    rows = [f"{name}\t[{members}]\t[{online}]" for name, (members, online) in QUEUES.items()]
    (tmp_path / "queues").write_text("\n".join(rows) + "\n")
    listing = f"--quiet list_queues --no-table-headers --vhost {broker_users.VHOST} name members online"
    tools = {
        "rabbitmqctl": f'test "$*" = "{listing}" && cat {tmp_path}/queues',
        "rabbitmq-queues": f'echo "$*" >> {tmp_path}/orders; ! grep -qF -- "$*" {tmp_path}/fails 2>/dev/null',
        "sleep": "true",
    }
    for name, text in tools.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / name).chmod(0o700)
    functions = WITH_REPLICAS.read_text(encoding="utf-8").partition("\nrenew &\n")[0]

    def run(line: str) -> list[str]:
        done = subprocess.run(
            ["bash", "-c", f"{functions}\n{line}"],
            env={"PATH": f"{tmp_path}:{os.environ['PATH']}", "HOSTNAME": "rabbitmq-3"},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stderr == ""
        return done.stdout.splitlines()

    return run


def test_a_member_is_dead_only_where_it_alone_does_not_run(node: Callable[[str], list[str]]) -> None:
    assert node("dead") == ["dead", "rpc-dead"]


def test_dead_members_are_deleted_and_added_and_calls_come_first(
    node: Callable[[str], list[str]], tmp_path: Path
) -> None:
    node("listens() { true; }; renew")
    orders = (tmp_path / "orders").read_text().splitlines()
    of_node = f"--vhost {broker_users.VHOST} {{}} rabbit@rabbitmq-3"
    expected = [f"--quiet {do} {of_node.format(queue)}" for queue in ("rpc-dead", "dead") for do in DONE]
    assert orders == expected * 3  # they are still dead the next times


def test_a_member_that_could_not_be_deleted_is_not_added(node: Callable[[str], list[str]], tmp_path: Path) -> None:
    (tmp_path / "fails").write_text(f"--quiet delete_member --vhost {broker_users.VHOST} dead rabbit@rabbitmq-3\n")
    lines = node("listens() { true; }; renew")
    orders = (tmp_path / "orders").read_text().splitlines()
    assert [order.split()[1] for order in orders if order.split()[4] == "dead"] == ["delete_member"] * 3
    assert lines.count("the member of dead on rabbit@rabbitmq-3 could not be made anew") == 3


def test_programs_and_the_command_line_are_given_every_node(made: Path) -> None:
    auth, admin = environment(made / "auth"), environment(made / "admin")
    for urls in (auth["TAMDID_BROKER_URL"], admin["TAMDID_SERVER"], admin["TAMDID_MANAGEMENT"]):
        assert [url.rpartition("@")[2].partition(":")[0] for url in nodes_of(urls)] == list(CLUSTER.brokers)
    for url in (auth["TAMDID_DATABASE_URL"], *environment(made / "migration").values()):
        assert make_url(url).normalized_query["host"] == tuple(f"{host}:5432" for host in CLUSTER.databases)
    verified = make_url(auth["TAMDID_DATABASE_URL"])
    assert verified.query["sslmode"] == "verify-full"
    assert (verified.username, verified.database) == ("auth", "auth")


def test_no_queue_of_a_cluster_is_away_with_one_node(made: Path) -> None:
    definitions = json.loads((made / "rabbitmq-definitions.json").read_text())
    assert definitions["vhosts"] == [{"name": broker_users.VHOST, "metadata": {"default_queue_type": "quorum"}}]
    assert {queue["name"] for queue in definitions["queues"]} == set(topology.needed().queues)
    assert all(queue["arguments"]["x-queue-type"] == "quorum" for queue in definitions["queues"])


def test_programs_declare_the_queues_of_a_cluster_as_those_of_one_server(rabbitmq_server: servers.RabbitMQ) -> None:
    """The broker adds the type; a program that did would be refused by one that has another."""
    vhost = fresh_name()
    rabbitmq_server.manage("POST", "definitions", broker_users.definitions({}, vhost, is_cluster=True))
    try:
        with Connection(rabbitmq_server.vhost_url(vhost)) as connection, connection.channel() as channel:
            for queue in (topology.calls("auth"), topology.subscription("payment", "renewal")):
                queue(channel).declare()
    finally:
        rabbitmq_server.delete_vhost(vhost)


def test_secrets_that_were_made_for_one_server_stay_when_it_becomes_a_cluster(tmp_path: Path) -> None:
    secrets.make_compose_secrets(tmp_path)
    assert set(secrets.make_compose_secrets(tmp_path, CLUSTER)) == {
        "broker-cookie",
        "database-failover",
        "database-replication",
        "certificate-of-rabbitmq",
        "certificate-of-postgres",
        "certificate-of-proxy",
    }
    assert secrets.make_compose_secrets(tmp_path, CLUSTER) == []


def test_the_secrets_of_a_cluster_are_not_written_for_a_single_server(
    made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The names of the cluster's nodes would be gone from certificates and settings."""
    before = {file: file.read_bytes() for file in made.rglob("*") if file.is_file()}
    monkeypatch.setattr("sys.argv", ["secrets", "--directory", str(made)])
    with pytest.raises(SystemExit):
        secrets.main()
    assert "make up ON=cluster" in capsys.readouterr().err
    assert {file: file.read_bytes() for file in made.rglob("*") if file.is_file()} == before


def test_a_public_certificate_of_the_proxy_is_never_replaced(made: Path) -> None:
    own = made / "proxy" / "tls" / "server.crt"
    public = certificates.issue(
        certificates.make_authority(datetime.now(UTC)), ["portal.example.ir"], datetime.now(UTC)
    )
    own.write_bytes(public.certificate)
    assert secrets.make_compose_secrets(made, CLUSTER) == []
    assert own.read_bytes() == public.certificate
