"""Questions that wait together are answered together; nobody's question is asked twice or held up."""

import asyncio
import threading

import pytest

from bot.desk import TOGETHER, Desk
from bot.metrics import Metrics
from bot.offload import Offload, Overloaded, TooSlow
from knowledge.advisor import NothingIndexed
from knowledge.entities import Question, Reply, Turn
from tests.bot.fakes import LISTED, FakeAdvisor, answer


@pytest.fixture
def busy(advisor: FakeAdvisor, offload: Offload, metrics: Metrics) -> Desk:
    """A desk with room for many."""
    return Desk(advisor=advisor, offload=offload, metrics=metrics, seconds=5.0)


async def test_questions_that_wait_are_answered_in_batches(busy: Desk, advisor: FakeAdvisor) -> None:
    await busy.warm()
    questions = [Question(f"What is skill {number}?") for number in range(40)]
    replies = await asyncio.gather(*map(busy.answer, questions))
    shown = [reply.parts[0].quotes[0].text for reply in replies]
    assert shown == [f"You asked: {question.text}" for question in questions]
    assert max(advisor.batches) == TOGETHER
    assert sum(advisor.batches) == 40


async def test_same_question_at_the_same_time_is_answered_once(busy: Desk, advisor: FakeAdvisor) -> None:
    await asyncio.gather(*(busy.answer(Question("Which skills?")) for _ in range(10)))
    assert advisor.asked == ["Which skills?"]


async def test_same_question_later_comes_from_memory_until_there_is_a_new_generation(
    busy: Desk, advisor: FakeAdvisor
) -> None:
    advisor.answers_with(lambda question: Reply((answer(question.text),), advisor.number))
    question = Question("Which skills?")
    await busy.answer(question)
    await busy.answer(question)
    assert advisor.asked == ["Which skills?"]
    advisor.number = 2
    assert (await busy.answer(question)).generation == 2
    assert len(advisor.asked) == 2


async def test_same_words_after_another_talk_are_another_question(busy: Desk, advisor: FakeAdvisor) -> None:
    await busy.answer(Question("and why?", (Turn("What is SQL?", "A language."),)))
    await busy.answer(Question("and why?", (Turn("What is Git?", "A tool."),)))
    assert len(advisor.asked) == 2


async def test_question_that_fails_fails_alone(busy: Desk, advisor: FakeAdvisor) -> None:
    def reply(question: Question) -> Reply:
        if question.text == "bad":
            raise RuntimeError("broken")
        return Reply((answer(question.text),), 1)

    advisor.answers_with(reply)
    good, bad = await asyncio.gather(
        busy.answer(Question("good")), busy.answer(Question("bad")), return_exceptions=True
    )
    assert isinstance(good, Reply)
    assert isinstance(bad, RuntimeError)


async def test_batch_that_fails_is_told_to_all_and_the_next_has_its_chance(
    busy: Desk, advisor: FakeAdvisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> int:
        raise NothingIndexed("There is no index yet.")

    with monkeypatch.context() as patched:
        patched.setattr(advisor, "generation", fail)
        with pytest.raises(NothingIndexed):
            await busy.answer(Question("Which skills?"))
    assert await busy.answer(Question("Which skills?"))


async def test_more_than_may_wait_are_turned_away_at_once(desk: Desk, advisor: FakeAdvisor) -> None:
    gate = threading.Event()
    advisor.waits_for(gate)
    waiting = [asyncio.create_task(desk.answer(Question(f"{number}?"))) for number in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(Overloaded):
        await desk.answer(Question("one more?"))
    gate.set()
    assert len(await asyncio.gather(*waiting)) == 3
    assert await desk.answer(Question("one more?"))


async def test_answer_that_takes_too_long_is_given_up_but_not_lost_for_who_asks_later(
    advisor: FakeAdvisor, offload: Offload
) -> None:
    desk = Desk(advisor=advisor, offload=offload, seconds=0.1)
    await desk.warm()
    gate = threading.Event()
    advisor.waits_for(gate)
    with pytest.raises(TooSlow):
        await desk.answer(Question("Which skills?"))
    gate.set()
    assert await desk.answer(Question("Which skills?"))
    assert advisor.asked == ["Which skills?"]


async def test_somebody_who_gives_up_takes_nothing_from_the_others(busy: Desk, advisor: FakeAdvisor) -> None:
    gate = threading.Event()
    advisor.waits_for(gate)
    first, second = (asyncio.create_task(busy.answer(Question("Which skills?"))) for _ in range(2))
    await advisor.was_asked()
    first.cancel()
    gate.set()
    assert await second
    assert first.cancelled()


async def test_suggestions_are_there_once_warm(busy: Desk) -> None:
    assert busy.offer("") == []
    await busy.warm()
    assert busy.offer("databas")[0] == LISTED[2]


async def test_suggestions_follow_a_new_generation(
    busy: Desk, advisor: FakeAdvisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    from knowledge.suggesting import Suggestions

    await busy.warm()
    monkeypatch.setattr(advisor, "suggestions", lambda: Suggestions(["What is new?"], ["What is new?"]))
    advisor.number = 2
    await busy.answer(Question("Which skills?"))
    async with asyncio.timeout(5):
        while busy.offer("") != ["What is new?"]:  # noqa: ASYNC110  # learned in a thread after the answer
            await asyncio.sleep(0.01)


async def test_check_asks_the_advisor_itself(busy: Desk, advisor: FakeAdvisor) -> None:
    await busy.check()
    assert advisor.asked == [LISTED[0]]
