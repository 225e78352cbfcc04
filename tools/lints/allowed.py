"""Exceptions, each with its reason; an entry that nothing needs any more is itself a finding."""

# (rule, path, name of the function or module)
ALLOWED: dict[tuple[str, str, str], str] = {}
