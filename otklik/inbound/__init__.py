"""The inbound log: every accepted body, what became of it, and the dead letters."""
