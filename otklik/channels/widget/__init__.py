"""The chat on a site, through the documented visitor protocol."""

from otklik.channels import visitor

CHANNEL = visitor.channel(__name__)
