"""A link that opens a chat carries a word back, and its picture is a real QR code."""

import pytest

from otklik.channels import CHANNELS
from otklik.inboxes.invitation import invitation
from otklik.kernel.errors import ConflictError, InvalidError
from tests.fixtures.house import House

TELEGRAM = CHANNELS["telegram"].manifest
BOT = {"bot_username": "tea_bot"}


@pytest.mark.parametrize(
    ("channel", "settings", "url"),
    [
        ("telegram", BOT, "https://t.me/tea_bot?start=flyer_1"),
        ("vk", {"screen_name": "tea"}, "https://vk.me/tea?ref=flyer_1"),
        ("max", {"bot_username": "tea"}, "https://max.ru/tea?start=flyer_1"),
        (
            "whatsapp",
            {"phone": "79990000000"},
            "https://wa.me/79990000000?text=%F0%9F%91%8B%20%5Bref%3Aflyer_1%5D",
        ),
    ],
)
def test_a_link_names_the_inbox_and_carries_the_payload(
    channel: str, settings: dict[str, str], url: str
) -> None:
    made = invitation(CHANNELS[channel].manifest, settings, "flyer_1")
    assert made.url == url
    assert made.svg.startswith("<svg")


def test_a_link_without_a_payload_just_opens_the_chat() -> None:
    assert invitation(TELEGRAM, BOT, "").url == "https://t.me/tea_bot"


@pytest.mark.parametrize("payload", ["два слова", "a b", "x" * 65, "a&b=c", "a\n"])
def test_a_payload_the_platform_would_not_carry_is_refused(payload: str) -> None:
    with pytest.raises(InvalidError) as refused:
        invitation(TELEGRAM, BOT, payload)
    assert refused.value.field == "payload"


def test_a_setting_cannot_change_where_a_link_leads() -> None:
    made = invitation(TELEGRAM, {"bot_username": "../evil?x=1"}, "")
    assert made.url == "https://t.me/..%2Fevil%3Fx%3D1"


def test_a_channel_without_links_says_so() -> None:
    with pytest.raises(ConflictError):
        invitation(CHANNELS["widget"].manifest, {}, "")


def test_an_inbox_that_does_not_know_its_name_yet_says_what_is_missing() -> None:
    with pytest.raises(ConflictError, match="bot_username"):
        invitation(TELEGRAM, {}, "")


async def test_what_came_by_a_link_is_a_touchpoint(shop: House) -> None:
    inbox = await shop.connect()
    link = await shop.api.get(f"/inboxes/{inbox['id']}/link?payload=flyer_1")
    payload = link["url"].partition("?start=")[2]
    person = await shop.phones.person()
    await shop.phones.text(person, f"/start {payload}")
    await shop.met(person)
    (row,) = await shop.api.queue()
    contact = await shop.api.get(f"/contacts/{row['contact_id']}")
    assert [touch["source"] for touch in contact["touchpoints"]] == ["flyer_1"]


async def test_what_is_pasted_at_a_platform_is_shown_whole(shop: House) -> None:
    inbox = await shop.connect()
    given = await shop.api.get(f"/inboxes/{inbox['id']}/handover")
    assert given == {"address": inbox["address"], "verify_token": ""}
