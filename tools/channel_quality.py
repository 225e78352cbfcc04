"""How far each channel is: the rules of its `quality.toml`, in tiers."""

import tomllib
from collections.abc import Mapping
from typing import Literal

import msgspec

from tools.bootstrap.paths import ROOT

FOLDER = ROOT / "otklik" / "channels"
TIERS: Mapping[str, tuple[str, ...]] = {
    "bronze": (
        "contract_kit", "signature_checked", "every_inbound_kind", "unknown_kinds_kept", "readme",
    ),
    "silver": (
        "every_outbound_kind", "limits_enforced", "media_both_ways", "errors_mapped",
        "delivery_and_read_receipts", "secret_rotation", "lost_subscription_seen",
    ),
    "gold": (
        "buttons_and_reactions", "edits_and_deletes", "typing", "reply_window", "echoes",
        "profile", "deep_links", "errors_translated", "guided_connection", "sandbox_round_trip",
    ),
    "platinum": ("independent_peer", "mutation_tests"),
}  # fmt: skip
"""Every rule a channel answers for; a tier holds when its rules and those below are settled."""


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How one rule stands; what is not done tells why."""

    status: Literal["done", "todo", "exempt"]
    reason: str = ""


class Quality(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One `quality.toml`: the rules all channels share, and what this one has besides."""

    rules: dict[str, Rule]
    also: dict[str, Rule] = {}


def quality_of(channel_id: str) -> Quality:
    """Read how far a channel is."""
    text = (FOLDER / channel_id / "quality.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), Quality)


def tier_of(quality: Quality) -> str:
    """Give the highest tier whose rules, and those of the tiers below, are done or exempt."""
    reached = "none"
    for tier, rules in TIERS.items():
        if any(name not in quality.rules or quality.rules[name].status == "todo" for name in rules):
            break
        reached = tier
    return reached
