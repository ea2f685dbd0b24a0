"""The limits that tests hold messages to: each is reached without complaint and complained about beyond."""

from typing import Any

import pytest

from tests.limits import choice_violations, message_violations, modal_violations, units

QUIET = {"parse": []}


def message(**parts: Any) -> dict[str, Any]:
    return {"allowed_mentions": QUIET, **parts}


def row(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(parts)}


def button(name: object = "b", **parts: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "Go", "custom_id": str(name), **parts}


def select(count: int = 1, **option: Any) -> dict[str, Any]:
    options = [{"label": "A", "value": str(number), **option} for number in range(count)]
    return {"type": 3, "custom_id": "s", "options": options}


def embed(**parts: Any) -> dict[str, Any]:
    return {"description": "d", **parts}


def modal(**parts: Any) -> dict[str, Any]:
    box = {"type": 4, "custom_id": "t", "label": "Question", "style": 1}
    return {"title": "Ask", "custom_id": "m", "components": [row(box)], **parts}


def field(name: str = "n", value: str = "v") -> dict[str, str]:
    return {"name": name, "value": value}


@pytest.mark.parametrize(
    ("fits", "breaks"),
    [
        (message(content="x" * 2000), message(content="x" * 2001)),
        (message(content="🙂" * 1000), message(content="🙂" * 1001)),
        (message(embeds=[embed()] * 10), message(embeds=[embed()] * 11)),
        (message(embeds=[embed(title="x" * 256)]), message(embeds=[embed(title="x" * 257)])),
        (message(embeds=[embed(description="x" * 4096)]), message(embeds=[embed(description="x" * 4097)])),
        (message(embeds=[embed(fields=[field()] * 25)]), message(embeds=[embed(fields=[field()] * 26)])),
        (
            message(embeds=[embed(fields=[field("x" * 256)])]),
            message(embeds=[embed(fields=[field("x" * 257)])]),
        ),
        (message(embeds=[embed(fields=[field()])]), message(embeds=[embed(fields=[field(value="")])])),
        (
            message(embeds=[embed(fields=[field(value="x" * 1024)])]),
            message(embeds=[embed(fields=[field(value="x" * 1025)])]),
        ),
        (
            message(embeds=[embed(footer={"text": "x" * 2048})]),
            message(embeds=[embed(footer={"text": "x" * 2049})]),
        ),
        (
            message(embeds=[embed(description="x" * 3000)] * 2),
            message(embeds=[embed(description="x" * 3000), embed(description="x" * 3001)]),
        ),
        (message(embeds=[embed()]), message(embeds=[{}])),
        (message(content="x"), message(content="", embeds=[])),
        (
            message(components=[row(button(n)) for n in range(5)]),
            message(components=[row(button(n)) for n in range(6)]),
        ),
        (
            message(components=[row(*map(button, range(5)))]),
            message(components=[row(*map(button, range(6)))]),
        ),
        (message(components=[row(button("x" * 100))]), message(components=[row(button("x" * 101))])),
        (message(components=[row(button(1), button(2))]), message(components=[row(button(1), button(1))])),
        (
            message(components=[row(button(label="x" * 80))]),
            message(components=[row(button(label="x" * 81))]),
        ),
        (
            message(components=[row(button(label=None, emoji={"name": "x"}))]),
            message(components=[row(button(label=None))]),
        ),
        (message(components=[row(select(25))]), message(components=[row(select(26))])),
        (message(components=[row(select())]), message(components=[row(select(), button())])),
        (
            message(components=[row(select(label="x" * 100))]),
            message(components=[row(select(label="x" * 101))]),
        ),
        (
            message(components=[row(select(value="x" * 100))]),
            message(components=[row(select(value="x" * 101))]),
        ),
        (
            message(components=[row(select(description="x" * 100))]),
            message(components=[row(select(description="x" * 101))]),
        ),
        (
            message(components=[row(select() | {"placeholder": "x" * 150})]),
            message(components=[row(select() | {"placeholder": "x" * 151})]),
        ),
        (message(content="x"), {"content": "x"}),
        (message(content="x"), message(content="x", allowed_mentions={"parse": ["users"]})),
        (message(content="x"), message(content="x", allowed_mentions={"parse": [], "replied_user": True})),
        (message(content="x"), message(content="x", flags=1 << 15)),
    ],
)
def test_message_may_reach_each_limit_and_not_exceed_it(fits: dict[str, Any], breaks: dict[str, Any]) -> None:
    assert message_violations(fits) == []
    assert len(message_violations(breaks)) == 1


@pytest.mark.parametrize(
    ("fits", "breaks"),
    [
        (modal(title="x" * 45), modal(title="x" * 46)),
        (modal(custom_id="x" * 100), modal(custom_id="")),
        (
            modal(components=[row({"type": 4, "custom_id": "t", "label": "x" * 45})]),
            modal(components=[row({"type": 4, "custom_id": "t", "label": "x" * 46})]),
        ),
        (
            modal(components=[row({"type": 4, "custom_id": "t", "label": "x", "max_length": 4000})]),
            modal(components=[row({"type": 4, "custom_id": "t", "label": "x", "max_length": 4001})]),
        ),
    ],
)
def test_modal_may_reach_each_limit_and_not_exceed_it(fits: dict[str, Any], breaks: dict[str, Any]) -> None:
    assert modal_violations(fits) == []
    assert len(modal_violations(breaks)) == 1


def test_choices_may_reach_each_limit_and_not_exceed_it() -> None:
    choice = {"name": "x" * 100, "value": "x" * 100}
    assert choice_violations([choice] * 25) == []
    assert len(choice_violations([choice] * 26)) == 1
    assert len(choice_violations([{"name": "x" * 101, "value": "x"}])) == 1


def test_edit_may_leave_out_what_it_keeps() -> None:
    assert message_violations({}, edit=True) == []
    assert len(message_violations(message())) == 1


@pytest.mark.parametrize(("text", "length"), [("ab", 2), ("é", 1), ("🙂", 2), ("👨‍👩‍👧", 8), ("", 0)])
def test_length_is_counted_in_utf_16_units(text: str, length: int) -> None:
    assert units(text) == length
