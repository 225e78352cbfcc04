"""The chat in a business's own app, through the documented visitor protocol."""

from otklik.channels import visitor

CHANNEL = visitor.channel(__name__)
