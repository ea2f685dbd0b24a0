"""One conversion: a line of JSON and a file on stdin, a line of JSON on stdout."""

import json
import os
import sys
from typing import Any

from knowledge.formats.converting.confined import confine
from knowledge.formats.converting.refused import Refused


def main() -> None:
    """Convert what comes on stdin within the limits that its first line names."""
    # What a library prints must not stand in the answer.
    answer = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    order: dict[str, Any] = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read()
    try:
        # The converters are loaded first: afterwards no file may be opened.
        from knowledge.formats.converting.convert import convert

        confine(memory=order["memory"], seconds=order["seconds"])
        found = {"html": convert(data, order["format"], order["pages"], order["length"])}
    except Refused as refused:
        found = {"refused": refused.reason}
    except (MemoryError, RecursionError):
        found = {"refused": "stopped"}
    with answer:
        answer.write(json.dumps(found).encode())


if __name__ == "__main__":
    main()
