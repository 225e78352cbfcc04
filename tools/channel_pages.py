"""The pages of the channels in docs/channels/, from what each folder says: run it as a module."""

import sys
from collections.abc import Iterator

from otklik.channels import CHANNELS
from otklik.inboxes.channels import errors_of, guide_of
from otklik.ports.channel import Channel, Manifest
from otklik.ports.errors import KnownError
from otklik.ports.guide import Guide
from tools import channel_table
from tools.bootstrap.paths import ROOT, shown
from tools.channel_quality import quality_of, tier_of

PAGES = ROOT / "docs" / "channels"
_WRITTEN = "<!-- written by: python -m tools.channel_pages -->"
_FIRST = {
    "person": "the person",
    "anyone": "anyone",
    "allowed": "the person, or we after they allowed it",
    "template": "the person, or we with an approved template",
}


def page(channel: Channel) -> str:
    """Give the page of one channel in Markdown."""
    manifest = channel.manifest
    parts = [
        f"# {manifest.title}",
        _WRITTEN,
        _platform(manifest),
        *_guide(guide_of(manifest.id)),
        *_limits(manifest),
        *_errors(list(errors_of(channel).known.values())),
        *_quality(manifest.id),
    ]
    return "\n\n".join(parts) + "\n"


def _platform(manifest: Manifest) -> str:
    tier = tier_of(quality_of(manifest.id))
    version = f"spoken version {manifest.api_version}"
    everything = "[all channels](../channels.md)"
    return f"Platform: {_docs(manifest)} · {version} · quality: {tier} · {everything}"


def _docs(manifest: Manifest) -> str:
    if manifest.docs.startswith("http"):
        return f"[{manifest.docs}]({manifest.docs})"
    return f"[{manifest.docs}](../../{manifest.docs})"


def _guide(guide: Guide) -> Iterator[str]:
    for title, language in (("Connecting", "en"), ("Как подключить", "ru")):
        lines = [
            f"{number}. {getattr(step, language)}" + (f" <{step.link}>" if step.link else "")
            for number, step in enumerate(guide.step, start=1)
        ]
        yield f"## {title}"
        if lines:
            yield "\n".join(lines)
        if guide.field:
            yield "\n".join(_fields(guide, language))
        if guide.after:
            yield "\n".join(f"- {_cell(getattr(words, language))}" for words in guide.after)


def _fields(guide: Guide, language: str) -> Iterator[str]:
    yield "| | | |"
    yield "| --- | --- | --- |"
    for field in guide.field:
        hint = getattr(field, f"hint_{language}")
        example = f"`{field.example}`" if field.example else ""
        words = [getattr(field, language), hint, example]
        yield "| " + " | ".join([f"`{field.name}`", _cell(". ".join(filter(None, words[:2]))),
                                 _cell(words[2])]) + " |"  # fmt: skip


def _limits(manifest: Manifest) -> Iterator[str]:
    yield "## Limits and windows"
    rows = [*channel_table.limits(manifest.limits), *_window(manifest)]
    yield "\n".join(["| | |", "| --- | --- |", *(f"| {name} | {value} |" for name, value in rows)])
    if manifest.law is not None:
        yield f"**Law.** {manifest.law.en}"
        yield f"**Закон.** {manifest.law.ru}"


def _window(manifest: Manifest) -> Iterator[tuple[str, str]]:
    window = manifest.window
    yield "who may write first", _FIRST[window.first]
    if window.reply_s:
        yield "we may answer after their last message for", f"{window.reply_s // 3600} hours"
    if window.human_s:
        yield "a person of ours may, for", f"{window.human_s // 86_400} days"
    if window.ad_s:
        yield "after a click on an advertisement, for", f"{window.ad_s // 3600} hours"
    if manifest.link is not None:
        yield "link that says where a contact came from", f"`{manifest.link.url}`"


def _errors(errors: list[KnownError]) -> Iterator[str]:
    if not errors:
        return
    for title, head, language in (
        ("When it does not work", ("code", "what it means", "what helps"), "en"),
        ("Когда не работает", ("код", "что это значит", "что поможет"), "ru"),
    ):
        yield f"## {title}"
        lines = [f"| {' | '.join(head)} |", "| --- | --- | --- |"]
        lines += [
            f"| `{error.code}` | {_cell(getattr(error, language))} | "
            f"{_cell(getattr(error, f'remedy_{language}'))} |"
            for error in errors
        ]
        yield "\n".join(lines)


def _quality(channel_id: str) -> Iterator[str]:
    quality = quality_of(channel_id)
    open_rules = {**quality.rules, **quality.also}
    lines = [
        f"- {name.replace('_', ' ')}: {_cell(rule.reason)}"
        for name, rule in open_rules.items()
        if rule.status != "done"
    ]
    if lines:
        yield "## What it does not do"
        yield "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


def main() -> int:
    """Write every page and the table anew; tell what had been behind."""
    PAGES.mkdir(exist_ok=True)
    wanted = {PAGES / f"{name}.md": page(channel) for name, channel in CHANNELS.items()}
    table = channel_table.PAGE
    wanted[table] = channel_table.page(table.read_text("utf-8"))
    for path, text in wanted.items():
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"{shown(path)} is current now")
    for path in set(PAGES.glob("*.md")) - wanted.keys():
        path.unlink()
        print(f"{shown(path)} is gone: its channel is")
    return 0


if __name__ == "__main__":
    sys.exit(main())
