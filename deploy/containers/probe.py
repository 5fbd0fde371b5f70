"""Asks the program in this container whether it is ready: exit code 0 if so.

It imports next to nothing, because a container's engine runs it every few seconds.
"""

import os
import sys
import urllib.error
import urllib.request

ANSWER_SECONDS_MAX = 5
DEFAULT_PORT = "8080"


def main() -> int:
    url = f"http://127.0.0.1:{os.environ.get('TAMDID_HEALTH_PORT', DEFAULT_PORT)}/ready"
    # no proxy: the question never leaves the container
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=ANSWER_SECONDS_MAX) as answer:
            print(answer.read().decode(errors="replace").strip())
    except urllib.error.HTTPError as error:
        print(f"not ready: {error.read().decode(errors='replace').strip()}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"no answer from {url}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
