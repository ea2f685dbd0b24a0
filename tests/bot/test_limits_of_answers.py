"""Over thousands of answers, nothing the bot would send is refused by Discord, or acts when it is shown."""

import random
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from discord import AllowedMentions
from discord.http import handle_message_parameters
from discord.ui import View

from bot.cogs.answers import FORGOTTEN
from bot.render.buttons import answer_buttons, shared_buttons
from bot.render.pages import Page, pages
from index.transformer import PACKAGED_WEIGHTS_SHA256, Transformer, packaged_model
from knowledge.advisor import Advisor
from knowledge.corpus.reading import packaged_articles
from knowledge.entities import Answer, Confidence, NoAnswer, Origin, Question, Quote, Refusal, Reply, Source
from knowledge.reindexing import Reindexer
from tests.fakes import NumpyLibrary
from tests.limits import message_violations

ANSWERS = 5000
KEY = "k" * 11
ASKER = 2**64 - 1
WORDS = [
    *("backend", "engineer", "database", "Redis", "C#", "Node.js", "CI/CD", "AWS/GCP/Azure", "naïve", "—"),
    *(
        "@everyone",
        "<@1>",
        "<#2>",
        "<t:1:R>",
        "https://x.example/a_b_c",
        "[a](https://x.example)",
        "**bold**",
    ),
    *(
        "__u__",
        "~~s~~",
        "`code`",
        "||spoiler||",
        "# heading",
        "-# small",
        ">",
        "\\",
        "\u202e",
        "\ud83d",
        "😀😀",
    ),
    *("数据库", "база", "डेटाबेस", "\x00", "“quoted”", "discord.gg/abc", "1.", "-", "*", "+", ":smile:"),
]


def text(chance: random.Random, most: int) -> str:
    """Words of every kind, in lines and lists, seldom one that never ends."""
    if chance.random() < 0.01:
        return "a" * chance.randrange(1, 6000)
    joints = chance.choice([" ", " ", " ", "\n", "\n- ", "\n1. ", "\n\n"])
    return joints.join(chance.choice(WORDS) for _ in range(chance.randrange(most)))


def source(chance: random.Random) -> Source:
    link = chance.choice([None, "https://example.org/" + "a" * chance.randrange(200), text(chance, 5)])
    origin = Origin(
        text(chance, 6) or None, text(chance, 3) or None, text(chance, 3) or None, link, chance.random() < 0.5
    )
    return Source(f"d{chance.randrange(8)}", text(chance, 12), (text(chance, 12),), origin)


def reply(chance: random.Random) -> Reply:
    parts: list[Answer | NoAnswer] = []
    for _ in range(chance.choice([0, 1, 1, 1, 1, 1, 2, 3, 7])):
        related = tuple(text(chance, 20) for _ in range(chance.randrange(5)))
        if chance.random() < 0.3:
            parts.append(
                NoAnswer("", chance.choice(list(Refusal)), text(chance, 60), related, 1, text(chance, 15))
            )
            continue
        longest = chance.choice([20, 20, 60, 300])
        quotes = tuple(
            Quote(text(chance, longest), "p", 0, 1, source(chance)) for _ in range(chance.randrange(5))
        )
        said = [tuple(text(chance, 30) for _ in range(chance.randrange(3))) for _ in range(2)]
        confidence = Confidence(chance.choice(["high", "medium", "low"]), text(chance, 40))
        parts.append(Answer("", quotes, said[0], confidence, related, 1, said[1], text(chance, 15)))
    return Reply(tuple(parts), 1)


def payloads(answered: Reply) -> Iterator[tuple[Page, Mapping[str, Any]]]:
    """Every message that may show a page of a reply: to who asked, shared, and without embeds."""
    for page in pages(answered):
        view = answer_buttons(answered, page, key=KEY, asker=ASKER, private=True)
        yield page, sent(content=FORGOTTEN, embeds=page.embeds, view=view)
        yield (
            page,
            sent(content=page.text, view=answer_buttons(answered, page, key=KEY, asker=ASKER, private=False)),
        )
    for page in pages(answered, titled=True):
        yield (
            page,
            sent(content="x" * 60, embeds=page.embeds, view=shared(answered, page)),
        )


def shared(answered: Reply, page: Page) -> View:
    return shared_buttons(answered, page, key=KEY, asker=ASKER)


def sent(**fields: Any) -> Mapping[str, Any]:
    with handle_message_parameters(**fields, allowed_mentions=AllowedMentions.none()) as parameters:
        return parameters.payload or {}


def refused(answered: Reply) -> list[str]:
    """What Discord would refuse of all that shows a reply."""
    found = []
    for page, payload in payloads(answered):
        found += message_violations(payload)
        if not 0 <= page.number < page.of:
            found.append("a page out of order")
    return found


def test_generated_answers_are_never_refused() -> None:
    chance = random.Random(7)
    assert [problem for _ in range(ANSWERS) for problem in refused(reply(chance))] == []


@pytest.fixture
def shipped() -> Advisor:
    """The advisor over the shipped articles."""
    library = NumpyLibrary()
    model = Transformer(packaged_model(), weights_sha256=PACKAGED_WEIGHTS_SHA256)
    made = Reindexer(library=library, embedder=model, size_limit=1_000_000, keep=1)
    made.run([packaged_articles()], who="a test")
    return Advisor(library=library, embedder=model)


@pytest.mark.model
def test_real_answers_are_never_refused_and_quote_word_for_word(shipped: Advisor) -> None:
    listed = shipped.suggestions().questions
    chance = random.Random(8)
    several = [" ".join(chance.sample(listed, chance.randrange(2, 7))) for _ in range(150)]
    asked = [Question(text) for text in [*listed[::4], *several]]
    for answered in shipped.answer_all(asked):
        assert isinstance(answered, Reply)
        assert refused(answered) == []
        shown = "\n".join(page.text for page in pages(answered))
        rows = "".join(row.removeprefix("> ") for row in shown.split("\n") if row.startswith(">"))
        bare = re.sub(r"\s|\\(?=[^0-9A-Za-z\s])", "", rows)
        quoted = "".join(quote.text for part in answered.parts for quote in getattr(part, "quotes", ()))
        assert bare == re.sub(r"\s", "", quoted)
