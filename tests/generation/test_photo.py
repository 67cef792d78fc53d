"""A stranger's file becomes an upright, sRGB, bounded picture, or a sentence that says what to do."""

import io
import itertools
import struct
import warnings
import zlib

import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageCms

from generation import photo
from generation.errors import (
    BrokenImage,
    EmptyFile,
    FileTooLarge,
    ImageTooSmall,
    NotAnImage,
    PhotoError,
    TooManyPixels,
)
from generation.headers import read_header, read_orientation
from generation.photo import read_photo

RED, GREEN, BLUE, GREY = (200, 30, 30), (30, 180, 40), (40, 50, 200), (128, 128, 128)


def quarters(width: int = 160, height: int = 120) -> Image.Image:
    """Red and green above, blue and grey below: no two orientations look alike."""
    image = Image.new("RGB", (width, height))
    for (x, y), colour in zip(itertools.product((0, 1), (0, 1)), (RED, BLUE, GREEN, GREY), strict=True):
        image.paste(colour, (x * width // 2, y * height // 2, (x + 1) * width // 2, (y + 1) * height // 2))
    return image


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def heic(image: Image.Image, **options: object) -> bytes:
    stream = io.BytesIO()
    pillow_heif.from_pillow(image).save(stream, quality=90, **options)
    return stream.getvalue()


def corners(pixels: np.ndarray) -> list[tuple[int, ...]]:
    """The colours in the middles of the four quarters: above left, above right, below left, below right."""
    height, width = pixels.shape[:2]
    places = [(height // 4, width // 4), (height // 4, 3 * width // 4)]
    places += [(3 * height // 4, width // 4), (3 * height // 4, 3 * width // 4)]
    return [tuple(int(value) for value in pixels[place]) for place in places]


def assert_quarters(pixels: np.ndarray, within: int = 12) -> None:
    for seen, wanted in zip(corners(pixels), (RED, GREEN, BLUE, GREY), strict=True):
        assert np.abs(np.subtract(seen, wanted)).max() <= within, (corners(pixels), (RED, GREEN, BLUE, GREY))


FILES = {
    "jpeg": lambda: saved(quarters(), "JPEG", quality=95),
    "progressive jpeg": lambda: saved(quarters(), "JPEG", quality=95, progressive=True),
    "png": lambda: saved(quarters(), "PNG"),
    "palette png": lambda: saved(quarters().convert("P", palette=Image.Palette.ADAPTIVE), "PNG"),
    "webp": lambda: saved(quarters(), "WEBP", lossless=True),
    "lossy webp": lambda: saved(quarters(), "WEBP", quality=95),
    "gif": lambda: saved(quarters(), "GIF"),
    "avif": lambda: saved(quarters(), "AVIF", quality=95, subsampling="4:4:4"),
    "heic": lambda: heic(quarters(), chroma=444),
    "mpo": lambda: saved(quarters(), "MPO", save_all=True, append_images=[quarters()], quality=95),
}


@pytest.mark.parametrize("kind", FILES)
def test_every_format_keeps_its_colours_and_its_size(kind: str) -> None:
    pixels = read_photo(FILES[kind]()).pixels
    assert pixels.shape == (120, 160, 3)
    assert pixels.dtype == np.uint8
    assert pixels.flags.c_contiguous
    assert_quarters(pixels)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_photo_comes_out_upright_however_the_camera_was_held(orientation: int, kind: str) -> None:
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = quarters().transpose(undo[orientation]) if orientation in undo else quarters()
    exif = Image.Exif()
    exif[0x0112] = orientation
    pixels = read_photo(saved(stored, kind, exif=exif.tobytes(), quality=95)).pixels
    assert pixels.shape == (120, 160, 3)
    assert_quarters(pixels, within=16)


def test_a_heic_photo_is_turned_once_and_not_twice() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    stored = heic(quarters().transpose(Image.Transpose.ROTATE_90), chroma=444, exif=exif.tobytes())
    assert b"irot" in stored
    assert read_orientation(pillow_heif.open_heif(io.BytesIO(stored)).info["exif"]) == 6
    assert_quarters(read_photo(stored).pixels)


def test_damaged_exif_does_not_cost_the_photo() -> None:
    for exif in (
        b"Exif\x00\x00MM\x00\x2a\xff\xff\xff\xff",
        b"Exif\x00\x00",
        b"Exif\x00\x00II*\x00\x08\x00\x00\x00\xff\xff",
    ):
        assert_quarters(read_photo(saved(quarters(), "JPEG", quality=95, exif=exif)).pixels)


def test_stray_bytes_between_a_jpegs_segments_do_no_harm() -> None:
    data = saved(quarters(), "JPEG", quality=95)
    table = data.index(b"\xff\xdb")
    assert_quarters(read_photo(data[:table] + bytes(7) + b"\xff\xff" + data[table:]).pixels)


def test_a_cmyk_jpeg_keeps_its_colours() -> None:
    assert_quarters(read_photo(saved(quarters().convert("CMYK"), "JPEG", quality=98)).pixels)


def test_a_grey_photo_becomes_three_equal_channels() -> None:
    pixels = read_photo(saved(quarters().convert("L"), "JPEG")).pixels
    assert pixels.shape == (120, 160, 3)
    assert (pixels == pixels[..., :1]).all()


def test_sixteen_bit_pngs_keep_their_tones() -> None:
    ramp = np.tile(np.linspace(0, 65535, 128).astype(np.uint16), (100, 1))
    grey = read_photo(saved(Image.fromarray(ramp), "PNG")).pixels
    assert np.abs(grey[50, :, 0].astype(int) - (ramp[50] >> 8)).max() <= 1
    rows = b"".join(
        b"\x00" + np.stack([ramp[0], ramp[0][::-1], ramp[0] // 2], -1).astype(">u2").tobytes() for _ in range(100)
    )
    colour = read_photo(png_of(128, 100, depth=16, kind=2, rows=rows)).pixels
    assert np.abs(colour[50, :, 0].astype(int) - (ramp[0] >> 8)).max() <= 1
    assert np.abs(colour[50, :, 1].astype(int) - (ramp[0][::-1] >> 8)).max() <= 1


def test_black_and_white_pngs_are_read() -> None:
    pixels = read_photo(saved(quarters().convert("1"), "PNG")).pixels
    assert set(np.unique(pixels)) == {0, 255}


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF"])
def test_what_is_transparent_lies_on_white(kind: str) -> None:
    image = quarters().convert("RGBA")
    image.paste((200, 30, 30, 0), (0, 0, 80, 60))
    image.paste((0, 0, 0, 128), (80, 0, 160, 60))
    above_left, above_right, *_ = corners(read_photo(saved(image, kind, quality=95)).pixels)
    assert min(above_left) > 245
    assert all(abs(value - 127) < 10 for value in above_right)


@pytest.mark.parametrize("kind", ["PNG", "GIF"])
def test_a_palette_with_a_transparent_colour_lies_on_white(kind: str) -> None:
    image = quarters().convert("P", palette=Image.Palette.ADAPTIVE)
    clear = image.getpixel((10, 10))
    above_left, above_right, *_ = corners(read_photo(saved(image, kind, transparency=clear)).pixels)
    assert above_left == (255, 255, 255)
    assert above_right != (255, 255, 255)


def test_only_the_first_frame_of_an_animation_is_read() -> None:
    other = Image.new("RGB", (160, 120), (0, 0, 0))
    for kind in ("GIF", "WEBP", "PNG", "AVIF"):
        assert_quarters(
            read_photo(saved(quarters(), kind, save_all=True, append_images=[other], quality=95)).pixels, 20
        )


def test_an_embedded_profile_is_turned_into_srgb() -> None:
    """The test's profile says that red is green and green is red."""
    kinds = {"JPEG": {"quality": 95}, "PNG": {}, "WEBP": {"lossless": True}, "AVIF": {"quality": 95}}
    files = [saved(quarters(), kind, icc_profile=swapped_profile(), **options) for kind, options in kinds.items()]
    image = quarters()
    image.info["icc_profile"] = swapped_profile()
    for data in (*files, heic(image, chroma=444)):
        above_left, above_right, below_left, below_right = corners(read_photo(data).pixels)
        assert above_left[1] > 150 > 60 > above_left[0]
        assert above_right[0] > 150 > 60 > above_right[1]
        assert below_left[2] > 150
        assert max(below_right) - min(below_right) < 30


def test_a_damaged_or_unfitting_profile_is_ignored() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for profile in (srgb, lab, b"nonsense", srgb[:200], swapped_profile()[:150]):
        assert_quarters(read_photo(saved(quarters(), "JPEG", quality=95, icc_profile=profile)).pixels)
    grey = read_photo(saved(quarters().convert("L"), "PNG", icc_profile=lab)).pixels
    assert (grey == grey[..., :1]).all()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("size", [(4000, 3000), (3264, 2448), (2100, 1300), (700, 3100)])
def test_a_large_photo_is_bounded_and_keeps_its_shape(size: tuple[int, int], kind: str) -> None:
    pixels = read_photo(saved(quarters(*size), kind, **({"method": 0} if kind == "WEBP" else {})), 1024).pixels
    height, width = pixels.shape[:2]
    assert 1024 * photo.NEARLY <= max(width, height) <= 1024
    assert abs(width / height - size[0] / size[1]) < 0.02 * size[0] / size[1]
    assert_quarters(pixels)


def test_a_large_transparent_photo_lies_on_white_too() -> None:
    image = quarters(3200, 2400).convert("RGBA")
    image.paste((200, 30, 30, 0), (0, 0, 1600, 1200))
    above_left, above_right, *_ = corners(read_photo(saved(image, "PNG", compress_level=1), 512).pixels)
    assert above_left == (255, 255, 255)
    assert np.abs(np.subtract(above_right, GREEN)).max() <= 2


def test_a_small_photo_is_not_enlarged() -> None:
    assert read_photo(saved(quarters(64, 80), "PNG")).pixels.shape == (80, 64, 3)


def test_the_pixels_of_a_photo_cannot_be_changed_by_accident() -> None:
    for make in FILES.values():
        assert not read_photo(make()).pixels.flags.writeable


def test_an_empty_file_is_called_empty() -> None:
    with pytest.raises(EmptyFile):
        read_photo(b"")


def test_a_file_above_the_limit_is_refused_with_both_sizes() -> None:
    with pytest.raises(FileTooLarge, match="26 MB and I can take up to 25 MB"):
        read_photo(b"\xff\xd8\xff" + bytes(photo.MAX_BYTES))


@pytest.mark.parametrize(
    "data",
    [
        b"hello",
        b"%PDF-1.7 ...",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41",
        b"GIF",
        b"\xff\xd8",
        b"RIFF\x00\x00\x00\x00WAVE",
        b"\x00",
    ],
)
def test_other_files_are_not_called_pictures(data: bytes) -> None:
    with pytest.raises(NotAnImage):
        read_photo(data)


@pytest.mark.parametrize("kind", ["BMP", "TIFF", "PPM", "PDF", "ICO", "TGA", "PCX", "SGI"])
def test_formats_we_do_not_name_are_refused_even_if_pillow_reads_them(kind: str) -> None:
    with pytest.raises(NotAnImage):
        read_photo(saved(quarters(), kind))


@pytest.mark.parametrize("kind", [kind for kind in FILES if kind != "mpo"])
def test_a_truncated_file_is_called_broken(kind: str) -> None:
    data = FILES[kind]()
    for length in (len(data) // 2, len(data) * 3 // 4, 40):
        with pytest.raises(BrokenImage):
            read_photo(data[:length])


def test_a_palette_picture_without_a_palette_is_called_broken() -> None:
    with pytest.raises(BrokenImage):
        read_photo(png_of(96, 72, depth=8, kind=3, rows=bytes(97 * 72)))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_a_tiny_picture_is_refused_with_its_size(kind: str) -> None:
    with pytest.raises(ImageTooSmall, match="only 63×200 pixels"):
        read_photo(saved(quarters(63, 200), kind))


def test_a_strip_that_would_shrink_to_nothing_is_refused() -> None:
    with pytest.raises(ImageTooSmall):
        read_photo(saved(quarters(9000, 100), "PNG"))


def test_too_many_pixels_are_refused_before_anything_is_decoded() -> None:
    """The files hold a header and next to no data: decoding them would be called broken, not too large."""
    jpeg = saved(quarters(), "JPEG")
    frame = jpeg.index(b"\xff\xc0")
    jpeg = jpeg[: frame + 5] + struct.pack(">HH", 9000, 9000) + jpeg[frame + 9 :]
    gif = saved(quarters(), "GIF")
    gif = gif[:6] + struct.pack("<HH", 60000, 60000) + gif[10:]
    webp = (
        b"RIFF\x40\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00" + (15999).to_bytes(3, "little") * 2 + bytes(40)
    )
    assert read_header(webp).size == (16000, 16000)
    for data in (jpeg, gif, webp, png_of(50000, 50000, depth=8, kind=2, rows=b"")):
        with pytest.raises(TooManyPixels, match="megapixels"):
            read_photo(data)


def test_a_jpeg_of_endless_scans_is_refused_at_once() -> None:
    data = saved(quarters(), "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    with pytest.raises(BrokenImage):
        read_photo(data[:-2] + data[last:-2] * 5000 + data[-2:])


def test_metadata_made_to_wear_a_reader_out_is_passed_over() -> None:
    """Hundreds of thousands of tiny parts: with Pillow alone these take minutes, or gigabytes."""
    jpeg, png, gif = saved(quarters(), "JPEG", quality=95), saved(quarters(), "PNG"), saved(quarters(), "GIF")
    exif = b"\xff\xe1\x00\x0cExif\x00\x00abcd"
    text = chunk(b"tEXt", b"a\x00b")
    comment = b"\x21\xfe\x01a\x00"
    screen = 13 + (3 << ((gif[10] & 7) + 1))
    assert_quarters(read_photo(jpeg[:2] + exif * 40_000 + jpeg[2:]).pixels)
    for data in (
        jpeg[:2] + exif * 400_000 + jpeg[2:],
        png[:33] + text * 400_000 + png[33:],
        gif[:screen] + comment * 400_000 + gif[screen:],
    ):
        with pytest.raises(BrokenImage):
            read_photo(data)


def test_exif_entries_that_all_point_at_one_block_cost_nothing() -> None:
    entries = b"".join(struct.pack(">HHII", tag, 7, 40_000, 10) for tag in range(2000, 3500))
    exif = b"Exif\x00\x00MM\x00\x2a" + struct.pack(">IH", 8, 1500) + entries + bytes(40_000)
    assert_quarters(read_photo(saved(quarters(), "JPEG", quality=95, exif=exif)).pixels)


def test_reading_changes_no_setting_of_pillow_and_no_warning_filter() -> None:
    before = (Image.MAX_IMAGE_PIXELS, list(Image.ID), list(warnings.filters))
    for make in FILES.values():
        read_photo(make())
    for data in (b"\xff\xd8\xff\xe0", b"nonsense"):
        with pytest.raises(PhotoError):
            read_photo(data)
    assert (Image.MAX_IMAGE_PIXELS, list(Image.ID), list(warnings.filters)) == before


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png_of(width: int, height: int, depth: int, kind: int, rows: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def swapped_profile() -> bytes:
    """LittleCMS's sRGB profile with the red and green primaries in each other's place, and a name of its own."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    (count,) = struct.unpack_from(">I", profile, 128)
    for entry in range(132, 132 + 12 * count, 12):
        name = bytes(profile[entry : entry + 4])
        profile[entry : entry + 4] = {b"rXYZ": b"gXYZ", b"gXYZ": b"rXYZ"}.get(name, name)
    return bytes(profile).replace("sRGB".encode("utf-16-be"), "swap".encode("utf-16-be"))
