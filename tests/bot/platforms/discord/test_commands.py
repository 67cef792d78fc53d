"""The commands Discord lists: registered when they changed, and fit for Discord in every language."""

import pytest

from bot.platforms.discord import check, invite_url
from bot.platforms.discord.commands import Menu, registered
from tests.bot.platforms.discord.conftest import COMMANDS, NAMES, STYLES, WORDS, Setting, running
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.rules import check_commands


async def test_commands_are_registered_once_and_not_again_at_the_next_start(discord: FakeDiscord) -> None:
    for start in (1, 2):
        async with running(discord):
            await discord.until(lambda start=start: discord.gateway.identified == start)
    assert discord.registrations == 1
    assert {one["name"] for one in discord.commands} == {
        "start", "style", "styles", "last", "imagine", "selfie", "Style this selfie",
    }  # fmt: skip


async def test_commands_that_changed_are_registered_anew(discord: FakeDiscord) -> None:
    async with running(discord):
        await discord.until(lambda: discord.gateway.listening)
    changed = {**COMMANDS, "de": [(name, f"{what}!") for name, what in COMMANDS["de"]]}
    async with running(discord, commands=changed):
        await discord.until(lambda: discord.gateway.identified == 2)
    assert discord.registrations == 2
    style = next(one for one in discord.commands if one["name"] == "style")
    assert style["description_localizations"] == {"de": "mein Selfie zeichnen!"}
    assert [option["name"] for option in style["options"]] == ["style", "photo", "strength"]
    imagine = next(one for one in discord.commands if one["name"] == "imagine")
    assert [(option["name"], option.get("required", False)) for option in imagine["options"]] == [
        ("words", True),
        ("photo", False),
    ]


async def test_a_bot_whose_commands_cannot_be_registered_listens_all_the_same(discord: FakeDiscord) -> None:
    discord.fail("PUT", "/commands", status=400, code=50035)
    async with running(discord) as setting:
        await discord.until(lambda: discord.gateway.listening)
        await discord.human().says("hello")
        assert len(await setting.heard()) == 1


def test_the_real_commands_and_words_fit_discord() -> None:
    from bot.platforms.discord import WORDS as KEYS
    from bot.texts import LANGUAGES, commands, say
    from generation.styles import read_catalogue

    words = {lang: {key: say(lang, f"discord_{key}") for key in KEYS} for lang in LANGUAGES}
    styles = [(style.name, style.title) for style in read_catalogue()]
    menu = Menu({lang: commands(lang) for lang in LANGUAGES}, words, styles)
    check_commands(menu.payload())
    for lang in LANGUAGES:
        form = menu.form(lang)
        assert form["title"] == words[lang]["title"], "no word is cut off"
        assert [field["label"] for field in form["components"]] == [words[lang]["photos"], words[lang]["style"]]
        assert len(words[lang]["menu"]) <= 32
    assert len(menu.complete("")) == min(25, len(styles))


def test_a_language_we_do_not_speak_gets_our_first() -> None:
    menu = Menu(COMMANDS, WORDS, STYLES)
    assert menu.form("ja")["title"] == "Your selfies"
    assert menu.form("de-AT")["title"] == "Deine Selfies"


def test_what_discord_adds_and_leaves_out_is_no_difference() -> None:
    ours = Menu(COMMANDS, WORDS, STYLES).payload()
    theirs = [{**one, "id": "1", "nsfw": False, "contexts": [2, 1, 0]} for one in reversed(ours)]
    assert registered(ours, theirs)
    assert not registered(ours, theirs[1:])
    assert not registered(ours, [*theirs, {**theirs[0], "name": "of an older version"}])
    assert not registered(ours, [{**theirs[0], "name": "other"}, *theirs[1:]])


async def test_the_doctor_finds_everything_well(setting: Setting) -> None:
    found = await check(setting.discord.token, **NAMES)
    assert all(well for well, _, _ in found)
    assert any("7 commands registered" in what for _, what, _ in found)
    assert any(invite_url(setting.discord.bot["id"]) in what for _, what, _ in found)


async def test_the_doctor_names_what_is_wrong_and_the_remedy(discord: FakeDiscord) -> None:
    discord.about |= {"interactions_endpoint_url": "https://example.org/", "approximate_guild_count": 0}
    found = {what: (well, remedy) for well, what, remedy in await check(discord.token, **NAMES)}
    assert found["the registered commands are not this version's"] == (False, "Start the bot: it registers them.")
    assert any("web address" in what and not well and remedy for what, (well, remedy) in found.items())
    assert any("Invite it: https://" in remedy for _, remedy in found.values())


async def test_the_doctor_knows_a_bad_token_from_a_network_that_is_away(discord: FakeDiscord) -> None:
    [(well, what, remedy)] = await check("MTIz.wrong.token", **NAMES)
    assert (well, what) == (False, "Discord does not accept DISCORD_TOKEN")
    assert "Reset Token" in remedy
    await discord.stop()
    [(well, what, _)] = await check(discord.token, **NAMES)
    assert not well
    assert what.startswith("Discord cannot be asked")


def test_the_invite_link_asks_for_what_is_needed_and_no_more() -> None:
    url = invite_url(123)
    assert url.startswith("https://discord.com/oauth2/authorize?client_id=123")
    assert "scope=bot+applications.commands" in url
    permissions = 1 << 10 | 1 << 11 | 1 << 15 | 1 << 16 | 1 << 38  # view, send, attach, history, send in threads
    assert f"permissions={permissions}" in url


@pytest.mark.parametrize("typed", ["", "LOOK", "film"])
def test_completion_answers_anything(typed: str) -> None:
    assert Menu(COMMANDS, WORDS, STYLES).complete(typed)
