"""TCP proxies between a program and a server, whose traffic can be cut, held up, or swallowed."""

import asyncio
import socket
import struct
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from itertools import count

CHUNK_BYTES = 64 * 1024
CONNECT_SECONDS = 2
STOP_SECONDS = 5
HOST = "127.0.0.1"
RESET = struct.pack("ii", 1, 0)
"""SO_LINGER's value for a close by RST alone."""


class Crossing:
    """One connection on a proxy."""

    def __init__(self, writers: Sequence[asyncio.StreamWriter]) -> None:
        self.writers = writers
        self.is_swallowed = False

    def cut(self) -> None:
        """Reset both ends, as a router that restarts does."""
        for writer in self.writers:
            sock: socket.socket | None = writer.get_extra_info("socket")
            if sock is not None:
                with suppress(OSError):
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            writer.transport.abort()


class TcpProxy:
    """A local port that forwards to the first of its targets that accepts the connection, each in turn."""

    def __init__(self, targets: Sequence[int]) -> None:
        self.targets = targets
        self.port = 0
        self.crossings: set[Crossing] = set()
        self._turn = count()
        self._open = asyncio.Event()
        self._open.set()

    async def build(self) -> asyncio.Server:
        server = await asyncio.start_server(self._cross, HOST, 0)
        self.port = server.sockets[0].getsockname()[1]
        return server

    def cut(self) -> None:
        """Reset every connection."""
        for crossing in list(self.crossings):
            crossing.cut()

    def hold(self) -> None:
        """Hold all data, in either direction, on old connections and on new ones, until `release`."""
        self._open.clear()

    def release(self) -> None:
        self._open.set()

    def swallow(self) -> None:
        """Drop all data on the present connections for ever, without closing them."""
        for crossing in self.crossings:
            crossing.is_swallowed = True

    async def _cross(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await self._connect()
        if there is None:
            writer.transport.abort()
            return
        far_reader, far_writer = there
        crossing = Crossing((writer, far_writer))
        self.crossings.add(crossing)
        ways = self._carry(reader, far_writer, crossing), self._carry(far_reader, writer, crossing)
        try:
            await asyncio.gather(*ways)
        except asyncio.CancelledError:
            crossing.cut()  # the end of it all; asyncio's own server would tell of it as an error
        finally:
            self.crossings.discard(crossing)
            for end in crossing.writers:
                end.close()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        first = next(self._turn)
        for step in range(len(self.targets)):
            target = self.targets[(first + step) % len(self.targets)]
            with suppress(OSError, TimeoutError):
                return await asyncio.wait_for(asyncio.open_connection(HOST, target), CONNECT_SECONDS)
        return None

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, crossing: Crossing) -> None:
        """Forward one direction to its end; the end of a swallowed connection is not forwarded either."""
        with suppress(OSError):
            while chunk := await reader.read(CHUNK_BYTES):
                await self._open.wait()
                if not crossing.is_swallowed:
                    writer.write(chunk)
                    await writer.drain()
        await self._open.wait()
        if not crossing.is_swallowed:
            writer.close()


class Network:
    """All proxies, run by a thread of their own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._servers: list[asyncio.Server] = []
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxies", daemon=True)
        self._thread.start()

    def proxy(self, *targets: int) -> TcpProxy:
        """A new proxy to ports of this machine."""
        proxy = TcpProxy(targets)
        self._servers.append(asyncio.run_coroutine_threadsafe(proxy.build(), self._loop).result(STOP_SECONDS))
        return proxy

    def on(self, proxies: Iterable[TcpProxy], act: Callable[[TcpProxy], None]) -> None:
        """Apply a change to proxies in their own thread, and return when it is done."""

        async def acting() -> None:
            for proxy in proxies:
                act(proxy)

        asyncio.run_coroutine_threadsafe(acting(), self._loop).result(STOP_SECONDS)

    def close(self) -> None:
        """Reset the remaining connections."""

        async def end() -> None:
            for server in self._servers:
                server.close()
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(end(), self._loop).result(STOP_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(STOP_SECONDS)
        self._loop.close()
