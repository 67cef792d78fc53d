"""The shapes of the Bot API that we use, each field with its type; "!" marks what is always there. Knows no server.

Held against the independent description of the API where that is at hand, so that it cannot drift from it unseen.
"""

from collections.abc import Iterator
from typing import Any

TYPES: dict[str, str] = {
    "Update": "update_id!:Integer message:Message edited_message:Message callback_query:CallbackQuery "
    "my_chat_member:ChatMemberUpdated",
    "User": "id!:Integer is_bot!:Boolean first_name!:String username:String language_code:String "
    "can_join_groups:Boolean can_read_all_group_messages:Boolean supports_inline_queries:Boolean",
    "Chat": "id!:Integer type!:String title:String first_name:String is_forum:Boolean",
    "Message": "message_id!:Integer date!:Integer chat!:Chat from:User sender_chat:Chat text:String caption:String "
    "message_thread_id:Integer is_topic_message:Boolean edit_date:Integer media_group_id:String "
    "entities:[MessageEntity] caption_entities:[MessageEntity] photo:[PhotoSize] document:Document "
    "animation:Animation sticker:Sticker voice:Voice video:Video location:Location contact:Contact dice:Dice "
    "forward_origin:MessageOrigin reply_to_message:Message reply_markup:InlineKeyboardMarkup "
    "new_chat_members:[User] left_chat_member:User",
    "MessageEntity": "type!:String offset!:Integer length!:Integer user:User",
    "PhotoSize": "file_id!:String file_unique_id!:String width!:Integer height!:Integer file_size:Integer",
    "Document": "file_id!:String file_unique_id!:String file_name:String mime_type:String file_size:Integer",
    "Animation": "file_id!:String file_unique_id!:String width!:Integer height!:Integer duration!:Integer "
    "file_name:String mime_type:String file_size:Integer",
    "Sticker": "file_id!:String file_unique_id!:String type!:String width!:Integer height!:Integer "
    "is_animated!:Boolean is_video!:Boolean emoji:String",
    "Voice": "file_id!:String file_unique_id!:String duration!:Integer mime_type:String file_size:Integer",
    "Video": "file_id!:String file_unique_id!:String width!:Integer height!:Integer duration!:Integer",
    "Location": "latitude!:Float longitude!:Float",
    "Contact": "phone_number!:String first_name!:String",
    "Dice": "emoji!:String value!:Integer",
    "MessageOriginUser": "type!:String date!:Integer sender_user!:User",
    "MessageOriginHiddenUser": "type!:String date!:Integer sender_user_name!:String",
    "MessageOriginChannel": "type!:String date!:Integer chat!:Chat message_id!:Integer",
    "InlineKeyboardMarkup": "inline_keyboard!:[[InlineKeyboardButton]]",
    "InlineKeyboardButton": "text!:String callback_data:String url:String",
    "CallbackQuery": "id!:String from!:User chat_instance!:String message:MaybeInaccessibleMessage data:String",
    "InaccessibleMessage": "chat!:Chat message_id!:Integer date!:Integer",
    "ChatMemberUpdated": "chat!:Chat from!:User date!:Integer old_chat_member!:ChatMember new_chat_member!:ChatMember",
    "ChatMemberMember": "status!:String user!:User",
    "ChatMemberLeft": "status!:String user!:User",
    "File": "file_id!:String file_unique_id!:String file_size:Integer file_path:String",
    "WebhookInfo": "url!:String has_custom_certificate!:Boolean pending_update_count!:Integer "
    "last_error_date:Integer last_error_message:String",
    "BotCommand": "command!:String description!:String",
    "ReplyParameters": "message_id!:Integer allow_sending_without_reply:Boolean",
    "LinkPreviewOptions": "is_disabled:Boolean",
    "InputMediaPhoto": "type!:String media!:String caption:String",
    "InputMediaDocument": "type!:String media!:String caption:String",
}

METHODS: dict[str, tuple[str, str]] = {
    "getMe": ("User", ""),
    "getUpdates": (
        "[Update]",
        "offset:Integer limit:Integer timeout:Integer allowed_updates:[String]",
    ),
    "setWebhook": (
        "Boolean",
        "url!:String secret_token:String max_connections:Integer allowed_updates:[String] drop_pending_updates:Boolean",
    ),
    "deleteWebhook": ("Boolean", "drop_pending_updates:Boolean"),
    "getWebhookInfo": ("WebhookInfo", ""),
    "sendMessage": (
        "Message",
        "chat_id!:Integer text!:String message_thread_id:Integer reply_parameters:ReplyParameters "
        "reply_markup:InlineKeyboardMarkup link_preview_options:LinkPreviewOptions",
    ),
    "sendPhoto": (
        "Message",
        "chat_id!:Integer photo!:String caption:String message_thread_id:Integer reply_markup:InlineKeyboardMarkup",
    ),
    "sendDocument": (
        "Message",
        "chat_id!:Integer document!:String caption:String message_thread_id:Integer reply_markup:InlineKeyboardMarkup",
    ),
    "editMessageText": (
        "Message",
        "chat_id:Integer message_id:Integer text:String reply_markup:InlineKeyboardMarkup "
        "link_preview_options:LinkPreviewOptions",
    ),
    "editMessageCaption": (
        "Message",
        "chat_id:Integer message_id:Integer caption:String reply_markup:InlineKeyboardMarkup",
    ),
    "editMessageMedia": (
        "Message",
        "chat_id:Integer message_id:Integer media!:InputMedia reply_markup:InlineKeyboardMarkup",
    ),
    "deleteMessage": ("Boolean", "chat_id!:Integer message_id!:Integer"),
    "deleteMessages": ("Boolean", "chat_id!:Integer message_ids!:[Integer]"),
    "sendChatAction": ("Boolean", "chat_id!:Integer action!:String"),
    "getFile": ("File", "file_id!:String"),
    "answerCallbackQuery": ("Boolean", "callback_query_id!:String text:String"),
    "setMyCommands": ("Boolean", "commands!:[BotCommand] language_code:String"),
    "getMyCommands": ("[BotCommand]", "language_code:String"),
}

UNIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "MessageOrigin": ("type", ("MessageOriginUser", "MessageOriginHiddenUser", "MessageOriginChannel")),
    "InputMedia": ("type", ("InputMediaPhoto", "InputMediaDocument")),
    "ChatMember": ("status", ("ChatMemberMember", "ChatMemberLeft")),
    "MaybeInaccessibleMessage": ("date", ("Message", "InaccessibleMessage")),
}
_CHOICES = {
    "user": "MessageOriginUser",
    "hidden_user": "MessageOriginHiddenUser",
    "channel": "MessageOriginChannel",
    "photo": "InputMediaPhoto",
    "document": "InputMediaDocument",
    "member": "ChatMemberMember",
    "left": "ChatMemberLeft",
    0: "InaccessibleMessage",
}
_PLAIN = {"Integer": int, "String": str, "Boolean": bool, "Float": (int, float)}


def fields(line: str) -> Iterator[tuple[str, bool, str]]:
    """(name, always there, type) of every field in a line."""
    for word in line.split():
        name, _, kind = word.partition(":")
        yield name.removesuffix("!"), name.endswith("!"), kind


def differences(value: Any, kind: str, path: str) -> Iterator[str]:
    """Where a value is not of a type: "sendMessage.chat: Chat.type is missing"."""
    if kind.startswith("["):
        if not isinstance(value, list):
            yield f"{path}: no list"
            return
        for item in value:
            yield from differences(item, kind[1:-1], f"{path}[]")
    elif kind in UNIONS:
        tag = value.get(UNIONS[kind][0]) if isinstance(value, dict) else None
        yield from differences(value, _CHOICES.get(tag, UNIONS[kind][1][0]), path)
    elif kind in _PLAIN:
        if not isinstance(value, _PLAIN[kind]) or (kind == "Integer" and isinstance(value, bool)):  # type: ignore[arg-type]
            yield f"{path}: {value!r} is no {kind}"
    elif not isinstance(value, dict):
        yield f"{path}: {value!r} is no {kind}"
    else:
        yield from _fields(value, kind, TYPES[kind], path)


def _fields(value: dict[str, Any], kind: str, line: str, path: str) -> Iterator[str]:
    known = {name: (must, sort) for name, must, sort in fields(line)}
    yield from (f"{path}: {kind}.{name} is missing" for name, (must, _) in known.items() if must and name not in value)
    for name, item in value.items():
        if name not in known:
            yield f"{path}: {kind} has no {name}"
        else:
            yield from differences(item, known[name][1], f"{path}.{name}")


def wrong_answer(method: str, result: Any) -> list[str]:
    return list(differences(result, METHODS[method][0], method))


def wrong_call(method: str, params: dict[str, Any]) -> list[str]:
    """Parameters that are missing, or that this method does not know; the real server ignores those silently."""
    if method not in METHODS:
        return [f"there is no {method}"]
    return list(_fields(params, method, METHODS[method][1], method))
