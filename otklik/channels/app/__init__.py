"""The chat in a business's own app, through the documented visitor protocol."""

from otklik.families import visitor

CHANNEL = visitor.channel(__name__)
