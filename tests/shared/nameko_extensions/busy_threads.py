"""Native threads of two kinds, for `test_native_threads.py`: prints what was refused and what was not kept waiting."""

import eventlet

from shared.contract.refusals import Refused
from shared.nameko_extensions import NativeThreads

WAITING_MAX = 3


def main() -> None:
    import threading  # noqa: PLC0415 - the native one: nothing is patched here

    release = threading.Event()
    drawing, hashing = NativeThreads(1), NativeThreads(2)
    refused = 0

    def draw() -> bool:
        nonlocal refused
        try:
            drawing.require_room(WAITING_MAX)
        except Refused:
            refused += 1
            return False
        return bool(drawing.run(release.wait))

    flood = [eventlet.spawn(draw) for _ in range(20)]
    eventlet.sleep(0)
    hashed = [one.wait() for one in [eventlet.spawn(hashing.run, pow, 2, number) for number in range(8)]]
    release.set()
    drawn = sum(one.wait() for one in flood)
    print(refused, drawn, hashed)


if __name__ == "__main__":
    main()
