"""What goes out: orders, the requests they become, and what platforms answer."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Literal

import msgspec

from otklik.ports.message import Button, ContactCard, Entity, Location, MessageKind


class OutgoingFile(msgspec.Struct, frozen=True, omit_defaults=True):
    """One stored file to send. `platform_ref` re-sends a file the platform already has.

    `link` is a public address of it, good for an hour, where the platform fetches files itself
    (feature `fetches_files`); it is made just before sending.
    """

    kind: MessageKind
    file_id: str
    name: str
    mime: str
    size: int = 0
    width: int = 0
    height: int = 0
    duration_s: int = 0
    format: str = ""
    platform_ref: str = ""
    link: str = ""


class OutgoingCard(msgspec.Struct, frozen=True, omit_defaults=True):
    """One card of a carousel."""

    title: str
    text: str = ""
    file: OutgoingFile | None = None
    buttons: tuple[Button, ...] = ()


class Template(msgspec.Struct, frozen=True, omit_defaults=True):
    """A message the platform approved beforehand, with what fills its variables in order."""

    name: str
    language: str
    category: str = ""
    parameters: tuple[str, ...] = ()
    header_file_id: str = ""
    slots: tuple[str, ...] = ()
    """Where each parameter goes, as `KnownTemplate.variables` names it; all in the body when
    empty."""


class Outgoing(msgspec.Struct, frozen=True, omit_defaults=True):
    """One message to hand to the platform; `to` is the external id of the identity.

    `thread` names the last messages of the conversation by their external ids, oldest first.
    `window` is settled just before sending: `human` when only a person may still answer.
    """

    message_id: str
    to: str
    kind: MessageKind
    text: str = ""
    entities: tuple[Entity, ...] = ()
    files: tuple[OutgoingFile, ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()
    location: Location | None = None
    card: ContactCard | None = None
    reply_to: str = ""
    silent: bool = False
    cards: tuple[OutgoingCard, ...] = ()
    template: Template | None = None
    subject: str = ""
    thread: tuple[str, ...] = ()
    window: Literal["open", "human", "closed"] = "open"
    by: Literal["operator", "bot", "campaign"] = "operator"


class OutgoingEdit(msgspec.Struct, frozen=True):
    """Replace the body of a message the platform has as `external_id`."""

    external_id: str
    message: Outgoing


class OutgoingDelete(msgspec.Struct, frozen=True):
    """Take back the messages the platform has under these ids."""

    to: str
    external_ids: tuple[str, ...]


class OutgoingReaction(msgspec.Struct, frozen=True):
    """Set our reaction on a message; an empty emoji removes it."""

    to: str
    external_id: str
    emoji: str


class PressAnswer(msgspec.Struct, frozen=True):
    """Acknowledge a pressed button, so that the platform stops its spinner."""

    press_id: str
    text: str = ""
    to: str = ""


class TypingShown(msgspec.Struct, frozen=True):
    """Show the person that somebody is typing.

    `external_id` is the person's last message: some platforms show typing only under it.
    """

    to: str
    external_id: str = ""


class ReadShown(msgspec.Struct, frozen=True):
    """Show the person that their messages up to this one were read."""

    to: str
    external_id: str


class ProfileAsked(msgspec.Struct, frozen=True):
    """Ask the platform who a person is; the answer is `Sent` with a profile."""

    to: str


Order = (
    Outgoing
    | OutgoingEdit
    | OutgoingDelete
    | OutgoingReaction
    | PressAnswer
    | TypingShown
    | ReadShown
    | ProfileAsked
)


class FilePart(msgspec.Struct, frozen=True):
    """A multipart field whose bytes the sender reads from the file store."""

    field: str
    file_id: str
    name: str
    mime: str


class Request(msgspec.Struct, frozen=True, omit_defaults=True):
    """One HTTP request, described. `url` holds credentials: it is never logged.

    Exactly one of `body` (its type in `headers`) or `fields`/`files` (multipart) is set, or none.
    `label` names it in logs and metrics. `repeatable`: doing it twice does no harm, so a lost
    answer is a temporary fault and not an uncertain one. `after_s`: wait so long before it.
    `trust` names further certificate authorities among the installation's settings.
    """

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    url: str
    label: str
    headers: Mapping[str, str] = {}
    body: bytes = b""
    fields: Mapping[str, str] = {}
    files: tuple[FilePart, ...] = ()
    timeout_s: float = 20.0
    repeatable: bool = False
    after_s: float = 0.0
    trust: str = ""


class MailServer(msgspec.Struct, frozen=True):
    """Where mail is left or fetched; `security`: tls from the first byte, starttls, or none."""

    host: str
    port: int
    security: Literal["tls", "starttls", "none"]
    username: str
    password: str


class Letter(msgspec.Struct, frozen=True):
    """One letter to hand to an SMTP server, described; `content` is the whole of it as bytes.

    The answer's status is the SMTP code, its body the server's words.
    """

    server: MailServer
    sender: str
    recipients: tuple[str, ...]
    content: bytes
    label: str = "letter"
    files: tuple[FilePart, ...] = ()
    """Attached by whoever sends it, in order, after what `content` holds."""


class MailboxCheck(msgspec.Struct, frozen=True):
    """A try of both credentials of a mailbox; the answer's status is 250 or a mail server's."""

    incoming: MailServer
    outgoing: MailServer
    label: str = "mailbox"


Errand = Request | Letter | MailboxCheck
"""What a sender can perform for an adapter."""


class Answer(msgspec.Struct, frozen=True):
    """The whole answer to an errand; names of headers in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


Answers = Sequence[Answer]
"""Every conversation with a platform is a function of the answers so far, in order."""


class RefusalKind(StrEnum):
    """The closed set of reasons a platform does not take a message."""

    BLOCKED = "blocked"
    WINDOW_CLOSED = "window_closed"
    THROTTLED = "throttled"
    TOO_LONG = "too_long"
    BAD_MEDIA = "bad_media"
    BAD_TOKEN = "bad_token"  # noqa: S105 - a reason, not a secret
    GONE = "gone"
    """The chat does not exist any more, or never did."""
    MOVED = "moved"
    """The chat has a new address: see `Refusal.moved_to`."""
    TEMPORARY = "temporary"
    UNCERTAIN = "uncertain"
    """The answer was lost: it may have been sent."""
    UNSUBSCRIBED = "unsubscribed"
    """The platform no longer delivers to us; only of `Connect.verify`."""
    OTHER = "other"


FORBIDDEN_ADDRESS = "forbidden address: "
"""Begins the detail of a refusal when our own guard, not the platform, let nothing through."""


class Refusal(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why the platform did not take it. `detail` is the platform's own text, kept for admins.

    `everywhere` marks a throttle of the whole credential, not of one chat. `code` is the
    platform's, as the channel's `errors.toml` lists it.
    """

    kind: RefusalKind
    detail: str = ""
    retry_after_s: float = 0.0
    everywhere: bool = False
    moved_to: str = ""
    code: str = ""


class Profile(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who a person is, as the platform tells; `picture` is an address to download from."""

    name: str = ""
    username: str = ""
    locale: str = ""
    picture: str = ""
    phone: str = ""
    details: Mapping[str, str] = {}


class Sent(msgspec.Struct, frozen=True, omit_defaults=True):
    """The platform took it. `external_ids`: one per part of an album, the first is the message.

    `file_refs` are the platform's references of the uploaded files, in order, for re-use.
    """

    external_ids: tuple[str, ...] = ()
    file_refs: tuple[str, ...] = ()
    profile: Profile | None = None


class Polled(msgspec.Struct, frozen=True):
    """One answer of a long poll: bodies in order, and the cursor that confirms them.

    An empty cursor keeps the former one.
    """

    bodies: tuple[bytes, ...]
    cursor: str


class Connected(msgspec.Struct, frozen=True):
    """What the platform says of a credential that works; `settings` are stored with the inbox."""

    title: str
    settings: Mapping[str, str]


class Subscribed(msgspec.Struct, frozen=True, omit_defaults=True):
    """The platform delivers to us. Changed `settings` are stored and it is asked once more.

    `secrets` are stored as well: a token the platform has renewed.
    """

    settings: Mapping[str, str] = {}
    secrets: Mapping[str, str] = {}


class TemplateVariable(msgspec.Struct, frozen=True, omit_defaults=True):
    """One gap of a template: `slot` is its place (`body.1`, `header.name`, `button.0.url`)."""

    slot: str
    example: str = ""


class KnownTemplate(msgspec.Struct, frozen=True, omit_defaults=True):
    """A template as the platform holds it; `status` and `category` in the platform's words.

    `header` is the kind of file the header takes, `title` its text. Gaps stand in the texts as
    `{{1}}` or `{{name}}`; `buttons` are their labels.
    """

    external_id: str
    name: str
    language: str
    status: str
    category: str
    body: str
    title: str = ""
    footer: str = ""
    header: Literal["", "picture", "video", "file", "location"] = ""
    buttons: tuple[str, ...] = ()
    variables: tuple[TemplateVariable, ...] = ()
    quality: str = ""
    reason: str = ""


class Templates(msgspec.Struct, frozen=True):
    """Every template of an inbox."""

    templates: tuple[KnownTemplate, ...]


class Located(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a received file is: a `FoundFile` or a `HeldFile`."""


class FoundFile(Located, frozen=True, omit_defaults=True):
    """Where to download a file from; `size` in bytes and `sha256` in hex when they are told."""

    request: Request
    size: int = 0
    sha256: str = ""


class HeldFile(Located, frozen=True):
    """The file came inside an accepted body: the one under `key`, at `path` in it."""

    key: str
    path: str
