"""What happens to a picture on its way: chats, screenshots, crops. Simulated; no chat's server is asked.

Sizes and qualities are what people have measured of Telegram, WhatsApp, Instagram and Discord; they may change any day.
The reduced set in tests/generation/label/test_mark.py takes its attacks from here.
"""

import io
from collections.abc import Callable

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

Attack = Callable[[np.ndarray, np.random.Generator], np.ndarray]
"""(H, W, 3) uint8 in and out; what is left to chance is drawn from the generator."""


def jpeg(pixels: np.ndarray, quality: int) -> np.ndarray:
    return _saved(pixels, "JPEG", quality=quality, subsampling="4:2:0")


def webp(pixels: np.ndarray, quality: int) -> np.ndarray:
    return _saved(pixels, "WEBP", quality=quality)


def _saved(pixels: np.ndarray, kind: str, **options: object) -> np.ndarray:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind, **options)
    return np.asarray(Image.open(file).convert("RGB"))


def resize(pixels: np.ndarray, x: float, y: float | None = None) -> np.ndarray:
    size = (max(round(pixels.shape[1] * x), 1), max(round(pixels.shape[0] * (y or x)), 1))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if x < 1 else cv2.INTER_CUBIC)


def fit(pixels: np.ndarray, longest: int) -> np.ndarray:
    """No side longer than that; smaller pictures stay as they are."""
    scale = longest / max(pixels.shape[:2])
    return resize(pixels, scale) if scale < 1 else pixels


def crop(pixels: np.ndarray, part: float, rng: np.random.Generator) -> np.ndarray:
    """`part` of each side is cut away, at a place left to chance."""
    height, width = pixels.shape[:2]
    high, wide = int(height * (1 - part)), int(width * (1 - part))
    top, left = rng.integers(0, height - high + 1), rng.integers(0, width - wide + 1)
    return np.ascontiguousarray(pixels[top : top + high, left : left + wide])


def square(pixels: np.ndarray, side: int) -> np.ndarray:
    """The middle, as profile pictures are cut."""
    height, width = pixels.shape[:2]
    short = min(height, width)
    top, left = (height - short) // 2, (width - short) // 2
    return resize(pixels[top : top + short, left : left + short], side / short)


def turn(pixels: np.ndarray, degrees: float) -> np.ndarray:
    """Around its middle; the size stays, the corners turn black."""
    height, width = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return cv2.warpAffine(pixels, matrix, (width, height), flags=cv2.INTER_CUBIC)


def levels(pixels: np.ndarray, contrast: float = 1, brightness: float = 0, gamma: float = 1) -> np.ndarray:
    out = 255 * (pixels / 255) ** gamma
    return np.clip((out - 128) * contrast + 128 + brightness, 0, 255).astype(np.uint8)


def sharpen(pixels: np.ndarray) -> np.ndarray:
    soft = cv2.GaussianBlur(pixels, (0, 0), 1.5).astype(np.float32)
    return np.clip(1.8 * pixels - 0.8 * soft, 0, 255).astype(np.uint8)


def grey(pixels: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)


def noise(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return np.clip(pixels + rng.normal(0, 8, pixels.shape), 0, 255).astype(np.uint8)


def caption(pixels: np.ndarray) -> np.ndarray:
    """A meme: bars with words above and below, and a round face. Some 30 % of it is covered."""
    image = Image.fromarray(pixels)
    pen = ImageDraw.Draw(image)
    width, height = image.size
    font = ImageFont.load_default(size=height // 14)
    pen.rectangle([0, 0, width, height // 8], fill="white")
    pen.text((width * 0.05, height * 0.02), "WHEN THE BOT", font=font, fill="black")
    pen.rectangle([0, height - height // 8, width, height], fill=(20, 20, 20))
    pen.text((width * 0.05, height * 0.9), "SENDS YOU A SELFIE", font=font, fill="white")
    pen.ellipse([width * 0.6, height * 0.5, width * 0.85, height * 0.5 + width * 0.25], fill=(255, 220, 0))
    return np.asarray(image)


def screenshot(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A phone of 1080 x 2340 px that shows the picture in a chat: bars, clock, names, a message field."""
    dark = bool(rng.random() < 0.5)
    image = Image.new("RGB", (1080, 2340), (18, 18, 20) if dark else (255, 255, 255))
    scale = min(1080 / pixels.shape[1], 1900 / pixels.shape[0])
    shown = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR)
    image.paste(Image.fromarray(shown), ((1080 - shown.shape[1]) // 2, (2340 - shown.shape[0]) // 2))
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(size=40)
    ink = "white" if dark else "black"
    pen.text((60, 40), "12:34", font=font, fill=ink)
    pen.text((60, 140), "< Chat", font=font, fill=ink)
    pen.rounded_rectangle([40, 2180, 1040, 2280], 50, fill=(44, 44, 48) if dark else (238, 238, 240))
    pen.text((90, 2205), "Message", font=font, fill=(128, 128, 128))
    return jpeg(np.asarray(image), 90)


def telegram(pixels: np.ndarray) -> np.ndarray:
    return jpeg(fit(pixels, 1280), 82)


def whatsapp(pixels: np.ndarray) -> np.ndarray:
    return jpeg(fit(pixels, 1600), 70)


def instagram(pixels: np.ndarray) -> np.ndarray:
    """1080 px wide, no higher than 4:5."""
    out = resize(pixels, 1080 / pixels.shape[1])
    top = max(out.shape[0] - 1350, 0) // 2
    return jpeg(np.ascontiguousarray(out[top : top + 1350]), 72)


def cut_screenshot(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A screenshot of what came through Telegram, cut by hand."""
    out = screenshot(telegram(pixels), rng)
    return jpeg(np.ascontiguousarray(out[570:1770, 30:1050]), 85)


PROMISED: dict[str, Attack] = {
    "as it is": lambda p, rng: p,
    **{f"JPEG {q}": lambda p, rng, q=q: jpeg(p, q) for q in (95, 90, 80, 70, 60, 50)},
    "WebP 75": lambda p, rng: webp(p, 75),
    **{f"resized to {k:.0%}, JPEG 80": lambda p, rng, k=k: jpeg(resize(p, k), 80) for k in (0.5, 0.75, 1.5)},
    "Telegram, 1280 px": lambda p, rng: telegram(p),
    "Telegram, 800 px": lambda p, rng: jpeg(fit(p, 800), 80),
    "WhatsApp, 1600 px": lambda p, rng: whatsapp(p),
    "Instagram, 1080 px": lambda p, rng: instagram(p),
    "Telegram > WhatsApp > JPEG 60": lambda p, rng: jpeg(whatsapp(telegram(p)), 60),
    **{f"cropped by {k:.0%}": lambda p, rng, k=k: jpeg(crop(p, k, rng), 85) for k in (0.1, 0.2, 0.3)},
    "cropped by 20%, resized to 75%": lambda p, rng: jpeg(resize(crop(p, 0.2, rng), 0.75), 80),
    "square of 640 px": lambda p, rng: jpeg(square(p, 640), 80),
    **{f"turned by {d} degrees": lambda p, rng, d=d: jpeg(turn(p, d), 85) for d in (1, 2, 3, 5)},
    "turned by 3, cropped by 12%": lambda p, rng: jpeg(crop(turn(p, 3), 0.12, rng), 75),
    "turned by 90": lambda p, rng: jpeg(np.ascontiguousarray(np.rot90(p)), 85),
    "mirrored": lambda p, rng: jpeg(np.ascontiguousarray(p[:, ::-1]), 85),
    "lighter by 32": lambda p, rng: jpeg(levels(p, brightness=32), 85),
    "darker by 32": lambda p, rng: jpeg(levels(p, brightness=-32), 85),
    "contrast 130%": lambda p, rng: jpeg(levels(p, contrast=1.3), 85),
    "contrast 70%": lambda p, rng: jpeg(levels(p, contrast=0.7), 85),
    "gamma 1.4": lambda p, rng: jpeg(levels(p, gamma=1.4), 85),
    "grey": lambda p, rng: jpeg(grey(p), 85),
    "blurred, sigma 1": lambda p, rng: jpeg(cv2.GaussianBlur(p, (0, 0), 1), 85),
    "blurred, sigma 2": lambda p, rng: jpeg(cv2.GaussianBlur(p, (0, 0), 2), 85),
    "sharpened": lambda p, rng: jpeg(sharpen(p), 85),
    "noise of 8": lambda p, rng: jpeg(noise(p, rng), 85),
    "median of 5 px": lambda p, rng: jpeg(cv2.medianBlur(p, 5), 85),
    "captions over 30%": lambda p, rng: jpeg(caption(p), 85),
    "screenshot": lambda p, rng: screenshot(p, rng),
    "Telegram > screenshot": lambda p, rng: screenshot(telegram(p), rng),
    "Telegram > screenshot, cut": lambda p, rng: cut_screenshot(p, rng),
}
"""At least 99 % of these must give back the exact id."""

DISCORD = "Discord's preview, 550 px"
STRETCH = "stretched by 5%"
HARDER: dict[str, Attack] = {
    DISCORD: lambda p, rng: webp(fit(p, 550), 80),  # at least 90 %
    STRETCH: lambda p, rng: jpeg(resize(p, 1.05, 1.0), 85),  # at least 95 %
    "stretched by 5%, the other way": lambda p, rng: jpeg(resize(p, 1.0, 1.05), 85),
    "JPEG 30": lambda p, rng: jpeg(p, 30),
    "half of each side cut away": lambda p, rng: jpeg(crop(p, 0.5, rng), 85),
    "turned by 20": lambda p, rng: jpeg(turn(p, 20), 85),
    "thumbnail, 320 px, JPEG 70": lambda p, rng: jpeg(fit(p, 320), 70),
}
"""Reported; the first two have thresholds of their own."""


def copy_mark(marked: np.ndarray, onto: np.ndarray) -> np.ndarray:
    """The copy attack: what denoising takes off a marked picture is added to another one."""
    y = cv2.cvtColor(marked, cv2.COLOR_RGB2GRAY)
    smooth = cv2.GaussianBlur(cv2.medianBlur(y, 5).astype(np.float32), (0, 0), 1)
    lifted = np.clip(y - smooth, -6, 6)[..., None]
    base = cv2.resize(onto, (marked.shape[1], marked.shape[0]), interpolation=cv2.INTER_AREA)
    return jpeg(np.clip(base + 2 * lifted, 0, 255).astype(np.uint8), 90)
