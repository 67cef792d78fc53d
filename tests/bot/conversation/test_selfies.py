"""Photos, styles and buttons, in whatever order people send them."""

import pytest

from generation.errors import NoFace, RenderFailed
from generation.job import Job
from tests.talk import Bot, Person

SELFIE = b"a selfie"


@pytest.fixture
async def ada(bot: Bot) -> Person:
    person = bot.person()
    await person.agrees()
    return person


def last(bot: Bot) -> Job:
    return bot.pool.rendered[-1]


@pytest.mark.parametrize("caption", ["/style goth", "/goth", "goth", "/style Goth", "/STYLE GOTH"])
async def test_a_style_in_the_caption_is_drawn(bot: Bot, ada: Person, caption: str) -> None:
    answer = await ada.says(caption, SELFIE)
    assert answer.picture is not None
    assert last(bot).style.name == "goth"


async def test_a_bare_selfie_is_drawn_in_the_style_taken_last(bot: Bot, ada: Person) -> None:
    await ada.says("", SELFIE)
    assert last(bot).style.name == "natural"
    await ada.says("/style noir")
    await ada.says("", b"another")
    assert (last(bot).style.name, last(bot).photos) == ("noir", (b"another",))


async def test_a_style_before_any_selfie_waits_for_it(bot: Bot, ada: Person) -> None:
    assert "Now send me a selfie" in (await ada.says("/style comic")).text
    await ada.says("", SELFIE)
    assert last(bot).style.name == "comic"


async def test_a_strength_can_be_given(bot: Bot, ada: Person) -> None:
    answer = await ada.says("/style goth 60", SELFIE)
    assert last(bot).strength == 0.6
    assert "60 %" in answer.text


@pytest.mark.parametrize("words", ["goth 0", "goth 400"])
async def test_a_strength_out_of_range_is_explained(bot: Bot, ada: Person, words: str) -> None:
    assert "from 1 to 100, for example /style goth 60" in (await ada.says(f"/style {words}")).text


@pytest.mark.parametrize("typed", ["/style gotj", "/gothh", "/style got"])
async def test_a_mistyped_style_gets_the_nearest_to_tap_and_the_photo_is_not_lost(
    bot: Bot, ada: Person, typed: str
) -> None:
    answer = await ada.says(typed, SELFIE)
    assert "Did you mean" in answer.text
    assert bot.pool.rendered == []
    assert (await ada.taps("Goth")).picture is not None
    assert last(bot).photos == (SELFIE,)


async def test_nonsense_gets_the_help(ada: Person) -> None:
    assert "/styles" in (await ada.says("/qqqqqqq")).text
    assert "better at pictures" in (await ada.says("how are you today, my friend?")).text
    assert "Which style?" in (await ada.says("/style")).text


async def test_all_styles_are_listed_by_packs_and_a_pack_with_a_button_each(bot: Bot, ada: Person) -> None:
    answer = await ada.says("/styles")
    assert all(styles[0].name in answer.text for styles in bot.catalogue.packs().values())
    assert len(answer.buttons) == 1 + len(bot.catalogue.packs())
    for styles in bot.catalogue.packs().values():
        answer = await ada.says(f"/styles {styles[0].pack}")
        assert all(style.name in answer.text and style.line in answer.text for style in styles)
        assert [button.title for button in answer.buttons[: len(styles)]] == [
            f"{style.emoji} {style.title}" for style in styles
        ]


async def test_a_pack_is_one_tap_from_the_list_and_a_style_one_tap_from_there(bot: Bot, ada: Person) -> None:
    await ada.says("", SELFIE)
    await ada.says("/styles")
    await ada.taps("Hair")
    await ada.taps("Pink hair")
    assert last(bot).style.name == "pink-hair"


@pytest.mark.parametrize("words", ["goth+pink-hair+round-glasses", "Goth + pink hair + Round Glasses"])
async def test_styles_combine(bot: Bot, ada: Person, words: str) -> None:
    answer = await ada.says(f"/style {words} 70", SELFIE)
    assert (last(bot).style.name, last(bot).strength) == ("goth+pink-hair+round-glasses", 0.7)
    assert "Goth + Pink hair + Round glasses" in answer.text
    await ada.taps("Softer")
    assert (last(bot).style.name, last(bot).strength) == ("goth+pink-hair+round-glasses", 0.5)
    await ada.says("", b"another")
    assert (last(bot).style.name, last(bot).photos) == ("goth+pink-hair+round-glasses", (b"another",))


async def test_what_cannot_be_combined_is_explained_and_what_can_is_a_tap_away(bot: Bot, ada: Person) -> None:
    answer = await ada.says("/style goth + crown + witch hat", SELFIE)
    assert "“Crown” and “Witch hat” both sit on the head" in answer.text
    assert bot.pool.rendered == []
    await ada.taps("Goth + Witch hat")
    assert (last(bot).style.name, last(bot).photos) == ("goth+witch-hat", (SELFIE,))


async def test_a_mistyped_part_of_a_mix_gets_the_nearest(ada: Person) -> None:
    answer = await ada.says("/style goth+pinkhairr", SELFIE)
    assert "pinkhairr" in answer.text
    assert any("Pink hair" in button.title for button in answer.buttons)


async def test_too_many_styles_for_one_picture_are_refused(bot: Bot, ada: Person) -> None:
    answer = await ada.says("/style goth+pink-hair+round-glasses+crown+freckles+studio", SELFIE)
    assert "up to 5 styles" in answer.text
    assert bot.pool.rendered == []


async def test_softer_than_a_style_can_be_seen_is_its_softest(bot: Bot, ada: Person) -> None:
    style = bot.catalogue.styles["goth"]
    answer = await ada.says("/style goth 1", SELFIE)
    assert last(bot).strength == style.least > 0.01
    assert not any("Softer" in button.title for button in answer.buttons)


async def test_softer_and_stronger_draw_the_same_picture_with_another_strength(bot: Bot, ada: Person) -> None:
    first = await ada.says("/style goth 60", SELFIE)
    seed = last(bot).seed
    await ada.taps("Stronger", first)
    assert (last(bot).strength, last(bot).seed) == (0.8, seed)
    await ada.taps("Softer", first)
    assert (last(bot).strength, last(bot).seed) == (0.4, seed)


async def test_at_full_strength_there_is_no_stronger(ada: Person) -> None:
    answer = await ada.says("/style goth 100", SELFIE)
    assert not any("Stronger" in button.title for button in answer.buttons)
    assert any("Softer" in button.title for button in answer.buttons)


async def test_again_starts_from_the_original_photo_with_another_seed(bot: Bot, ada: Person) -> None:
    first = await ada.says("/style goth", SELFIE)
    seed = last(bot).seed
    await ada.says("", b"another photo")
    await ada.taps("Again", first)
    assert last(bot).photos == (SELFIE,)
    assert last(bot).seed != seed


async def test_the_original_can_stand_at_its_side(bot: Bot, ada: Person) -> None:
    await ada.says("/style goth", SELFIE)
    answer = await ada.taps("With the original")
    assert last(bot).beside
    assert "Left: your photo" in answer.text


async def test_other_styles_are_one_tap_away(bot: Bot, ada: Person) -> None:
    answer = await ada.says("/style goth", SELFIE)
    titles = {f"{style.emoji} {style.title}": style.name for style in bot.catalogue}
    other = next(button.title for button in answer.buttons if button.title in titles)
    await ada.taps(other)
    assert last(bot).style.name == titles[other] != "goth"


async def test_a_deleted_picture_is_gone_and_its_message_says_so(bot: Bot, ada: Person) -> None:
    await ada.says("/style goth", SELFIE)
    job = await bot.store.jobs.last(ada.user)
    assert job is not None
    assert job.picture is not None
    deleted = await ada.taps("Delete")
    assert deleted.picture is None
    assert "Deleted" in deleted.text
    assert await bot.store.blobs.get(job.picture) is None
    assert not any(showing.picture for showing in ada.screen.values())


async def test_a_button_of_somebody_else_does_nothing(bot: Bot, ada: Person) -> None:
    answer = await ada.says("/style goth", SELFIE)
    ben = bot.person("ben")
    await ben.agrees()
    drawn = len(bot.pool.rendered)
    assert "somebody else" in (await ben.taps("Delete", answer)).text
    assert "somebody else" in (await ben.taps("Again", answer)).text
    assert len(bot.pool.rendered) == drawn


@pytest.mark.parametrize("command", ["/redraw 1 goth 50 1", "/delete 1", "/beside 1"])
async def test_what_only_buttons_say_cannot_be_typed(bot: Bot, ada: Person, command: str) -> None:
    await ada.says("/style goth", SELFIE)
    drawn = len(bot.pool.rendered)
    assert "I don't know" in (await ada.says(command)).text
    assert len(bot.pool.rendered) == drawn


async def test_a_photo_without_a_face_is_told_and_the_next_one_works(bot: Bot, ada: Person) -> None:
    bot.pool.outcomes["1"] = [NoFace()]
    assert "can't find a face" in (await ada.says("/style goth", SELFIE)).text
    assert (await ada.says("", b"better")).picture is not None


async def test_what_we_broke_can_be_tried_again_by_a_tap(bot: Bot, ada: Person) -> None:
    bot.pool.outcomes["1"] = [RenderFailed(), RenderFailed(), RenderFailed()]
    answer = await ada.says("/style goth", SELFIE)
    assert "Something broke on our side" in answer.text
    assert (await ada.taps("Try again")).picture is not None


async def test_a_photo_that_was_deleted_meanwhile_is_asked_for_again(bot: Bot, ada: Person) -> None:
    first = await ada.says("/style goth", SELFIE)
    await bot.store.blobs.expire(2e10)
    assert "don't have that photo any more" in (await ada.taps("Again", first)).text


@pytest.mark.sides("fake", "telegram", "discord")  # the web chat sends one
async def test_of_several_photos_the_first_is_drawn_and_the_person_knows(bot: Bot, ada: Person) -> None:
    answer = await ada.says("/style goth", SELFIE, b"second")
    assert last(bot).photos == (SELFIE,)
    assert "the first of your photos" in answer.text
    assert "the first of your photos" not in (await ada.taps("Again", answer)).text
    assert "the first of your photos" not in (await ada.says("", b"another")).text


@pytest.mark.sides("fake", "telegram")
async def test_that_the_first_of_several_photos_is_drawn_is_said_in_the_persons_language(bot: Bot) -> None:
    ada = bot.person("berta", "de")
    await ada.agrees()
    assert "das erste deiner Fotos" in (await ada.says("/style goth", SELFIE, b"second")).text


async def test_the_last_picture_can_be_asked_for_again(bot: Bot, ada: Person) -> None:
    assert "no picture of yours" in (await ada.says("/last")).text
    first = await ada.says("/style goth", SELFIE)
    again = await ada.says("/last")
    assert (again.picture_id, again.text) == (first.picture_id, first.text)
    assert [button.title for button in again.buttons] == [button.title for button in first.buttons]


async def test_deleting_a_picture_takes_it_from_every_message(bot: Bot, ada: Person) -> None:
    await ada.says("/style goth", SELFIE)
    await ada.says("/last")
    await ada.taps("Delete", changes=2)
    assert all(showing.picture is None for showing in ada.screen.values())


@pytest.mark.sides("fake", "telegram")
async def test_where_pictures_arrive_smaller_the_file_is_offered(bot: Bot, ada: Person) -> None:
    ada.offers = ("file",)
    first = await ada.says("/style goth", SELFIE)
    answer = await ada.taps("Send as file")
    assert answer.as_file
    assert answer.picture_id == first.picture_id


@pytest.mark.sides("fake", "telegram")
async def test_in_a_shared_chat_the_picture_is_the_persons_until_they_share_it(bot: Bot, ada: Person) -> None:
    ada.offers = ("share",)
    first = await ada.says("/style goth", SELFIE)
    assert not first.public
    answer = await ada.taps("Share here")
    assert answer.public
    assert (answer.picture_id, answer.buttons) == (first.picture_id, ())


@pytest.mark.sides("fake", "telegram", "discord")
@pytest.mark.parametrize(
    ("trouble", "words"),
    [("not_a_photo", "no photo I can draw on"), ("not_your_photo", "your own selfie"), ("too_large", "too large")],
)
async def test_what_is_no_photo_gets_a_kind_sentence(ada: Person, trouble: str, words: str) -> None:
    assert words in (await ada.shows_trouble(trouble)).text


async def test_what_is_worn_is_there_or_not_and_has_no_strength(bot: Bot, ada: Person) -> None:
    answer = await ada.says("/style crown 30", SELFIE)
    assert last(bot).strength == bot.catalogue.styles["crown"].strength
    assert not any("Softer" in button.title or "Stronger" in button.title for button in answer.buttons)
