"""Photos in a real browser: chosen, dropped, pasted, taken; sent with a caption; becoming a picture."""

import asyncio
import base64
import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import Browser, Page, expect

from tests.bot.parts import eventually
from tests.bot.platforms.web.conftest import Running
from tests.fakes.browser import Visit, visit

pytestmark = pytest.mark.asyncio(loop_scope="session")

GIVE = """([data, type, event]) => {
    const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
    const box = new DataTransfer();
    box.items.add(new File([bytes], 'me.jpg', { type }));
    const how = { bubbles: true, cancelable: true };
    const target = document.querySelector('#log');
    if (event === 'paste') target.dispatchEvent(new ClipboardEvent('paste', { ...how, clipboardData: box }));
    else target.dispatchEvent(new DragEvent(event, { ...how, dataTransfer: box }));
}"""


async def give(page: Page, event: str, data: bytes, type: str = "image/jpeg") -> None:
    """Drag or paste a file over the page, with the browser's own events."""
    await page.evaluate(GIVE, [base64.b64encode(data).decode(), type, event])


async def choose(page: Page, name: str, data: bytes, type: str = "image/jpeg") -> None:
    files: Any = {"name": name, "mimeType": type, "buffer": data}
    await page.get_by_label("Photo file").set_input_files(files)


async def send(page: Page, caption: str = "") -> None:
    await page.get_by_label("Message", exact=True).fill(caption)
    await page.get_by_role("button", name="Send").click()


async def test_a_chosen_photo_is_sent_with_its_caption_and_becomes_a_picture(
    web: Running, person: Visit, astronaut: bytes
) -> None:
    page = person.page
    await choose(page, "me.jpg", astronaut)
    await expect(page.get_by_role("group", name="Chosen photo")).to_contain_text("me.jpg")
    await send(page, "/style goth")
    result = page.get_by_role("img", name="You with dark lips and smoky eyes")
    await expect(result).to_be_visible()
    await expect(page.get_by_role("button", name="Stronger")).to_be_visible()
    assert await result.evaluate("it => [it.naturalWidth, it.naturalHeight]") == [400, 500]
    assert web.bot.photos == [astronaut]
    assert [message.text for message in web.bot.heard[1:]] == ["/style goth"]
    await expect(page.get_by_role("group", name="Chosen photo")).to_be_hidden()


async def test_a_draft_is_seen_with_a_bar_and_a_way_to_stop_until_the_picture_takes_its_place(
    web: Running, person: Visit, astronaut: bytes
) -> None:
    page = person.page
    web.bot.may_finish.clear()
    await choose(page, "me.jpg", astronaut)
    await send(page, "/draft")
    message = page.get_by_role("article").last
    await expect(message.get_by_role("img", name="Your draft")).to_be_visible()
    await expect(message.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "60")
    await expect(message.get_by_role("button", name="Stop")).to_be_visible()
    await expect(message).to_contain_text("A draft, 60 %")
    web.bot.may_finish.set()
    await expect(message.get_by_role("img", name="You with dark lips")).to_be_visible()
    await expect(message.get_by_role("progressbar")).to_have_count(0)
    await expect(message.get_by_role("img")).to_have_count(1)


async def test_the_picture_comes_in_the_place_of_its_progress_without_a_jump(
    web: Running, person: Visit, astronaut: bytes
) -> None:
    page = person.page
    web.bot.may_finish.clear()
    await choose(page, "me.jpg", astronaut)
    await send(page)
    message = page.get_by_role("article").last
    bar = message.get_by_role("progressbar", name="Painting…")
    await expect(bar).to_have_attribute("aria-valuenow", "70")
    await expect(message).to_have_attribute("aria-busy", "true")
    place = await message.locator(".frame").bounding_box()
    web.bot.may_finish.set()
    picture = message.get_by_role("img", name="You with dark lips")
    await expect(picture).to_be_visible()
    await expect(bar).to_have_count(0)
    after = await message.locator(".frame").bounding_box()
    assert place is not None
    assert after is not None
    assert (after["width"], after["height"]) == pytest.approx((place["width"], place["height"]), abs=1)
    await expect(page.get_by_role("article")).to_have_count(3)
    await expect(page.get_by_role("button", name="Delete")).to_be_in_viewport()


async def test_progress_is_there_again_after_a_reload(web: Running, person: Visit, astronaut: bytes) -> None:
    web.bot.may_finish.clear()
    await choose(person.page, "me.jpg", astronaut)
    await send(person.page)
    await expect(person.page.get_by_role("progressbar", name="Painting…")).to_have_attribute("aria-valuenow", "70")
    await person.page.reload()
    await expect(person.page.get_by_role("progressbar", name="Painting…")).to_have_attribute("aria-valuenow", "70")
    web.bot.may_finish.set()
    await expect(person.page.get_by_role("button", name="Softer")).to_be_visible()


async def test_photo_and_picture_are_there_again_after_a_reload(web: Running, person: Visit, astronaut: bytes) -> None:
    page = person.page
    await choose(page, "me.jpg", astronaut)
    await send(page, "me today")
    await expect(page.get_by_role("button", name="Softer")).to_be_visible()
    await page.reload()
    for name in ("Your photo: me today", "You with dark lips and smoky eyes"):
        shown = page.get_by_role("img", name=name)
        await expect(shown).to_be_visible()
        assert await shown.evaluate("it => it.decode().then(() => it.naturalHeight)") == 500


async def test_a_photo_can_be_dropped_anywhere(web: Running, person: Visit, astronaut: bytes) -> None:
    page = person.page
    await give(page, "dragenter", astronaut)
    await expect(page.get_by_text("Drop your photo here")).to_be_visible()
    await give(page, "drop", astronaut)
    await expect(page.get_by_text("Drop your photo here")).to_be_hidden()
    await expect(page.get_by_role("group", name="Chosen photo")).to_contain_text("me.jpg")
    await send(page)
    await expect(page.get_by_role("button", name="Stronger")).to_be_visible()
    assert web.bot.photos == [astronaut]


async def test_a_drag_that_leaves_takes_its_overlay_along(person: Visit, astronaut: bytes) -> None:
    await give(person.page, "dragenter", astronaut)
    await give(person.page, "dragleave", astronaut)
    await expect(person.page.get_by_text("Drop your photo here")).to_be_hidden()


async def test_a_photo_can_be_pasted(web: Running, person: Visit, astronaut: bytes) -> None:
    await give(person.page, "paste", astronaut)
    await expect(person.page.get_by_role("group", name="Chosen photo")).to_be_visible()
    await send(person.page)
    await expect(person.page.get_by_role("button", name="Stronger")).to_be_visible()
    assert web.bot.photos == [astronaut]


async def test_a_chosen_photo_can_be_taken_away_again(web: Running, person: Visit, astronaut: bytes) -> None:
    page = person.page
    await choose(page, "me.jpg", astronaut)
    await page.get_by_role("button", name="Remove the photo").click()
    await expect(page.get_by_role("group", name="Chosen photo")).to_be_hidden()
    await expect(page.get_by_role("button", name="Send")).to_be_disabled()
    await choose(page, "me.jpg", astronaut)
    await expect(page.get_by_role("group", name="Chosen photo")).to_be_visible()


async def test_a_photo_taken_with_the_camera_is_what_the_camera_saw(web: Running, person: Visit) -> None:
    page = person.page
    await page.get_by_role("button", name="Take a photo").click()
    shutter = page.get_by_role("button", name="Take the photo")
    await expect(shutter).to_be_enabled()
    await expect(page.get_by_label("Camera preview")).to_have_css("transform", "matrix(-1, 0, 0, 1, 0, 0)")
    await shutter.click()
    await page.get_by_role("button", name="Retake").click()
    await shutter.click()
    await page.get_by_role("button", name="Use photo").click()
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await send(page, "/style goth")
    await expect(page.get_by_role("button", name="Stronger")).to_be_visible()
    shot = Image.open(io.BytesIO(web.bot.photos[0])).convert("RGB")
    assert shot.width / shot.height == pytest.approx(4 / 3, abs=0.01)
    left = shot.resize((64, 48)).crop((0, 4, 12, 26)).resize((1, 1)).getpixel((0, 0))
    right = shot.resize((64, 48)).crop((50, 4, 64, 26)).resize((1, 1)).getpixel((0, 0))
    assert sum(left) < sum(right) - 60  # the dark flag is at the left: the photo is not mirrored, only its preview


async def test_the_camera_is_off_when_its_dialog_is_closed(person: Visit) -> None:
    page = person.page
    await page.get_by_role("button", name="Take a photo").click()
    await expect(page.get_by_role("button", name="Take the photo")).to_be_enabled()
    track = await page.get_by_label("Camera preview").evaluate_handle("it => it.srcObject.getTracks()[0]")
    assert await track.evaluate("it => it.readyState") == "live"
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()

    async def off() -> bool:  # the dialog tells that it is closed a moment after it is gone
        return bool(await track.evaluate("it => it.readyState === 'ended'"))

    await eventually(off)


async def test_a_refused_camera_is_explained(web: Running, browser: Browser) -> None:
    async with visit(browser, web.url, camera=False) as person:
        await person.page.get_by_role("button", name="Take a photo").click()
        await expect(person.page.get_by_text("The camera is blocked for this page.")).to_be_visible()
        await expect(person.page.get_by_role("button", name="Take the photo")).to_be_disabled()
        await person.page.get_by_role("button", name="Cancel").click()
        await expect(person.page.get_by_role("dialog")).to_be_hidden()


async def test_a_missing_camera_is_explained(person: Visit) -> None:
    gone = "() => { navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotFoundError') } }"
    await person.page.evaluate(gone)
    await person.page.get_by_role("button", name="Take a photo").click()
    await expect(person.page.get_by_text("No camera was found.")).to_be_visible()


async def test_a_slow_upload_shows_how_far_it_is(web: Running, person: Visit, astronaut: bytes) -> None:
    page = person.page
    wire = await person.context.new_cdp_session(page)
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 400_000}
    await wire.send("Network.emulateNetworkConditions", slow)
    await choose(page, "me.jpg", astronaut + bytes(1_500_000))
    await send(page)
    bar = page.get_by_role("progressbar", name="Uploading")
    await expect(bar).to_be_visible()
    shares = [int(await bar.get_attribute("aria-valuenow") or 0)]
    await expect(bar).not_to_have_attribute("aria-valuenow", str(shares[0]))
    await expect(page.get_by_text("Sending…")).to_be_visible()
    await expect(page.get_by_role("button", name="Stronger")).to_be_visible(timeout=20_000)
    await expect(bar).to_have_count(0)


async def test_a_kind_the_browser_cannot_draw_is_a_file_and_is_sent(web: Running, person: Visit) -> None:
    page = person.page
    heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 500
    await choose(page, "IMG_0001.HEIC", heic, "image/heic")
    chip = page.get_by_role("group", name="Chosen photo")
    await expect(chip).to_contain_text("IMG_0001.HEIC")
    await expect(chip.locator("svg").first).to_be_visible()
    await send(page)
    await expect(page.get_by_role("article").nth(1)).to_contain_text("IMG_0001.HEIC")
    await expect(page.get_by_role("button", name="Stronger")).to_be_visible()
    assert web.bot.photos == [heic]
    await page.reload()
    await expect(page.get_by_role("article").nth(1)).to_contain_text("Photo")


async def test_what_is_no_picture_is_refused_at_once(web: Running, person: Visit) -> None:
    await choose(person.page, "letter.pdf", b"%PDF-1.7", "application/pdf")
    await expect(person.page.get_by_text("That is not a picture.")).to_be_visible()
    await expect(person.page.get_by_role("button", name="Send")).to_be_disabled()


async def test_a_file_that_is_too_large_is_refused_in_a_sentence(person: Visit, tmp_path: Path) -> None:
    big = tmp_path / "big.jpg"
    big.write_bytes(b"\xff\xd8\xff" + bytes(26_000_000))
    await person.page.get_by_label("Photo file").set_input_files(big)
    await expect(person.page.get_by_text("That file is 26 MB and I can take up to 25 MB.")).to_be_visible()
    await expect(person.page.get_by_role("group", name="Chosen photo")).to_be_hidden()


async def test_of_several_photos_the_first_is_taken_and_it_is_said(person: Visit, astronaut: bytes) -> None:
    many: Any = [{"name": f"{i}.jpg", "mimeType": "image/jpeg", "buffer": astronaut} for i in range(2)]
    await person.page.get_by_label("Photo file").evaluate("it => { it.multiple = true }")
    await person.page.get_by_label("Photo file").set_input_files(many)
    await expect(person.page.get_by_role("group", name="Chosen photo")).to_contain_text("0.jpg")
    await expect(person.page.get_by_text("One photo at a time")).to_be_visible()


async def test_a_refusal_of_the_server_is_shown_at_the_message(web: Running, person: Visit, astronaut: bytes) -> None:
    person.forgiven = ("413",)
    sentence = '{"error": "That is too much for me."}'
    await person.page.route("**/send", lambda route: route.fulfill(status=413, body=sentence))
    await choose(person.page, "me.jpg", astronaut)
    await send(person.page, "my caption")
    await expect(person.page.get_by_role("alert")).to_contain_text("That is too much for me.")
    await person.page.get_by_role("button", name="Remove", exact=True).click()
    await expect(person.page.get_by_text("my caption")).to_have_count(0)
    assert web.bot.photos == []


async def test_a_send_whose_answer_was_lost_is_one_event(web: Running, person: Visit, astronaut: bytes) -> None:
    lost: list[str] = []
    person.forgiven = ("ERR_FAILED",)

    async def lose_the_first(route: Any) -> None:
        if lost:
            await route.continue_()
            return
        lost.append(route.request.url)
        await route.fetch()
        await route.abort()

    await person.page.route("**/send", lose_the_first)
    await choose(person.page, "me.jpg", astronaut)
    await send(person.page)
    await expect(person.page.get_by_role("button", name="Stronger")).to_be_visible()
    await asyncio.sleep(1)
    assert len(lost) == 1
    assert len(web.bot.photos) == 1
    await expect(person.page.get_by_role("article")).to_have_count(3)


async def test_a_picture_opens_large_and_can_be_saved(web: Running, person: Visit, astronaut: bytes) -> None:
    page = person.page
    await choose(page, "me.jpg", astronaut)
    await send(page)
    await page.get_by_role("button", name="Enlarge: You with dark lips").click()
    dialog = page.get_by_role("dialog", name="Picture")
    await expect(dialog).to_be_visible()
    async with page.expect_download() as saving:
        await dialog.get_by_role("link", name="Download").click()
    saved = await saving.value
    assert saved.suggested_filename == "selfiebot-goth.jpg"
    assert Path(await saved.path()).read_bytes() == web.bot.picture
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()


async def test_a_picture_that_is_not_kept_any_more_says_so(web: Running, person: Visit, astronaut: bytes) -> None:
    person.forgiven = ("404",)
    await choose(person.page, "me.jpg", astronaut)
    await send(person.page)
    await expect(person.page.get_by_role("button", name="Stronger")).to_be_visible()
    web.history.pictures.clear()
    await person.page.reload()
    await expect(person.page.get_by_text("This picture is not kept any more.")).to_be_visible()
