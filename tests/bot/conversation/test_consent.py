"""Nothing is looked at before consent, and what was sent is answered when it comes."""

from bot.texts import CONSENT_VERSION
from tests.talk import Bot

SELFIE = b"a selfie"


async def test_the_greeting_says_what_it_is_and_ticks_nothing(bot: Bot) -> None:
    greeting = await bot.person().says("/start")
    assert "AI picture bot, not a person" in greeting.text
    assert "24 hours" in greeting.text
    assert "7 days" in greeting.text
    assert "/forget" in greeting.text
    assert [button.title for button in greeting.buttons] == ["✅ I agree"]


async def test_a_selfie_before_consent_is_not_fetched_and_answered_when_consent_comes(bot: Bot) -> None:
    ada = bot.person()
    asked = await ada.says("/style goth", SELFIE)
    assert "First I need your yes" in asked.text
    assert await bot.store.blobs.get(1) is None
    assert bot.pool.rendered == []
    answer = await ada.taps("I agree")
    assert "Goth" in answer.text
    assert answer.picture is not None
    assert [job.photos for job in bot.pool.rendered] == [(SELFIE,)]


async def test_a_photo_and_a_style_sent_one_after_the_other_before_consent_belong_together(bot: Bot) -> None:
    ada = bot.person()
    await ada.says("", SELFIE)
    await ada.says("/style noir")
    answer = await ada.taps("I agree")
    assert "Noir" in answer.text
    assert answer.picture is not None


async def test_without_consent_help_and_privacy_still_answer(bot: Bot) -> None:
    ada = bot.person()
    assert "/forget" in (await ada.says("/help")).text
    assert "not yet" in (await ada.says("/privacy")).text


async def test_consent_is_kept_with_its_version_and_day(bot: Bot) -> None:
    ada = bot.person()
    await ada.agrees()
    person = await bot.store.people.get(ada.user)
    assert person.consent == CONSENT_VERSION
    assert CONSENT_VERSION in (await ada.says("/privacy")).text


async def test_a_button_under_an_older_text_is_not_consent_to_the_new_one(bot: Bot) -> None:
    ada = bot.person()
    asked = await ada.says("/agree 2020-01")
    assert "I agree" in asked.buttons[0].title
    assert (await bot.store.people.get(ada.user)).consent is None


async def test_whoever_agreed_to_an_older_text_is_asked_again(bot: Bot) -> None:
    ada = bot.person()
    await ada.says("/help")
    await bot.store.people.agree(ada.user, "2020-01", "en")
    asked = await ada.says("", SELFIE)
    assert bot.pool.rendered == []
    assert (await ada.taps("I agree", asked)).picture is not None


async def test_consent_of_one_is_not_consent_of_another(bot: Bot) -> None:
    await bot.person("ada").agrees()
    asked = await bot.person("ben").says("", SELFIE)
    assert "First I need your yes" in asked.text


async def test_it_speaks_the_persons_language(bot: Bot) -> None:
    ada = bot.person(lang="de-AT")
    assert "KI-Bilderbot" in (await ada.says("/start")).text
    await ada.taps("Einverstanden")
    assert "KI-bearbeitetes Bild" in (await ada.says("", SELFIE)).text
