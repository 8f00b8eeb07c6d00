"""`probe.py HOST:PORT PATH`: 0 if the page answers 200, asked by the name people use."""

import http.client
import os
import sys


def main() -> int:
    """Ask once; a container's health check asks again."""
    line = http.client.HTTPConnection(sys.argv[1], timeout=4)
    host = os.environ["ALLOWED_HOSTS"].split(",")[0]
    line.request("GET", sys.argv[2], headers={"Host": host})
    return 0 if line.getresponse().status == 200 else 1


if __name__ == "__main__":
    sys.exit(main())
