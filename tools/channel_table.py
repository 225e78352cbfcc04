"""What each channel can, as the table in docs/channels.md: `python -m tools.channel_table`."""

import sys
from collections.abc import Iterator, Sequence

from otklik.channels import CHANNELS
from otklik.ports.channel import Limits, Manifest
from tools.bootstrap.paths import ROOT, shown

PAGE = ROOT / "docs" / "channels.md"
BEGIN = "<!-- written by: python -m tools.channel_table -->"
END = "<!-- end of what is written -->"

_YES, _NO = "yes", "–"
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
    "press": "pressed buttons",
    "unsupported": "things it has no word for, by name",
}
_FEATURES = {
    "buttons": "buttons under a message",
    "album": "several files as one message",
    "reply": "answering one message",
    "edit": "edits",
    "delete": "deletions",
    "reaction": "reactions",
    "typing_in": "the contact's typing is seen",
    "typing_out": "the operator's typing is shown",
    "read": "the contact's reading is seen",
    "deep_link": "links that say where a contact came from",
    "webhook": "the platform delivers to a public address",
    "polling": "works without a public address by polling",
}
_UNITS = {"utf16": "UTF-16 units", "characters": "characters", "bytes": "bytes"}
_MEBIBYTE = 1_048_576


def table(manifests: Sequence[Manifest]) -> str:
    """Give the table in Markdown: one column a channel, in the order of the registry."""
    head = ["", *(f"{manifest.title} (`{manifest.id}`)" for manifest in manifests)]
    lines = [head, ["---"] * len(head), *_rows(manifests)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


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
    yield ["**Limits**", *("" for _ in every)]
    columns = [dict(_limits(one.limits)) for one in every]
    yield from ([name, *(column[name] for column in columns)] for name in columns[0])
    yield ["settings of the inbox", *(_code(one.settings) for one in every)]
    yield ["secrets of the inbox", *(_code(one.secrets) for one in every)]
    yield ["spoken version", *(one.api_version for one in every)]


def _refuse_unnamed(names: set[str]) -> None:
    if names:
        sys.exit(f"tools/channel_table.py has no words for: {', '.join(sorted(names))}")


def _limits(limits: Limits) -> Iterator[tuple[str, str]]:
    unit = _UNITS[limits.text_unit]
    yield "text", f"{limits.text} {unit}"
    yield "text under a file", f"{limits.caption} {unit}"
    yield "buttons, of them in a row", f"{limits.buttons}, {limits.buttons_per_row}"
    yield "label of a button", f"{limits.button_label} {unit}"
    yield "payload of a button", f"{limits.button_payload_bytes} bytes"
    yield "files in a message", str(limits.album)
    yield "picture sent", _mebibytes(limits.picture_bytes)
    yield "other file sent", _mebibytes(limits.upload_bytes)
    yield "file received", _mebibytes(limits.download_bytes)
    yield "messages a second", f"{limits.per_second:g}"
    yield (
        "messages a second in one chat",
        f"{limits.per_chat_per_second:g}, {limits.chat_burst} at once",
    )
    yield "edits possible for", _span(limits.edit_within_s)
    yield "deletions possible for", _span(limits.delete_within_s)


def _mebibytes(size: int) -> str:
    return f"{size / _MEBIBYTE:g} MiB"


def _span(seconds: int) -> str:
    return f"{seconds // 3_600} hours" if seconds else "ever"


def _code(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def main() -> int:
    """Write the table anew; tell when it had been behind."""
    old = PAGE.read_text(encoding="utf-8")
    new = page(old)
    if new != old:
        PAGE.write_text(new, encoding="utf-8")
        print(f"{shown(PAGE)} is current now")
    return 0


if __name__ == "__main__":
    sys.exit(main())
