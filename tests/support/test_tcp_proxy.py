"""The proxies do to connections what their names say; else the fault runs would prove nothing."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.support.tcp_proxy import Network, TcpProxy

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
def proxy(network: Network) -> Iterator[TcpProxy]:
    with Server(("127.0.0.1", 0), Echo) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}).start()
        yield network.proxy(server.server_address[1])
        server.shutdown()


def connected(proxy: TcpProxy) -> socket.socket:
    """A connection that has carried something already."""
    connection = socket.create_connection(("127.0.0.1", proxy.port), SOON_SECONDS)
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


def test_a_cut_connection_is_reset_and_a_new_one_works(network: Network, proxy: TcpProxy) -> None:
    with connected(proxy) as connection:
        network.on([proxy], TcpProxy.cut)
        with pytest.raises(ConnectionResetError):
            connection.recv(100)
    connected(proxy).close()


def test_what_was_held_up_arrives_afterwards(network: Network, proxy: TcpProxy) -> None:
    with connected(proxy) as connection:
        network.on([proxy], TcpProxy.hold)
        connection.sendall(b"later\n")
        assert nothing_comes(connection)
        network.on([proxy], TcpProxy.release)
        assert connection.recv(100) == b"later\n"


def test_a_swallowed_connection_says_nothing_for_ever_and_a_new_one_works(network: Network, proxy: TcpProxy) -> None:
    with connected(proxy) as connection:
        network.on([proxy], TcpProxy.swallow)
        connection.sendall(b"lost\n")
        assert nothing_comes(connection)
    connected(proxy).close()


def test_a_proxy_goes_round_a_target_that_is_down(network: Network, proxy: TcpProxy) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        nobody = listener.getsockname()[1]
    round_about = network.proxy(nobody, *proxy.targets)
    for _ in range(2):
        connected(round_about).close()
