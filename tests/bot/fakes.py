"""An advisor whose answers a test chooses, and short ways to build replies."""

import asyncio
import threading
from collections.abc import Callable, Sequence

from knowledge.entities import (
    Answer,
    Confidence,
    NoAnswer,
    Origin,
    Question,
    Quote,
    Refusal,
    Reply,
    Source,
)
from knowledge.suggesting import Suggestions

LISTED = ("Which skills does it take?", "What does a day look like?", "Which databases are used?")


def source(title: str = "Backend Engineer", *headings: str, link: str | None = None) -> Source:
    return Source(title.lower(), title, headings, Origin(author="A. Writer", link=link, restates=True))


def quote(text: str, where: Source | None = None) -> Quote:
    return Quote(text, "p1", 0, len(text), where or source("Backend Engineer", "Core Skills"))


def answer(*texts: str, question: str = "Which skills?", notes: tuple[str, ...] = ()) -> Answer:
    return Answer(
        question,
        tuple(quote(text) for text in texts),
        notes,
        Confidence("high", "two sources agree"),
        ("What does a day look like?",),
        1,
        heading="Skills",
    )


def no_answer(question: str = "Who won?") -> NoAnswer:
    return NoAnswer(question, Refusal.NOTHING, "My sources say nothing about this.", ("Which skills?",), 1)


class FakeAdvisor:
    """Answers every question with a quote of it, unless told otherwise; remembers what it was asked."""

    def __init__(self, reply: Callable[[Question], Reply] | None = None) -> None:
        self._reply = reply or (lambda question: Reply((answer(f"You asked: {question.text}"),), 1))
        self.asked: list[str] = []
        self.questions: list[Question] = []
        self.batches: list[int] = []
        self.number = 1
        self.warmed = 0
        self._warm: Callable[[], object] = lambda: None

    def warm(self) -> None:
        self._warm()
        self.warmed += 1

    def answer(self, question: Question) -> Reply:
        self.asked.append(question.text)
        self.questions.append(question)
        return self._reply(question)

    def answer_all(self, questions: Sequence[Question]) -> list[Reply | Exception]:
        self.batches.append(len(questions))
        return [self._answer_or_error(question) for question in questions]

    def _answer_or_error(self, question: Question) -> Reply | Exception:
        try:
            return self.answer(question)
        except Exception as error:  # noqa: BLE001  # as the advisor: whatever goes wrong is for who asked
            return error

    def generation(self) -> int:
        return self.number

    def suggestions(self) -> Suggestions:
        return Suggestions(LISTED, LISTED[:2])

    def check(self) -> None:
        self.answer(Question(LISTED[0]))

    async def was_asked(self) -> None:
        """Wait until a question has arrived, with the event loop running."""
        async with asyncio.timeout(5):
            while not self.asked:  # noqa: ASYNC110  # an asyncio.Event cannot be set from the asking thread
                await asyncio.sleep(0.01)

    def fails_with(self, error: Exception) -> None:
        def raise_it(_: Question) -> Reply:
            raise error

        self._reply = raise_it

    def warms_after(self, gate: threading.Event) -> None:
        self._warm = lambda: gate.wait(5)

    def fails_to_warm_with(self, error: Exception) -> None:
        def raise_it() -> None:
            raise error

        self._warm = raise_it

    def answers_with(self, reply: Callable[[Question], Reply]) -> None:
        self._reply = reply

    def waits_for(self, gate: threading.Event) -> None:
        """Every answer waits until the gate opens."""
        ready = self._reply

        def wait(question: Question) -> Reply:
            if not gate.wait(5):
                raise TimeoutError("the gate never opened")
            return ready(question)

        self._reply = wait
