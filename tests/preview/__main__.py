"""Discord messages as pictures: python -m tests.preview [--width 390] [--out FOLDER] [PAYLOAD.json …].

Without a payload the scenes of `tests.preview.scenes` are answered and drawn.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.preview.browser import CannotDraw
from tests.preview.drawing import PHONE, Message, Picture, draw, require

OUT = Path("build/preview")

Drawn = list[tuple[tuple[str, Message], Picture]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw, and tell which picture lies where."""
    parser = argparse.ArgumentParser(prog="python -m tests.preview", description=__doc__)
    parser.add_argument("payloads", nargs="*", type=Path, metavar="PAYLOAD.json", help="a message, or a list")
    parser.add_argument("--width", type=_width, default=PHONE, help=f"of the screen, {PHONE} if not given")
    parser.add_argument("--out", type=Path, default=OUT, help=f"folder of the pictures, {OUT} if not given")
    given = parser.parse_args(arguments)
    try:
        require()
        _keep(asyncio.run(_drawn(given.payloads, given.width)), given.out)
    except CannotDraw as reason:
        print(reason, file=sys.stderr)
        return 1
    return 0


async def _drawn(payloads: Sequence[Path], width: int) -> Drawn:
    # All of it inside a loop: discord.py makes views nowhere else.
    named = [message for path in payloads for message in _read(path)] if payloads else _scenes()
    pictures = await draw([message for _, message in named], width=width)
    return list(zip(named, pictures, strict=True))


def _keep(drawn: Drawn, out: Path) -> None:
    """Write each picture, and beside it the payload it shows."""
    out.mkdir(parents=True, exist_ok=True)
    for (name, message), picture in drawn:
        file = out / f"{name}.png"
        file.write_bytes(picture.png)
        file.with_suffix(".json").write_text(json.dumps(message, ensure_ascii=False, indent=1), "utf-8")
        print(f"{file}  {picture.width} × {picture.height}")


def _scenes() -> list[tuple[str, Message]]:
    # Loads torch and discord, which drawing a file needs none of.
    from tests.preview.scenes import messages

    return list(messages())


def _read(path: Path) -> list[tuple[str, Message]]:
    try:
        read = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as problem:
        raise CannotDraw(f"{path} cannot be read as JSON: {problem}") from problem
    if not isinstance(read, list):
        return [(path.stem, read)]
    return [(f"{path.stem}-{number}", message) for number, message in enumerate(read, start=1)]


def _width(text: str) -> int:
    width = int(text)
    if not 200 <= width <= 2000:
        raise argparse.ArgumentTypeError(f"{text} is not between 200 and 2000")
    return width


if __name__ == "__main__":
    sys.exit(main())
