"""Looking skills up in Discord: cards, kinds, comparisons, and the way from one to another."""

from pathlib import Path

import pytest
from simcord import Env
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle

from bot.render.buttons import kind_buttons
from bot.render.skills import kind_embed
from bot.service import Service
from knowledge.reindexing import Reindexer
from knowledge.skills.catalogue import load_catalogue
from knowledge.skills.entries import Skill
from knowledge.skills.lookup import Counted, Lookup, OfKind
from tests.fakes import NumpyLibrary
from tests.knowledge.documents import RoomyEmbedder, write

GUIDE = """# The guide

## Stack

Languages such as Python, Java or Go will do.

Databases: PostgreSQL, MySQL, Redis

## Learning steps

1. Learn Python.
2. Learn SQL and PostgreSQL.
3. Deploy with Docker.
"""
OTHER = """# Another view

We cache with Redis and store with PostgreSQL. Docker runs it.
"""


@pytest.fixture
def library(tmp_path: Path) -> NumpyLibrary:
    made = NumpyLibrary()
    folder = write(tmp_path / "documents", {"guide.md": GUIDE, "other.md": OTHER})
    reindexer = Reindexer(
        library=made, embedder=RoomyEmbedder(), size_limit=1_000_000, keep=1, catalogue=load_catalogue()
    )
    reindexer.run([folder], who="a test")
    return made


@pytest.fixture
def lookup(library: NumpyLibrary) -> Lookup:
    found = Lookup(catalogue=load_catalogue(), library=library)
    found.current()
    return found


def place(env: Env) -> tuple[ChannelHandle, MemberActor]:
    guild = env.create_guild()
    return guild.create_text_channel("careers"), guild.add_member(env.create_user("ada"))


def shown(result: object) -> str:
    embeds = result.response.embeds
    return "\n".join(f"{embed.title or ''}\n{embed.description}" for embed in embeds)


async def test_card_tells_what_it_is_and_who_says_what(env: Env) -> None:
    channel, ada = place(env)
    result = await ada.slash(channel, "skill", name="postgre sql")
    assert result.ephemeral
    text = shown(result)
    assert "PostgreSQL – database" in text
    assert "> Databases: PostgreSQL, MySQL, Redis" in text
    assert "> We cache with Redis and store with PostgreSQL." in text
    assert "Step 2 of 3" in text


async def test_card_leads_to_related_skills_and_into_its_context(env: Env) -> None:
    channel, ada = place(env)
    result = await ada.slash(channel, "skill", name="PostgreSQL")
    options = [
        option["value"]
        for row in result.response.components
        for item in row["components"]
        for option in item.get("options", ())
    ]
    assert "MySQL" in options
    other = await ada.select(result.response, ["MySQL"])
    assert "MySQL – database" in shown(other)
    context = await ada.click(result.response, label="Show in context")
    assert "**Stack**" in context.response.embeds[0].description


async def test_unclear_name_asks_back_with_buttons(env: Env) -> None:
    channel, ada = place(env)
    result = await ada.slash(channel, "skill", name="data")
    labels = [item["label"] for row in result.response.components for item in row["components"]]
    assert 1 < len(labels) <= 5
    chosen = await ada.click(result.response, label=labels[0])
    assert labels[0] in shown(chosen)


async def test_skill_that_nobody_names_is_said_so(env: Env) -> None:
    channel, ada = place(env)
    result = await ada.slash(channel, "skill", name="fortran")
    assert "no document names it" in shown(result).lower()
    assert "Python" in str(result.response.components)


async def test_names_are_offered_while_somebody_types(env: Env) -> None:
    channel, ada = place(env)
    offered = await ada.autocomplete(channel, "skill", "name", "postg")
    assert offered[0]["value"] == "PostgreSQL"
    popular = [choice["value"] for choice in await ada.autocomplete(channel, "skill", "name", "")]
    assert set(popular[:3]) == {"PostgreSQL", "Redis", "Docker"}


async def test_kinds_are_counted_and_one_kind_is_listed(env: Env) -> None:
    channel, ada = place(env)
    kinds = await ada.slash(channel, "skills")
    assert "**Databases**" in shown(kinds)
    databases = await ada.slash(channel, "skills", kind="database")
    assert "- PostgreSQL · 2 documents" in shown(databases)
    card = await ada.select(databases.response, ["Redis"])
    assert "Redis – database" in shown(card)


async def test_kind_is_chosen_from_all_of_them(env: Env) -> None:
    channel, ada = place(env)
    kinds = await ada.slash(channel, "skills")
    chosen = await ada.select(kinds.response, ["database"])
    assert "- PostgreSQL · 2 documents" in shown(chosen)


async def test_two_skills_in_one_field_are_compared(env: Env) -> None:
    channel, ada = place(env)
    text = shown(await ada.slash(channel, "compare", first="postgres vs redis"))
    assert "PostgreSQL – database, named by 2 documents." in text


async def test_skill_compared_with_itself_says_so(env: Env) -> None:
    channel, ada = place(env)
    assert "Both are Redis." in shown(await ada.slash(channel, "compare", first="redis", second="redis"))


async def test_what_is_no_technology_is_nothing_for_the_admins(env: Env) -> None:
    channel, ada = place(env)
    result = await ada.slash(channel, "skill", name="asdfghjkl")
    assert "what you typed" in shown(result)
    assert "Tell the admins" not in str(result.response.components)


async def test_kind_without_a_skill_says_so(env: Env) -> None:
    channel, ada = place(env)
    result = await ada.slash(channel, "skills", kind="ci")
    assert shown(result).strip() == "The documents name none of these: CI/CD."


async def test_two_skills_stand_side_by_side_without_a_verdict(env: Env) -> None:
    channel, ada = place(env)
    text = shown(await ada.slash(channel, "compare", first="postgres", second="redis"))
    assert "PostgreSQL – database, named by 2 documents." in text
    assert "> Databases: PostgreSQL, MySQL, Redis" in text
    assert "No document compares them, or says which is better." in text


async def test_topic_is_told_document_by_document(env: Env) -> None:
    channel, ada = place(env)
    text = shown(await ada.slash(channel, "compare", first="store"))
    assert "We cache with Redis" in text


async def test_card_can_be_followed_up_and_shared(env: Env, service: Service) -> None:
    channel, ada = place(env)
    result = await ada.slash(channel, "skill", name="Docker")
    shared = await ada.click(result.response, label="Share")
    assert not shared.ephemeral
    assert shared.response.embeds[0].title == "Docker"


def test_kind_with_many_skills_has_pages_of_which_each_can_be_chosen_from() -> None:
    skills = tuple(Counted(Skill(f"Language {number}", "language"), 1) for number in range(60))
    found = OfKind("language", skills)
    shown = [kind_embed(found, page, 3) for page in range(3)]
    listed = [line for embed in shown for line in (embed.description or "").splitlines()]
    assert listed == [f"- Language {number} · 1 document" for number in range(60)]
    assert shown[1].footer.text == "page 2 of 3"
    rows = kind_buttons("language", page=1, of=3).to_components()
    pressed = [item["label"] for row in rows for item in row["components"]]
    assert pressed == ["‹ Page 1", "Page 3 of 3 ›"]
