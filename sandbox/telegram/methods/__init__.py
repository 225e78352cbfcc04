"""The methods of the Bot API, by what they do; importing this package registers them all."""

from sandbox.telegram.methods import account, chat, edit, media, send

__all__ = ["account", "chat", "edit", "media", "send"]
