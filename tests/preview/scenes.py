"""What the pictures show when nothing else is asked for: real answers, in the very payload the bot sends."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import discord
from discord.http import handle_message_parameters

from bot.console import reply_text
from bot.render.buttons import answer_buttons
from bot.render.pages import pages
from bot.settings import read_settings
from bot.wiring import Application
from knowledge.advisor import Advisor
from knowledge.entities import Question, Reply, Turn
from knowledge.skills.comparing import compare
from knowledge.skills.replies import card_reply, comparison_reply
from tests.preview.curation import admin_messages
from tests.preview.documents import document_messages
from tests.preview.drawing import Message

ASKER = "Ana"
BOT = {"username": "Career advisor", "bot": True}
PRIVATE = discord.MessageFlags(ephemeral=True)
KEY = "k3y"
ASKER_ID = 1


@dataclass(frozen=True, slots=True)
class Scene:
    """One question, what the same person asked before it, and whether by /ask, a mention or /skill."""

    name: str
    question: str
    history: tuple[str, ...] = ()
    by: Literal["command", "mention", "skill", "compare"] = "command"


SCENES = (
    Scene("short", "Do I need a degree?"),
    Scene("list", "How do I become a backend engineer, step by step?"),
    Scene("several-documents", "Which programming languages do backend engineers use?"),
    Scene("disagreement", "Is Redis a database or a cache?", by="mention"),
    Scene("follow-up", "And which tools?", ("Which databases are common?",), by="mention"),
    Scene("declined", "How much does a backend engineer earn in Berlin?"),
    Scene("unknown", "What is the best pizza in town?", by="mention"),
    Scene("several-in-one", "What are the main duties, which tools are used, and how much do they earn?"),
    Scene(
        "long",
        "What does a backend engineer do all day? Which technical skills are needed? Which soft skills? "
        "How do I become one? What is hard about the job? What comes after it?",
    ),
    Scene("skill", "redis", by="skill"),
    Scene("skill-unnamed", "fortran", by="skill"),
    Scene("compare", "python and go", by="compare"),
    Scene("german", "Wie wird man Backend-Entwickler?"),
)


def payloads_of(reply: Reply, *, private: bool) -> list[Message]:
    """What the bot sends for this reply, page by page."""
    payloads = []
    for page in pages(reply):
        view = answer_buttons(reply, page, key=KEY, asker=ASKER_ID, private=private)
        with handle_message_parameters(
            embeds=page.embeds, view=view, flags=PRIVATE if private else discord.MessageFlags()
        ) as sent:
            payloads.append(dict(sent.payload or {}))
    return payloads


def messages_of(scene: Scene, application: Application) -> Iterator[tuple[str, Message]]:
    """The scene as messages with a name each, a page a message."""
    private = scene.by != "mention"
    payloads = payloads_of(_reply(scene, application), private=private)
    for number, payload in enumerate(payloads, start=1):
        name = scene.name if len(payloads) == 1 else f"{scene.name}-{number}"
        yield name, {"author": BOT, **payload, **_above(scene)}


def messages(scenes: Sequence[Scene] = SCENES) -> Iterator[tuple[str, Message]]:
    """All scenes, answered from the data folder of the settings; builds the index where there is none."""
    application = Application(read_settings())
    application.ready(who="preview")
    for scene in scenes:
        yield from messages_of(scene, application)
    if scenes is SCENES:
        yield from admin_messages(application)
        yield from document_messages()


def _reply(scene: Scene, application: Application) -> Reply:
    match scene.by:
        case "skill":
            return card_reply(application.skills.card(scene.question))
        case "compare":
            return comparison_reply(compare(application.skills, *scene.question.split(" and ")))
        case _:
            return application.advisor.answer(_asked(scene, application.advisor))


def _asked(scene: Scene, advisor: Advisor) -> Question:
    turns: tuple[Turn, ...] = ()
    for earlier in scene.history:
        turns = (*turns, Turn(earlier, reply_text(advisor.answer(Question(earlier, turns)))))
    return Question(scene.question, turns)


def _above(scene: Scene) -> Message:
    if scene.by != "mention":
        command = "/ask" if scene.by == "command" else f"/{scene.by}"
        return {"interaction": {"user": ASKER, "command": command}}
    content = f"@{BOT['username']} {scene.question}"
    return {"referenced_message": {"author": {"username": ASKER}, "content": content}}
