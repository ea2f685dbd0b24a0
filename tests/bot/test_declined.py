"""What could not be answered is kept and how questions end is counted, without anybody waiting for it."""

import asyncio
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from simcord import Env
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle

from bot.offload import Offload
from bot.records import Declined, Records
from bot.service import Service
from bot.tallies import Ended, Tallies
from knowledge.entities import NoAnswer, Refusal, Reply
from knowledge.journal.entries import Tally
from knowledge.journal.errors import JournalError
from knowledge.journal.journal import Journal
from tests.bot.fakes import FakeAdvisor, answer, no_answer

MINE = "Will my boss Zebediah notice that I leave?"


def refuse(question: str, refusal: Refusal, sentence: str = "I don't know.") -> NoAnswer:
    return NoAnswer(question, refusal, sentence, (), 7)


@pytest.fixture
async def ada(env: Env) -> tuple[ChannelHandle, MemberActor]:
    guild = env.create_guild()
    return guild.create_text_channel("careers"), guild.add_member(env.create_user("ada"))


Ada = tuple[ChannelHandle, MemberActor]


async def kept(service: Service, journal: Journal, person: int) -> list[tuple[str, str, str, int]]:
    """What is kept once all is written: question, reason, near, generation."""
    await service.exchanges.records.close()
    rows = journal.of_person(str(person)).get("declined", [])
    return [(row["question"], row["reason"], row["near"], row["generation"]) for row in rows]


async def counted(service: Service, journal: Journal) -> list[Tally]:
    await service.exchanges.records.close()
    return journal.counted("", "9999")


async def test_a_declined_question_is_kept_with_the_reason(
    ada: Ada, advisor: FakeAdvisor, service: Service, journal: Journal
) -> None:
    channel, person = ada
    advisor.answers_with(lambda question: Reply((refuse(question.text, Refusal.NOTHING),), 7))
    await person.slash(channel, "ask", question=MINE)
    assert await kept(service, journal, person.id) == [(MINE, Refusal.NOTHING.value, "", 7)]


async def test_a_declined_question_is_kept_from_a_private_talk_too(
    env: Env, advisor: FakeAdvisor, service: Service, journal: Journal
) -> None:
    person = env.create_user("ada")
    advisor.answers_with(lambda question: Reply((refuse(question.text, Refusal.NOTHING),), 7))
    await person.send_dm(MINE)
    assert [question for question, *_ in await kept(service, journal, person.id)] == [MINE]


async def test_the_empty_heading_that_was_nearest_is_kept_with_it(
    ada: Ada, advisor: FakeAdvisor, service: Service, journal: Journal
) -> None:
    channel, person = ada
    sentence = "I don't know. «Backend Engineer» has the heading “Salary by Region” with nothing under it."
    advisor.answers_with(lambda question: Reply((refuse("", Refusal.EMPTY_SECTION, sentence),), 7))
    await person.slash(channel, "ask", question="What does it pay?")
    [(question, _, near, _)] = await kept(service, journal, person.id)
    assert (question, near) == ("What does it pay?", "Backend Engineer › Salary by Region")


async def test_of_several_questions_only_those_not_answered_are_kept(
    ada: Ada, advisor: FakeAdvisor, service: Service, journal: Journal
) -> None:
    channel, person = ada
    parts = (answer("They code."), refuse("Who pays?", Refusal.ONLY_NEAR), refuse("Hm?", Refusal.UNCLEAR))
    advisor.answers_with(lambda _: Reply(parts, 7))
    await person.slash(channel, "ask", question="What do they do? Who pays? Hm?")
    assert [question for question, *_ in await kept(service, journal, person.id)] == ["Who pays?"]


@pytest.mark.parametrize(
    "part", [answer("They code."), refuse("", Refusal.COURTESY), refuse("", Refusal.UNCLEAR)]
)
async def test_what_admins_can_do_nothing_about_is_not_kept(
    part: NoAnswer, ada: Ada, advisor: FakeAdvisor, service: Service, journal: Journal
) -> None:
    channel, person = ada
    advisor.answers_with(lambda _: Reply((part,), 7))
    await person.slash(channel, "ask", question=MINE)
    assert await kept(service, journal, person.id) == []


async def test_somebody_elses_words_are_not_kept(
    ada: Ada, env: Env, advisor: FakeAdvisor, service: Service, journal: Journal
) -> None:
    channel, person = ada
    bob = channel.guild.add_member(env.create_user("bob"))
    message = await bob.send(channel, MINE)
    advisor.answers_with(lambda question: Reply((refuse(question.text, Refusal.NOTHING),), 7))
    await person.context_menu(channel, "Answer this", message)
    assert advisor.asked == [MINE]
    assert await kept(service, journal, person.id) == []
    assert [tally.declined for tally in journal.counted("", "9999")] == [1]


async def test_what_was_answered_is_not_kept_when_its_reply_is_remembered(
    env: Env, advisor: FakeAdvisor, service: Service, journal: Journal
) -> None:
    first, second = env.create_user("ada"), env.create_user("bob")
    parts = (answer("They code."), refuse("Who pays?", Refusal.ONLY_NEAR))
    advisor.answers_with(lambda _: Reply(parts, 7))
    advisor.number = 7
    for person in (first, second):
        await person.send_dm("What do they do? Who pays?")
    assert len(advisor.asked) == 1
    assert [question for question, *_ in await kept(service, journal, first.id)] == ["Who pays?"]
    assert await kept(service, journal, second.id) == []


@pytest.mark.parametrize(
    ("follow_up", "reported", "keeps"),
    [
        ("and in Berlin?", "and in Berlin?", []),
        ("why?", "", []),
        # The advisor asks the earlier question once more, and points at what a document lists.
        ("anything else?", "What do they do all day?", []),
        ("tell me more about the second", "Designing interfaces", []),
        ("How much are they paid in Berlin?", "", ["How much are they paid in Berlin?"]),
        ("Thanks!  How much are they paid?", "how much are they paid?", ["how much are they paid?"]),
    ],
)
async def test_what_continues_another_question_is_kept_only_where_it_says_enough(
    follow_up: str,
    reported: str,
    keeps: list[str],
    env: Env,
    advisor: FakeAdvisor,
    service: Service,
    journal: Journal,
) -> None:
    person = env.create_user("ada")
    await person.send_dm("What do they do all day?")
    advisor.answers_with(lambda _: Reply((refuse(reported, Refusal.NOTHING),), 7))
    await person.send_dm(follow_up)
    assert advisor.questions[-1].history
    assert [question for question, *_ in await kept(service, journal, person.id)] == keeps


async def test_nothing_is_kept_where_that_is_turned_off(
    ada: Ada, advisor: FakeAdvisor, service: Service, journal: Journal
) -> None:
    channel, person = ada
    service.exchanges.records.keep_declined = False
    advisor.answers_with(lambda question: Reply((refuse(question.text, Refusal.NOTHING),), 7))
    await person.slash(channel, "ask", question=MINE)
    assert await kept(service, journal, person.id) == []
    assert "not kept here" in (await person.slash(channel, "privacy show")).response.embeds[0].description


async def test_what_is_kept_is_shown_and_deleted(
    ada: Ada, advisor: FakeAdvisor, service: Service, journal: Journal, tmp_path: Path
) -> None:
    channel, person = ada
    journal.note("added", who=str(person.id), generation=None, about="pay.md")
    advisor.answers_with(lambda question: Reply((refuse(question.text, Refusal.NOTHING),), 7))
    await person.slash(channel, "ask", question=MINE)
    await kept(service, journal, person.id)
    [embed] = (await person.slash(channel, "privacy show")).response.embeds
    fields = {field.name: field.value for field in embed.fields}
    assert "1 question I could not answer" in fields["Now"]
    assert "1 entry in the admins' log, which stays" in fields["Now"]
    assert "Zebediah" in fields["Not answered"]
    assert "added: pay.md" in fields["In the admins' log"]
    asked = await person.slash(channel, "privacy delete")
    await person.click(asked.response, label="Delete everything")
    [embed] = asked.response.embeds
    assert "There stays: 1 entry in the admins' log" in embed.description
    assert "everything" not in embed.description
    assert list(journal.of_person(str(person.id))) == ["audit"]
    assert b"Zebediah" not in b"".join(path.read_bytes() for path in (tmp_path / "data").glob("journal.db*"))


async def test_a_question_answered_while_its_person_is_forgotten_is_not_kept(
    ada: Ada, advisor: FakeAdvisor, service: Service, journal: Journal
) -> None:
    channel, person = ada
    advisor.answers_with(lambda question: Reply((refuse(question.text, Refusal.NOTHING),), 7))
    gate = threading.Event()
    advisor.waits_for(gate)
    asking = asyncio.create_task(person.slash(channel, "ask", question=MINE))
    await advisor.was_asked()
    service.exchanges.conversations.forget(person.id)
    await service.exchanges.records.forget(person.id)
    gate.set()
    await asking
    assert await kept(service, journal, person.id) == []


async def test_what_was_about_to_be_kept_is_forgotten_too(journal: Journal, writing: Offload) -> None:
    records = Records(journal=journal, offload=writing)
    records.declined(1, [Declined(MINE, "nothing")], 7)
    # The writing of it has not begun when this is called.
    await records.forget(1)
    await records.close()
    assert journal.of_person("1") == {}


async def test_a_journal_that_fails_costs_no_answer(
    ada: Ada, advisor: FakeAdvisor, service: Service, journal: Journal, tmp_path: Path
) -> None:
    channel, person = ada
    journal.close()
    for path in (tmp_path / "data").glob("journal.db*"):
        path.unlink()
    (tmp_path / "data" / "journal.db").mkdir()
    advisor.answers_with(lambda _: Reply((no_answer(),), 1))
    shown = await person.slash(channel, "ask", question=MINE)
    assert "My sources say nothing about this." in shown.response.embeds[0].description
    await service.exchanges.records.close()


# --- counts ------------------------------------------------------------------------------------------------


async def test_every_end_of_a_question_is_counted_by_generation(
    ada: Ada, advisor: FakeAdvisor, service: Service, journal: Journal
) -> None:
    channel, person = ada
    replies = [
        Reply((answer("They code."),), 7),
        Reply((answer("They code."), no_answer()), 7),
        Reply((no_answer(),), 8),
        Reply((refuse("", Refusal.COURTESY),), 8),
    ]
    for number, reply in enumerate(replies):
        advisor.answers_with(lambda _, reply=reply: reply)  # type: ignore[misc]
        await person.slash(channel, "ask", question=f"Question {number}?")
    advisor.fails_with(ValueError("broken"))
    await person.slash(channel, "ask", question="Question 9?")
    today = datetime.now(UTC).date().isoformat()
    assert await counted(service, journal) == [
        Tally(today, 0, "slash", asked=1, failed=1),
        Tally(today, 7, "slash", asked=2, answered=1, partly=1),
        Tally(today, 8, "slash", asked=1, declined=1),
    ]


async def test_who_has_to_wait_is_not_counted(ada: Ada, service: Service, journal: Journal) -> None:
    channel, person = ada
    for number in range(7):
        await person.slash(channel, "ask", question=f"Question {number}?")
    assert [tally.asked for tally in await counted(service, journal)] == [5]


async def test_counts_are_written_together_after_a_while(
    journal: Journal, writing: Offload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.records.COUNTS_WAIT", 0.05)
    records = Records(journal=journal, offload=writing)
    for _ in range(3):
        records.ended(Ended("slash", "answered", 7))
    assert journal.counted("", "9999") == []
    async with asyncio.timeout(5):
        while not (found := journal.counted("", "9999")):  # noqa: ASYNC110  # written by another thread
            await asyncio.sleep(0.01)
    assert [tally.asked for tally in found] == [3]
    records.ended(Ended("slash", "declined", 7))
    await records.close()
    assert [(tally.asked, tally.declined) for tally in journal.counted("", "9999")] == [(4, 1)]


async def test_counts_that_could_not_be_written_are_written_later(
    journal: Journal, writing: Offload, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = Records(journal=journal, offload=writing)
    records.ended(Ended("slash", "answered", 7, disagreed=True))

    def full(_: object) -> None:
        raise JournalError("no room is left for it")

    with monkeypatch.context() as patched:
        patched.setattr(journal, "count", full)
        await records.close()
    records.ended(Ended("slash", "answered", 7))
    await records.close()
    assert [(tally.asked, tally.disagreed) for tally in journal.counted("", "9999")] == [(2, 1)]


def test_counts_belong_to_the_day_in_utc() -> None:
    times = iter([datetime(2026, 3, 1, 23, 59, tzinfo=UTC), datetime(2026, 3, 2, 0, 0, tzinfo=UTC)])
    tallies = Tallies(lambda: next(times))
    assert not tallies
    tallies.add(Ended("slash", "answered", 7))
    tallies.add(Ended("slash", "failed"))
    assert tallies.take() == [
        Tally("2026-03-01", 7, "slash", asked=1, answered=1),
        Tally("2026-03-02", 0, "slash", asked=1, failed=1),
    ]
    assert tallies.take() == []
