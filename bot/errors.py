"""What went wrong, in one sentence for the person who asked. Exception text never reaches them."""

import logging
import secrets
from collections.abc import Mapping

import discord
from discord import app_commands

from bot.offload import Overloaded, TooSlow
from index.library import Busy, LibraryError, UnknownGeneration
from index.transformer import EmbedderError
from knowledge.advisor import NothingIndexed
from knowledge.corpus.folders import UnreadableFolder
from knowledge.documents.errors import DocumentsError
from knowledge.gaps import UnknownGap
from knowledge.journal.errors import JournalError
from knowledge.publishing import NoProposal, NotDecidable, Objected, Outdated, Unfit
from knowledge.reindexing import NothingToIndex
from knowledge.watching import Cancelled

log = logging.getLogger(__name__)


class CannotStart(Exception):
    """The bot cannot run like this; the message is one sentence for whoever started it."""


class Restarting(Exception):
    """The bot is being stopped and takes no more questions."""


class Unreachable(Exception):
    """Discord cannot be reached; another attempt may do."""


UNREADABLE = "I can't read my knowledge base right now. Please tell an admin; until then I can't answer."

# Looked up along the exception's class hierarchy: the nearest ancestor's sentence is used.
SENTENCES: Mapping[type[BaseException], str] = {
    Restarting: "I am being restarted. Please ask again in a minute.",
    Overloaded: "Many people are asking at once. Please try again in a moment.",
    TooSlow: "That took longer than I allow myself. Please try again, perhaps with a shorter question.",
    CannotStart: "I could not connect to Discord. Please tell an admin.",
    Unreachable: "I lost the connection to Discord. Please ask again in a moment.",
    LibraryError: UNREADABLE,
    EmbedderError: UNREADABLE,
    JournalError: "I can't reach my notes right now, so nothing was changed. Please try again later.",
    Busy: "My knowledge base is being updated. Please try again in a minute.",
    NothingIndexed: "My knowledge base is still empty. Please tell an admin; a reindex fills it.",
    NothingToIndex: "I found no document to learn from, so nothing has changed.",
    DocumentsError: "That could not be done with this document. /knowledge sources lists what I have.",
    UnreadableFolder: "I can't read the folder of documents, so nothing has changed. Please tell an admin.",
    Cancelled: "That was stopped before it was done; nothing has changed.",
    NoProposal: "That was decided or replaced already.",
    Outdated: "Something else was published meanwhile. Please reindex again to see what would change.",
    Objected: "Something speaks against publishing that. Please give a reason, or discard it.",
    Unfit: "Another model or version of me made that one, so it can't answer any more. Nothing was changed.",
    NotDecidable: "That can't be decided any more. Please reindex again.",
    UnknownGap: "Nothing is left of that: who asked it had it deleted, or asked it too long ago.",
    UnknownGeneration: "That version of my knowledge base is no longer kept. Please ask again.",
    app_commands.CommandNotFound: "I no longer know that command. Please reload Discord and try again.",
    app_commands.CommandSignatureMismatch: "That command has changed. Please reload Discord and try again.",
    app_commands.CheckFailure: "You can't use that here.",
    discord.Forbidden: (
        "I need the permissions Send Messages and Embed Links to answer in this channel. "
        "/ask works without them, and only you see the answer."
    ),
    discord.HTTPException: "Discord did not accept my answer. Please ask again in a moment.",
    discord.RateLimited: "Discord asks me to slow down. Please try again in a moment.",
}


# Errors defined in these packages carry a sentence for whoever runs the bot.
OURS = frozenset({"bot", "knowledge", "index"})


def sentence_for(error: BaseException) -> str | None:
    """The sentence of the nearest class in the table, or None for an error nobody planned."""
    return next((SENTENCES[kind] for kind in type(error).__mro__ if kind in SENTENCES), None)


def explain(error: BaseException) -> str:
    """One sentence for the person. The log gets the rest: a line where planned, else the traceback."""
    cause = _cause(error)
    sentence = sentence_for(cause)
    if sentence is None:
        return (
            "Something went wrong on my side. Please try again; "
            f"if it happens again, give an admin this code: `{_incident(cause)}`."
        )
    log.warning("Not answered: %s: %s", type(cause).__name__, cause)
    return sentence


def for_operator(error: BaseException) -> str:
    """One sentence for whoever runs the bot: the error's own where it was written for them."""
    ours = type(error).__module__.partition(".")[0] in OURS
    if ours and (sentence := str(error) or sentence_for(error)):
        return sentence
    return f"Something unforeseen went wrong; the log tells more under {_incident(error)}."


def _incident(error: BaseException) -> str:
    """A short code under which the log has the traceback."""
    code = secrets.token_hex(4)
    log.error("Incident %s", code, exc_info=error)
    return code


def _cause(error: BaseException) -> BaseException:
    return error.original if isinstance(error, app_commands.CommandInvokeError) else error
