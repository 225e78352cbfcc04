"""Outgoing webhooks: announced changes, signed and delivered to a business's own servers."""
