"""Metrics: what an operator reads, and that nothing in it can grow without bound or name anybody."""

import asyncio
import math
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from aiohttp import web
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from bot.metrics import SCOPES, Metrics, watch_loop

Use = Callable[[Metrics], None]


def families(metrics: Metrics) -> Iterator[Metric]:
    return iter(text_string_to_metric_families(metrics.render().decode()))


def value(metrics: Metrics, name: str, **labels: str) -> float:
    found = [
        sample.value
        for family in families(metrics)
        for sample in family.samples
        if sample.name == name and sample.labels == labels
    ]
    assert len(found) == 1, f"{name}{labels} stands there {len(found)} times"
    return found[0]


@pytest.mark.parametrize(
    ("use", "name", "labels", "expected"),
    [
        (lambda m: m.asked("slash"), "advisor_questions_total", {"entry": "slash"}, 1),
        (
            lambda m: m.ended("private", "partly", 0.4),
            "advisor_questions_ended_total",
            {"entry": "private", "outcome": "partly"},
            1,
        ),
        (
            lambda m: m.ended("slash", "declined", 0.4),
            "advisor_answer_seconds_sum",
            {"outcome": "declined"},
            0.4,
        ),
        (lambda m: m.acknowledged(0.06), "advisor_acknowledgment_seconds_bucket", {"le": "0.1"}, 1),
        (lambda m: m.acknowledged(2.9), "advisor_acknowledgment_seconds_bucket", {"le": "2.5"}, 0),
        (lambda m: m.feedback(helpful=True), "advisor_feedback_total", {"helpful": "yes"}, 1),
        (lambda m: m.feedback(helpful=False), "advisor_feedback_total", {"helpful": "no"}, 1),
        (lambda m: m.waiting(7), "advisor_questions_waiting", {}, 7),
        (lambda m: m.answered_together(12), "advisor_batch_size_sum", {}, 12),
        (lambda m: m.cache_hit(), "advisor_cache_hits_total", {}, 1),
        (lambda m: m.error("TooSlow"), "advisor_errors_total", {"kind": "TooSlow"}, 1),
        (lambda m: m.error(), "advisor_errors_total", {"kind": "unforeseen"}, 1),
        (lambda m: m.lagged(0.03), "advisor_loop_lag_seconds_bucket", {"le": "0.05"}, 1),
        (lambda m: m.gateway_latency(0.09), "advisor_gateway_latency_seconds", {}, 0.09),
        (lambda m: m.resent(), "advisor_posts_resent_total", {}, 1),
        (lambda m: m.rate_limited("global"), "advisor_rate_limits_total", {"scope": "global"}, 1),
    ],
)
def test_what_happened_stands_in_the_page(
    use: Use, name: str, labels: dict[str, str], expected: float
) -> None:
    metrics = Metrics()
    use(metrics)
    assert value(metrics, name, **labels) == expected


def test_every_metric_is_prefixed_and_says_in_a_sentence_what_it_is() -> None:
    for family in families(Metrics()):
        assert family.name.startswith(("advisor_", "process_"))
        assert family.documentation.endswith(".")
        assert " " in family.documentation


def test_a_question_that_never_happened_is_counted_as_none_rather_than_missing() -> None:
    metrics = Metrics()
    assert value(metrics, "advisor_questions_total", entry="related") == 0
    assert value(metrics, "advisor_questions_ended_total", entry="related", outcome="undelivered") == 0
    assert value(metrics, "advisor_rate_limits_total", scope="shared") == 0


def test_the_page_does_not_grow_with_what_happens() -> None:
    metrics = Metrics()
    before = len(metrics.render().splitlines())
    for number in range(200):
        metrics.asked("mention")
        metrics.ended("mention", "answered", number / 10)
        metrics.rate_limited(f"scope {number}")
        metrics.error()
    assert len(metrics.render().splitlines()) == before


def test_the_process_itself_is_measured() -> None:
    assert value(Metrics(), "process_resident_memory_bytes") > 1_000_000


def test_age_of_the_generation_grows_without_being_told() -> None:
    made = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    clock = [made]
    metrics = Metrics(now=lambda: clock[0])
    assert value(metrics, "advisor_generation") == 0
    assert math.isnan(value(metrics, "advisor_generation_age_seconds"))
    metrics.generation(3, made)
    clock[0] = made + timedelta(hours=2)
    assert value(metrics, "advisor_generation") == 3
    assert value(metrics, "advisor_generation_age_seconds") == 7200


def test_latency_is_not_a_number_before_it_was_measured() -> None:
    assert math.isnan(value(Metrics(), "advisor_gateway_latency_seconds"))


def test_two_bots_in_one_process_count_apart() -> None:
    first, second = Metrics(), Metrics()
    first.asked("slash")
    assert value(second, "advisor_questions_total", entry="slash") == 0


async def test_watching_the_loop_sees_it_blocked() -> None:
    metrics = Metrics()
    watching = asyncio.create_task(watch_loop(metrics, pause=0.01))
    await asyncio.sleep(0.05)
    time.sleep(0.3)  # noqa: ASYNC251  # blocking the loop is what is tested
    await asyncio.sleep(0.05)
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching
    seen = value(metrics, "advisor_loop_lag_seconds_count")
    assert seen >= 3
    assert seen - value(metrics, "advisor_loop_lag_seconds_bucket", le="0.25") == 1


@pytest.mark.parametrize(
    ("headers", "scope"),
    [
        ({"X-RateLimit-Scope": "shared"}, "shared"),
        ({"X-RateLimit-Scope": "made up"}, "unknown"),
        ({}, "unknown"),
    ],
)
async def test_a_rate_limit_waited_out_by_the_client_is_counted(headers: dict[str, str], scope: str) -> None:
    async def refuse(_: web.Request) -> web.Response:
        return web.Response(status=429, headers=headers)

    async def accept(_: web.Request) -> web.Response:
        return web.Response()

    metrics = Metrics()
    app = web.Application()
    app.add_routes([web.get("/refused", refuse), web.get("/taken", accept)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    _, port = runner.addresses[0]
    async with aiohttp.ClientSession(trace_configs=[metrics.http_trace()]) as session:
        for path in ("refused", "taken"):
            async with session.get(f"http://127.0.0.1:{port}/{path}"):
                pass
    await runner.cleanup()
    counts = {each: value(metrics, "advisor_rate_limits_total", scope=each) for each in SCOPES}
    assert counts == {each: float(each == scope) for each in SCOPES}
