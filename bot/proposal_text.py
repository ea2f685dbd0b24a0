"""What a new generation would change, as text for a person and as JSON for scripts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from bot.console import count_text, documents_text, moment_text, outcome_text, reply_text
from index.library import Manifest
from knowledge.entities import Reply
from knowledge.gate.changes import Change, Group
from knowledge.proposals import Proposal
from knowledge.reindexing import ReindexReport

TELLING = 3
"""Questions of a group that a report names."""

WORST_FIRST = (Group.NO_LONGER_ANSWERED, Group.SOURCE_CHANGED, Group.NOW_ANSWERED, Group.UNCHANGED)

DELETED = "(a question that was deleted since)"
WAITS = "It waits for a decision: changes, publish, discard."
NOT_COMPARED = (
    "No answers were compared: there is no question to ask, or what answers now was made by another model "
    "or version."
)

_SAID: Mapping[Group, str] = {
    Group.NO_LONGER_ANSWERED: "no longer answered",
    Group.SOURCE_CHANGED: "answered in other words",
    Group.NOW_ANSWERED: "now answered",
    Group.UNCHANGED: "unchanged",
}
_ORIGIN = {"recorded": "recorded", "listed": "listed by a document", "told": "told by somebody"}


def group_name(group: Group) -> str:
    """A group as scripts call it: "no-longer-answered"."""
    return group.value.replace(" ", "-")


GROUPS: Mapping[str, Group] = {group_name(group): group for group in WORST_FIRST}


# --- the whole --------------------------------------------------------------------------------------------


def proposal_text(proposal: Proposal, manifest: Manifest | None, *, dry_run: bool) -> str:
    """The report of a reindex: documents, answers, what speaks against it, and which generation answers."""
    report = _report(proposal, manifest)
    lines = [*documents_text(report), *_answers(proposal), *_objections(proposal)]
    if dry_run or manifest or not proposal.staged:
        return "\n".join([*lines, *outcome_text(report, dry_run=dry_run)])
    return "\n".join([*lines, _answers_on(proposal.base), WAITS])


def proposal_json(proposal: Proposal, manifest: Manifest | None, *, dry_run: bool) -> dict[str, Any]:
    """The same as plain JSON values. `proposal` is the key of what waits for a decision."""
    waits = proposal.staged and manifest is None
    return asdict(_report(proposal, manifest)) | {
        "dry_run": dry_run,
        "proposal": proposal.key if waits else None,
        "answers": {name: len(proposal.group(group)) for name, group in GROUPS.items()},
        "examples": [
            change_json(change, replies=False)
            for group in WORST_FIRST
            for change in _telling(proposal, group)
        ],
        "objections": [asdict(objection) for objection in proposal.objections],
        "suite": proposal.suite,
    }


def waiting_json(proposal: Proposal) -> dict[str, Any]:
    """What waits for a decision, without its questions."""
    return {
        "key": proposal.key,
        "who": proposal.who,
        "at": proposal.at,
        "base": proposal.base,
        "answers": {name: len(proposal.group(group)) for name, group in GROUPS.items()},
        "objections": [asdict(objection) for objection in proposal.objections],
    }


def waiting_text(waiting: Mapping[str, Any]) -> str:
    """The same in a line."""
    objections = len(waiting["objections"])
    against = f"; {count_text(objections, 'objection')}" if objections else ""
    return f"{waiting['key']}, proposed {moment_text(waiting['at'])} by {waiting['who']}{against}"


def _report(proposal: Proposal, manifest: Manifest | None) -> ReindexReport:
    if manifest is None:
        return proposal.report
    return replace(proposal.report, generation=manifest.generation, published=True)


def _answers(proposal: Proposal) -> Iterator[str]:
    if not proposal.changes:
        built = proposal.report.calibration is not None
        yield from [NOT_COMPARED] if built and proposal.base is not None else []
        return
    counts = [f"{len(proposal.group(group))} {_SAID[group]}" for group in reversed(WORST_FIRST)]
    yield f"{count_text(len(proposal.changes), 'question')} asked of both: {', '.join(counts)}."
    for group in WORST_FIRST:
        yield from (f"  {_brief(change)}" for change in _telling(proposal, group))
        more = len(_moved(proposal, group)) - TELLING
        if more > 0:
            yield f"  … and {more} more {_SAID[group]}"


def _objections(proposal: Proposal) -> Iterator[str]:
    for objection in proposal.objections:
        yield f"Objection: {objection.sentence}{'' if objection.overridable else ' No reason overcomes it.'}"


def _answers_on(base: int | None) -> str:
    return f"Generation {base} goes on answering." if base else "Nothing answers yet."


def _moved(proposal: Proposal, group: Group) -> Sequence[Change]:
    """Those of a group that are worth naming: of unchanged answers those that say less."""
    return [change for change in proposal.group(group) if group is not Group.UNCHANGED or change.lost_facts]


def _telling(proposal: Proposal, group: Group) -> Sequence[Change]:
    return _moved(proposal, group)[:TELLING]


# --- question by question ---------------------------------------------------------------------------------


def changes_of(proposal: Proposal, group: Group | None) -> list[Change]:
    """The questions of one group; without one, all whose answers change, the worst first."""
    if group is not None:
        return list(proposal.group(group))
    return [change for each in WORST_FIRST for change in _moved(proposal, each)]


def changes_text(proposal: Proposal, changes: Sequence[Change]) -> str:
    """Who proposed what, and each question with what it gets before and after."""
    base = f"compared with generation {proposal.base}" if proposal.base else "compared with nothing"
    head = [f"Proposed {moment_text(proposal.at)} by {proposal.who}, {base}; its key is {proposal.key}."]
    documents = documents_text(replace(proposal.report, complaints=()))
    head += [*documents, *_objections(proposal)]
    blocks = [change_text(change) for change in changes] or ["No answer changes."]
    return "\n\n".join(["\n".join(head), *blocks])


def change_text(change: Change) -> str:
    """One question: what becomes of it, before and after."""
    lines = [f"═ {_brief(change)}"]
    for name, reply in (("Before", change.before), ("After", change.after)):
        if reply is not None:
            lines += [f"─ {name}:", reply_text(reply)]
    return "\n".join(lines)


def change_json(change: Change, *, replies: bool = True) -> dict[str, Any]:
    """The same as plain JSON values; the question is null where its author has deleted it since."""
    found: dict[str, Any] = {
        "question": change.question or None,
        "origin": change.origin,
        "group": group_name(change.group),
        "must": change.must,
        "lost_facts": list(change.lost_facts),
    }
    if replies:
        found |= {"before": _reply(change.before), "after": _reply(change.after)}
    return found


def _brief(change: Change) -> str:
    must = ", has to be answered" if change.must else ""
    if change.declinable:
        must = ", to be declined"
    lost = f"; no longer says: {', '.join(change.lost_facts)}" if change.lost_facts else ""
    return f"{_SAID[change.group]}: {change.question or DELETED} ({_ORIGIN[change.origin]}{must}){lost}"


def _reply(reply: Reply | None) -> dict[str, Any] | None:
    return None if reply is None else {"answer": reply_text(reply), "abstained": reply.abstained}
