"""Telegram as a bot sees it."""
