"""Whatever goes wrong, a person reads one sentence of ours."""

import importlib
import logging
import pkgutil
import re
from collections.abc import Iterator

import discord
import pytest
from discord import app_commands

import bot
import index
import knowledge
from bot.errors import SENTENCES, explain, for_operator, sentence_for
from bot.offload import Overloaded
from index.library import Damaged, LibraryError

# Raised where files, settings or the command line are read, before or apart from any question of a member.
NEVER_ASKED = {
    "BadCase",
    "BadCatalogue",
    "BadSettings",
    "CheckFailed",
    "NotText",
    "TooLarge",
    "UnreadableFile",
    "BadLine",
    "BadNearMisses",
    "BadRecord",
    "LinesUnused",
    "Undelivered",
    "NotAnswering",
    "Unwell",
    "Refused",
    "Forbidden",
    "Unconverted",
    "NotFetched",
}


def our_errors() -> Iterator[type[Exception]]:
    for package in (bot, knowledge, index):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    waiting = [Exception]
    while waiting:
        kind = waiting.pop()
        waiting.extend(kind.__subclasses__())
        if kind.__module__.split(".")[0] in ("bot", "knowledge", "index"):
            yield kind


def test_every_error_class_of_ours_has_a_sentence() -> None:
    errors = list(our_errors())
    assert Damaged in errors
    missing = [kind.__name__ for kind in errors if sentence_for(kind("secret")) is None]
    assert set(missing) <= NEVER_ASKED


def test_no_error_of_ours_shows_its_text() -> None:
    assert [kind for kind in our_errors() if "secret" in explain(kind("secret"))] == []


@pytest.mark.parametrize("sentence", sorted(set(SENTENCES.values())))
def test_sentence_is_short_and_calm(sentence: str) -> None:
    assert sentence.endswith(".")
    assert "!" not in sentence
    assert len(sentence) <= 160


def test_subclass_without_a_sentence_of_its_own_gets_its_parents() -> None:
    class Worse(Damaged):
        pass

    assert explain(Worse("secret")) == SENTENCES[LibraryError]


def test_error_inside_a_command_is_explained_by_what_happened_there() -> None:
    command = app_commands.Command(name="ask", description="-", callback=_callback)
    assert explain(app_commands.CommandInvokeError(command, Damaged("secret"))) == SENTENCES[LibraryError]


async def _callback(interaction: discord.Interaction) -> None: ...


def test_unforeseen_error_gets_a_code_that_finds_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    told = explain(KeyError("secret"))
    assert "secret" not in told
    [code] = re.findall(r"`(\w{8})`", told)
    [record] = caplog.records
    assert record.levelno == logging.ERROR
    assert code in record.getMessage()
    assert record.exc_info[0] is KeyError
    assert code not in explain(KeyError("secret"))


def test_foreseen_error_leaves_its_text_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    explain(Damaged("generation 3 is cut short"))
    assert "generation 3 is cut short" in caplog.text
    assert caplog.records[0].exc_info is None


def test_operator_reads_the_error_s_own_sentence_or_a_code() -> None:
    assert for_operator(Damaged("Generation 3 is cut short.")) == "Generation 3 is cut short."
    assert for_operator(Overloaded()) == SENTENCES[Overloaded]
    assert "secret" not in for_operator(KeyError("secret"))
