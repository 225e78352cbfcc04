"""Exceptions, each with its reason; an entry that nothing needs any more is itself a finding."""

# (rule, path, name of the function or module)
ALLOWED: dict[tuple[str, str, str], str] = {
    ("clock", "otklik/kernel/ids.py", "ids"): "an id carries its moment of birth",
    ("sql", "otklik/platform/database.py", "_configure"): "pragmas take no parameters",
}
