"""Servers from the binaries installed on this machine, on private ports, with data that goes when they go."""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.servers import guard
from tests.support.servers.free_ports import HOST, free_port, free_ports
from tests.support.servers.server_handles import (
    Postgres,
    RabbitMQ,
    ServersMissing,
    StartFailed,
    rabbitmq_tls,
    wait_until_up,
)

RABBITMQ_START_SECONDS = 90
POSTGRES_START_SECONDS = 60
KEEPER_END_SECONDS = 30
LOG_LINES_SHOWN = 15

ON_DISK = "/var/tmp"  # noqa: S108 - the folder made there is private
USER = "tamdid"
NO_BUSY_WAIT = "+sbwt none +sbwtdcpu none +sbwtdio none"
"""Arguments of Erlang: its threads sleep while there is nothing to do, and do not turn in place at the cost of the tests beside it."""


def find_rabbitmq() -> Path | None:
    """The server's own script: the one Debian puts on PATH only runs for root, as a user of its own."""
    return find("rabbitmq-server", sorted(Path("/usr/lib/rabbitmq").glob("bin")))


def find_postgres() -> Path | None:
    """The folder of `initdb` and `postgres`, the newest version's where there are several."""
    newest_first = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True
    )
    program = find("initdb", newest_first)
    return program and program.resolve().parent


def find(program: str, folders: Sequence[Path]) -> Path | None:
    for folder in folders:
        if (folder / program).exists():
            return folder / program
    on_path = shutil.which(program)
    return Path(on_path) if on_path else None


@contextmanager
def rabbitmq(tls: Path | None = None) -> Iterator[RabbitMQ]:
    script = find_rabbitmq()
    if script is None:
        raise ServersMissing("RabbitMQ: no Docker engine answers and rabbitmq-server is not installed")
    home = Path(tempfile.mkdtemp(prefix="tamdid-rabbitmq-"))
    # epmd, which Erlang would otherwise leave behind as a daemon, runs in the group that ends together
    command = ["sh", "-c", 'epmd & exec "$0"', str(script)]
    with closing(ProcessPower(home, home / "data", "SIGTERM", command, rabbitmq_environment(home))) as power:
        amqp, amqps, management = free_ports(3)
        server = RabbitMQ(HOST, amqp, management, USER, secrets.token_hex(16), power, amqps)
        write_rabbitmq_settings(home, server, rabbitmq_tls(str(tls), f"{HOST}:{amqps}") if tls else {})
        power.start()
        wait_for("RabbitMQ", server, power, RABBITMQ_START_SECONDS)
        yield server


def write_rabbitmq_settings(home: Path, server: RabbitMQ, tls: Mapping[str, str]) -> None:
    (home / "enabled_plugins").write_text("[rabbitmq_management].\n")
    settings = {
        "listeners.tcp.own": f"{HOST}:{server.port}",
        "management.tcp.ip": HOST,
        "management.tcp.port": str(server.management_port),
        "default_user": server.user,
        "default_pass": server.password,
        "disk_free_limit.absolute": "50MB",
        **tls,
    }
    lines = [f"{key} = {value}\n" for key, value in settings.items()]
    (home / "rabbitmq.conf").write_text("".join(lines))


def rabbitmq_environment(home: Path) -> dict[str, str]:
    """Everything that would otherwise be the machine's: node name, ports, cookie, and each file."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("RABBITMQ_", "ERL_"))}
    own = {
        "HOME": home,
        "ERL_EPMD_ADDRESS": HOST,
        "ERL_EPMD_PORT": free_port(),
        "RABBITMQ_NODENAME": f"{home.name}@localhost",
        "RABBITMQ_DIST_PORT": free_port(),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": f"-kernel inet_dist_use_interface {{127,0,0,1}} {NO_BUSY_WAIT}",
        "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        "RABBITMQ_CONFIG_FILE": home / "rabbitmq.conf",
        "RABBITMQ_ADVANCED_CONFIG_FILE": home / "advanced.config",
        "RABBITMQ_GENERATED_CONFIG_DIR": home / "generated",
        "RABBITMQ_ENABLED_PLUGINS_FILE": home / "enabled_plugins",
        "RABBITMQ_MNESIA_BASE": home / "data",
        "RABBITMQ_LOG_BASE": home / "logs",
        "RABBITMQ_PID_FILE": home / "pid",
    }
    return inherited | {name: str(value) for name, value in own.items()}


@contextmanager
def postgres(*, durable: bool = False) -> Iterator[Postgres]:
    """A database server; a durable one has its data on the disk, also where temporary files are in memory."""
    programs = find_postgres()
    if programs is None:
        raise ServersMissing("PostgreSQL: no Docker engine answers and postgresql is not installed")
    port, password = free_port(), secrets.token_hex(16)
    home = Path(tempfile.mkdtemp(prefix="tamdid-postgres-", dir=ON_DISK if durable else None))
    as_user = make_data_directory(programs, home, password)
    options = {"listen_addresses": HOST, "port": port, "unix_socket_directories": "", "max_connections": 200}
    if not durable:  # the data is thrown away: a power cut may take it, a crash of the server does not
        options |= {"fsync": "off", "synchronous_commit": "on", "full_page_writes": "off"}
    arguments = [f"--{name}={value}" for name, value in options.items()]
    command = [*as_user, str(programs / "postgres"), "-D", str(home / "data"), *arguments]
    with closing(ProcessPower(home, home / "data", "SIGINT", command, os.environ)) as power:
        server = Postgres(HOST, port, USER, password, power)
        power.start()
        wait_for("PostgreSQL", server, power, POSTGRES_START_SECONDS)
        yield server


def make_data_directory(programs: Path, home: Path, password: str) -> list[str]:
    """Run `initdb`, and return the prefix that drops root, as which PostgreSQL refuses to run."""
    as_user = []
    if os.geteuid() == 0:
        account = unprivileged_account()
        as_user = ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups", "--"]
        os.chown(home, account.pw_uid, account.pw_gid)
    password_file = home / "password"
    password_file.write_text(password)
    shutil.copymode(home, password_file)
    if as_user:
        os.chown(password_file, account.pw_uid, account.pw_gid)
    initdb = [str(programs / "initdb"), "-D", str(home / "data"), "-U", USER, f"--pwfile={password_file}"]
    options = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"]
    made = subprocess.run([*as_user, *initdb, *options], capture_output=True, text=True, cwd=home, check=False)
    password_file.unlink()
    if made.returncode != 0:
        shutil.rmtree(home, ignore_errors=True)
        raise StartFailed(f"initdb failed: {made.stderr.strip()}")
    return as_user


def unprivileged_account() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


@contextmanager
def kept(
    home: Path, stop_signal: str, command: Sequence[str], environment: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """Run the command under a keeper that ends it with this block, or with this process however it ends."""
    keeps = subprocess.Popen(
        [sys.executable, "-I", guard.__file__, str(home), stop_signal, *command],
        stdin=subprocess.PIPE,
        env=environment,
        start_new_session=True,
    )
    try:
        yield keeps
    finally:
        if keeps.stdin:
            keeps.stdin.close()
        keeps.wait(KEEPER_END_SECONDS)


@dataclass
class ProcessPower:
    """Ends a server's whole process group, and starts it again where it was."""

    home: Path
    data: Path
    stop_signal: str
    command: Sequence[str]
    environment: Mapping[str, str]
    _stack: ExitStack = field(default_factory=ExitStack)
    _keeper: subprocess.Popen[bytes] | None = None

    @property
    def has_ended(self) -> bool:
        return self._keeper is None or self._keeper.poll() is not None

    def start(self) -> None:
        noting_its_id = ["sh", "-c", 'echo $$ > "$0"; exec "$@"', str(self.home / "id"), *self.command]
        # SIGKILL: in the end nobody needs what it keeps
        self._keeper = self._stack.enter_context(kept(self.home, "SIGKILL", noting_its_id, self.environment))

    def stop(self) -> None:
        self._end(signal.Signals[self.stop_signal])

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def empty(self) -> None:
        shutil.rmtree(self.data)

    def close(self) -> None:
        self._stack.close()
        shutil.rmtree(self.home, ignore_errors=True)

    def _end(self, how: signal.Signals) -> None:
        """End it, and return when its keeper has seen that nothing of it is left."""
        if self._keeper is not None:
            with suppress(ProcessLookupError):
                os.killpg(int((self.home / "id").read_text()), how)
            self._keeper.wait(KEEPER_END_SECONDS)


def wait_for(name: str, server: RabbitMQ | Postgres, power: ProcessPower, seconds: float) -> None:
    try:
        wait_until_up(name, server.answers, seconds, ended=lambda: power.has_ended)
    except StartFailed as error:
        log = power.home / "log"
        if log.exists():
            error.add_note("\n".join(log.read_text(errors="replace").splitlines()[-LOG_LINES_SHOWN:]))
        raise
