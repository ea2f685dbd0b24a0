"""The commands that propose, publish, discard and take back generations."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.terminal import group
from bot.terminal.group import at_the_terminal, with_application

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.resources.abc import Traversable

    from bot.wiring import Application
    from index.library import Manifest
    from knowledge.proposals import Proposal

    Folders = Sequence[Traversable | Path]

NOTHING_WAITS = "Nothing waits for a decision."
KEPT = 'Not published; it waits for a decision (changes, publish --override "…", discard). {why}'
REPLACED = "This takes the place of what {who} proposed."
FORBIDDEN = "Not published, and no reason overcomes that (changes, discard). {why}"


@click.command()
@click.option("--dry-run", is_flag=True, help="Tell what would change and change nothing.")
@click.option(
    "--sources",
    metavar="DIR",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Read this folder too; may be given several times.",
)
@click.option("--only", is_flag=True, help="Read nothing but the folders given by --sources.")
@click.option("--json", "as_json", is_flag=True, help="Write the report as one JSON object.")
@click.option("--override", metavar="REASON", help="Publish although something speaks against it; say why.")
@click.option("--hold", is_flag=True, help="Publish nothing yet: keep it for a decision.")
@with_application
def reindex(
    application: "Application",
    dry_run: bool,
    sources: tuple[Path, ...],
    only: bool,
    as_json: bool,
    override: str | None,
    hold: bool,
) -> None:
    """Read the documents again and publish what changed.

    What answers now and what would answer are asked the same questions first. Where something speaks against
    publishing, the exit status is 1 and the new generation waits for a decision. What answers now goes on
    answering until then, and also if the reindex is stopped or fails.
    """
    if only and not sources:
        raise click.UsageError("--only needs at least one --sources folder.")
    if sum((dry_run, hold, override is not None)) > 1:
        raise click.UsageError("Give only one of --dry-run, --hold and --override.")
    _require_reason(override)
    folders = application.folders(sources, only=only)
    first = application.library.current() is None
    waited = application.curator.proposal()
    proposal = (
        _read_only(application, folders)
        if dry_run and first
        else _propose(application, folders, keep=not dry_run)
    )
    if waited and proposal.staged:
        click.echo(REPLACED.format(who=waited.who), err=True)
    manifest = None if hold else _publish_unless_objected(application, proposal, override or "")
    _tell(proposal, manifest, dry_run=dry_run, as_json=as_json)
    if proposal.staged and not hold and manifest is None:
        raise click.ClickException(_why_not(proposal, override or ""))
    if manifest is not None:
        _tell_settled(application)


@click.command()
@click.option(
    "--group",
    "name",
    type=click.Choice(("no-longer-answered", "source-changed", "now-answered", "unchanged")),
    help="Show the questions of this group alone.",
)
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object a question.")
@with_application
def changes(application: "Application", name: str | None, as_json: bool) -> None:
    """Show what would change in the answers, before and after.

    It is about the generation that waits for a decision, made by "reindex --hold" or because something speaks
    against publishing it. Questions that get the same answer are left out unless their group is asked for.
    """
    from bot.console import json_line
    from bot.proposal_text import GROUPS, change_json, changes_of, changes_text
    from bot.screen import show

    proposal = application.curator.proposal()
    if proposal is None:
        click.echo(NOTHING_WAITS, err=as_json)
        return
    found = changes_of(proposal, GROUPS[name] if name else None)
    if as_json:
        for change in found:
            click.echo(json_line(change_json(change)))
    else:
        show(changes_text(proposal, found), sys.stdout)


@click.command()
@click.argument("key", required=False)
@click.option("--override", metavar="REASON", help="Publish although something speaks against it; say why.")
@with_application
def publish(application: "Application", key: str | None, override: str | None) -> None:
    """Have what waits for a decision answer from now on.

    With KEY, as "changes" tells it, only if nothing else has been proposed since.
    """
    from bot.generation_text import answers_now_text

    _require_reason(override)
    manifest = application.curator.publish(
        key or _waiting(application), who=at_the_terminal(), reason=override or ""
    )
    click.echo(answers_now_text(manifest))
    _tell_settled(application)


@click.command()
@click.argument("key", required=False)
@with_application
def discard(application: "Application", key: str | None) -> None:
    """Throw away what waits for a decision.

    What answers now goes on answering. With KEY, as "changes" tells it, only if nothing else has been
    proposed since.
    """
    proposal = application.curator.discard(key or _waiting(application), who=at_the_terminal())
    still = f"generation {proposal.base} goes on answering" if proposal.base else "nothing answers yet"
    click.echo(f"Discarded; {still}.")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object a generation.")
@with_application
def generations(application: "Application", as_json: bool) -> None:
    """List the generations that are kept.

    With who published each, and how many questions it answered and answers helped since.
    """
    from datetime import UTC, datetime

    from bot.console import json_line
    from bot.generation_text import generation_json, generations_text

    snapshot = application.library.current()
    current = snapshot.manifest.generation if snapshot else None
    rated = {one.generation: one for one in application.curator.ratings()}
    found = [
        generation_json(manifest, current=current, rated=rated.get(manifest.generation))
        for manifest in application.library.generations()
    ]
    if as_json:
        for entry in found:
            click.echo(json_line(entry))
    else:
        click.echo(generations_text(found, datetime.now(UTC)) or "No generation yet.")


@click.command()
@click.argument("generation", required=False, type=click.IntRange(1))
@with_application
def rollback(application: "Application", generation: int | None) -> None:
    """Answer from an earlier generation again.

    It is told which documents come back. Without a number it is the one before the present one; "generations"
    lists those that are kept.
    """
    from bot.generation_text import answers_now_text, difference_text

    before = application.library.current()
    manifest = application.curator.rollback(generation, who=at_the_terminal())
    lines = [answers_now_text(manifest), *difference_text(before.manifest if before else None, manifest)]
    click.echo("\n".join(lines))


def _propose(application: "Application", folders: "Folders", *, keep: bool) -> "Proposal":
    from bot.progress import watch_bar

    with watch_bar() as watch:
        return application.curator.propose(
            who=at_the_terminal(), folders=folders, wait=group.PATIENCE, watch=watch, keep=keep
        )


def _read_only(application: "Application", folders: "Folders") -> "Proposal":
    """What the very first index would hold: nothing answers yet that it could be compared with."""
    from dataclasses import replace
    from datetime import UTC, datetime

    from knowledge.proposals import Proposal

    who = at_the_terminal()
    report = application.reindexer.run(folders, who=who, dry_run=True)
    report = replace(report, complaints=application.curator.lint(folders).complaints)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    return Proposal(key="", who=who, at=at, base=None, report=report, staged=False)


def _publish_unless_objected(
    application: "Application", proposal: "Proposal", reason: str
) -> "Manifest | None":
    if not proposal.staged or proposal.standing(reason):
        return None
    return application.curator.publish(proposal.key, who=at_the_terminal(), reason=reason)


def _tell_settled(application: "Application") -> None:
    """Tell which gaps have their answer now. What was published stays so where that cannot be noted."""
    from bot.errors import for_operator
    from knowledge.journal.errors import JournalError

    try:
        for gap in application.curator.settle_drafts(who=at_the_terminal()):
            click.echo(f"Marked as answered: {gap.subject}.", err=True)
    except JournalError as error:
        click.echo(for_operator(error), err=True)


def _tell(proposal: "Proposal", manifest: "Manifest | None", *, dry_run: bool, as_json: bool) -> None:
    from bot.console import json_line
    from bot.proposal_text import proposal_json, proposal_text

    if as_json:
        click.echo(json_line(proposal_json(proposal, manifest, dry_run=dry_run)))
    else:
        click.echo(proposal_text(proposal, manifest, dry_run=dry_run))


def _why_not(proposal: "Proposal", reason: str) -> str:
    standing = proposal.standing(reason)
    kept = KEPT if all(objection.overridable for objection in standing) else FORBIDDEN
    return kept.format(why=" ".join(objection.sentence for objection in standing))


def _waiting(application: "Application") -> str:
    proposal = application.curator.proposal()
    if proposal is None:
        raise click.ClickException(NOTHING_WAITS)
    return proposal.key


def _require_reason(override: str | None) -> None:
    if override is not None and not override.strip():
        raise click.UsageError("--override needs a reason.")
