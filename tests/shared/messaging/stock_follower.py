"""A service of stock nameko, without any code of ours, that follows renewal: each event that it receives is printed as a line of JSON."""

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


def main(broker_url: str) -> None:
    logging.basicConfig(level=logging.INFO)
    container = ServiceContainer(Follower, config={"AMQP_URI": broker_url})
    container.start()
    print("ready", flush=True)
    container.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
