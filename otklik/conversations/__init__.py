"""Conversations and their messages: one timeline per contact."""
