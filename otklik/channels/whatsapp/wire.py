"""What WhatsApp's Cloud API sends, as structs: only what is read, and forgiving about the rest."""

from importlib.resources import files
from typing import Annotated

import msgspec
from msgspec import Meta, Struct, field

from otklik.families.meta import GraphError
from otklik.ports.channel import Manifest

MANIFEST = msgspec.toml.decode(
    files(__package__).joinpath("manifest.toml").read_bytes(), type=Manifest
)

Count = Annotated[int, Meta(ge=0, le=2**53)]
"""A size or a Unix time in seconds; what is beyond reads as not told."""


class Change(Struct, frozen=True):
    """One change of a delivery; its value differs with its field."""

    field: str
    value: object = None


class Entry(Struct, frozen=True):
    """What happened in one WhatsApp Business Account."""

    id: str = ""
    time: Count = 0
    changes: tuple[Change, ...] = ()


class Delivery(Struct, frozen=True):
    """One POST: many accounts, many numbers, many changes are possible."""

    object: str
    entry: tuple[Entry, ...]


class Profile(Struct, frozen=True):
    name: str = ""
    username: str = ""


class Contact(Struct, frozen=True):
    """Who is meant; since 2026 a person with a username may come without a number."""

    wa_id: str = ""
    user_id: str = ""
    profile: Profile | None = None


class Media(Struct, frozen=True):
    """Every kind of file at once."""

    id: str
    mime_type: str = ""
    caption: str = ""
    filename: str = ""
    file_size: Count = 0
    voice: bool = False
    animated: bool = False


class Place(Struct, frozen=True):
    latitude: float
    longitude: float
    name: str = ""
    address: str = ""


class CardName(Struct, frozen=True):
    formatted_name: str = ""
    first_name: str = ""
    last_name: str = ""


class CardPhone(Struct, frozen=True):
    phone: str = ""
    wa_id: str = ""


class Card(Struct, frozen=True):
    """A shared contact; `origin`, here or on the message: `contact_request` when we asked."""

    name: CardName | None = None
    phones: tuple[CardPhone, ...] = ()
    origin: str = ""


class Piece(Struct, frozen=True):
    """A small body of a message: a text, a press, a choice, a filled form, a reaction.

    The answers of a form (`nfm_reply`) are a JSON text.
    """

    id: str = ""
    type: str = ""
    name: str = ""
    title: str = ""
    body: str = ""
    text: str = ""
    payload: str = ""
    emoji: str = ""
    message_id: str = ""
    response_json: str = ""


class Interactive(Struct, frozen=True):
    """What a person did with an interactive message; the inner object may be missing."""

    button_reply: Piece | None = None
    list_reply: Piece | None = None
    nfm_reply: Piece | None = None


class Product(Struct, frozen=True):
    product_retailer_id: str = ""
    quantity: Count = 1
    item_price: str | float | int = ""
    currency: str = ""


class Basket(Struct, frozen=True):
    catalog_id: str = ""
    text: str = ""
    product_items: tuple[Product, ...] = ()


class System(Struct, frozen=True):
    """A person's number or business-scoped id changed."""

    type: str = ""
    wa_id: str = ""
    new_wa_id: str = ""
    user_id: str = ""
    customer: str = ""


class Context(Struct, frozen=True):
    """What a message answers or where it was forwarded from."""

    id: str = ""
    forwarded: bool = False
    frequently_forwarded: bool = False
    referred_product: Product | None = None


class Referral(Struct, frozen=True):
    """The advertisement or post a person came from."""

    source_id: str = ""
    source_url: str = ""
    source_type: str = ""
    headline: str = ""
    body: str = ""
    ctwa_clid: str = ""


class Original(Struct, frozen=True):
    """The message an edit or a revocation is about; `message` is its new body."""

    original_message_id: str
    message: "Message | None" = None


class Message(Struct, frozen=True):
    """A message, its body in the field its type names."""

    id: str = ""
    from_: str = field(name="from", default="")
    from_user_id: str = ""
    to: str = ""
    to_user_id: str = ""
    timestamp: Count = 0
    type: str = ""
    group_id: str = ""
    biz_opaque_callback_data: str = ""
    context: Context | None = None
    referral: Referral | None = None
    text: Piece | None = None
    image: Media | None = None
    video: Media | None = None
    audio: Media | None = None
    document: Media | None = None
    sticker: Media | None = None
    location: Place | None = None
    contacts: tuple[Card, ...] = ()
    origin: str = ""
    interactive: Interactive | None = None
    button: Piece | None = None
    reaction: Piece | None = None
    order: Basket | None = None
    system: System | None = None
    edit: Original | None = None
    revoke: Original | None = None
    unsupported: Piece | None = None


class Status(Struct, frozen=True):
    """How far one of our messages came."""

    id: str
    status: str
    timestamp: Count = 0
    recipient_id: str = ""
    recipient_user_id: str = ""
    recipient_type: str = ""
    biz_opaque_callback_data: str = ""
    errors: tuple[GraphError, ...] = ()


class Preference(Struct, frozen=True):
    """What a person decided about marketing."""

    value: str
    wa_id: str = ""
    user_id: str = ""
    detail: str = ""
    timestamp: Count = 0


class Call(Struct, frozen=True):
    id: str
    event: str = ""
    from_: str = field(name="from", default="")
    from_user_id: str = ""
    direction: str = ""
    timestamp: Count = 0


class Renamed(Struct, frozen=True):
    """The business-scoped id of a person before and after."""

    previous: str = ""
    current: str = ""


class UserIdUpdate(Struct, frozen=True):
    user_id: Renamed | None = None


class Happened(Struct, frozen=True):
    """The value of a change about people: `messages`, `calls`, `user_preferences`, echoes."""

    contacts: tuple[Contact, ...] = ()
    messages: tuple[Message, ...] = ()
    statuses: tuple[Status, ...] = ()
    message_echoes: tuple[Message, ...] = ()
    user_preferences: tuple[Preference, ...] = ()
    user_id_update: tuple[UserIdUpdate, ...] = ()
    calls: tuple[Call, ...] = ()
    errors: tuple[GraphError, ...] = ()


class Why(Struct, frozen=True):
    """One reason of a refused template, a restriction, a violation or a ban."""

    reason: str = ""
    recommendation: str = ""
    restriction_type: str = ""
    violation_type: str = ""
    waba_ban_state: str = ""

    @property
    def words(self) -> str:
        """Give what is told of it."""
        return " — ".join(filter(None, msgspec.structs.astuple(self)))


class Told(Struct, frozen=True):
    """The value of a change about a template or about the account itself."""

    event: str = ""
    reason: str = ""
    message_template_name: str = ""
    message_template_language: str = ""
    message_template_category: str = ""
    new_category: str = ""
    new_quality_score: str = ""
    rejection_info: Why | None = None
    display_phone_number: str = ""
    current_limit: str = ""
    max_daily_conversations_per_business: str = ""
    restriction_info: tuple[Why, ...] = ()
    violation_info: Why | None = None
    ban_info: Why | None = None
    alert_type: str = ""
    alert_severity: str = ""
    alert_status: str = ""
    alert_description: str = ""
    decision: str = ""

    @property
    def words(self) -> str:
        """Give what an admin can read in it."""
        whys = (*self.restriction_info, *filter(None, (self.violation_info, self.ban_info)))
        told = (
            self.alert_description,
            self.message_template_name,
            self.message_template_language,
            self.display_phone_number,
            *(why.words for why in whys),
            self.max_daily_conversations_per_business or self.current_limit,
            self.reason,
        )
        return ", ".join(dict.fromkeys(filter(None, told)))[:500]


class Webhooks(Struct, frozen=True):
    """Which address wins: the number's, the account's, the app's."""

    phone_number: str = ""
    whatsapp_business_account: str = ""
    application: str = ""


class Button(Struct, frozen=True):
    """A button of a template."""

    type: str = ""
    text: str = ""
    url: str = ""
    example: tuple[str, ...] = ()


class Named(Struct, frozen=True):
    """What may fill a named gap."""

    param_name: str = ""
    example: str = ""


class Examples(Struct, frozen=True):
    header_text: tuple[str, ...] = ()
    body_text: tuple[tuple[str, ...], ...] = ()
    header_named: tuple[Named, ...] = field(name="header_text_named_params", default=())
    body_named: tuple[Named, ...] = field(name="body_text_named_params", default=())


class Part(Struct, frozen=True):
    """One component of a template."""

    type: str = ""
    format: str = ""
    text: str = ""
    example: Examples | None = None
    buttons: tuple[Button, ...] = ()


class Score(Struct, frozen=True):
    score: str = ""


class Node(Struct, frozen=True):
    """Whatever the Graph API answers of one thing: an app, a number, a file, a template."""

    id: str = ""
    success: bool = False
    url: str = ""
    file_size: Count = 0
    sha256: str = ""
    display_phone_number: str = ""
    verified_name: str = ""
    webhook_configuration: Webhooks | None = None
    whatsapp_business_api_data: "Node | None" = None
    name: str = ""
    language: str = ""
    status: str = ""
    category: str = ""
    rejected_reason: str = ""
    quality_score: Score | None = None
    components: tuple[Part, ...] = ()
    messages: "tuple[Node, ...]" = ()


class Paging(Struct, frozen=True):
    cursors: "Cursors | None" = None
    next: str = ""


class Cursors(Struct, frozen=True):
    after: str = ""


class Page(Struct, frozen=True):
    """One page of things; there is another one when `next` is told."""

    nodes: tuple[Node, ...] = field(name="data")
    paging: Paging | None = None

    @property
    def following(self) -> str:
        """Give the cursor of the next page, empty after the last one."""
        paging = self.paging
        return paging.cursors.after if paging and paging.next and paging.cursors else ""
