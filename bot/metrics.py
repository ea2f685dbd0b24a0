"""What the bot counts and times for whoever runs it; nothing that names a person, a server or a question."""

import asyncio
import math
import time
from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Final, Literal, get_args

import aiohttp
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

Entry = Literal["slash", "mention", "private", "message_command", "follow_up", "related", "skill"]
"""By which way a question came in."""

Outcome = Literal["answered", "partly", "declined", "told_to_wait", "failed", "undelivered"]
"""How a question ended."""

UNFORESEEN: Final = "unforeseen"
CONTENT_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4

# Discord gives up on an interaction after 3 s, so that second is looked at closely.
ACKNOWLEDGMENT_SECONDS = (0.05, 0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 2.5, 3.0, 5.0)
ANSWER_SECONDS = (0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.5, 5.0, 10.0, 20.0, 30.0, 60.0, 300.0, 900.0)
LAG_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
BATCH_SIZES = (1, 2, 4, 8, 16, 32, 64)
PAUSE = 0.05

# Whose limit was hit, as Discord names it: the bot's own, everybody's for one resource, or all of the bot's.
SCOPES = ("user", "shared", "global", "unknown")


class Metrics:
    """Counters and timers in a registry of their own, so that two bots in one process never mix."""

    def __init__(self, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now
        self._made: datetime | None = None
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._count_questions()
        self._count_answering()
        self._count_platform()

    def _count_questions(self) -> None:
        registry = self._registry
        self._asked = Counter("advisor_questions", "Questions accepted.", ["entry"], registry=registry)
        self._ended = Counter(
            "advisor_questions_ended",
            "Questions that came to an end; fewer than were accepted means some wait or were lost.",
            ["entry", "outcome"],
            registry=registry,
        )
        self._acknowledged = Histogram(
            "advisor_acknowledgment_seconds",
            "From the arrival of a question until Discord was told that it is being worked on.",
            buckets=ACKNOWLEDGMENT_SECONDS,
            registry=registry,
        )
        self._seconds = Histogram(
            "advisor_answer_seconds",
            "From the arrival of a question to its end.",
            ["outcome"],
            buckets=ANSWER_SECONDS,
            registry=registry,
        )
        self._feedback = Counter("advisor_feedback", "Answers rated.", ["helpful"], registry=registry)
        # A series that first appears with its first event would hide that event from rates and alerts.
        for entry in get_args(Entry):
            self._asked.labels(entry)
            for outcome in get_args(Outcome):
                self._ended.labels(entry, outcome)
        for outcome in get_args(Outcome):
            self._seconds.labels(outcome)
        for helpful in ("yes", "no"):
            self._feedback.labels(helpful)

    def _count_answering(self) -> None:
        registry = self._registry
        self._waiting = Gauge("advisor_questions_waiting", "Questions waiting now.", registry=registry)
        self._together = Histogram(
            "advisor_batch_size",
            "Questions that were answered together; those found in the cache are in none.",
            buckets=BATCH_SIZES,
            registry=registry,
        )
        self._hits = Counter("advisor_cache_hits", "Questions answered from the cache.", registry=registry)
        self._errors = Counter("advisor_errors", "What went wrong, by kind.", ["kind"], registry=registry)
        self._errors.labels(UNFORESEEN)
        self._lag = Histogram(
            "advisor_loop_lag_seconds",
            "By how much the event loop was late, sampled while it runs.",
            buckets=LAG_SECONDS,
            registry=registry,
        )
        self._generation = Gauge(
            "advisor_generation",
            "Number of the generation that answers; 0 before there is one.",
            registry=registry,
        )
        age = Gauge(
            "advisor_generation_age_seconds", "How long ago that generation was made.", registry=registry
        )
        age.set_function(self._age)

    def _count_platform(self) -> None:
        registry = self._registry
        self._latency = Gauge(
            "advisor_gateway_latency_seconds",
            "Heartbeat to acknowledgment on the slowest connection to Discord.",
            registry=registry,
        )
        self._latency.set(math.nan)
        self._resent = Counter(
            "advisor_posts_resent", "Posts sent again after Discord did not take them.", registry=registry
        )
        self._limits = Counter(
            "advisor_rate_limits", "Rate limits of Discord that were hit.", ["scope"], registry=registry
        )
        for scope in SCOPES:
            self._limits.labels(scope)

    def asked(self, entry: Entry) -> None:
        """A question was accepted."""
        self._asked.labels(entry).inc()

    def acknowledged(self, seconds: float) -> None:
        """Discord was told that a question is being worked on, so long after it came."""
        self._acknowledged.observe(seconds)

    def ended(self, entry: Entry, outcome: Outcome, seconds: float) -> None:
        """A question came to its end, so long after it came."""
        self._ended.labels(entry, outcome).inc()
        self._seconds.labels(outcome).observe(seconds)

    def feedback(self, *, helpful: bool) -> None:
        """Somebody rated an answer."""
        self._feedback.labels("yes" if helpful else "no").inc()

    def waiting(self, count: int) -> None:
        """So many questions wait now."""
        self._waiting.set(count)

    def answered_together(self, count: int) -> None:
        """So many questions were answered in one batch."""
        self._together.observe(count)

    def cache_hit(self) -> None:
        """A question was answered from the cache."""
        self._hits.inc()

    def error(self, kind: str = UNFORESEEN) -> None:
        """Something went wrong: the class name of a planned error, never its text."""
        self._errors.labels(kind).inc()

    def lagged(self, seconds: float) -> None:
        """The event loop was so late."""
        self._lag.observe(seconds)

    def generation(self, number: int, made: datetime) -> None:
        """This generation answers from now on."""
        self._generation.set(number)
        self._made = made

    def gateway_latency(self, seconds: float) -> None:
        """A heartbeat took so long on the slowest connection; not a number while none is known."""
        self._latency.set(seconds)

    def resent(self) -> None:
        """A post was sent again."""
        self._resent.inc()

    def rate_limited(self, scope: str = "unknown") -> None:
        """Discord refused a request because of a rate limit: user, shared or global."""
        self._limits.labels(scope if scope in SCOPES else "unknown").inc()

    def http_trace(self) -> aiohttp.TraceConfig:
        """What a discord.Client takes as `http_trace`: counts the rate limits that it waits out unseen."""
        trace = aiohttp.TraceConfig()
        trace.on_request_end.append(self._responded)
        return trace

    def render(self) -> bytes:
        """All of it in Prometheus' text format."""
        return generate_latest(self._registry)

    async def _responded(
        self, session: aiohttp.ClientSession, context: SimpleNamespace, end: aiohttp.TraceRequestEndParams
    ) -> None:
        if end.response.status == 429:
            self.rate_limited(end.response.headers.get("X-RateLimit-Scope", "unknown"))

    def _age(self) -> float:
        return math.nan if self._made is None else (self._now() - self._made).total_seconds()


async def watch_loop(metrics: Metrics, pause: float = PAUSE) -> None:
    """Sample by how much the event loop is late, until cancelled."""
    while True:
        due = time.perf_counter() + pause
        await asyncio.sleep(pause)
        metrics.lagged(max(0.0, time.perf_counter() - due))
