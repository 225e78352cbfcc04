"""What people and the community's owner do in VK alone."""

from sandbox.orders import Ask
from sandbox.vk.community import of
from sandbox.world import Chat


def ban(chat: Chat, _ask: Ask) -> object:
    """The community puts the person into its blacklist."""
    chat.facts["banned"] = "yes"
    told = {"admin_id": 1, "user_id": int(chat.address), "unblock_date": 0, "reason": 0,
            "comment": ""}  # fmt: skip
    return _push(chat, "user_block", told)


def unban(chat: Chat, _ask: Ask) -> object:
    """The community takes the person out of its blacklist."""
    chat.facts.pop("banned", None)
    return _push(
        chat, "user_unblock", {"admin_id": 1, "user_id": int(chat.address), "by_end_date": 0}
    )


def leave(chat: Chat, _ask: Ask) -> object:
    """The person deletes their page."""
    chat.facts["deleted"] = "yes"
    return None


def join(chat: Chat, _ask: Ask) -> object:
    """The person joins the community."""
    return _push(chat, "group_join", {"user_id": int(chat.address), "join_type": "join"})


def lead(chat: Chat, ask: Ask) -> object:
    """The person fills in the form of an advertisement."""
    community, person = of(chat.account), chat.person
    answers = [
        {"key": "first_name", "question": "Имя", "answer": person.first_name},
        {"key": "phone_number", "question": "Телефон", "answer": f"+{person.phone}"},
        {"key": "email", "question": "Электронная почта", "answer": person.email},
    ]
    told = {
        "lead_id": community.number("lead"),
        "group_id": community.group,
        "user_id": int(chat.address),
        "form_id": 1,
        "form_name": ask.title or "Дегустация",
        "ad_id": 77,
        "answers": answers,
    }
    return _push(chat, "lead_forms_new", told)


def _push(chat: Chat, kind: str, told: object) -> object:
    community = of(chat.account)
    community.push(community.happened(chat, kind, told))
    return told
