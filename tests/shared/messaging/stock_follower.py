"""A service of stock nameko, without any code of ours, that follows renewal: each event that it receives is printed as a line of JSON. With a name it is a service of this name that declares no exchange, as whoever has an account by `tamdid broker grant` is."""

import eventlet

eventlet.monkey_patch()

import json
import logging
import sys
from typing import Any

from nameko.containers import ServiceContainer
from nameko.events import event_handler


class Follower:
    name = "stock_follower"

    @event_handler("renewal", "RenewalApproved")
    def approved(self, event: dict[str, Any]) -> None:
        print(json.dumps(event), flush=True)


def main(broker_url: str, name: str = "") -> None:
    logging.basicConfig(level=logging.INFO)
    Follower.name = name or Follower.name
    container = ServiceContainer(Follower, config={"AMQP_URI": broker_url, "DECLARE_EVENT_EXCHANGES": not name})
    container.start()
    print("ready", flush=True)
    container.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
