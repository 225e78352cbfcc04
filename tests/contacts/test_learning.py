"""What arrives joins whom it proves to be one person, over both stores, in any order."""

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from otklik.contacts import api
from otklik.contacts.editing import change, change_rules
from otklik.contacts.tables import claims, contacts, identities
from otklik.contacts.types import ContactPatch, LinkingRules
from otklik.conversations.tables import messages
from otklik.kernel.errors import InvalidError
from otklik.platform.database import Database
from otklik.ports.channel import ConsentReported, MessageReceived, Sender
from otklik.ports.message import ContactCard, Content, MessageKind
from tests.contacts.street import Street

PHONE, EMAIL = "+79161112233", "vera@tea.example"
ATTESTED = {"phone": "8 (916) 111-22-33", "phone_evidence": "attested"}
GIVEN = {"phone": "79161112233", "phone_evidence": "given"}
TYPED = {"phone": "+7 916 111-22-33", "phone_evidence": "claimed"}
SIGNED = {"evidence": "signed", "phone": PHONE, "email": EMAIL}


@pytest.fixture
async def street(store: Database) -> Street:
    return await Street.open(store)


def card(external_id: str, phone: str, *, own: bool) -> MessageReceived:
    content = Content(card=ContactCard("Вера", phone, own))
    return MessageReceived(
        Sender(external_id), f"card of {external_id}", 0, MessageKind.CONTACT_CARD, content=content
    )


async def test_proof_joins_at_the_moment_it_arrives(street: Street) -> None:
    await street.write_in("whatsapp:1", "Где заказ?", **GIVEN)
    await street.write_in("telegram:7", "Это снова я")
    assert len(await street.people()) == 2
    await street.happen(("telegram", card("7", PHONE, own=True)))
    assert await street.people() == {frozenset({"whatsapp:1", "telegram:7"})}
    owner = await street.contact_of("telegram:7")
    timeline = select(messages.c.contact_id).where(messages.c.kind != "system").distinct()
    assert await street.read(lambda c: list(c.execute(timeline).scalars())) == [owner]


async def test_a_forwarded_card_is_nobodys_phone(street: Street) -> None:
    await street.write_in("whatsapp:1", **GIVEN)
    await street.happen(("telegram", card("7", PHONE, own=False)))
    assert len(await street.people()) == 2
    assert await street.proposals("whatsapp:1") == []


async def test_what_somebody_typed_is_proposed_in_words_and_refused_for_good(
    street: Street,
) -> None:
    await street.write_in("telegram:1", **ATTESTED)
    await street.write_in("site:v:1", **TYPED)
    assert len(await street.people()) == 2
    (proposal,) = await street.proposals("telegram:1")
    assert proposal.contact_id == await street.contact_of("site:v:1")
    assert (proposal.evidence, proposal.doubt, proposal.value) == ("C", "claimed", PHONE)
    assert PHONE in proposal.why_ru
    assert PHONE in proposal.why_en
    (back,) = await street.proposals("site:v:1")
    assert back.contact_id == await street.contact_of("telegram:1")
    pair = (await street.contact_of("telegram:1"), proposal.contact_id)
    assert await street.decide(lambda decision: decision.refuse(*pair)) == []
    assert await street.proposals("site:v:1") == []


async def test_what_was_refused_stays_apart_when_proof_comes(street: Street) -> None:
    await street.write_in("telegram:1", **ATTESTED)
    await street.write_in("whatsapp:1", **TYPED)
    pair = (await street.contact_of("telegram:1"), await street.contact_of("whatsapp:1"))
    await street.decide(lambda decision: decision.refuse(*pair))
    await street.write_in("whatsapp:1", **GIVEN)
    assert len(await street.people()) == 2


async def test_a_split_of_what_proof_joined_holds(street: Street) -> None:
    await street.write_in("telegram:1", **ATTESTED)
    await street.write_in("whatsapp:1", **GIVEN)
    await street.write_in("vk:1", **ATTESTED)
    contact_id = await street.contact_of("vk:1")
    view = await street.read(lambda c: api.view(c, "account", contact_id))
    whatsapp = next(one.id for one in view.identities if one.channel == "whatsapp")
    link = next(one for one in view.links if one.identity_id == whatsapp)
    await street.decide(lambda decision: decision.split(contact_id, link.id))
    apart = {frozenset({"telegram:1", "vk:1"}), frozenset({"whatsapp:1"})}
    assert await street.people() == apart
    await street.write_in("whatsapp:1", **GIVEN)
    await street.write_in("telegram:1", **ATTESTED)
    assert await street.people() == apart


async def test_later_proof_against_a_link_takes_it_away(street: Street) -> None:
    await street.write_in("telegram:1", **ATTESTED)
    await street.write_in("whatsapp:1", **GIVEN)
    assert len(await street.people()) == 1
    await street.write_in("telegram:2", **ATTESTED)  # the number changed hands
    assert len(await street.people()) == 3
    doubts = {one.doubt for one in await street.proposals("telegram:1")}
    assert doubts == {"same_inbox"}


async def test_blocked_numbers_and_mailboxes_join_nobody(street: Street) -> None:
    rules = LinkingRules(blocked=[PHONE])
    await street.decide(lambda decision: change_rules(decision, rules))
    for name in ("telegram:1", "vk:1"):
        await street.write_in(name, **ATTESTED)
    for name in ("max:1", "ok:1"):
        await street.write_in(name, email="info@shop.example", email_evidence="attested")
    for name in ("viber:1", "whatsapp:1"):
        await street.write_in(name, phone="+70000000000", phone_evidence="attested")
    assert len(await street.people()) == 6


async def test_who_was_joined_by_a_number_that_is_blocked_later_parts(street: Street) -> None:
    for name in ("telegram:1", "vk:1"):
        await street.write_in(name, **ATTESTED)
    assert len(await street.people()) == 1
    rules = LinkingRules(blocked=["8 916 111-22-33"])
    await street.decide(lambda decision: change_rules(decision, rules))
    assert len(await street.people()) == 2


async def test_another_account_is_another_world(street: Street, store: Database) -> None:
    await street.write_in("telegram:1", **ATTESTED)
    stranger = await Street.open(store, "stranger")
    await stranger.write_in("whatsapp:1", **GIVEN)
    assert len(await street.people()) == len(await stranger.people()) == 1
    assert await stranger.proposals("whatsapp:1") == []


async def test_what_an_operator_typed_proposes_and_is_forgotten_with_the_text(
    street: Street,
) -> None:
    await street.write_in("telegram:1", **ATTESTED)
    await street.write_in("vk:2")
    contact_id = await street.contact_of("vk:2")

    async def typed(**fields: str) -> None:
        patch = ContactPatch(**fields)
        view = await street.decide(lambda decision: change(decision, contact_id, patch))
        assert view.phone == ("+79161112233" if fields["phone"] else "")

    await typed(phone="8 916 111 22 33")
    assert [one.doubt for one in await street.proposals("vk:2")] == ["claimed"]
    assert len(await street.people()) == 2
    await typed(phone="")
    assert await street.proposals("vk:2") == []


@pytest.mark.parametrize("fields", [
    {"phone": "нет"}, {"phone": "12345"}, {"email": "нет"}, {"email": "vera@tea"},
])  # fmt: skip
async def test_an_operator_cannot_store_what_is_no_phone_or_e_mail(
    street: Street, fields: dict[str, str]
) -> None:
    await street.write_in("telegram:1")
    contact_id = await street.contact_of("telegram:1")
    with pytest.raises(InvalidError) as caught:
        await street.decide(lambda d: change(d, contact_id, ContactPatch(**fields)))
    assert caught.value.field == next(iter(fields))


@pytest.mark.parametrize("rules", [LinkingRules("XX"), LinkingRules(blocked=["a"] * 501)])
async def test_rules_that_cannot_be_are_refused(street: Street, rules: LinkingRules) -> None:
    with pytest.raises(InvalidError):
        await street.decide(lambda decision: change_rules(decision, rules))


# --- other ids of one account -------------------------------------------------------------------


@pytest.mark.parametrize("order", [("BSUID", "wa"), ("wa", "BSUID")])
@pytest.mark.parametrize("at_once", [True, False])
async def test_a_person_with_two_ids_is_met_once(
    street: Street, order: tuple[str, str], at_once: bool
) -> None:
    senders = {"BSUID": Sender("BSUID", aliases=("wa",)), "wa": Sender("wa")}
    events = [
        ("whatsapp", MessageReceived(senders[name], f"m{n}", 0, text="Да"))
        for n, name in enumerate([*order, *order])
    ]
    if at_once:
        await street.happen(*events)
    else:
        for event in events:
            await street.happen(event)
    assert len(await street.people()) == 1
    counted = select(identities.c.id)
    assert len(await street.read(lambda c: c.execute(counted).all())) == 1


async def test_ids_met_apart_are_joined_when_the_platform_tells(street: Street) -> None:
    for name in ("BSUID", "wa"):
        await street.happen(("whatsapp", MessageReceived(Sender(name), f"of {name}", 0, text="Да")))
    assert len(await street.people()) == 2
    both = MessageReceived(Sender("BSUID", aliases=("wa",)), "both", 0, text="Да")
    await street.happen(("whatsapp", both))
    assert await street.people() == {frozenset({"whatsapp:BSUID", "whatsapp:wa"})}


# --- consents -----------------------------------------------------------------------------------


async def test_a_merge_widens_no_consent(street: Street) -> None:
    for name in ("telegram:1", "vk:2"):
        await street.write_in(name)
    yes = ConsentReported(Sender("1"), "marketing", granted=True, at=5, wording="Да, пишите")
    no = ConsentReported(Sender("2"), "marketing", granted=False, at=9)
    await street.happen(("telegram", yes), ("vk", no))
    view = await street.merge("telegram:1", "vk:2")
    by_channel = {one.id: one.channel for one in view.identities}
    told = {by_channel[one.identity_id]: (one.granted, one.wording) for one in view.consents}
    assert told == {"telegram": (True, "Да, пишите"), "vk": (False, "")}
    back = await street.split(view)
    assert len(back.consents) == 1


@pytest.mark.parametrize(("said", "holds"), [
    ([(True, 5), (False, 9)], False),
    ([(False, 9), (True, 5)], False),
    ([(True, 9), (False, 5)], True),
    ([(True, 5), (False, 5)], False),
    ([(False, 5), (True, 5)], False),
])  # fmt: skip
async def test_the_later_word_holds_and_of_two_at_once_the_refusal(
    street: Street, said: list[tuple[bool, int]], holds: bool
) -> None:
    await street.write_in("telegram:1")
    for granted, at in said:
        word = ConsentReported(Sender("1"), "notifications", granted=granted, at=at)
        await street.happen(("telegram", word))
    contact_id = await street.contact_of("telegram:1")
    view = await street.read(lambda c: api.view(c, "account", contact_id))
    assert [one.granted for one in view.consents] == [holds]


# --- any order ----------------------------------------------------------------------------------

EVENTS = [
    ("telegram:1", ATTESTED), ("whatsapp:1", GIVEN), ("whatsapp:2", GIVEN), ("vk:1", ATTESTED),
    ("site:u:1", SIGNED), ("site:u:2", SIGNED), ("email:1", {"email": EMAIL}),
    ("max:1", TYPED), ("ok:1", {"email": EMAIL, "email_evidence": "attested"}),
    ("viber:1", {"phone": PHONE, "phone_evidence": "given", "email": EMAIL}),
]  # fmt: skip
_accounts = count()


async def settled(store: Database, order: list[int]) -> tuple[object, ...]:
    street = await Street.open(store, f"account{next(_accounts)}")
    for index in order:
        name, told = EVENTS[index]
        await street.write_in(name, **told)
    shown = select(
        identities.c.inbox_id, identities.c.external_id, contacts.c.name, contacts.c.phone,
        contacts.c.email, contacts.c.merged_into,
    ).join(contacts, contacts.c.id == identities.c.contact_id).where(
        identities.c.account_id == street.account_id
    )  # fmt: skip
    rows = await street.read(lambda c: c.execute(shown).all())
    cards = {(row[0].partition(" ")[2], *row[1:]) for row in rows}
    known = select(claims.c.kind, claims.c.value, claims.c.level).where(
        claims.c.account_id == street.account_id
    )
    facts = sorted(await street.read(lambda c: [tuple(row) for row in c.execute(known)]))
    return await street.people(), cards, facts


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(order=st.lists(st.sampled_from(range(len(EVENTS))), min_size=2, unique=True).flatmap(
    lambda chosen: st.tuples(st.just(chosen), st.permutations(chosen))
))  # fmt: skip
async def test_the_same_arrivals_in_any_order_give_the_same_people(
    store: Database, order: tuple[list[int], list[int]]
) -> None:
    one, other = order
    assert await settled(store, one) == await settled(store, other)
