"""People at Discord: they write, use commands, press buttons and fill in forms. Knows what they can see."""

import asyncio
import secrets
import time
from typing import TYPE_CHECKING, Any

from tests.fakes.discord import things
from tests.fakes.discord.things import EVERYTHING, Json

if TYPE_CHECKING:
    from tests.fakes.discord.server import FakeDiscord

File = tuple[str, bytes]
_COMMAND, _PRESS, _COMPLETE, _SUBMIT = 2, 3, 4, 5


class Human:
    def __init__(self, world: "FakeDiscord", who: Json, locale: str) -> None:
        self.world = world
        self.who = who
        self.locale = locale

    @property
    def id(self) -> str:
        return str(self.who["id"])

    @property
    def dm(self) -> str:
        return self.world.direct_channel(self.id)

    def screen(self, dm: bool = False) -> dict[str, Json]:
        return self.world.screen(self.dm if dm else self.world.channel, self.id)

    def picture(self, message: Json) -> bytes | None:
        """The file under a message."""
        if not message["attachments"]:
            return None
        return self.world.files[message["attachments"][0]["url"].split("?")[0].removeprefix(self.world.base)]

    async def says(
        self, text: str = "", *files: File, dm: bool = True, kind: str | None = "image/jpeg", **more: Any
    ) -> Json:
        """Write a message, by default to the bot alone."""
        channel = self.dm if dm else self.world.channel
        attachments = [self.world.attach(channel, name, data, kind) for name, data in files]
        id = things.snowflake()
        message = things.message(id, channel, self.who, text, attachments=attachments, **more)
        self.world.messages[id] = message
        await self.world.gateway.dispatch_message(message)
        return message

    async def commands(self, name: str, *, dm: bool = False, photo: File | None = None, **options: Any) -> Json:
        """Use a slash command as it is registered; what does not fit its options cannot be sent."""
        command = next(one for one in self.world.commands if one["name"] == name and one["type"] == 1)
        known = {option["name"]: option for option in command.get("options", [])}
        data: Json = {"id": command["id"], "name": name, "type": 1}
        given = []
        if photo is not None:
            attachment = self._upload(photo)
            data["resolved"] = {"attachments": {attachment["id"]: attachment}}
            options["photo"] = attachment["id"]
        for key, value in options.items():
            _require_fit(known[key], value)
            given.append({"name": key, "type": known[key]["type"], "value": value})
        lacking = [key for key, option in known.items() if option.get("required") and key not in options]
        assert not lacking, f"/{name} cannot be sent without {lacking}"
        if given:
            data["options"] = given
        return await self._interact(_COMMAND, data, dm=dm)

    async def completes(self, typed: str) -> list[Json]:
        """What is offered while the style of /style is typed."""
        command = next(one for one in self.world.commands if one["name"] == "style")
        option = {"name": "style", "type": 3, "value": typed, "focused": True}
        made = await self._interact(_COMPLETE, {"id": command["id"], "name": "style", "type": 1, "options": [option]})
        choices: list[Json] = (await self.response(made))["data"]["choices"]
        return choices

    async def points_at(self, message: Json, *, dm: bool = False) -> Json:
        """Pick the bot's entry in a message's menu."""
        command = next(one for one in self.world.commands if one["type"] == 3)
        data = {
            "id": command["id"],
            "name": command["name"],
            "type": 3,
            "target_id": message["id"],
            "resolved": {"messages": {message["id"]: message}},
        }
        return await self._interact(_COMMAND, data, dm=dm)

    async def presses(self, message: Json, title: str) -> Json:
        """Press the button whose label holds this; it has to be there for this person."""
        assert self.world.alone.get(message["id"], self.id) == self.id, "only its owner sees this message"
        now = self.world.messages[message["id"]]
        found = [one for row in now["components"] for one in row["components"] if title in one["label"]]
        assert len(found) == 1, (
            f"{title!r} is one of {[o['label'] for r in now['components'] for o in r['components']]}"
        )
        return await self._press(found[0]["custom_id"], now)

    async def presses_token(self, token: str) -> Json:
        """Press the button or pick the choice with this id; if it is not there any more, as somebody whose screen is
        a bit behind."""
        seen = [*self.screen(dm=True).values(), *self.screen().values()]
        under = [one for one in seen if token in tokens(one)]
        message = (under or seen)[-1]
        menu = next((one for row in message["components"] for one in row["components"] if token in _values(one)), None)
        return await self._press(token, message, menu)

    async def _press(self, custom_id: str, message: Json, menu: Json | None = None) -> Json:
        data: Json = {"custom_id": custom_id, "component_type": 2, "id": 2}
        if menu is not None:
            data = {"custom_id": menu["custom_id"], "component_type": 3, "id": menu["id"], "values": [custom_id]}
        return await self._interact(_PRESS, data, dm=message["channel_id"] == self.dm, message=message)

    async def fills_in(
        self, form: Json, *files: File, dm: bool = False, kind: str | None = "image/jpeg", **values: str
    ) -> Json:
        """Submit the form a command opened."""
        resolved, fields = {}, []
        for number, label in enumerate(form["components"]):
            field = label["component"]
            if field["type"] == 19:
                assert field["min_values"] <= len(files) <= field["max_values"]
                uploads = [self._upload(file, kind) for file in files]
                resolved |= {one["id"]: one for one in uploads}
                chosen = [one["id"] for one in uploads]
            else:
                chosen = [values[field["custom_id"]]] if field["custom_id"] in values else []
            inner = {"type": field["type"], "id": 2 * number + 2, "custom_id": field["custom_id"], "values": chosen}
            fields.append({"type": 18, "id": 2 * number + 1, "component": inner})
        data = {"custom_id": form["custom_id"], "components": fields, "resolved": {"attachments": resolved}}
        return await self._interact(_SUBMIT, data, dm=dm)

    async def response(self, interaction: Json) -> Json:
        """How an interaction was answered."""
        own = self.world.interactions[interaction["id"]]
        await self.world.until(lambda: own["_response"] is not None, 5)
        response: Json = own["_response"]
        return response

    async def answer(self, interaction: Json) -> Json:
        """The message an interaction's answer is, when it no longer says that it is awaited."""
        own = self.world.interactions[interaction["id"]]

        def there() -> bool:
            message = self.world.messages.get(own["_original"] or "")
            return message is not None and not message["flags"] & 128

        await self.world.until(there)
        return self.world.messages[own["_original"]]

    def _upload(self, file: File, kind: str | None = "image/jpeg") -> Json:
        return self.world.attach("0", file[0], file[1], kind, ephemeral=True)

    async def _interact(self, kind: int, data: Json, *, dm: bool = False, message: Json | None = None) -> Json:
        world, id = self.world, things.snowflake()
        channel = self.dm if dm else world.channel
        owners = {"1": self.id} if dm else {"0": world.guild}
        sent: Json = {
            "id": id,
            "application_id": world.bot["id"],
            "type": kind,
            "token": f"aW50ZXJhY3Rpb24{secrets.token_urlsafe(120)}",
            "version": 1,
            "data": data,
            "channel_id": channel,
            "channel": {"id": channel, "type": 1 if dm else 0, "flags": 0},
            "app_permissions": EVERYTHING,
            "locale": self.locale,
            "entitlements": [],
            "authorizing_integration_owners": owners,
            "context": 1 if dm else 0,
            "attachment_size_limit": 10 * 2**20,
        }
        if dm:
            sent["user"] = self.who
        else:
            sent |= {"guild_id": world.guild, "guild_locale": "en-US", "member": things.member(self.who)}
            sent["guild"] = {"id": world.guild, "features": [], "locale": "en-US"}
        if message is not None:
            sent["message"] = message
        own = {"_at": time.time(), "_user": self.id, "_response": None, "_original": None, "_follow_ups": []}
        world.interactions[id] = {**sent, **own}
        await world.gateway.dispatch("INTERACTION_CREATE", sent)
        await asyncio.sleep(0)
        return sent


def tokens(message: Json) -> dict[str, str]:
    """What can be pressed or picked under a message: its title, by its id."""
    shown: dict[str, str] = {}
    for row in message["components"]:
        for one in row["components"]:
            shown |= _values(one) if one["type"] == 3 else {one["custom_id"]: one["label"]}
    return shown


def _values(component: Json) -> dict[str, str]:
    return {option["value"]: option["label"] for option in component.get("options", [])}


def _require_fit(option: Json, value: Any) -> None:
    kind = {3: str, 4: int, 11: str}[option["type"]]
    assert isinstance(value, kind), f"{option['name']} takes a {kind.__name__}"
    if kind is int:
        assert option.get("min_value", value) <= value <= option.get("max_value", value)
