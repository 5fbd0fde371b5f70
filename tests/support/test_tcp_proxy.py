"""The roads do to connections what their names say; else the fault runs would prove nothing."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.support.tcp_proxy import Network, Road

SOON_SECONDS = 5
NEVER_SECONDS = 0.3


class Echo(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        while line := self.rfile.readline():
            self.wfile.write(line)


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False


@pytest.fixture
def network() -> Iterator[Network]:
    with closing(Network()) as network:
        yield network


@pytest.fixture
def road(network: Network) -> Iterator[Road]:
    with Server(("127.0.0.1", 0), Echo) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}).start()
        yield network.road(server.server_address[1])
        server.shutdown()


def connected(road: Road) -> socket.socket:
    """A connection that has carried something already."""
    connection = socket.create_connection(("127.0.0.1", road.port), SOON_SECONDS)
    assert echo(connection) == b"salaam\n"
    return connection


def echo(connection: socket.socket) -> bytes:
    connection.sendall(b"salaam\n")
    return connection.recv(100)


def nothing_comes(connection: socket.socket) -> bool:
    connection.settimeout(NEVER_SECONDS)
    try:
        connection.recv(100)
    except TimeoutError:
        return True
    finally:
        connection.settimeout(SOON_SECONDS)
    return False


def test_a_cut_connection_is_reset_and_a_new_one_works(network: Network, road: Road) -> None:
    with connected(road) as connection:
        network.on([road], Road.cut)
        with pytest.raises(ConnectionResetError):
            connection.recv(100)
    connected(road).close()


def test_what_was_held_up_arrives_afterwards(network: Network, road: Road) -> None:
    with connected(road) as connection:
        network.on([road], Road.hold)
        connection.sendall(b"later\n")
        assert nothing_comes(connection)
        network.on([road], Road.release)
        assert connection.recv(100) == b"later\n"


def test_a_swallowed_connection_says_nothing_for_ever_and_a_new_one_works(network: Network, road: Road) -> None:
    with connected(road) as connection:
        network.on([road], Road.swallow)
        connection.sendall(b"lost\n")
        assert nothing_comes(connection)
    connected(road).close()


def test_a_road_goes_round_a_target_that_is_down(network: Network, road: Road) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        nobody = listener.getsockname()[1]
    round_about = network.road(nobody, *road.targets)
    for _ in range(2):
        connected(round_about).close()
