"""What linking costs: a batch of known people next to nothing, a merge a blink."""

import time
from functools import partial

from sqlalchemy import Connection, event, select, text, update

from otklik.contacts import api
from otklik.contacts.api import log_in
from otklik.contacts.resolve import LOGIN_REACH_MS
from otklik.contacts.tables import identities, touchpoints
from otklik.contacts.types import Arrival
from otklik.conversations.api import follow, record
from otklik.conversations.tables import messages
from otklik.conversations.types import Happening
from otklik.events.api import Ledger
from otklik.platform.database import Database
from otklik.ports.channel import Sender
from tests.contacts.street import Street, wrote

MERGE_S = 0.050
ROUND_TRIP_S = 0.0004
"""What the smallest statement costs where nobody else is busy."""

DAY_MS = 86_400_000
GIVEN = {"phone_evidence": "given"}


async def test_a_merge_of_long_timelines_takes_a_blink(store: Database) -> None:
    street = await Street.open(store)
    for batch in range(20):
        await street.happen(*(
            (inbox, wrote(f"{inbox}:{person}", f"Слово {batch}"))
            for person in range(25) for inbox in ("telegram", "vk")
        ))  # fmt: skip
    await street.happen(*(
        (inbox, wrote(f"{inbox}:1", f"Слово {n}"))
        for n in range(100) for inbox in ("telegram", "vk")
    ))  # fmt: skip
    took = []
    for _ in range(9):
        slowness = max(1, await _round_trip_s(street) / ROUND_TRIP_S)
        started = time.perf_counter()
        view = await street.merge("telegram:1", "vk:1")
        took.append((time.perf_counter() - started) / slowness)
        await street.split(view)
    assert min(took) <= MERGE_S, took


async def _round_trip_s(street: Street) -> float:
    """How long the smallest statement takes on this machine now, which others may use too."""

    def ask(connection: Connection) -> float:
        started = time.perf_counter()
        for _ in range(20):
            connection.execute(text("SELECT 1"))
        return (time.perf_counter() - started) / 20

    return await street.read(ask)


async def test_known_people_who_bring_known_phones_cost_two_statements(store: Database) -> None:
    street = await Street.open(store)
    phones = [f"+7916{n:07}" for n in range(3_000_000, 3_000_200)]

    async def batch(*, with_phones: bool, now: int) -> int:
        happenings = [
            Happening(
                street.inbox("whatsapp"),
                wrote(f"whatsapp:{n}", **({"phone": phone} | GIVEN if with_phones else {})),
                live=True,
            )
            for n, phone in enumerate(phones)
        ]
        seen: list[str] = []

        def work(connection: Connection, ledger: Ledger) -> None:
            def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
                seen.append(statement)

            event.listen(connection, "before_cursor_execute", note)
            record(connection, ledger, happenings, now)
            event.remove(connection, "before_cursor_execute", note)

        await street.write(work)
        return len(seen)

    await batch(with_phones=True, now=1_000)
    without = await batch(with_phones=False, now=500_000)
    known = await batch(with_phones=True, now=1_000_000)
    assert known <= without + 2


async def test_a_login_takes_only_what_is_not_older_than_thirty_days(store: Database) -> None:
    street = await Street.open(store)
    await street.write_in("site:v:1", "Давно")
    street.now += LOGIN_REACH_MS + DAY_MS
    await street.write_in("site:v:1", "Недавно")
    inbox = street.inbox("site")
    visitor, signed = (
        Arrival("account", inbox.id, "widget", sender, street.now + DAY_MS)
        for sender in (Sender("v:1"), Sender("u:1", name="Вера", evidence="signed"))
    )
    await street.write(partial(log_in, visitor=visitor, signed=signed, follow=follow))
    assert await street.people() == {frozenset({"site:v:1"}), frozenset({"site:u:1"})}
    said = select(messages.c.contact_id, messages.c.text)
    texts = {row[0]: row[1] for row in await street.read(lambda c: c.execute(said).all())}
    owners = {name: await street.contact_of(name) for name in ("site:v:1", "site:u:1")}
    assert texts == {owners["site:v:1"]: "Давно", owners["site:u:1"]: "Недавно"}
    contact_id = await street.contact_of("site:u:1")
    view = await street.read(lambda c: api.view(c, "account", contact_id))
    assert [(link.reason, "30" in link.why_ru) for link in view.links] == [("login", True)]
    await street.split(view, "login")
    for table in (messages, touchpoints):
        owner = select(table.c.contact_id).distinct()
        found = await street.read(lambda c, o=owner: list(c.execute(o).scalars()))  # type: ignore[misc]
        assert found == [owners["site:v:1"]]


async def test_the_login_of_somebody_else_later_changes_nothing(store: Database) -> None:
    street = await Street.open(store)
    await street.write_in("site:v:1", "Моё")
    inbox = street.inbox("site")
    for number, name in enumerate(("u:1", "u:2")):
        visitor, signed = (
            Arrival("account", inbox.id, "widget", sender, street.now + number * DAY_MS)
            for sender in (Sender("v:1"), Sender(name, evidence="signed"))
        )
        await street.write(partial(log_in, visitor=visitor, signed=signed, follow=follow))
    assert frozenset({"site:v:1", "site:u:1"}) in await street.people()
    await street.write(lambda c, _: c.execute(update(identities).values(seen_at=1)))
    await street.write_in("site:u:2", "Не моё", evidence="signed")
    assert len(await street.people()) == 2
