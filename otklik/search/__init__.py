"""Search in messages and contacts, indexed behind the events."""
