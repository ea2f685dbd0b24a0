"""What Discord sends, as its documentation describes it, with nothing that nobody reads."""

import time
from typing import Any

ME = {"id": "100", "username": "advisor", "discriminator": "0", "avatar": None, "bot": True}
ADA = {"id": "200", "username": "ada", "discriminator": "0", "avatar": None}
BOB = {"id": "201", "username": "bob", "discriminator": "0", "avatar": None}

VIEW, SEND, EMBED, HISTORY = 1 << 10, 1 << 11, 1 << 14, 1 << 16
SEND_IN_THREADS = 1 << 38
COMMANDS = 1 << 31
EVERYTHING = VIEW | SEND | EMBED | HISTORY | SEND_IN_THREADS | COMMANDS

TEXT, DM, THREAD = 0, 1, 11

Payload = dict[str, Any]


def now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())


def application() -> Payload:
    return {
        "id": ME["id"],
        "name": "advisor",
        "icon": None,
        "description": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "",
        "owner": ADA,
        "team": None,
        "flags": 0,
        "summary": "",
    }


def gateway(url: str, *, shards: int, remaining: int, reset_after: int) -> Payload:
    limit = {"total": 1000, "remaining": remaining, "reset_after": reset_after, "max_concurrency": 1}
    return {"url": url, "shards": shards, "session_start_limit": limit}


def ready(session: str, shard: list[int], resume_url: str, guilds: list[Payload]) -> Payload:
    return {
        "v": 10,
        "user": ME,
        "guilds": [{"id": guild["id"], "unavailable": True} for guild in guilds],
        "session_id": session,
        "resume_gateway_url": resume_url,
        "shard": shard,
        "application": {"id": ME["id"], "flags": 0},
    }


def channel(id_: str, name: str, guild: str, *, denied: int = 0, parent: str | None = None) -> Payload:
    """A text channel; with a parent it is a thread of it. `denied` is what nobody may do there."""
    overwrite = {"id": guild, "type": 0, "allow": "0", "deny": str(denied)}
    made: Payload = {
        "id": id_,
        "type": TEXT if parent is None else THREAD,
        "guild_id": guild,
        "name": name,
        "position": 0,
        "permission_overwrites": [overwrite],
        "nsfw": False,
        "parent_id": parent,
        "last_message_id": None,
        "rate_limit_per_user": 0,
    }
    if parent is not None:
        state = {
            "archived": False,
            "auto_archive_duration": 1440,
            "archive_timestamp": now(),
            "locked": False,
        }
        made |= {"owner_id": ADA["id"], "message_count": 0, "member_count": 1, "thread_metadata": state}
        made |= {"member": {"id": id_, "user_id": ME["id"], "join_timestamp": now(), "flags": 0}}
    return made


def private_channel(id_: str, who: Payload) -> Payload:
    return {"id": id_, "type": DM, "recipients": [who], "last_message_id": None}


def guild(id_: str, name: str, channels: list[Payload]) -> Payload:
    everyone = {
        "id": id_,
        "name": "@everyone",
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "position": 0,
        "permissions": str(EVERYTHING),
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }
    return {
        "id": id_,
        "name": name,
        "icon": None,
        "owner_id": ADA["id"],
        "afk_timeout": 300,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": 0,
        "preferred_locale": "en-US",
        "system_channel_flags": 0,
        "features": [],
        "roles": [everyone],
        "emojis": [],
        "stickers": [],
        "member_count": 3,
        "members": [member(ME)],
        "channels": [made for made in channels if made["type"] == TEXT],
        "threads": [made for made in channels if made["type"] == THREAD],
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
        "large": False,
        "unavailable": False,
    }


def member(who: Payload, **extra: Any) -> Payload:
    return {"user": who, "roles": [], "joined_at": now(), "deaf": False, "mute": False, "flags": 0, **extra}


def message(id_: str, where: str, author: Payload, body: Payload, **extra: Any) -> Payload:
    """A message as everybody reads it, of what its author sent."""
    return {
        "id": id_,
        "channel_id": where,
        "author": author,
        "content": body.get("content") or "",
        "timestamp": now(),
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": body.get("embeds") or [],
        "components": body.get("components") or [],
        "pinned": False,
        "type": 0,
        "flags": body.get("flags") or 0,
        **extra,
    }


def interaction(
    id_: str, token: str, kind: int, data: Payload, where: Payload, who: Payload, permissions: int
) -> Payload:
    """Somebody used a command, a button, a list or a dialog."""
    inside = "guild_id" in where
    person = {"member": member(who, permissions=str(EVERYTHING))} if inside else {"user": who}
    place = {"guild_id": where["guild_id"], "guild_locale": "en-US"} if inside else {}
    if inside:
        place["guild"] = {"id": where["guild_id"], "locale": "en-US", "features": []}
    return {
        "id": id_,
        "application_id": ME["id"],
        "type": kind,
        "token": token,
        "version": 1,
        "data": data,
        "channel_id": where["id"],
        "channel": where,
        "locale": "en-US",
        "entitlements": [],
        "authorizing_integration_owners": {},
        "context": 0 if inside else 1,
        "attachment_size_limit": 1,
        "app_permissions": str(permissions),
        **person,
        **place,
    }
