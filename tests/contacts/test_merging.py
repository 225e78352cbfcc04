"""Two contacts become one and two again, over both stores: nothing is lost, nothing is left."""

import pytest
from sqlalchemy import Connection, select, update

from otklik.contacts import api as contacts
from otklik.contacts.editing import change
from otklik.contacts.tables import contacts as contacts_table
from otklik.contacts.types import ContactPatch
from otklik.conversations.tables import conversations, messages
from otklik.events.api import since
from otklik.events.types import Event
from otklik.kernel.errors import ConflictError, InvalidError, NotFoundError
from otklik.platform.database import Database
from tests.contacts.street import Street

PHONE = "+79161112233"


@pytest.fixture
async def street(store: Database) -> Street:
    return await Street.open(store)


async def patch(street: Street, who: str, **fields: str) -> None:
    contact_id = await street.contact_of(who)
    await street.decide(lambda decision: change(decision, contact_id, ContactPatch(**fields)))


async def open_conversations(street: Street) -> list[tuple[str, int]]:
    statement = select(conversations.c.contact_id, conversations.c.unread).where(
        conversations.c.state == "open"
    )
    return await street.read(lambda c: [tuple(row) for row in c.execute(statement)])


async def furnished(street: Street) -> None:
    """Two people with words, touchpoints, labels, fields and remarks of their own."""
    await street.write_in("telegram:1", "Есть улун?")
    await street.write_in("vk:2", "А пуэр?")
    await street.write_in("telegram:1", "И чайник")
    await patch(street, "telegram:1", remark="Любит улун", phone=PHONE)
    await patch(street, "vk:2", remark="Любит пуэр", email="vera@tea.example", name="Вера")
    vk = await street.contact_of("vk:2")
    label = update(conversations).where(conversations.c.contact_id == vk)
    await street.write(lambda c, _: c.execute(label.values(label_ids='["l1"]', operator_id="anna")))


async def test_a_merge_taken_back_leaves_no_trace(street: Street) -> None:
    await furnished(street)
    before = await street.everything()
    merged = await street.merge("telegram:1", "vk:2")
    assert await street.everything() != before
    assert await street.people() == {frozenset({"telegram:1", "vk:2"})}
    await street.split(merged)
    assert await street.everything() == before


async def test_merges_may_be_taken_back_in_any_order(street: Street) -> None:
    for name in ("telegram:1", "vk:2", "max:3"):
        await street.write_in(name)
    three = await street.everything()
    await street.merge("telegram:1", "vk:2")
    view = await street.merge("telegram:1", "max:3")
    first, second = sorted(view.links, key=lambda link: link.at)
    for link in (first, second):
        view = await street.part(view, link.id)
    assert len(await street.people()) == 3
    after = await street.everything()
    assert after["messages"] == three["messages"]
    assert after["touchpoints"] == three["touchpoints"]
    assert after["identities"] == three["identities"]
    assert after["conversations"] == three["conversations"]


async def test_one_open_conversation_goes_on_for_both(street: Street) -> None:
    await furnished(street)
    view = await street.merge("telegram:1", "vk:2")
    assert await open_conversations(street) == [(view.id, 3)]

    def row(connection: Connection) -> tuple[object, ...]:
        found = conversations.c.label_ids, conversations.c.operator_id
        return tuple(
            connection.execute(select(*found).where(conversations.c.state == "open")).one()
        )

    assert await street.read(row) == ('["l1"]', "anna")
    timeline = select(messages.c.text).where(messages.c.contact_id == view.id)
    texts = await street.read(
        lambda c: list(c.execute(timeline.order_by(messages.c.seq)).scalars())
    )
    assert texts == ["Есть улун?", "А пуэр?", "И чайник"]


async def test_one_contact_shows_what_both_had(street: Street) -> None:
    await furnished(street)
    view = await street.merge("telegram:1", "vk:2")
    assert (view.phone, view.email) == (PHONE, "vera@tea.example")
    assert view.remark.splitlines() == ["Любит улун", "Любит пуэр"]
    assert {touch.source for touch in view.touchpoints} == {
        "https://shop.example/telegram", "https://shop.example/vk",
    }  # fmt: skip
    assert [(link.reason, link.by) for link in view.links] == [("operator", "olga")]


async def test_what_happens_meanwhile_goes_to_whom_it_happened(street: Street) -> None:
    await furnished(street)
    view = await street.merge("telegram:1", "vk:2")
    await street.write_in("vk:2", "Ещё раз про пуэр")
    await street.write_in("telegram:1", "И сито")
    await patch(street, "vk:2", remark="Оптовик")
    await street.split(view)
    assert len(await street.people()) == 2
    for name, texts in {
        "telegram:1": ["Есть улун?", "И чайник", "И сито"],
        "vk:2": ["А пуэр?", "Ещё раз про пуэр"],
    }.items():
        owner = await street.contact_of(name)
        said = (
            select(messages.c.text, conversations.c.contact_id, conversations.c.state)
            .join(conversations, conversations.c.id == messages.c.conversation_id)
            .where(messages.c.contact_id == owner)
            .order_by(messages.c.seq)
        )
        rows = await street.read(lambda c, s=said: c.execute(s).all())  # type: ignore[misc]
        assert [row[0] for row in rows] == texts
        assert {(row[1], row[2]) for row in rows} == {(owner, "open")}
    shown = await street.read(lambda c: contacts.view(c, "account", view.id))
    assert shown.remark == "Оптовик"


async def test_who_wrote_only_after_the_merge_gets_a_conversation_of_their_own(
    street: Street,
) -> None:
    await street.write_in("telegram:1", "Первое")
    await street.write_in("vk:2", "Второе")
    everybody = update(conversations).values(state="resolved", resolved_at=1)
    await street.write(lambda c, _: c.execute(everybody))
    view = await street.merge("telegram:1", "vk:2")
    await street.write_in("telegram:1", "Третье")
    await street.write_in("vk:2", "Четвёртое")
    assert len(await open_conversations(street)) == 1
    await street.split(view)
    owners = {await street.contact_of(name) for name in ("telegram:1", "vk:2")}
    assert {owner for owner, _ in await open_conversations(street)} == owners


async def test_the_former_id_leads_to_the_person(street: Street) -> None:
    await furnished(street)
    ids = {await street.contact_of(name) for name in ("telegram:1", "vk:2")}
    view = await street.merge("telegram:1", "vk:2")
    (former,) = ids - {view.id}
    assert (await street.read(lambda c: contacts.view(c, "account", former))).id == view.id
    found = await street.read(lambda c: contacts.by_name(c, "account", "Вера", 5))
    assert [row.id for row in found] == [view.id]


async def test_what_an_operator_clears_does_not_come_back(street: Street) -> None:
    await furnished(street)
    await street.merge("telegram:1", "vk:2")
    await patch(street, "telegram:1", email="")
    await street.write_in("max:3")
    view = await street.merge("telegram:1", "max:3")
    assert view.email == ""


async def test_a_merge_and_a_split_are_told_with_their_reason(street: Street) -> None:
    await furnished(street)
    await street.split(await street.merge("telegram:1", "vk:2"))
    events: list[Event] = await street.read(lambda c: since(c, "account", 0, 200))
    told = [event for event in events if event.kind in {"contact.merged", "contact.split"}]
    assert [event.kind.value for event in told] == ["contact.merged", "contact.split"]
    for event in told:
        body = bytes(event.body).decode()
        assert "Так решил оператор" in body or "разные люди" in body
        assert '"by":"olga"' in body


async def test_a_refused_merge_changes_nothing(street: Street) -> None:
    await street.write_in("site:u:1", evidence="signed")
    await street.write_in("site:u:2", evidence="signed")
    before = await street.everything()
    with pytest.raises(ConflictError):
        await street.merge("site:u:1", "site:u:2")
    with pytest.raises(InvalidError):
        await street.merge("site:u:1", "site:u:1")
    with pytest.raises(NotFoundError):
        await street.decide(lambda decision: decision.merge("nobody", "nobody else"))
    assert await street.everything() == before


async def test_another_account_cannot_merge_or_split(street: Street, store: Database) -> None:
    await furnished(street)
    view = await street.merge("telegram:1", "vk:2")
    stranger = await Street.open(store, "stranger")
    await stranger.write_in("telegram:1")
    own = await stranger.contact_of("telegram:1")
    for deed in (
        lambda d: d.split(view.id, view.links[0].id),
        lambda d: d.split(own, view.links[0].id),
        lambda d: d.merge(own, view.id),
        lambda d: d.refuse(own, view.id),
    ):
        with pytest.raises(NotFoundError):
            await stranger.decide(deed)


async def test_a_contact_row_behind_another_keeps_its_own_words(street: Street) -> None:
    await furnished(street)
    view = await street.merge("telegram:1", "vk:2")
    rows = await street.read(lambda c: c.execute(select(contacts_table)).all())
    behind = next(row for row in rows if row.id != view.id)
    assert behind.merged_into == view.id
    assert behind.remark in {"Любит улун", "Любит пуэр"}
