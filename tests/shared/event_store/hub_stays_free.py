"""Whether the hub turns while the database works: counts the turns during a query that sleeps, and prints them."""

import os

os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_select")
import eventlet

eventlet.monkey_patch()

import sys

from sqlalchemy import text

from shared.event_store.database import Database

TURN_SECONDS = 0.01


def main(url: str) -> None:
    turns = 0

    def turn() -> None:
        nonlocal turns
        while True:
            eventlet.sleep(TURN_SECONDS)
            turns += 1

    database = Database(url)
    with database.read() as connection:
        connection.execute(text("SELECT 1"))
        turning = eventlet.spawn(turn)
        connection.execute(text("SELECT pg_sleep(1)"))
        turning.kill()
    database.close()
    print(turns)


if __name__ == "__main__":
    main(*sys.argv[1:])
