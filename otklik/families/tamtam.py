"""What MAX and Odnoklassniki share, children of TamTam both: objections, kinds, ends of answers."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from otklik.kernel.text import utf16_length
from otklik.ports.channel import (
    Answer,
    Answers,
    Limits,
    OutgoingFile,
    Refusal,
    RefusalKind,
    Request,
    Sent,
)
from otklik.ports.message import Attachment, Button, MessageKind

_URL = 2048
_BACK_OFF_S = 5.0  # neither names a time to wait (2026-11); MAX's own libraries begin with this
_LONGEST_WAIT_S = 3_600.0

KIND_OF_STATUS: Mapping[int, RefusalKind] = {
    401: RefusalKind.BAD_TOKEN,
    403: RefusalKind.BLOCKED,
    404: RefusalKind.GONE,
    413: RefusalKind.BAD_MEDIA,
    429: RefusalKind.THROTTLED,
}
"""What a status means when the platform's code is unknown."""


def file_objections(
    files: Iterable[OutgoingFile], biggest: Mapping[MessageKind, int]
) -> Iterator[Refusal]:
    """Give what speaks against files: a kind that is not taken, a size in bytes over the most."""
    for file in files:
        most = biggest.get(file.kind)
        if most is None:
            yield Refusal(RefusalKind.BAD_MEDIA, f"no {file.kind} is taken from a business")
        elif file.size > most and not file.platform_ref:
            detail = f"{file.name}: {file.size} bytes, at most {most} go"
            yield Refusal(RefusalKind.BAD_MEDIA, detail)


def button_objections(
    rows: tuple[tuple[Button, ...], ...], limits: Limits, schemes: tuple[str, ...]
) -> Iterator[Refusal]:
    """Give what speaks against buttons; `schemes` are what an address may begin with."""
    buttons = [button for row in rows for button in row]
    if len(buttons) > limits.buttons:
        yield other(f"a message holds {limits.buttons} buttons")
    if any(len(row) > limits.buttons_per_row for row in rows):
        yield other(f"a row holds {limits.buttons_per_row} buttons")
    for button in buttons:
        yield from overlong("button label", button.label, limits.button_label)
        if len(button.payload.encode()) > limits.button_payload_bytes or len(button.url) > _URL:
            yield Refusal(RefusalKind.TOO_LONG, f"what {button.label!r} carries is too long")
        yield from _one_button(button, schemes)


def _one_button(button: Button, schemes: tuple[str, ...]) -> Iterator[Refusal]:
    if not button.label.strip():
        yield other("a button has no label")
    if sum(map(bool, (button.payload, button.url, button.request))) != 1:
        yield other(f"button {button.label!r} needs one of payload, url and request")
    if button.url and not button.url.startswith(schemes):
        yield other(f"address of {button.label!r} must start with {' or '.join(schemes)}")
    if button.request not in {"", "phone", "location"}:
        yield other(f"button {button.label!r} asks for an unknown thing: {button.request}")


def overlong(what: str, text: str, most: int) -> Iterator[Refusal]:
    """Object to a text of more than so many UTF-16 units."""
    length = utf16_length(text)
    if length > most:
        yield Refusal(RefusalKind.TOO_LONG, f"{what}: {length} UTF-16 units, at most {most} go")


def other(detail: str) -> Refusal:
    """Refuse for a reason that has no kind of its own."""
    return Refusal(RefusalKind.OTHER, detail)


def main_kind(
    files: tuple[Attachment, ...],
    shown: tuple[tuple[MessageKind, bool], ...],
    types: Iterable[str],
    quiet: frozenset[str],
) -> tuple[MessageKind, str]:
    """Choose what a message mainly is, and name what of it cannot be shown.

    `shown` are further kinds in order and whether the message has them, `types` those of its
    attachments as the platform names them, `quiet` the types that need no name.
    """
    named = [name[:64] for name in types]
    unknown = ", ".join(dict.fromkeys(name for name in named if name not in quiet))
    if files:
        return files[0].kind, unknown
    found = next((kind for kind, has in shown if has), None)
    if found is not None:
        return found, unknown
    lost = next((name for name in named if "keyboard" not in name.lower()), "empty")
    return MessageKind.UNSUPPORTED, unknown or lost


def wait_s(answer: Answer) -> float:
    """Tell how long to wait after a throttle, in seconds."""
    shown = answer.headers.get("retry-after", "")
    return min(float(shown), _LONGEST_WAIT_S) if shown.isdecimal() else _BACK_OFF_S


def unread(answer: Answer, platform: str) -> Refusal:
    """Refuse for an answer that is no answer of the platform: a gateway's page, a torn body."""
    throttled = answer.status == 429
    return Refusal(
        RefusalKind.THROTTLED if throttled else RefusalKind.TEMPORARY,
        f"HTTP {answer.status} without an answer of {platform}",
        wait_s(answer) if throttled else 0.0,
    )


def lost(answer: Answer, refusal: Refusal) -> bool:
    """Tell whether a message may be out although its answer says nothing readable."""
    in_doubt = answer.status == 504 or 200 <= answer.status < 300
    return in_doubt and refusal.kind is RefusalKind.TEMPORARY and not refusal.code


def once(
    request: Request, answers: Answers, done: Callable[[Answer], object]
) -> Request | Sent | Refusal:
    """Ask once, and end with what `done` reads of the answer."""
    if not answers:
        return request
    outcome = done(answers[-1])
    return outcome if isinstance(outcome, Refusal) else Sent()


def http(url: str | None) -> str:
    """Give an address that can be asked over HTTP, or nothing."""
    return url if url is not None and url.startswith(("https://", "http://")) else ""
