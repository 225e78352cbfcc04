"""What Messenger and Instagram send, as structs: only what is read, forgiving about the rest."""

from datetime import UTC, datetime

from msgspec import Struct, field

_MILLISECONDS_FROM = 10**12  # below it the number counts seconds: some bodies do
_LATEST = 10**14

Name = str | int
"""An id: text on the platform's pages, a number in some of its bodies."""

Moment = int | float | str
"""Unix time in milliseconds or seconds, or an ISO 8601 text."""


class Party(Struct, frozen=True):
    """One side of a chat; `user_ref` stands for a person of a plugin before the first message."""

    id: Name = ""
    user_ref: Name = ""
    name: str = ""
    username: str = ""


class Product(Struct, frozen=True):
    """A product of a shop, shared or asked about."""

    id: Name = ""
    retailer_id: Name = ""
    title: str = ""
    subtitle: str = ""
    image_url: str = ""


class Products(Struct, frozen=True):
    """The products of a shared product template."""

    elements: tuple[Product, ...] = ()


class AdContext(Struct, frozen=True):
    """What the advertisement was that the person came from."""

    ad_title: str = ""
    photo_url: str = ""
    video_url: str = ""
    post_id: Name = ""
    product_id: Name = ""
    flow_id: Name = ""


class Referral(Struct, frozen=True):
    """Where the person came from: a link, an advertisement, a product's page."""

    ref: str = ""
    source: str = ""
    type: str = ""
    ad_id: Name = ""
    ads_context_data: AdContext | None = None
    product: Product | None = None
    referer_uri: str = ""
    origin_domain: str = ""


class Coordinates(Struct, frozen=True):
    """A place."""

    lat: float
    long: float


class TemplateButton(Struct, frozen=True):
    """One button of a template, read from echoes."""

    title: str = ""
    payload: str = ""
    url: str = ""


class TemplateElement(Struct, frozen=True):
    """One card of a template, read from echoes."""

    title: str = ""
    subtitle: str = ""
    buttons: tuple[TemplateButton, ...] = ()


class Payload(Struct, frozen=True):
    """What an attachment holds; the kinds differ only in which fields they have."""

    url: str = ""
    title: str = ""
    sticker_id: Name = ""
    coordinates: Coordinates | None = None
    product: Products | None = None
    text: str = ""
    elements: tuple[TemplateElement, ...] = ()
    buttons: tuple[TemplateButton, ...] = ()
    id: Name = ""
    reel_video_id: Name = ""
    ig_post_media_id: Name = ""
    booking_id: Name = ""
    status: str = ""
    start_time: Name = ""
    end_time: Name = ""
    timezone: str = ""


class Attached(Struct, frozen=True):
    """One attachment; a `fallback` has its title and address outside of the payload."""

    type: str = ""
    payload: Payload | None = None
    title: str = ""
    url: str = ""
    address: str = field(name="URL", default="")


class QuickReply(Struct, frozen=True):
    """What a pressed quick reply carried."""

    payload: str = ""


class Story(Struct, frozen=True):
    """A story of ours that was answered."""

    id: Name = ""
    url: str = ""


class ReplyTo(Struct, frozen=True):
    """What a message answers."""

    mid: str = ""
    story: Story | None = None


class Command(Struct, frozen=True):
    """A command of the page named in the text."""

    name: str = ""


class PriorMessage(Struct, frozen=True):
    """The plugin through which the person came before, by its `user_ref`."""

    identifier: Name = ""


class Message(Struct, frozen=True):
    """A message, either way."""

    mid: str = ""
    text: str = ""
    attachments: tuple[Attached, ...] = ()
    quick_reply: QuickReply | None = None
    reply_to: ReplyTo | None = None
    referral: Referral | None = None
    commands: tuple[Command, ...] = ()
    prior_message: PriorMessage | None = None
    is_echo: bool = False
    is_self: bool = False
    is_deleted: bool = False
    is_unsupported: bool = False
    app_id: Name = ""
    metadata: str = ""


class Postback(Struct, frozen=True):
    """A pressed button that stays: of a template, of the menu, Get Started, an ice breaker."""

    mid: str = ""
    title: str = ""
    payload: str = ""
    referral: Referral | None = None


class Reaction(Struct, frozen=True):
    """A reaction put or taken back."""

    mid: str = ""
    action: str = ""
    reaction: str = ""
    emoji: str = ""


class Delivery(Struct, frozen=True):
    """What has reached the person's device; the ids may be missing."""

    watermark: Moment = 0
    mids: tuple[str, ...] = ()


class Read(Struct, frozen=True):
    """What was seen: up to a moment (Messenger) or up to a message (Instagram)."""

    watermark: Moment = 0
    mid: str = ""


class MessageEdit(Struct, frozen=True):
    """A new text; `num_edit` 0 without a text is sent for messages nobody edited."""

    mid: str = ""
    text: str | None = None


class Optin(Struct, frozen=True):
    """A person let us write: by a plugin, or marketing messages, which may also be stopped."""

    type: str = ""
    ref: str = ""
    payload: str = ""
    user_ref: Name = ""
    title: str = ""
    notification_messages_status: str = ""


class CartProduct(Struct, frozen=True):
    """One line of a cart; the price is in the currency's main unit."""

    id: Name = ""
    retailer_id: Name = ""
    name: str = ""
    unit_price: int | float | str = ""
    currency: str = ""
    quantity: int = 1


class Cart(Struct, frozen=True):
    """What the person put together in the shop."""

    products: tuple[CartProduct, ...] = ()
    note: str = ""


class Policy(Struct, frozen=True):
    """What Meta did to the page: warning, block, unblock."""

    action: str = ""
    reason: str = ""


class FollowUp(Struct, frozen=True):
    """What the person added to a grade."""

    payload: str = ""


class Grade(Struct, frozen=True):
    """The answer to one question of a feedback form."""

    type: str = ""
    payload: Name = ""
    follow_up: FollowUp | None = None


class FeedbackScreen(Struct, frozen=True):
    """One screen of a feedback form."""

    questions: dict[str, Grade] = {}


class Feedback(Struct, frozen=True):
    """A filled in feedback form."""

    feedback_screens: tuple[FeedbackScreen, ...] = ()


class Item(Struct, frozen=True):
    """One event of a chat: the one field that is set tells its kind."""

    sender: Party | None = None
    recipient: Party | None = None
    timestamp: Moment = 0
    message: Message | None = None
    message_edit: MessageEdit | None = None
    postback: Postback | None = None
    referral: Referral | None = None
    reaction: Reaction | None = None
    delivery: Delivery | None = None
    read: Read | None = None
    optin: Optin | None = None
    order: Cart | None = None
    policy_enforcement: Policy | None = None
    messaging_feedback: Feedback | None = None


class Media(Struct, frozen=True):
    """The post under which a comment stands."""

    id: Name = ""
    ad_id: Name = ""
    ad_title: str = ""


class Comment(Struct, frozen=True):
    """A comment under a post: `id` and `text` on Instagram, the other names on Facebook."""

    id: Name = ""
    comment_id: Name = ""
    text: str = ""
    message: str = ""
    item: str = ""
    verb: str = "add"
    from_: Party | None = field(name="from", default=None)
    created_time: Moment = 0
    media: Media | None = None
    post_id: Name = ""


class TemplateStatus(Struct, frozen=True):
    """What became of a utility template; its shape is taken from WhatsApp's, unverified."""

    event: str = ""
    message_template_name: str = ""
    message_template_language: str = ""
    message_template_category: str = ""
    reason: str = ""


class Change(Struct, frozen=True):
    """A change of a field of the account, outside of chats."""

    field: str = ""
    value: dict[str, object] = {}


class Entry(Struct, frozen=True):
    """What happened to one page or account; Instagram Login puts a change right into it."""

    id: Name = ""
    time: Moment = 0
    messaging: tuple[dict[str, object], ...] = ()
    standby: tuple[dict[str, object], ...] = ()
    changes: tuple[Change, ...] = ()
    field: str = ""
    value: dict[str, object] = {}


class Body(Struct, frozen=True):
    """One delivery."""

    entry: tuple[Entry, ...]
    object: str = ""


def moment(value: Moment) -> int:
    """Give Unix milliseconds of whatever form of time it is; 0 when it is none."""
    try:
        number = float(value)
    except ValueError:
        return _iso(str(value))
    if not 0 < number < _LATEST:
        return 0
    return int(number if number >= _MILLISECONDS_FROM else number * 1000)


def _iso(text: str) -> int:
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        return 0
    return max(int(told.replace(tzinfo=told.tzinfo or UTC).timestamp() * 1000), 0)
