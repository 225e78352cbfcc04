"""What each channel can, as the table in docs/channels.md."""

import sys
from collections.abc import Iterator, Sequence

from otklik.channels import CHANNELS
from otklik.ports.channel import Limits, Manifest
from tools.bootstrap.paths import ROOT, shown
from tools.channel_quality import quality_of, tier_of

PAGE = ROOT / "docs" / "channels.md"
BEGIN = "<!-- written by: python -m tools.channel_pages -->"
END = "<!-- end of what is written -->"

_YES, _NO = "✓", ""
_KINDS = {
    "text": "text",
    "picture": "pictures",
    "video": "video",
    "voice": "voice messages",
    "audio": "audio files",
    "file": "other files",
    "sticker": "stickers",
    "location": "locations",
    "contact_card": "contact cards",
    "cards": "rows of cards",
    "order": "orders",
    "press": "pressed buttons",
    "unsupported": "things it has no word for, by name",
}
_FEATURES = {
    "buttons": "buttons under a message",
    "url_buttons": "buttons that open a page",
    "list": "lists to choose from",
    "cards": "rows of cards",
    "marks": "formatting",
    "phone_request": "asking for the phone by a button",
    "location_request": "asking for the place by a button",
    "album": "several files as one message",
    "reply": "answering one message",
    "subject": "subjects",
    "template": "templates",
    "edit": "edits",
    "delete": "deletions",
    "reaction": "reactions",
    "typing_in": "the contact's typing is seen",
    "typing_out": "the operator's typing is shown",
    "read": "the contact's reading is seen",
    "read_out": "the operator's reading is shown",
    "profile": "name and picture are asked for",
    "echo": "answers given in the platform's own app are seen",
    "fetches_files": "the platform fetches our files from a public address",
    "deep_link": "links that say where a contact came from",
    "webhook": "the platform delivers to a public address",
    "polling": "works without a public address by polling",
    "catch_up": "what was missed is fetched",
}
_UNITS = {"utf16": "UTF-16 units", "characters": "characters", "bytes": "bytes"}
_MEBIBYTE = 1_048_576


def table(manifests: Sequence[Manifest]) -> str:
    """Give the table in Markdown: one column a channel, in the order of the registry."""
    head = ["", *(f"[{one.title}](channels/{one.id}.md)" for one in manifests)]
    rule = ["---", *(":-:" for _ in manifests)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *_rows(manifests)))


def page(text: str) -> str:
    """Give the page with the table between its marks written anew."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    if not after:
        sys.exit(f"{shown(PAGE)} has lost the marks of the table")
    return f"{before}{BEGIN}\n{table(manifests())}\n{END}{after}"


def manifests() -> list[Manifest]:
    """List what every channel says of itself."""
    return [channel.manifest for channel in CHANNELS.values()]


def _rows(every: Sequence[Manifest]) -> Iterator[list[str]]:
    for title, names, words in (
        ("**We receive**", [one.receives for one in every], _KINDS),
        ("**We send**", [one.sends for one in every], _KINDS),
        ("**Also**", [one.features for one in every], _FEATURES),
    ):
        yield [title, *("" for _ in every)]
        used = {name for channel in names for name in channel}
        yield from (
            [words[name], *(_YES if name in channel else _NO for channel in names)]
            for name in words
            if name in used
        )
        _refuse_unnamed(used - words.keys())
    yield ["**Bounds**", *("" for _ in every)]
    yield ["text", *(f"{one.limits.text} {_UNITS[one.limits.text_unit]}" for one in every)]
    yield ["hours to answer", *(_hours(one.window.reply_s) for one in every)]
    yield ["hours for a person of ours", *(_hours(one.window.human_s) for one in every)]
    yield ["quality", *(tier_of(quality_of(one.id)) for one in every)]


def _refuse_unnamed(names: set[str]) -> None:
    if names:
        sys.exit(f"tools/channel_table.py has no words for: {', '.join(sorted(names))}")


def limits(limits: Limits) -> Iterator[tuple[str, str]]:
    """Give the limits of a channel in words, name and value each."""
    unit = _UNITS[limits.text_unit]
    yield "text", f"{limits.text} {unit}"
    yield "text under a file", f"{limits.caption} {unit}"
    yield "buttons, of them in a row", f"{limits.buttons}, {limits.buttons_per_row}"
    if limits.list_rows:
        yield "rows of a list", str(limits.list_rows)
    yield "label of a button", f"{limits.button_label} {unit}"
    yield "payload of a button", f"{limits.button_payload_bytes} bytes"
    if limits.cards:
        yield "cards in a row", str(limits.cards)
    yield "files in a message", str(limits.album)
    yield "picture sent", _mebibytes(limits.picture_bytes)
    yield "video sent", _mebibytes(limits.video_bytes or limits.upload_bytes)
    yield "sound sent", _mebibytes(limits.audio_bytes or limits.upload_bytes)
    yield "other file sent", _mebibytes(limits.file_bytes or limits.upload_bytes)
    yield "file received", _mebibytes(limits.download_bytes)
    yield "messages a second", f"{limits.per_second:g}"
    yield (
        "messages a second in one chat",
        f"{limits.per_chat_per_second:g}, {limits.chat_burst} at once",
    )
    yield "edits possible for", _span(limits.edit_within_s)
    yield "deletions possible for", _span(limits.delete_within_s)


def _hours(seconds: int) -> str:
    return str(seconds // 3600) if seconds else ""


def _mebibytes(size: int) -> str:
    if size >= 1024 * _MEBIBYTE:
        return f"{size / (1024 * _MEBIBYTE):.3g} GiB"
    return f"{size / _MEBIBYTE:.3g} MiB"


def _span(seconds: int) -> str:
    return f"{seconds // 3_600} hours" if seconds else "ever"
