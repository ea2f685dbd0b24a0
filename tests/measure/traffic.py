"""What people type, made up for a load: nothing of it comes from the questions that answers are judged by."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from index.library import Snapshot

GERMAN = (
    "Was ist {}?",
    "Warum sollte ich als Backend-Entwickler {} lernen?",
    "Wie wichtig ist {} für meine Bewerbung?",
)
SPANISH = (
    "¿Qué es {}?",
    "¿Por qué debería aprender {} para ser desarrollador backend?",
    "¿Cuánto tiempo necesito para aprender {}?",
)
OFF_TOPIC = (
    "How do I grow {} on a balcony?",
    "Which wine goes with {}?",
    "Who won the {} championship last year?",
    "Can my dog eat {}?",
)
SKILLS = (
    "Redis",
    "Docker",
    "Kubernetes",
    "PostgreSQL",
    "Kafka",
    "Python",
    "Java",
    "Go",
    "Linux",
    "Git",
    "GraphQL",
)
THINGS = (
    "tomatoes",
    "basil",
    "pumpkin",
    "salmon",
    "chess",
    "rice",
    "almonds",
    "mushrooms",
    "figs",
    "garlic",
    "peas",
)
EVERY = 20
"""Of so many questions one each is German, Spanish, or three in one, and two have nothing to do with us."""


def listed(snapshot: Snapshot) -> list[str]:
    """The different questions that the documents list, as far as /ask takes them."""
    found = (
        question
        for record in snapshot.records()
        for passage in snapshot.passages_of(record.id)
        for question in passage.attributes["questions"]
    )
    different = {text.casefold(): text for text in found if text.endswith("?") and 3 <= len(text) <= 90}
    return list(different.values())


def questions(known: Sequence[str]) -> Iterator[str]:
    """Different questions without end, mostly listed ones, from everywhere in the documents."""
    # A step that shares no factor with the length visits every place once.
    step = next(step for step in range(len(known) // 3 | 1, 10 * len(known)) if _coprime(step, len(known)))
    number = asked = 0
    while True:
        kind, turn = number % EVERY, number // EVERY
        if kind == 3:
            yield _filled(GERMAN, SKILLS, turn)
        elif kind == 8:
            yield _filled(SPANISH, SKILLS, turn)
        elif kind in (5, 15):
            yield _filled(OFF_TOPIC, THINGS, 2 * turn + (kind == 15))
        else:
            count = 3 if kind == 11 else 1
            some = [known[(asked + place) * step % len(known)] for place in range(count)]
            asked += count
            yield _differently(" ".join(some), (asked - 1) // len(known))
        number += 1


def changed_articles(source: Path, folder: Path, word: str) -> Path:
    """A copy of documents in which every sentence has another word, and every question listed for them."""
    folder.mkdir(parents=True)
    for path in source.iterdir():
        if path.suffix in (".md", ".toml"):
            (folder / path.name).write_text(changed(path.read_text("utf-8"), word), encoding="utf-8")
    return folder


def changed(text: str, word: str) -> str:
    """The text with a word more before every sentence's end."""
    return re.sub(r"(?<=[a-z])([.?!])(?=\s)|(?<=[a-z])(\?)(?=\")", rf" {word}\1\2", text)


def _coprime(one: int, other: int) -> bool:
    while other:
        one, other = other, one % other
    return one == 1


def _filled(forms: Sequence[str], words: Sequence[str], turn: int) -> str:
    """The turn-th different filling, then the same ones with a number."""
    again, turn = divmod(turn, len(forms) * len(words))
    return _differently(forms[turn % len(forms)].format(words[turn // len(forms)]), again)


def _differently(text: str, again: int) -> str:
    return f"{text} (for the {again + 1}th time)" if again else text
