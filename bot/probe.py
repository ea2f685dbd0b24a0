"""What a container is asked for its health with: `python -m bot.probe` fails where the bot is not ready."""

import sys
from http.client import HTTPConnection, HTTPException
from typing import Final

from bot.settings import BadSettings, read_settings

PATIENCE: Final = 10.0


class Unwell(Exception):
    """The bot is not ready to answer; the message is what it said, or why it said nothing."""


def ask(host: str, port: int) -> str:
    """What the bot that serves its health there says when it is ready. Raises Unwell."""
    # Not urllib: it would ask a proxy that the environment names.
    connection = HTTPConnection(host, port, timeout=PATIENCE)
    try:
        connection.request("GET", "/health/ready")
        response = connection.getresponse()
        told = response.read().decode("utf-8", "replace")
    except (OSError, HTTPException) as error:
        raise Unwell(f"Nothing answers on port {port}: {error or type(error).__name__}") from error
    finally:
        connection.close()
    if response.status != 200:
        raise Unwell(told)
    return told


def main() -> None:
    """Tell in a line how the bot is, and exit with 1 if it is unwell."""
    try:
        settings = read_settings()
        if settings.discord_token is not None and settings.health_port:
            sys.stdout.write(f"{ask(settings.health_host, settings.health_port)}\n")
            return
    except (BadSettings, Unwell) as error:
        sys.exit(str(error))
    # Nobody to ask, as in a conversation at the terminal: what can be told is whether the index is sound.
    from bot.cli import cli

    cli(["check", "--quick"])


if __name__ == "__main__":
    main()
