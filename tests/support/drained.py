"""A program that does all that waits for a site's worker, the rest of the sample district too, and tells how long."""

import json
import sys
import time


def main() -> int:
    """Work until nothing is due."""
    import django

    django.setup()
    from lianxin.platform import worker

    began = time.monotonic()
    worker.drain()
    sys.stdout.write(json.dumps({"seconds": round(time.monotonic() - began)}) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
