"""The REST routes a bot uses. Knows the state, not the people."""

import json
import re
import time
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.fakes.discord import things
from tests.fakes.discord.faults import answer
from tests.fakes.discord.rules import No, check_commands, check_message, check_response
from tests.fakes.discord.things import Json

if TYPE_CHECKING:
    from tests.fakes.discord.server import FakeDiscord

ALONE, LOADING = 64, 128
Files = dict[str, tuple[str, bytes]]
BODY = web.RequestKey("body", object)


class Routes:
    def __init__(self, world: "FakeDiscord") -> None:
        self._world = world

    def table(self, v: str) -> list[web.RouteDef]:
        hook, message = "/webhooks/{app}/{token}", "/messages/{message}"
        return [
            web.get(v + "/users/@me", self.me),
            web.get(v + "/oauth2/applications/@me", self.application),
            web.get(v + "/gateway", self.gateway),
            web.get(v + "/applications/{app}/commands", self.commands),
            web.put(v + "/applications/{app}/commands", self.register),
            web.post(v + "/interactions/{id}/{token}/callback", self.callback),
            web.post(v + hook, self.follow_up),
            web.get(v + hook + message, self.hook_get),
            web.patch(v + hook + message, self.hook_edit),
            web.delete(v + hook + message, self.hook_delete),
            web.post(v + "/users/@me/channels", self.direct),
            web.get(v + "/channels/{channel}/messages", self.history),
            web.post(v + "/channels/{channel}/messages", self.post),
            web.patch(v + "/channels/{channel}" + message, self.edit),
            web.delete(v + "/channels/{channel}" + message, self.delete),
        ]

    async def me(self, request: web.Request) -> web.Response:
        return answer(self._world.bot)

    async def application(self, request: web.Request) -> web.Response:
        return answer(self._world.about)

    async def gateway(self, request: web.Request) -> web.Response:
        return answer({"url": self._world.line})

    async def commands(self, request: web.Request) -> web.Response:
        """Without with_localizations the translations are left out."""
        listed = self._world.commands
        if request.query.get("with_localizations") != "true":
            listed = [{k: v for k, v in one.items() if not k.endswith("_localizations")} for one in listed]
        return answer(listed)

    async def register(self, request: web.Request) -> web.Response:
        wanted, _ = await _body(request)
        check_commands(wanted)
        self._world.registrations += 1
        self._world.commands = [self._registered(one) for one in wanted]
        return answer(self._world.commands)

    def _registered(self, command: Json) -> Json:
        """As Discord hands it back: with ids, sorted, and without what is false."""
        more = {
            "id": things.snowflake(),
            "application_id": self._world.bot["id"],
            "version": things.snowflake(),
            "default_member_permissions": None,
            "nsfw": False,
        }
        options = [
            {key: value for key, value in option.items() if value is not False} for option in command.get("options", [])
        ]
        scopes = {"contexts": sorted(command["contexts"])} if "contexts" in command else {}
        return {"type": 1, "description": "", **command, **({"options": options} if options else {}), **scopes, **more}

    async def callback(self, request: web.Request) -> web.Response:
        body, files = await _body(request)
        found = self._world.interactions.get(request.match_info["id"])
        late = found is None or time.time() - found["_at"] > self._world.ack_s
        if found is None or late or found["token"] != request.match_info["token"]:
            raise No(404, 10062, "Unknown interaction")
        if found["_response"] is not None:
            raise No(400, 40060, "Interaction has already been acknowledged.")
        check_response(found, body)
        found["_response"] = body
        data = body.get("data") or {}
        if body["type"] in (4, 5):
            self._original(found, body["type"], data, files)
        if request.query.get("with_response") in ("1", "true"):
            return answer(self._callback_answer(found, body["type"]))
        return web.Response(status=204)

    def _original(self, found: Json, kind: int, data: Json, files: Files) -> None:
        flags = data.get("flags", 0) & ALONE | (LOADING if kind == 5 else 0)
        message = self._new(found["channel_id"], flags, interaction=found)
        found["_original"] = message["id"]
        if kind == 4:
            check_message(data, files, [], new=True)
            self._write(message, data, files)

    def _callback_answer(self, found: Json, kind: int) -> Json:
        message = self._world.messages.get(found["_original"] or "")
        told = {"id": found["id"], "type": found["type"]}
        if message is None:
            return {"interaction": told}
        told |= {
            "response_message_id": message["id"],
            "response_message_loading": bool(message["flags"] & LOADING),
            "response_message_ephemeral": bool(message["flags"] & ALONE),
        }
        if kind != 4:  # the description knows no resource of a deferred answer
            return {"interaction": told}
        return {"interaction": told, "resource": {"type": kind, "message": message}}

    def _hook(self, request: web.Request) -> Json:
        found = self._world.interaction(request.match_info["token"])
        if found is None or found["_response"] is None or request.match_info["app"] != self._world.bot["id"]:
            raise No(404, 10015, "Unknown Webhook")
        if time.time() - found["_at"] > self._world.token_s:
            raise No(401, 50027, "Invalid Webhook Token")
        return found

    def _hook_message(self, request: web.Request) -> Json:
        found, id = self._hook(request), request.match_info["message"]
        message = self._world.messages.get(found["_original"] or "" if id == "@original" else id)
        if message is None or (id != "@original" and id not in found["_follow_ups"]):
            raise No(404, 10008, "Unknown Message")
        return message

    async def follow_up(self, request: web.Request) -> web.Response:
        """The first one after a deferred answer becomes that answer, and is seen by whom that is seen."""
        found = self._hook(request)
        body, files = await _body(request)
        check_message(body, files, [], new=True)
        original = self._world.messages.get(found["_original"] or "")
        if original is not None and original["flags"] & LOADING:
            message = original
        else:
            message = self._new(found["channel_id"], body.get("flags", 0) & ALONE, interaction=found)
            found["_follow_ups"].append(message["id"])
        self._write(message, body, files)
        return answer(message)

    async def hook_get(self, request: web.Request) -> web.Response:
        return answer(self._hook_message(request))

    async def hook_edit(self, request: web.Request) -> web.Response:
        message = self._hook_message(request)
        body, files = await _body(request)
        check_message(body, files, message["attachments"], new=False)
        self._write(message, body, files)
        return answer(message)

    async def hook_delete(self, request: web.Request) -> web.Response:
        self._erase(self._hook_message(request)["id"])
        return web.Response(status=204)

    async def direct(self, request: web.Request) -> web.Response:
        body, _ = await _body(request)
        who = self._world.people.get(str(body["recipient_id"]))
        if who is None:
            raise No(400, 50033, "Invalid Recipient(s)")
        return answer(things.direct_channel(self._world.direct_channel(who["id"]), who))

    def _place(self, request: web.Request) -> str:
        channel = request.match_info["channel"]
        owner = self._world.owner_of(channel)
        if owner is None and channel != self._world.channel:
            raise No(404, 10003, "Unknown Channel")
        if channel in self._world.closed:
            raise No(403, 50001, "Missing Access")
        return channel

    async def history(self, request: web.Request) -> web.Response:
        channel, most = self._place(request), int(request.query.get("limit", 50))
        if not 1 <= most <= 100:
            raise No(400, 50035, "limit", "limit")
        here = [one for id, one in self._world.messages.items() if one["channel_id"] == channel]
        return answer([one for one in reversed(here) if one["id"] not in self._world.alone][:most])

    async def post(self, request: web.Request) -> web.Response:
        channel = self._place(request)
        if self._world.owner_of(channel) in self._world.deaf:
            raise No(403, 50007, "Cannot send messages to this user")
        body, files = await _body(request)
        check_message(body, files, [], new=True)
        nonce = body.get("nonce")
        if nonce is not None and body.get("enforce_nonce") and nonce in self._world.nonces:
            return answer(self._world.messages[self._world.nonces[nonce]])
        message = self._new(channel, 0)
        if nonce is not None:
            self._world.nonces[nonce] = message["id"]
            message["nonce"] = nonce
        self._write(message, body, files)
        await self._world.gateway.dispatch_message(message)
        return answer(message)

    def _own(self, request: web.Request) -> Json:
        """A message of the bot's that a channel's routes can reach: what one person sees alone is not among them."""
        channel, id = self._place(request), request.match_info["message"]
        message = self._world.messages.get(id)
        if message is None or message["channel_id"] != channel or id in self._world.alone:
            raise No(404, 10008, "Unknown Message")
        if message["author"]["id"] != self._world.bot["id"]:
            raise No(403, 50005, "Cannot edit a message authored by another user")
        return message

    async def edit(self, request: web.Request) -> web.Response:
        message = self._own(request)
        body, files = await _body(request)
        check_message(body, files, message["attachments"], new=False)
        self._write(message, body, files)
        return answer(message)

    async def delete(self, request: web.Request) -> web.Response:
        self._erase(self._own(request)["id"])
        return web.Response(status=204)

    def _erase(self, id: str) -> None:
        message = self._world.messages.pop(id)
        self._write_files(message, [], {})
        self._world.alone.pop(id, None)

    def _new(self, channel: str, flags: int, interaction: Json | None = None) -> Json:
        id = things.snowflake()
        more: Json = {}
        if interaction is not None:
            app = self._world.bot["id"]
            more = {"application_id": app, "webhook_id": app}
        message = things.message(id, channel, self._world.bot, flags=flags, **more)
        self._world.messages[id] = message
        if flags & ALONE and interaction is not None:
            self._world.alone[id] = interaction["_user"]
        return message

    def _write(self, message: Json, body: Json, files: Files) -> None:
        if not message["flags"] & LOADING and message["content"]:
            message["edited_timestamp"] = things.stamp()
        message["flags"] &= ~LOADING
        if "content" in body:
            message["content"] = body["content"] or ""
        if "embeds" in body:
            message["embeds"] = [{"type": "rich", **one} for one in body["embeds"] or []]
        if "components" in body:
            message["components"] = [_numbered(row) for row in body["components"] or []]
        if "attachments" in body or files:
            self._write_files(message, body.get("attachments"), files)

    def _write_files(self, message: Json, listed: list[Json] | None, files: Files) -> None:
        """What is listed is kept or uploaded; whatever else was there goes, and so does its file."""
        wanted = message["attachments"] if listed is None else listed
        kept = {str(one["id"]) for one in wanted}
        for old in message["attachments"]:
            if old["id"] not in kept:
                self._world.files.pop(old["url"].split("?")[0].removeprefix(self._world.base))
        told = {str(one["id"]): one for one in listed or []}
        uploads = []
        for number, (name, data) in files.items():
            more = {"width": 8, "height": 8} | (
                {"description": told[number].get("description")} if number in told else {}
            )
            uploads.append(self._world.attach(message["channel_id"], name, data, _kind(name), **more))
        message["attachments"] = [old for old in message["attachments"] if old["id"] in kept] + uploads


def _numbered(row: Json) -> Json:
    sizes = {"min_values": 1, "max_values": 1, "disabled": False}
    inner = [{**one, "id": n, **(sizes if one["type"] == 3 else {})} for n, one in enumerate(row["components"], 2)]
    return {**row, "id": 1, "components": inner}


def _kind(name: str) -> str:
    return "image/png" if name.endswith(".png") else "image/jpeg"


async def _body(request: web.Request) -> tuple[Any, Files]:
    if request.content_type != "multipart/form-data":
        body = await request.json() if request.can_read_body else {}
        request[BODY] = body
        return body, {}
    body, files = {}, {}
    async for part in await request.multipart():
        data = await part.read(decode=False)
        if part.name == "payload_json":
            body = json.loads(data)
        else:
            number = re.fullmatch(r"files\[(\d)\]", part.name)
            if number is None:
                raise No(400, 50035, "Unknown part.", part.name)
            files[number[1]] = part.filename, bytes(data)
    request[BODY] = body
    return body, files
