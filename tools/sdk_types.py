"""The app SDK's types, from the structs of the visitor protocol: run with `write` or `check`."""

import sys
from collections.abc import Iterator, Mapping

import msgspec

from otklik.ingress import visitor_types as protocol
from tools.bootstrap.paths import WEB, shown

TYPES = WEB / "packages" / "sdk" / "src" / "protocol.gen.ts"
_HEADER = "/** Written by `python -m tools.sdk_types write`; never edited by hand. */\n"
_SAID = (
    protocol.SessionAsk, protocol.VisitorSend, protocol.Follow, protocol.SendFrame,
    protocol.Typing, protocol.Seen, protocol.PageShown, protocol.Ping,
)  # fmt: skip
_HEARD = (protocol.Look, protocol.Session, protocol.Page, protocol.Accepted, protocol.Uploaded)
_PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean"}

Schema = Mapping[str, object]


def types() -> str:
    """Write what an app may say and hear as TypeScript."""
    _, schemas = msgspec.json.schema_components((*_SAID, *_HEARD))
    parts = [_declared(name, one) for name, one in schemas.items()]
    return _HEADER + "".join(f"\n{part}" for part in sorted(parts))


def _declared(name: str, schema: Schema) -> str:
    if "properties" not in schema:
        return f"export type {name} = {_type(schema)};\n"
    return f"export interface {name} {{\n" + "\n".join(_fields(schema)) + "\n}\n"


def _fields(schema: Schema) -> Iterator[str]:
    properties = msgspec.convert(schema["properties"], dict[str, dict[str, object]])
    required = msgspec.convert(schema.get("required", []), list[str])
    for name, one in properties.items():
        mark = "" if name in required else "?"
        yield f"  {name}{mark}: {_type(one)};"


def _type(schema: Schema) -> str:
    match schema:
        case {"$ref": str(reference)}:
            return reference.rpartition("/")[2]
        case {"anyOf": list(options)}:
            return " | ".join(_type(option) for option in options)
        case {"enum": list(values)}:
            return " | ".join(msgspec.json.encode(value).decode() for value in values)
        case {"type": "array", "items": dict(items)}:
            inner = _type(items)
            return f"({inner})[]" if "|" in inner else f"{inner}[]"
        case {"type": "null"}:
            return "null"
        case {"type": str(plain)} if plain in _PLAIN:
            return _PLAIN[plain]
        case _:
            raise ValueError(f"the SDK has no word for {schema}")


def main(words: list[str]) -> int:
    """Write the file anew, or tell that it is behind."""
    if words not in (["write"], ["check"]):
        print("usage: python -m tools.sdk_types write|check", file=sys.stderr)
        return 2
    if words == ["write"]:
        TYPES.write_text(types(), "utf-8")
        return 0
    if TYPES.read_text("utf-8") == types():
        return 0
    print(f"{shown(TYPES)} is behind: python -m tools.sdk_types write", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
