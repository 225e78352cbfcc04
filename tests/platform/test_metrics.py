from collections.abc import MutableMapping
from typing import Any

import pytest

from otklik.platform.metrics import (
    APPENDED,
    QUEUE_DEPTH,
    REGISTRY,
    SENT,
    MetricsPage,
    note_queue,
)

Headers = list[tuple[bytes, bytes]]


async def asked(
    page: MetricsPage, headers: Headers | None = None, client: str = "127.0.0.1"
) -> tuple[int, str]:
    said: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request"}

    async def send(message: MutableMapping[str, Any]) -> None:
        said.append(message)

    scope = {"type": "http", "headers": headers or [], "client": (client, 1)}
    await page(scope, receive, send)
    return said[0]["status"], said[1]["body"].decode()


async def test_the_page_shows_every_queue_and_the_process() -> None:
    note_queue("inbound", depth=3, oldest_s=1.5, in_flight=2, dead=1)
    status, text = await asked(MetricsPage())
    assert status == 200
    for line in (
        'otklik_queue_depth{queue="inbound"} 3.0',
        'otklik_queue_oldest_seconds{queue="inbound"} 1.5',
        'otklik_queue_in_flight{queue="inbound"} 2.0',
        'otklik_queue_dead_letters{queue="inbound"} 1.0',
    ):
        assert line in text.splitlines()
    assert "process_resident_memory_bytes" in text


async def test_counters_count() -> None:
    name, labels = "otklik_sent_total", {"channel": "test", "outcome": "sent"}
    before = REGISTRY.get_sample_value(name, labels) or 0
    SENT.labels("test", "sent").inc()
    APPENDED.labels("test").inc(2)
    assert REGISTRY.get_sample_value(name, labels) == before + 1


async def test_what_only_the_database_knows_is_read_first() -> None:
    async def refresh() -> None:
        QUEUE_DEPTH.labels("webhooks").set(41)

    _, text = await asked(MetricsPage(refresh=refresh))
    assert 'otklik_queue_depth{queue="webhooks"} 41.0' in text


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (b"Bearer right", 200),
        (b"Bearer wrong", 401),
        (b"right", 401),
        (b"", 401),
        (b"Bearer ", 401),
    ],
)
async def test_a_token_is_asked_for(header: bytes, status: int) -> None:
    answered, text = await asked(MetricsPage("right"), [(b"authorization", header)], "8.8.8.8")
    assert answered == status
    assert bool(text) is (status == 200)


@pytest.mark.parametrize(
    ("client", "headers", "status"),
    [
        ("127.0.0.1", [], 200),
        ("::1", [], 200),
        ("10.0.0.5", [], 403),
        ("", [], 403),
        ("127.0.0.1", [(b"x-forwarded-for", b"8.8.8.8")], 403),
        ("127.0.0.1", [(b"forwarded", b"for=8.8.8.8")], 403),
    ],
)
async def test_without_a_token_only_this_machine_is_answered(
    client: str, headers: Headers, status: int
) -> None:
    assert (await asked(MetricsPage(), headers, client))[0] == status
