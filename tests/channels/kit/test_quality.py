"""What `quality.toml` and `connect.toml` say is true, as far as the code can tell."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

import otklik.channels
from otklik.channels import CHANNELS
from otklik.inboxes.channels import errors_of, guide_of
from otklik.ports.channel import Channel
from tests.channels.kit.declared import DECLARED, HERE
from tools.channel_quality import TIERS, quality_of, tier_of

FOLDER = Path(otklik.channels.__file__).parent
RUSSIAN = re.compile("[а-яё]", re.IGNORECASE)
RULES = {rule for rules in TIERS.values() for rule in rules}
EVERY = pytest.mark.parametrize("name", sorted(CHANNELS))


def _told(name: str) -> set[str]:
    """Give the kinds of events the declared bodies are read as."""
    return {type(one).__name__ for body in DECLARED[name].bodies for one in body.events}


def _is_guided(channel: Channel) -> bool:
    guide = guide_of(channel.manifest.id)
    words = [(one.en, one.ru) for one in (*guide.step, *guide.after)]
    words += [(field.en, field.ru) for field in guide.field]
    return bool(guide.step and guide.field) and all(
        en and RUSSIAN.search(ru) and not RUSSIAN.search(en) for en, ru in words
    )


def _is_translated(channel: Channel) -> bool:
    known = errors_of(channel).known.values()
    is_needed = channel.outbound is not None  # who sends nothing is refused nothing
    return bool(known) is is_needed and all(
        one.en and one.remedy_en and RUSSIAN.search(one.ru) and RUSSIAN.search(one.remedy_ru)
        for one in known
    )


def _speaks_with_the_sandbox(channel: Channel) -> bool:
    mine = HERE / channel.manifest.id
    return any((mine / name).exists() for name in ("test_sandbox.py", "test_house.py"))


def _keeps_a_window(channel: Channel) -> bool:
    return channel.manifest.window.reply_s > 0


def _verifies(channel: Channel) -> bool:
    is_mail = channel.manifest.transport == "mail"  # a mailbox is opened anew all the time
    return is_mail or (channel.connect is not None and channel.connect.verify is not None)


def _has(*features: str) -> Callable[[Channel], bool]:
    return lambda channel: not set(features).isdisjoint(channel.manifest.features)


def _has_or_tells(feature: str, *events: str) -> Callable[[Channel], bool]:
    return lambda channel: (
        feature in channel.manifest.features or bool(_told(channel.manifest.id) & set(events))
    )


SEEN: Mapping[str, Callable[[Channel], bool]] = {
    "contract_kit": lambda channel: channel.manifest.id in DECLARED,
    "signature_checked": lambda channel: DECLARED[channel.manifest.id].proof != "nowhere",
    "readme": lambda channel: (FOLDER / channel.manifest.id / "README.md").exists(),
    "delivery_and_read_receipts": _has_or_tells(
        "read", "StatusReported", "DeliveryReported", "ReadReported"
    ),
    "lost_subscription_seen": _verifies,
    "buttons_and_reactions": _has("buttons"),
    "edits_and_deletes": _has_or_tells("edit", "MessageEdited", "MessagesDeleted"),
    "typing": _has("typing_out"),
    "reply_window": _keeps_a_window,
    "echoes": _has_or_tells("echo", "EchoReceived"),
    "profile": _has("profile"),
    "deep_links": lambda channel: channel.manifest.link is not None,
    "errors_translated": _is_translated,
    "guided_connection": _is_guided,
    "sandbox_round_trip": _speaks_with_the_sandbox,
}
"""Rules whose truth can be seen; the others rest on the tests of the channel."""
FORCED = {"reply_window", "echoes", "profile", "deep_links"}
"""What is there must not be called missing."""


@EVERY
def test_a_channel_answers_for_every_rule_and_gives_its_reasons(name: str) -> None:
    quality = quality_of(name)
    assert set(quality.rules) == RULES
    assert not RULES & set(quality.also)
    every = {**quality.rules, **quality.also}
    assert not [rule for rule, how in every.items() if how.status != "done" and not how.reason]


@EVERY
def test_a_shipped_channel_is_gold(name: str) -> None:
    assert tier_of(quality_of(name)) in {"gold", "platinum"}


@EVERY
@pytest.mark.parametrize("rule", sorted(SEEN))
def test_what_is_called_done_is_there(name: str, rule: str) -> None:
    status = quality_of(name).rules[rule].status
    is_there = SEEN[rule](CHANNELS[name])
    assert is_there or status != "done"
    if rule in FORCED and is_there:
        assert status == "done"


@EVERY
def test_a_channel_is_introduced_and_can_be_connected(name: str) -> None:
    assert CHANNELS[name].manifest.title in (FOLDER / name / "README.md").read_text("utf-8")
    manifest, fields = CHANNELS[name].manifest, guide_of(name).field
    assert {one.name for one in fields if one.secret} <= set(manifest.secrets)
    assert {one.name for one in fields if not one.secret} <= set(manifest.settings)
