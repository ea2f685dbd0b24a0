"""A reply as JSON and back."""

import json
from functools import cache

from pydantic import TypeAdapter, ValidationError

from knowledge.entities import Answer, Reply


def pack(reply: Reply) -> str:
    """The reply as JSON, without what was asked."""
    silent = _adapter().dump_python(reply.without_questions(), mode="json")
    text = json.dumps(silent, ensure_ascii=False, separators=(",", ":"))
    return storable(text)


def unpack(text: str) -> Reply | None:
    """The reply that was packed; None where it has the shape of another version."""
    try:
        return _adapter().validate_json(text)
    except ValidationError:
        return None


def passages_of(reply: Reply) -> tuple[str, ...]:
    """The passages a reply quotes, each once, in order."""
    answers = [part for part in reply.parts if isinstance(part, Answer)]
    return tuple(dict.fromkeys(quote.passage for answer in answers for quote in answer.quotes))


def storable(text: str) -> str:
    """The text without halves of characters, which no file can hold."""
    return text.encode("utf-8", "ignore").decode("utf-8")


@cache
def _adapter() -> TypeAdapter[Reply]:
    return TypeAdapter(Reply)
