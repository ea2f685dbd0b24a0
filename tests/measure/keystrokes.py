"""How long somebody waits for what is offered while 400 people type: questions of /ask, names of /skill.

    python -m tests.measure.keystrokes

The handlers of the bot are called as Discord would have them called, all in one event loop; the index is that
of ADVISOR_DATA_DIR.
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from types import SimpleNamespace
from typing import Any

from bot.cogs.ask import Ask
from bot.cogs.skills import Skills
from bot.settings import read_settings
from bot.wiring import Application

PEOPLE = 400
AIM = 50.0
QUESTIONS = ("which databases should i learn", "how do i become a backend enginer", "salray in berlin")
NAMES = ("postgre sql", "kuberntes", "node js", "spring boot", "fortran", "c#")

Offer = Callable[[Any, str], Awaitable[Sequence[object]]]


async def typing(offer: Offer, texts: Sequence[str]) -> list[float]:
    """Milliseconds from a keystroke until something is offered, for all keystrokes of all people."""
    waited: list[float] = []

    async def person(number: int) -> None:
        text = texts[number % len(texts)]
        for end in range(len(text) + 1):
            struck = time.perf_counter()
            await asyncio.sleep(0)
            await offer(None, text[:end])
            waited.append((time.perf_counter() - struck) * 1000)
            await asyncio.sleep(0.15)

    await asyncio.gather(*(person(number) for number in range(PEOPLE)))
    return waited


def main() -> None:
    """Print a line for each command."""
    application = Application(read_settings())
    application.ready(who="a measurement")
    application.skills.current()
    suggestions = application.advisor.suggestions()
    exchanges: Any = SimpleNamespace(desk=SimpleNamespace(offer=suggestions.offer))
    client: Any = None
    ask = Ask(client=client, exchanges=exchanges)
    skills = Skills(exchanges=exchanges, lookup=application.skills, search=application.advisor.search)
    for name, offer, texts in (("/ask", ask.offer, QUESTIONS), ("/skill", skills.offer, NAMES)):
        waited = asyncio.run(typing(offer, texts))
        cuts = statistics.quantiles(waited, n=100)
        p50, p99 = cuts[49], cuts[98]
        print(
            f"{name}: {len(waited)} keystrokes of {PEOPLE} people, median {p50:.1f} ms, p99 {p99:.1f} ms, "
            f"longest {max(waited):.1f} ms (aim: p99 below {AIM:.0f} ms)"
        )


if __name__ == "__main__":
    main()
