"""Exceptions, each with its reason; an entry that nothing needs any more is itself a finding."""

Key = tuple[str, str, str]  # rule, path, name of the function or module

_BY_PROOF = "a secret decides whose it is: the account is not known before"
_PROCESS = "the process works for all accounts; each row carries its own"
_UPKEEP = "upkeep of the installation, by age alone"

# Store functions that rightly ask for no account.
_WITHOUT_ACCOUNT: dict[str, dict[str, str]] = {
    "accounts/store/keys.py": {"_stored": _BY_PROOF, "live_keys": _BY_PROOF},
    "accounts/store/operators.py": {
        "first_owner": "the one-time link of the person at the machine",
        "operator_by_email": "an e-mail signs in to one account only",
    },
    "accounts/store/record.py": {
        "count_attempt": "attempts are counted before anyone is known",
        "forget_attempt": "attempts are counted before anyone is known",
        "sweep": _UPKEEP,
    },
    "accounts/store/sessions.py": {
        "session_with_operator": _BY_PROOF,
        "delete_session_by_hash": _BY_PROOF,
        "live_sessions": _BY_PROOF,
        "use_link": _BY_PROOF,
    },
    "conversations/store/parts.py": {
        "due_attachments": _PROCESS,
        "count_due": "a number for the metrics",
    },
    "conversations/store/early.py": {"forget_early_before": _UPKEEP},
    "delivery/store.py": {
        "due": _PROCESS,
        "is_any_due": _PROCESS,
        "take": _PROCESS,
        "postpone": _PROCESS,
        "renew": _PROCESS,
        "orphaned": _PROCESS,
        "depth": "a number for the metrics",
        "forget_finished": _UPKEEP,
    },
    "events/store.py": {
        "account_ids": "the list of accounts itself",
        "save_counters": "keyed by account",
    },
    "inbound/store.py": {
        "take_lease": "a reader's right to work, of no account",
        "after": _PROCESS,
        "head": "a position in the one log",
        "cursor": "a position in the one log",
        "outcome_counts": "a number for the metrics",
        "forget_before": _UPKEEP,
    },
    "inboxes/store.py": {"every": _PROCESS},
    "webhooks/store.py": {
        "waiting": "a number for the metrics",
        "has_endpoints": "asks only whether there is any at all",
        "active_endpoints": _PROCESS,
        "due_endpoints": _PROCESS,
        "release_orphans": _PROCESS,
        "delete_finished": _UPKEEP,
    },
}

ALLOWED: dict[Key, str] = {
    ("clock", "otklik/kernel/ids.py", "ids"): "an id carries its moment of birth",
    ("network", "otklik/commands/demo.py", "demo"): "the demo drives the sandbox it serves itself",
    ("network", "otklik/serving.py", "serving"): "it listens: whether the port is free",
    ("sql", "otklik/platform/backup.py", "_count"): "a table's name, from the database itself",
    ("sql", "otklik/platform/database.py", "_configure"): "pragmas take no parameters",
    ("words", "otklik/webhooks/types.py", "data"): "a field of the Standard Webhooks form",
} | {
    ("account", f"otklik/{path}", name): reason
    for path, functions in _WITHOUT_ACCOUNT.items()
    for name, reason in functions.items()
}
