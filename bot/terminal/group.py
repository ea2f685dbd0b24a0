"""What all commands of the terminal share: their group, how they begin, and who is noted for what they do."""

import getpass
import sys
from collections.abc import Callable
from difflib import get_close_matches
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from bot.logs import configure
from bot.settings import BadSettings, read_settings

if TYPE_CHECKING:
    from bot.wiring import Application

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

PATIENCE = 2.0
"""Seconds a command waits for another that changes the index."""
_LONGEST_NAME = 32


class Commands(click.Group):
    """Lists commands as written, helps with slips, and tells every expected error in one sentence."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order in which they were added."""
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or fail with a hint at what may have been meant."""
        name = args[0]
        if not name.startswith("-") and name not in self.commands:
            ctx.fail(f"There is no command {name!r}. {self._hint(name)}")
        return super().resolve_command(ctx, args)

    def _hint(self, name: str) -> str:
        if " " in name.strip():
            return f'A question is asked with: ask "{name.strip()}"'
        near = get_close_matches(name, self.commands, 1)
        return f"Did you mean {near[0]}?" if near else f"The commands are: {', '.join(self.commands)}."

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; whatever goes wrong ends in one sentence."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, BrokenPipeError):
            raise
        except (KeyboardInterrupt, click.Abort):
            click.echo("Stopped.", err=True)
            raise click.exceptions.Exit(130) from None
        except BadSettings as error:
            raise click.ClickException(str(error)) from None
        except Exception as error:  # noqa: BLE001  # the terminal is an edge: one sentence, never a traceback
            from bot.errors import for_operator

            raise click.ClickException(for_operator(error)) from None


def with_application(command: Callable[..., None]) -> Callable[..., None]:
    """Read the settings only when the command line has been understood, so that --help always helps."""

    @wraps(command)
    def prepared(**given: Any) -> None:
        settings = read_settings()
        configure(settings.log_level, settings.log_format, secrets=(settings.discord_token, settings.proxy))
        from bot.wiring import Application

        command(Application(settings), **given)

    return prepared


def make_ready(application: "Application") -> None:
    """Build the index with a progress bar where there is none, or none that fits."""
    from bot.console import report_text
    from bot.progress import progress_bar

    with progress_bar("Reading the documents") as progress:
        report = application.ready(who="start-up", progress=progress)
    if report is not None:
        click.echo(report_text(report, dry_run=False), err=True)


def at_the_terminal() -> str:
    """Who is noted for what is done here: "terminal", and the login name where it is known."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "terminal"
    known = "".join(letter for letter in name if letter.isprintable())[:_LONGEST_NAME].strip()
    return f"terminal ({known})" if known else "terminal"


def somebody_is_there() -> bool:
    """Whether a person can be asked something."""
    return sys.stdin.isatty()
