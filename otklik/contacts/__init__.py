"""People who write: their addresses with evidence, and where they came from."""
