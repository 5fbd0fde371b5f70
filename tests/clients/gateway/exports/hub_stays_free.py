"""Whether the hub turns while a long file is written: counts the turns until it is whole, and prints them."""

import eventlet

eventlet.monkey_patch()

from clients.gateway.exports import jobs
from shared.tabular.export import Cell

ROWS: list[list[Cell]] = [["0012345", "زهرا", 1405]] * 1_000


def main() -> None:
    turns = 0

    def turn() -> None:
        nonlocal turns
        while True:
            eventlet.sleep(0.001)
            turns += 1

    turning = eventlet.spawn(turn)
    with jobs.writing("xlsx", "x", ("a", "b", "c")) as (out, add):
        add(ROWS)
    turning.kill()
    assert out.getvalue().startswith(b"PK")
    print(turns)


if __name__ == "__main__":
    main()
