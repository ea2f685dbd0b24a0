"""The gate before publishing: asks old and new the same questions, and says what speaks against the new."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import islice
from typing import Any

from index.library import Snapshot
from knowledge.advisor import Advisor, NotAnswering
from knowledge.entities import Answer, Complaint, Question, Reply
from knowledge.gate.changes import Change, Group, Objection, group_of
from knowledge.gate.questions import Asked, Questions
from knowledge.linting.reports import Level, report_on
from knowledge.recorded import count
from knowledge.suite import Outcome, score
from knowledge.watching import Watch, unwatched

TOGETHER = 8
"""Questions asked as one batch; people who ask meanwhile wait for one such batch at most."""
NAMED = 3
"""Questions or files named in a sentence."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What would change, what speaks against it, and how the recorded questions went on the new generation.

    `suite` is empty where the recorded questions are about other documents.
    """

    changes: tuple[Change, ...] = ()
    objections: tuple[Objection, ...] = ()
    suite: dict[str, Any] | None = None


class Gate:
    """Compares what answers now with what would answer.

    `text_of` gives all the text of a reply that a member would see. `blocked_by` is how grave a complaint
    has to be to speak against publishing.
    """

    def __init__(
        self,
        *,
        advisor: Advisor,
        questions: Questions,
        text_of: Callable[[Reply], str],
        blocked_by: Level = "none",
    ) -> None:
        self._advisor = advisor
        self._questions = questions
        self._text_of = text_of
        self._blocked_by = blocked_by

    def judge(
        self,
        before: Snapshot | None,
        after: Snapshot,
        *,
        complaints: Sequence[Complaint] = (),
        watch: Watch = unwatched,
    ) -> Verdict:
        """Integrity, removed documents, all questions on both, complaints. Raises what `watch` raises."""
        objections = [*self._integrity(after), *self._complained(complaints)]
        if before is None:
            return Verdict(objections=tuple(objections))
        asked = self._questions.about(before, after)
        told = partial(watch, "asking")
        old = self._ask(before, asked, lambda done: told(done, 2 * len(asked)))
        new = self._ask(after, asked, lambda done: told(len(asked) + done, 2 * len(asked)))
        changes = [
            self._change(one, was, now) for one, was, now in zip(asked, old, new, strict=True) if was and now
        ]
        removed = before.manifest.documents.keys() - after.manifest.documents.keys()
        objections += _still_answering(removed, after, [reply for reply in new if reply])
        objections += _failed(new)
        objections += _lost(changes)
        return Verdict(tuple(changes), tuple(objections), self._suite(asked, new))

    def _ask(
        self, snapshot: Snapshot, asked: Sequence[Asked], told: Callable[[int], None]
    ) -> list[Reply | None]:
        """A reply to each question; None where answering failed."""
        answering = self._advisor.on(snapshot)
        replies: list[Reply | None] = []
        questions = (one.question for one in asked)
        while some := list(islice(questions, TOGETHER)):
            told(len(replies))
            answered = answering.answer_all(some)
            replies += [reply if isinstance(reply, Reply) else None for reply in answered]
        told(len(replies))
        return replies

    def _change(self, asked: Asked, before: Reply, after: Reply) -> Change:
        group = group_of(before, after)
        lost = self._lost_facts(asked, before, after)
        same = group is Group.UNCHANGED and not lost
        return Change(
            question=_text(asked.question),
            origin=asked.origin,
            group=group,
            must=asked.must,
            before=None if same else before,
            after=None if same else after,
            lost_facts=lost,
        )

    def _lost_facts(self, asked: Asked, before: Reply, after: Reply) -> tuple[str, ...]:
        if asked.case is None or not asked.must or after.abstained:
            return ()
        was, now = (score(asked.case, self._text_of(reply), reply.abstained) for reply in (before, after))
        return tuple(fact for fact in now.missing if fact not in was.missing)

    def _suite(self, asked: Sequence[Asked], replies: Sequence[Reply | None]) -> dict[str, Any] | None:
        outcomes: list[Outcome] = [
            score(one.case, self._text_of(reply), reply.abstained)
            for one, reply in zip(asked, replies, strict=True)
            if one.case and reply
        ]
        return asdict(count(outcomes)) if outcomes else None

    def _integrity(self, after: Snapshot) -> Iterable[Objection]:
        try:
            self._advisor.on(after).check()
        except NotAnswering as error:
            yield Objection("integrity", str(error))

    def _complained(self, complaints: Sequence[Complaint]) -> Iterable[Objection]:
        severe = report_on(complaints, documents=0).blocking(self._blocked_by)
        if severe:
            files = _named(dict.fromkeys(complaint.path for complaint in severe))
            many = "complaint blocks" if len(severe) == 1 else "complaints block"
            yield Objection("severe-complaints", f"{len(severe)} {many} publishing, in {files}.")


def _text(question: Question) -> str:
    """What is asked, with what was asked before it."""
    return " … ".join([*(turn.user for turn in question.history), question.text])


def _still_answering(
    removed: Iterable[str], after: Snapshot, replies: Iterable[Reply]
) -> Iterable[Objection]:
    gone = set(removed)
    quoted = {
        quote.source.document
        for reply in replies
        for part in reply.parts
        if isinstance(part, Answer)
        for quote in part.quotes
    }
    there = {document for document in gone if after.passages_of(document)} | (gone & quoted)
    there |= gone & {record.id for record in after.records()}
    if there:
        sentence = f"Removed, and still in the new index: {_named(sorted(there))}."
        yield Objection("removed-answers", sentence, overridable=False)


def _failed(replies: Sequence[Reply | None]) -> Iterable[Objection]:
    failed = sum(reply is None for reply in replies)
    if failed:
        many = "question" if failed == 1 else "questions"
        sentence = f"{failed} {many} could not be answered at all because of an error; the log tells more."
        yield Objection("integrity", sentence, overridable=False)


def _lost(changes: Iterable[Change]) -> Iterable[Objection]:
    lost = [change for change in changes if change.must and change.group is Group.NO_LONGER_ANSWERED]
    if lost:
        questions = "question that has" if len(lost) == 1 else "questions that have"
        named = _named([f"“{change.question}”" for change in lost])
        sentence = f"{len(lost)} {questions} to be answered would be lost: {named}."
        yield Objection("must-answer-lost", sentence)


def _named(names: Iterable[str]) -> str:
    every = list(names)
    more = len(every) - NAMED
    return ", ".join(every[:NAMED]) + (f" and {more} more" if more > 0 else "")
