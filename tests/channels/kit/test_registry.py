import sys
from pathlib import Path
from types import ModuleType

import pytest

import otklik.channels
from otklik.channels import CHANNELS
from tests.channels.kit.declared import DECLARED

FOLDER = Path(otklik.channels.__file__).parent
RECEIVES = {
    "text", "picture", "video", "voice", "audio", "file", "sticker", "location", "contact_card",
    "cards", "order", "press", "unsupported",
}  # fmt: skip
FEATURES = {
    "edit", "delete", "reaction", "typing_out", "typing_in", "read", "read_out", "buttons",
    "url_buttons", "list", "cards", "reply", "album", "marks", "subject", "template", "profile",
    "echo", "phone_request", "location_request", "fetches_files", "polling", "webhook", "catch_up",
    "deep_link",
}  # fmt: skip


def test_every_folder_with_a_manifest_is_a_channel() -> None:
    assert sorted(CHANNELS) == sorted(path.parent.name for path in FOLDER.glob("*/manifest.toml"))


def test_every_channel_is_declared_to_the_kit() -> None:
    assert sorted(CHANNELS) == sorted(DECLARED)


@pytest.mark.parametrize("name", sorted(CHANNELS))
def test_a_manifest_uses_known_words(name: str) -> None:
    manifest = CHANNELS[name].manifest
    assert set(manifest.receives) <= RECEIVES
    assert set(manifest.sends) <= RECEIVES - {"press", "unsupported"}
    assert set(manifest.features) <= FEATURES
    assert manifest.title
    assert manifest.docs


@pytest.mark.parametrize("name", sorted(CHANNELS))
def test_a_channel_that_sends_over_http_has_both_halves(name: str) -> None:
    channel = CHANNELS[name]
    assert (channel.outbound is not None) is (channel.manifest.transport != "live")
    assert (channel.connect is not None) is (channel.manifest.transport != "live")


@pytest.mark.parametrize("exported", [None, CHANNELS["telegram"]])
def test_a_folder_that_is_no_channel_of_its_name_is_told(
    monkeypatch: pytest.MonkeyPatch, exported: object
) -> None:
    ghost = ModuleType("otklik.channels.ghost")
    ghost.__dict__["CHANNEL"] = exported
    monkeypatch.setitem(sys.modules, ghost.__name__, ghost)
    with pytest.raises(TypeError, match="ghost"):
        otklik.channels._load("ghost")
