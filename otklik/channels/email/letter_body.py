"""Which parts of a letter are its text, its page and its files."""

import base64

import msgspec

from otklik.channels.email.letter import Letter, Part
from otklik.channels.email.markup import as_text, harmless

_INSIDE_BYTES = 5 * 1024 * 1024
_UNSHOWN = frozenset(
    {"message/delivery-status", "message/disposition-notification", "message/feedback-report"}
)
_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


class Body(msgspec.Struct, frozen=True):
    """`text` for the thread; `page`: harmless HTML with its pictures inside, or nothing."""

    text: str
    page: str
    files: tuple[Part, ...]


def body_of(letter: Letter) -> Body:
    """Sort the parts of a letter."""
    texts = [part for part in letter.parts if _is_text(part, "text/plain")]
    pages = [part for part in letter.parts if _is_text(part, "text/html")]
    html = "\n<hr>\n".join(part.text for part in pages)
    text = "\n".join(part.text for part in texts).strip("\n")
    if not text.strip() and html:
        text = as_text(html)
    page, used = _page(html, letter)
    shown = {part.path for part in (*texts, *pages)} | used
    files = (
        p for p in letter.parts if p.path not in shown and p.mime not in _UNSHOWN and p.content
    )
    return Body(text, page, tuple(files))


def _is_text(part: Part, mime: str) -> bool:
    return part.mime == mime and not part.attached


def _page(html: str, letter: Letter) -> tuple[str, set[str]]:
    """Clean the HTML and put the pictures it shows into it; give the paths of those."""
    page = harmless(html) if html.strip() else ""
    used: set[str] = set()
    room = _INSIDE_BYTES
    for part in letter.parts:
        mark = f'"cid:{part.cid}"'
        if not part.cid or part.mime not in _PICTURES or mark not in page:
            continue
        # A page may show one picture ten thousand times, and every time it is written out.
        size = len(part.content) * page.count(mark)
        if size > room:
            continue
        room -= size
        packed = base64.b64encode(part.content).decode()
        page = page.replace(mark, f'"data:{part.mime};base64,{packed}"')
        used.add(part.path)
    return page, used
