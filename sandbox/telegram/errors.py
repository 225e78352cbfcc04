"""The refusals of the Bot API, word for word."""

import msgspec


class RefusedError(Exception):
    """A call the Bot API refuses, with the code and text it gives."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def encode(self) -> bytes:
        answer: dict[str, object] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.parameters:
            answer["parameters"] = self.parameters
        return msgspec.json.encode(answer)


def bad(text: str) -> RefusedError:
    """A 400 with the usual prefix."""
    return RefusedError(400, f"Bad Request: {text}")


def too_many(retry_after: int) -> RefusedError:
    return RefusedError(
        429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after
    )


def migrated(chat_id: int) -> RefusedError:
    text = "Bad Request: group chat was upgraded to a supergroup chat"
    return RefusedError(400, text, migrate_to_chat_id=chat_id)


UNAUTHORIZED = RefusedError(401, "Unauthorized")
NOT_FOUND = RefusedError(404, "Not Found")
TOO_LARGE = RefusedError(413, "Request Entity Too Large")
BLOCKED = RefusedError(403, "Forbidden: bot was blocked by the user")
DEACTIVATED = RefusedError(403, "Forbidden: user is deactivated")
NOT_STARTED = RefusedError(403, "Forbidden: bot can't initiate conversation with a user")
KICKED = RefusedError(403, "Forbidden: bot was kicked from the group chat")
CHAT_NOT_FOUND = bad("chat not found")
TEXT_EMPTY = bad("message text is empty")
TEXT_LONG = bad("message is too long")
CAPTION_LONG = bad("message caption is too long")
BUTTON_DATA = bad("BUTTON_DATA_INVALID")
WRONG_FILE = bad("wrong file identifier/HTTP URL specified")
QUERY_OLD = bad("query is too old and response timeout expired or query ID is invalid")
NOT_MODIFIED = bad(
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)
EDIT_NOT_FOUND = bad("message to edit not found")
DELETE_NOT_FOUND = bad("message to delete not found")
REPLY_NOT_FOUND = bad("message to be replied not found")
POLL_WITH_WEBHOOK = RefusedError(
    409,
    "Conflict: can't use getUpdates method while webhook is active;"
    " use deleteWebhook to delete the webhook first",
)
SECOND_POLLER = RefusedError(
    409,
    "Conflict: terminated by other getUpdates request;"
    " make sure that only one bot instance is running",
)
