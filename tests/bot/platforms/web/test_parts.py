"""The small parts: names, kinds of files, sizes."""

import io

import pytest
from PIL import Image

from bot.platforms.web.guard import Names, policy
from bot.platforms.web.pictures import UNKNOWN, jpeg_size, kind_of


@pytest.mark.parametrize(
    ("bound", "host", "known"),
    [
        ("127.0.0.1", "localhost:8080", True),
        ("127.0.0.1", "LOCALHOST", True),
        ("127.0.0.1", "127.0.0.1:1", True),
        ("127.0.0.1", "[::1]", True),
        ("127.0.0.1", "192.168.1.5", False),
        ("127.0.0.1", "rebind.example", False),
        ("127.0.0.1", "localhost.evil.example", False),
        ("127.0.0.1", "", False),
        ("127.0.0.1", "a b", False),
        ("127.0.0.1", "localhost:99999999", False),
        ("0.0.0.0", "192.168.1.5:8080", True),
        ("0.0.0.0", "rebind.example", False),
        ("0.0.0.0", "selfie.lan", True),
    ],
)
def test_only_names_that_cannot_be_rebound_are_known(bound: str, host: str, known: bool) -> None:
    assert Names(bound, ["selfie.lan"] if bound == "0.0.0.0" else []).know(host) is known


def test_the_policy_lets_nothing_in_from_elsewhere() -> None:
    rules = dict(rule.split(" ", 1) for rule in policy("localhost:1").split("; "))
    assert rules["connect-src"] == "'self' ws://localhost:1 wss://localhost:1"
    assert rules["default-src"] == rules["frame-ancestors"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert not any("*" in rule or "unsafe" in rule or "data:" in rule for rule in rules.values())


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_pictures_kind_is_seen_in_its_first_bytes(format: str) -> None:
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, format)
    assert kind_of(file.getvalue()) == f"image/{format.lower()}"


@pytest.mark.parametrize("data", [b"", b"<svg>", b"<html>", b"%PDF", b"RIFF\0\0\0\0WAVE", b"\0\0\0\x18ftypmp42"])
def test_what_is_no_picture_has_no_kind(data: bytes) -> None:
    assert kind_of(data) == UNKNOWN


def test_phones_kinds_are_known() -> None:
    assert kind_of(b"\0\0\0\x18ftypheic") == "image/heic"
    assert kind_of(b"\0\0\0\x18ftypavif") == "image/avif"


@pytest.mark.parametrize(
    "how", [{}, {"progressive": True}, {"exif": b"Exif\0\0" + bytes(3000)}, {"comment": b"x" * 999}]
)
def test_a_jpegs_size_is_read_from_its_header(how: dict[str, object]) -> None:
    file = io.BytesIO()
    Image.new("RGB", (123, 45)).save(file, "JPEG", **how)
    assert jpeg_size(file.getvalue()) == (123, 45)


@pytest.mark.parametrize("data", [b"", b"\xff\xd8", b"\xff\xd8\xff\xc0\0\x11", b"nothing of the kind", bytes(100)])
def test_what_has_no_header_has_no_size(data: bytes) -> None:
    assert jpeg_size(data) is None
