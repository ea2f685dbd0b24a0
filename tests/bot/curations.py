"""What admins work with, around a real index in a folder and an embedder that hashes words."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import discord
from simcord import Env
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle, GuildHandle

from bot.admins import Policy
from bot.cogs.knowledge import Curation
from bot.records import Records
from bot.service import make_curation
from bot.settings import read_settings
from bot.threads import threads
from bot.wiring import Application
from knowledge.journal.journal import Journal
from tests.knowledge.documents import RoomyEmbedder, write

QUEUES = "# Queues\n\nA queue such as RabbitMQ carries messages between services.\n"
CACHES = "# Caches\n\nA cache such as Redis keeps what is asked for often.\n"
TOPICS = """\
[[source]]
file = "queues.md"
[source.topics]
Queues = ["What carries messages between services?"]
[[source]]
file = "caches.md"
[source.topics]
Caches = ["What keeps what is asked for often?"]
"""
BOTH: Mapping[str, str] = {"queues.md": QUEUES, "caches.md": CACHES, "sources.toml": TOPICS}


def make_application(root: Path, journal: Journal, **settings: object) -> Application:
    """The program as it is wired, with an embedder that hashes words and no document but the test's."""
    application = Application(read_settings(data_dir=root / "data", shipped_articles=False, **settings))
    made = vars(application)
    made["transformer"] = made["embedder"] = RoomyEmbedder()
    made["journal"], made["languages"] = journal, None
    return application


@contextmanager
def curation_of(application: Application, records: Records) -> Iterator[Curation]:
    """What its admins work with; nobody is one yet."""
    with threads() as pools:
        curation = make_curation(application, records, pools)
        vars(curation.jobs)["_pause"] = 0.01
        yield curation


def documents(root: Path, files: Mapping[str, str]) -> None:
    """The documents that the next reindex reads."""
    write(root / "data" / "documents", files)


@dataclass(frozen=True)
class Scene:
    """A server with two people who run the knowledge base, and one who only manages the server."""

    guild: GuildHandle
    channel: ChannelHandle
    ada: MemberActor
    bob: MemberActor
    eve: MemberActor


def scene(env: Env, curation: Curation) -> Scene:
    """Everybody in place."""
    guild = env.create_guild()
    managing = guild.create_role("staff", permissions=discord.Permissions(manage_guild=True))
    ada, bob, eve = (
        guild.add_member(env.create_user(name), roles=[managing]) for name in ("ada", "bob", "eve")
    )
    curation.admins.policy = Policy(users=frozenset({ada.id, bob.id}))
    return Scene(guild, guild.create_text_channel("careers"), ada, bob, eve)
