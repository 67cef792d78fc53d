"""Pictures to mark, and pictures that nobody marked: a folder's, scikit-image's, drawn ones, and every style's."""

from collections.abc import Callable, Iterator
from functools import cache, partial
from itertools import cycle, islice
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont, ImageOps, UnidentifiedImageError

from bench.label_attacks import crop, jpeg, levels, resize

ENDINGS = {".jpg", ".jpeg", ".png", ".webp"}
LEAST_PX = 600  # of the short side: nothing is blown up much
WIDEST = 16 / 9
STOCK = ("astronaut", "coffee", "chelsea", "rocket", "camera", "coins", "page", "text", "moon", "brick", "grass")
STOCK += ("gravel", "hubble_deep_field", "immunohistochemistry", "retina", "clock", "colorwheel", "checkerboard")


Photo = tuple[str, Callable[[], np.ndarray]]
"""Its name, and how to read it."""


def pictures_to_mark(folder: Path | None, count: int, side: int, styles: int) -> Iterator[tuple[str, np.ndarray]]:
    """Name and pixels: portraits, flat art, text, night; then that many of the catalogue's styles, evenly chosen."""
    rng = np.random.default_rng(1)
    photos = portraits(folder)
    kinds = cycle(("portrait", "portrait", "portrait", "flat", "portrait", "text", "comic", "night"))
    for number, kind in enumerate(islice(kinds, count)):
        name, read = photos[number * 7919 % len(photos)]
        pixels = bounded(read(), side)
        if kind == "flat":
            name, pixels = f"{number}", flat_art(side, rng)
        elif kind == "text":
            pixels = poster(pixels, rng)
        elif kind == "comic":
            pixels = comic(pixels)
        elif kind == "night":
            pixels = night(pixels, rng)
        yield f"{kind} {name}", pixels
    yield from styled(folder, styles, side)


def unmarked_pictures(folder: Path | None, count: int) -> Iterator[tuple[str, np.ndarray]]:
    """Each once as it is, then cut, mirrored, lightened, in several sizes and qualities, and drawn ones between."""
    rng = np.random.default_rng(7)
    pool = portraits(folder) + (stock() if folder else [])
    for number in range(count):
        name, read = ("flat", lambda: flat_art(720, rng)) if number % 10 == 9 else pool[number % len(pool)]
        pixels = read()
        if number >= len(pool):
            pixels = crop(pixels, rng.uniform(0, 0.5), rng)
            pixels = levels(pixels[:, :: rng.choice([-1, 1])], rng.uniform(0.7, 1.3), rng.uniform(-20, 20))
        side = int(rng.choice([540, 720, 1080, 1280]))
        yield f"{name} {number}", jpeg(bounded(np.ascontiguousarray(pixels), side), int(rng.integers(60, 96)))


def bounded(pixels: np.ndarray, side: int) -> np.ndarray:
    """Its short side that long, its long one at most 16:9 of it."""
    height, width = pixels.shape[:2]
    high, wide = min(height, int(width * WIDEST)), min(width, int(height * WIDEST))
    top, left = (height - high) // 2, (width - wide) // 2
    return resize(pixels[top : top + high, left : left + wide], side / min(high, wide))


@cache
def portraits(folder: Path | None) -> list[Photo]:
    """Every photo of the folder, or of scikit-image, that is large enough."""
    if folder is None:
        return stock()
    files = sorted(file for file in folder.rglob("*") if file.suffix.lower() in ENDINGS)
    return [(file.name, partial(_read, file)) for file in files if _large(file)]


def _large(file: Path) -> bool:
    try:
        with Image.open(file) as image:
            return min(image.size) >= LEAST_PX
    except (UnidentifiedImageError, OSError):
        return False


def _read(file: Path) -> np.ndarray:
    image = ImageOps.exif_transpose(Image.open(file)).convert("RGB")
    image.thumbnail((2400, 2400))
    return np.asarray(image)


@cache
def stock() -> list[Photo]:
    """scikit-image's pictures, as far as they come inside the package."""
    from skimage import data

    found = []
    for name in STOCK:
        try:
            pixels = np.asarray(getattr(data, name)())
        except (OSError, ValueError, ImportError, ModuleNotFoundError):  # it would have to be fetched
            continue
        if pixels.dtype == np.bool_:
            pixels = pixels.astype(np.uint8) * 255
        if pixels.ndim == 2:
            pixels = np.stack([pixels] * 3, axis=-1)
        found.append((name, partial(np.ascontiguousarray, pixels[..., :3])))
    return found


def flat_art(side: int, rng: np.random.Generator) -> np.ndarray:
    """A poster of few colours: a sky that fades, hills, a sun, blobs with outlines."""
    height, width = side * 5 // 4, side
    top, bottom = rng.integers(0, 256, (2, 3))
    fade = np.linspace(0, 1, height)[:, None, None]
    image = Image.fromarray(np.broadcast_to(top * (1 - fade) + bottom * fade, (height, width, 3)).astype(np.uint8))
    pen = ImageDraw.Draw(image)
    for _ in range(14):
        x, y, r = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(0.04, 0.3) * side
        colour = tuple(rng.integers(0, 256, 3).tolist())
        pen.ellipse([x - r, y - r * 0.7, x + r, y + r * 0.7], fill=colour, outline="black", width=max(side // 180, 1))
    return np.asarray(image)


def comic(pixels: np.ndarray) -> np.ndarray:
    """Few tones and drawn edges."""
    small = resize(pixels, 0.5)
    for _ in range(3):
        small = cv2.bilateralFilter(small, 9, 40, 9)
    tones = cv2.medianBlur((np.round(small / 36) * 36).clip(0, 255).astype(np.uint8), 5)
    edges = cv2.adaptiveThreshold(cv2.medianBlur(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), 5), 255, 0, 0, 15, 4)
    tones[edges == 0] //= 3
    return cv2.resize(tones, (pixels.shape[1], pixels.shape[0]), interpolation=cv2.INTER_CUBIC)


def poster(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Text over the whole picture, on a pale ground."""
    image = Image.fromarray(levels(pixels, contrast=0.25, brightness=90))
    pen = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=image.height // 34)
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz     "))
    for line in range(28):
        words = "".join(rng.choice(letters, 60))
        pen.text((image.width * 0.04, image.height * (0.02 + line * 0.035)), words, font=font, fill=(30, 30, 40))
    return np.asarray(image)


def night(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A fifth of the light, and a sensor's noise."""
    dark = 255 * (pixels / 255) ** 1.5 * 0.3
    return np.clip(dark + rng.normal(0, 3, pixels.shape), 0, 255).astype(np.uint8)


def styled(folder: Path | None, count: int, side: int) -> Iterator[tuple[str, np.ndarray]]:
    """The catalogue's styles, rendered as the bot renders them, on one portrait after the other."""
    if not count:
        return
    import io

    from generation.engine import load_engine
    from generation.errors import UserError
    from generation.face.models import default_folder
    from generation.job import Job
    from generation.photo import read_photo
    from generation.styles import read_catalogue

    engine = load_engine("retouch", "cpu", default_folder())
    styles = [style for style in read_catalogue() if style.engine == "retouch"]
    photos = portraits(folder) if folder else [photo for photo in stock() if photo[0] == "astronaut"]
    for number in range(count):
        style = styles[number * len(styles) // count]
        for tries in range(20):
            file = io.BytesIO()
            photo = bounded(photos[(number * 31 + tries * 17) % len(photos)][1](), side)
            Image.fromarray(photo).save(file, "PNG")
            job = Job("bench", style, (file.getvalue(),), style.strength, seed=1)
            try:
                rendering = engine.render(job, (read_photo(job.photos[0]),), lambda share: None)
            except UserError:  # no face, or several: the next one
                continue
            yield f"style {style.name}", rendering.pixels
            break
