"""Questions that sound like the documents of a folder and that none of them answers."""

import tomllib

from knowledge.formats.shapes import one_line


class BadNearMisses(Exception):
    """A near_misses.toml cannot be used; the message says why, without a full stop."""


def read_near_misses(text: str) -> tuple[str, ...]:
    """The questions of every [[group]], each once. Raises BadNearMisses."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadNearMisses(f"Not valid TOML: {error}") from error
    if unknown := table.keys() - {"group"}:
        raise BadNearMisses(f"Unknown part “{min(unknown)}”")
    groups = table.get("group", [])
    if not isinstance(groups, list) or not all(isinstance(group, dict) for group in groups):
        raise BadNearMisses("“group” is not a list of [[group]]")
    if wrong := {key for group in groups for key in group} - {"about", "questions"}:
        raise BadNearMisses(f"Unknown key “{min(wrong)}”")
    questions = [question for group in groups for question in _listed(group.get("questions", []))]
    return tuple(dict.fromkeys(filter(None, map(one_line, questions))))


def _listed(questions: object) -> list[str]:
    if not isinstance(questions, list) or not all(isinstance(question, str) for question in questions):
        raise BadNearMisses("“questions” is not a list of texts")
    return questions
