"""What Discord refuses in a message, a modal or a list of choices, and what we add to that."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

CONTENT = 2000
EMBEDS = 10
EMBED_TOTAL = 6000
EMBED_TEXTS = {"title": 256, "description": 4096}
EMBED_PARTS = {("footer", "text"): 2048, ("author", "name"): 256}
FIELDS = 25
FIELD_NAME = 256
FIELD_VALUE = 1024
ROWS = 5
BUTTONS = 5
CUSTOM_ID = 100
LABEL = 80
LINK = 512
OPTIONS = 25
OPTION = 100
PLACEHOLDER = 150
MODAL_TITLE = 45
INPUT_LABEL = 45
INPUT_PLACEHOLDER = 100
INPUT = 4000
CHOICES = 25
CHOICE = 100

ROW, BUTTON, SELECT, TEXT_INPUT, MODAL_LABEL = 1, 2, 3, 4, 18
ENTITY_SELECTS = frozenset({5, 6, 7, 8})
LINK_STYLE = 5
V2 = 1 << 15


def units(text: object) -> int:
    """Length as Discord counts it: in UTF-16 units."""
    return len(str(text).encode("utf-16-le", "surrogatepass")) // 2


def message_violations(payload: Mapping[str, Any], *, edit: bool = False) -> list[str]:
    """What is wrong with a message; an edit may leave out what it does not change."""
    found = chain(
        _text("content", payload.get("content"), 0, CONTENT),
        _embeds(payload.get("embeds") or []),
        _rows(payload.get("components") or []),
        () if edit and not payload.get("content") else _mentions(payload.get("allowed_mentions")),
    )
    problems = list(found)
    if payload.get("flags", 0) & V2:
        problems.append("flags: components v2 are not expected")
    parts = ("content", "embeds", "components", "attachments", "poll", "sticker_ids")
    if not edit and not any(payload.get(part) for part in parts):
        problems.append("message: is empty")
    return problems


def modal_violations(modal: Mapping[str, Any]) -> list[str]:
    """What is wrong with a dialog."""
    rows = modal.get("components") or []
    inputs = [part for row in rows for part in row.get("components") or [row.get("component") or {}]]
    found = chain(
        _text("title", modal.get("title"), 1, MODAL_TITLE),
        _text("custom_id", modal.get("custom_id"), 1, CUSTOM_ID),
        _number("components", rows, 1, ROWS),
        *(_text("label", row["label"], 1, INPUT_LABEL) for row in rows if row.get("type") == MODAL_LABEL),
        *(_input(part) for part in inputs if part.get("type") == TEXT_INPUT),
        _unique("custom_id", [part.get("custom_id") for part in inputs]),
    )
    return list(found)


def choice_violations(choices: list[Mapping[str, Any]]) -> list[str]:
    """What is wrong with what autocomplete offers."""
    texts = chain.from_iterable(
        chain(_text("name", choice.get("name"), 1, CHOICE), _text("value", choice.get("value"), 1, CHOICE))
        for choice in choices
    )
    return [*_number("choices", choices, 0, CHOICES), *texts]


def _text(name: str, value: object, least: int, most: int) -> Iterator[str]:
    length = 0 if value is None else units(value)
    if not least <= length <= most:
        yield f"{name}: {length} of {least} to {most} characters"


def _number(name: str, values: list[Any], least: int, most: int) -> Iterator[str]:
    if not least <= len(values) <= most:
        yield f"{name}: {len(values)} of {least} to {most}"


def _unique(name: str, values: Iterable[object]) -> Iterator[str]:
    known = [value for value in values if value is not None]
    if len(set(known)) < len(known):
        yield f"{name}: not unique"


def _mentions(allowed: Mapping[str, Any] | None) -> Iterator[str]:
    """Ours, not Discord's: nothing we send may ping anybody."""
    if allowed is None or allowed.get("parse") != []:
        yield "allowed_mentions: does not forbid every mention"
    elif allowed.get("users") or allowed.get("roles") or allowed.get("replied_user"):
        yield "allowed_mentions: names somebody"


def _embeds(embeds: list[Mapping[str, Any]]) -> Iterator[str]:
    yield from _number("embeds", embeds, 0, EMBEDS)
    total = 0
    for embed in embeds:
        fields = embed.get("fields") or []
        texts = [(name, embed.get(name), 0, most) for name, most in EMBED_TEXTS.items()]
        texts += [
            (f"{part}.{name}", (embed.get(part) or {}).get(name), 0, most)
            for (part, name), most in EMBED_PARTS.items()
        ]
        texts += [("field.name", field.get("name"), 1, FIELD_NAME) for field in fields]
        texts += [("field.value", field.get("value"), 1, FIELD_VALUE) for field in fields]
        for text in texts:
            yield from _text(*text)
        yield from _number("fields", fields, 0, FIELDS)
        length = sum(units(value) for _, value, _, _ in texts if value is not None)
        if not length and not embed.get("image"):
            yield "embed: is empty"
        total += length
    if total > EMBED_TOTAL:
        yield f"embeds: {total} of {EMBED_TOTAL} characters"


def _rows(rows: list[Mapping[str, Any]]) -> Iterator[str]:
    yield from _number("components", rows, 0, ROWS)
    ids = []
    for row in rows:
        parts = row.get("components") or []
        if row.get("type") != ROW:
            yield f"components: type {row.get('type')} outside a row"
        yield from _number("row", parts, 1, BUTTONS)
        if len(parts) > 1 and any(part.get("type") != BUTTON for part in parts):
            yield "row: a select shares it"
        for part in parts:
            ids.append(part.get("custom_id"))
            yield from _component(part)
    yield from _unique("custom_id", ids)


def _component(part: Mapping[str, Any]) -> Iterator[str]:
    if part.get("type") == BUTTON:
        yield from _button(part)
    elif part.get("type") == SELECT:
        yield from _select(part)
    elif part.get("type") in ENTITY_SELECTS:
        yield from _text("custom_id", part.get("custom_id"), 1, CUSTOM_ID)
    else:
        yield f"row: holds type {part.get('type')}"


def _button(part: Mapping[str, Any]) -> Iterator[str]:
    yield from _text("label", part.get("label"), 0, LABEL)
    if not part.get("label") and not part.get("emoji"):
        yield "button: has neither label nor emoji"
    if part.get("style") == LINK_STYLE:
        yield from _text("url", part.get("url"), 1, LINK)
        if part.get("custom_id"):
            yield "button: has a link and a custom id"
    else:
        yield from _text("custom_id", part.get("custom_id"), 1, CUSTOM_ID)


def _select(part: Mapping[str, Any]) -> Iterator[str]:
    options = part.get("options") or []
    yield from _text("custom_id", part.get("custom_id"), 1, CUSTOM_ID)
    yield from _text("placeholder", part.get("placeholder"), 0, PLACEHOLDER)
    yield from _number("options", options, 1, OPTIONS)
    yield from _unique("option.value", [option.get("value") for option in options])
    for option in options:
        yield from _text("option.label", option.get("label"), 1, OPTION)
        yield from _text("option.value", option.get("value"), 1, OPTION)
        yield from _text("option.description", option.get("description"), 0, OPTION)
    if not part.get("min_values", 1) <= part.get("max_values", 1) <= len(options):
        yield "select: wants more values than it offers"


def _input(part: Mapping[str, Any]) -> Iterator[str]:
    yield from _text("custom_id", part.get("custom_id"), 1, CUSTOM_ID)
    if part.get("label") is not None:
        yield from _text("label", part["label"], 1, INPUT_LABEL)
    yield from _text("placeholder", part.get("placeholder"), 0, INPUT_PLACEHOLDER)
    yield from _text("value", part.get("value"), 0, INPUT)
    if not 0 <= (part.get("min_length") or 0) <= (part.get("max_length") or INPUT) <= INPUT:
        yield "input: lengths that Discord does not know"
