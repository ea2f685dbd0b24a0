"""The bot explains itself: what it can do, what it reads, how well it was checked."""

from pathlib import Path

import pytest
from simcord import Env

from bot.about import About, Checked, last_check, remember_check
from bot.cogs.about import AboutMe
from tests.bot.fakes import LISTED


async def test_help_names_the_ways_to_ask_and_offers_questions_to_press(env: Env) -> None:
    ada = env.create_user("ada")
    shown = await ada.slash("help")
    [embed] = shown.response.embeds
    for way in ("/ask", "Answer this", "Mention me", "/privacy", "/about"):
        assert way in embed.description
    pressed = await ada.click(shown.response, label=LISTED[0])
    assert f"You asked: {LISTED[0]}" in pressed.response.embeds[0].description


async def test_about_tells_version_documents_model_check_and_privacy(env: Env) -> None:
    guild = env.create_guild()
    channel, ada = guild.create_text_channel("careers"), guild.add_member(env.create_user("ada"))
    shown = await ada.slash(channel, "about")
    assert shown.ephemeral
    [embed] = shown.response.embeds
    told = {field.name: field.value for field in embed.fields}
    assert "restated from «Backend Engineer», A. Writer" in embed.description
    assert told["Version"] == "3, made <t:1793491200:R>, 97 passages"
    assert "all-MiniLM-L6-v2" in told["Model"]
    assert "Not checked on this machine yet" in told["Last check"]
    assert "/privacy" in told["Privacy"]


async def test_about_says_so_where_nothing_is_indexed(
    env: Env, monkeypatch: pytest.MonkeyPatch, cold_bot: object
) -> None:
    cog = cold_bot.get_cog("AboutMe")
    assert isinstance(cog, AboutMe)
    monkeypatch.setattr(cog, "_about", lambda: None)
    shown = await env.create_user("ada").slash("about")
    assert shown.response.embeds[0].description == "My knowledge base is still empty."


async def test_about_tells_how_the_last_check_went_and_on_which_version(
    env: Env, monkeypatch: pytest.MonkeyPatch, cold_bot: object, about: About
) -> None:
    from dataclasses import replace

    checked = Checked(2, "2026-11-01T00:00:00+00:00", True, "532 asked")
    monkeypatch.setattr(cold_bot.get_cog("AboutMe"), "_about", lambda: replace(about, checked=checked))
    shown = await env.create_user("ada").slash("about")
    [told] = [field.value for field in shown.response.embeds[0].fields if field.name == "Last check"]
    assert told == "Passed <t:1793491200:R>, on version 2. 532 asked"


def test_check_is_remembered(tmp_path: Path) -> None:
    assert last_check(tmp_path) is None
    remember_check(tmp_path, 3, "532 asked", passed=False)
    checked = last_check(tmp_path)
    assert (checked.generation, checked.found, checked.passed) == (3, "532 asked", False)


def test_check_that_cannot_be_remembered_or_read_is_unknown(tmp_path: Path) -> None:
    remember_check(tmp_path / "missing", 3, "532 asked", passed=True)
    assert last_check(tmp_path / "missing") is None
    (tmp_path / "checked.json").write_text('{"other": 1}')
    assert last_check(tmp_path) is None
