"""A fixed message drawn: its size, its words, and what an escape looks like to a reader."""

import asyncio
import shutil
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from knowledge.entities import NoAnswer, Refusal, Reply
from tests.preview.__main__ import main
from tests.preview.browser import CannotDraw, chromium
from tests.preview.drawing import NODE_MODULES, Message, Picture, draw, with_trees
from tests.preview.scenes import payloads_of

PRIVATE = 1 << 6
ANSWER: Message = {
    "author": {"username": "Career advisor", "bot": True},
    "flags": PRIVATE,
    "interaction": {"user": "Ana", "command": "/ask"},
    "content": "",
    "embeds": [
        {
            "color": 0x5865F2,
            "title": "1. Which \\*tools\\*?",
            "description": "Named: **Redis**, not \\*bold\\*.\n\n> A quote\\: see https\\://example.org\n"
            "> - an item\n-# — Overview › Tools **[1]**",
            "fields": [
                {"name": "Source", "value": "**[1]** [A name](https://example.org/a)", "inline": False}
            ],
            "footer": {"text": "Confidence: high \\*"},
        }
    ],
    "components": [
        {
            "type": 1,
            "components": [
                {"type": 2, "style": 2, "label": "Follow up", "custom_id": "a"},
                {"type": 2, "style": 3, "label": "Helpful", "emoji": {"name": "👍"}, "custom_id": "b"},
            ],
        },
        {"type": 1, "components": [{"type": 3, "custom_id": "c", "placeholder": "Related", "options": []}]},
    ],
}


def said(content: str, **other: Any) -> Message:
    return {"author": {"username": "Career advisor", "bot": True}, "content": content, **other}


@pytest.fixture
def packages() -> None:
    if shutil.which("node") is None or not NODE_MODULES.is_dir():
        pytest.skip("Node.js or the npm packages are not here; make preview installs these")


@pytest.fixture
def browser(packages: None) -> None:
    try:
        chromium()
    except CannotDraw as reason:
        pytest.skip(str(reason))


def outline(nodes: Sequence[Any]) -> str:
    """A tree as one line: text as it is, everything else as type(content)."""
    return "".join(map(_outlined, nodes))


def _outlined(node: Any) -> str:
    match node:
        case {"type": "text", "content": str(text)}:
            return text
        case {"type": "br"}:
            return "/"
        case {"type": "list", "start": start, "items": items}:
            return f"list{start or ''}({'|'.join(map(outline, items))})"
        case {"type": kind, "content": str(text)}:
            return f"{kind}({text})"
        case {"type": kind}:
            return f"{kind}({outline(node.get('content', []))})"
    raise AssertionError(node)


def drawn(*messages: Message, width: int = 390) -> list[Picture]:
    return asyncio.run(draw(messages, width=width))


def test_every_text_becomes_what_discord_makes_of_it(packages: None) -> None:
    table = {
        "plain": "plain",
        r"\*a\* \_b\_ \~\~c\~\~ \|\|d\|\| \`e\` \> f \# g \[h\](i)": "*a* _b_ ~~c~~ ||d|| `e` > f # g [h](i)",
        "**a** *b* __c__ ~~d~~ `e`": "strong(a) em(b) underline(c) strikethrough(d) inlineCode(e)",
        "> a\n> b\nc": "blockQuote(a/b/)c",
        "> a\n-# b\nc": "blockQuote(a/)subtext(b)c",
        "> a\n# b": "blockQuote(a/)heading(b)",
        "> a\n> \n> - b\n> - c": "blockQuote(a//list(b|c))",
        "2. a\n3. b\n\nc": "list2(a|b)/c",
        "- a\n  - b\n  more\n- c": "list(a/list(b)more|c)",
        "a - b\n1\\. c": "a - b/1. c",
        "not -# small, not # large": "not -# small, not # large",
        "[a › \\[b\\]](https://example.org)": "link(a › [b])",
        "<t:0:R>": "timestamp()",
        "": "",
    }
    trees = asyncio.run(with_trees([said(text) for text in table]))
    read = [outline(message["content"]) for message in trees]
    assert dict(zip(table, read, strict=True)) == table


def test_a_message_is_drawn_as_wide_as_the_screen_and_as_tall_as_it_is(browser: None) -> None:
    short, long = drawn(said("One line."), said("\n".join(f"Line {number}." for number in range(60))))
    for picture in (short, long):
        assert struct.unpack(">4s2I", picture.png[12:24]) == (b"IHDR", 2 * 390, 2 * picture.height)
    assert 50 < short.height < 120
    assert long.height - short.height == pytest.approx(59 * 22, abs=30)


def test_a_drawn_answer_shows_what_a_reader_sees(browser: None) -> None:
    [picture] = drawn(ANSWER)
    assert picture.words.splitlines() == [
        "Ana",
        "used",
        "ask",
        "Career advisor",
        "App",
        "Today at 2:05 PM",
        "1. Which *tools*?",
        "Named: Redis, not *bold*.",
        "A quote: see https://example.org",
        "an item",
        "— Overview › Tools [1]",
        "Source",
        "[1] A name",
        "Confidence: high \\*",
        "Follow up",
        "👍",
        "Helpful",
        "Related",
        "Only you can see this • Dismiss message",
    ]


def test_a_component_nobody_can_draw_is_refused_by_name(browser: None) -> None:
    with pytest.raises(CannotDraw, match="no component of type 17 at the top"):
        drawn(said("", components=[{"type": 17, "components": []}]))


def test_a_payload_file_becomes_a_picture_beside_its_payload(
    browser: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    payload = tmp_path / "hello.json"
    payload.write_text('{"author": {"username": "Ana"}, "content": "Hello"}', "utf-8")
    assert main([str(payload), "--out", str(tmp_path / "out"), "--width", "320"]) == 0
    assert (tmp_path / "out" / "hello.png").read_bytes()[16:20] == struct.pack(">I", 640)
    assert (tmp_path / "out" / "hello.json").exists()
    assert "hello.png  320 × " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("surroundings", "sentence"),
    [
        ({"PATH": ""}, "Drawing needs Node.js, and there is no node on the PATH.\n"),
        ({"CHROMIUM": "/nowhere/chromium"}, "Drawing needs Chromium. CHROMIUM names '/nowhere/chromium'"),
    ],
)
def test_a_missing_program_is_told_in_one_sentence(
    surroundings: dict[str, str],
    sentence: str,
    packages: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in surroundings.items():
        monkeypatch.setenv(name, value)
    assert main([]) == 1
    told = capsys.readouterr().err
    assert told.startswith(sentence)
    assert told.count("\n") == 1


def test_without_a_browser_on_the_path_the_sentence_says_how_to_name_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CHROMIUM", raising=False)
    with pytest.raises(CannotDraw, match="None is on the PATH: install it or set CHROMIUM to its path"):
        chromium()


@pytest.mark.parametrize("width", ["10", "4000", "wide"])
def test_a_width_no_screen_has_is_refused(width: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--width", width])
    assert "--width" in capsys.readouterr().err


@pytest.mark.parametrize("private", [True, False])
async def test_a_reply_becomes_the_payload_that_is_sent(private: bool) -> None:
    part = NoAnswer("why?", Refusal.NOTHING, "I *don't* know.", ("What is a backend?",), generation=1)
    [payload] = payloads_of(Reply((part,), generation=1), private=private)
    assert payload["flags"] == (PRIVATE if private else 0)
    assert payload["embeds"][0]["description"] == "I \\*don't\\* know."
    assert payload["components"][0]["components"][0]["label"] == "What is a backend?"


def test_a_payload_that_is_no_json_is_told_in_one_sentence(
    browser: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    payload = tmp_path / "broken.json"
    payload.write_text("{", "utf-8")
    assert main([str(payload)]) == 1
    assert "broken.json cannot be read as JSON" in capsys.readouterr().err
