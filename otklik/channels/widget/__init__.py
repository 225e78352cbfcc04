"""The chat on a site, through the documented visitor protocol."""

from otklik.families import visitor

CHANNEL = visitor.channel(__name__)
