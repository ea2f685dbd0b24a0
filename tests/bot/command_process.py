"""The command line as a process of its own, with an embedder that needs no model.

With "die" as its first argument it is killed where it would publish what it proposed.
"""

import os
import signal
import sys
from typing import Any

from bot.cli import main
from bot.wiring import Application
from knowledge.curating import Curator
from tests.knowledge.documents import RoomyEmbedder


def die(*_: object, **__: object) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    for name, value in (("transformer", RoomyEmbedder()), ("languages", None)):
        setattr(Application, name, value)
    if sys.argv[1] == "die":
        del sys.argv[1]
        Curator.publish = die  # type: ignore[method-assign]  # nothing comes after it
    main()
