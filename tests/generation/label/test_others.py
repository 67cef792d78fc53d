"""How other programs mark what they made, found wherever they write it; and photos, in which nothing is found."""

import io
import json
import re
import struct
import time
import zlib

import pytest
from PIL import Image, PngImagePlugin

from generation.label.containers import MOST_IN_ALL, Layer, media_type, parts_of
from generation.label.others import Sign, find_signs, known, name_generator
from tests.generation.label.test_seal import as_file

XMP = '<rdf:Description xmlns:Iptc4xmpExt="x" {}/>'
IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"


def png(**texts):
    info = PngImagePlugin.PngInfo()
    for key, text in texts.items():
        info.add_text(key, text, zip=len(text) > 200)
    return as_file("PNG", pnginfo=info)


def with_comment(text, form="JPEG"):
    """EXIF's UserComment in UTF-16, as web UIs write it into JPEG and WebP."""
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9286] = b"UNICODE\0" + text.encode("utf-16-be")
    return as_file(form, exif=exif)


CASES = {
    "web UI": (png(parameters="a cat\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1"), "Stable Diffusion web UI"),
    "web UI, JPEG": (with_comment("a cat\nSteps: 20, Sampler: Euler a"), "Stable Diffusion web UI"),
    "web UI, WebP": (with_comment("a cat\nSteps: 20, Sampler: Euler a", "WEBP"), "Stable Diffusion web UI"),
    "long": (png(parameters="cat " * 500 + "\nSteps: 9, Sampler: DDIM"), "Stable Diffusion web UI"),
    "ComfyUI": (png(prompt=json.dumps({"3": {"class_type": "KSampler"}})), "ComfyUI"),
    "InvokeAI": (png(invokeai_metadata="{}"), "InvokeAI"),
    "NovelAI": (png(Software="NovelAI"), "NovelAI"),
    "Midjourney": (png(Description="a cat --v 6 Job ID: 01234567-89ab-cdef-0123-456789abcdef"), "Midjourney"),
    "Firefly": (as_file("JPEG", xmp=XMP.format('xmp:CreatorTool="Adobe Firefly"').encode()), "Adobe Firefly"),
    "OpenAI": (as_file("WEBP", xmp=XMP.format('xmp:CreatorTool="OpenAI DALL·E"').encode()), "OpenAI"),
    "Meta": (as_file("JPEG", xmp=XMP.format('photoshop:Credit="Made with Meta AI"').encode()), "Meta AI"),
    "Google": (as_file("JPEG", xmp=XMP.format('photoshop:Credit="Edited with Google AI"').encode()), "Google AI"),
    "IPTC": (as_file("JPEG", xmp=XMP.format(f'a="{IPTC}trainedAlgorithmicMedia"').encode()), "IPTC"),
    "IPTC, composite": (as_file("JPEG", xmp=f"{IPTC}compositeWithTrainedAlgorithmicMedia".encode()), "IPTC"),
    "AIGC": (
        as_file("JPEG", xmp=b"<TC260:AIGC>{&quot;Label&quot;: &quot;1&quot;}</TC260:AIGC>"),
        "AIGC (China, GB 45438)",
    ),
    "AIGC, EXIF": (with_comment('{"AIGC": {"Label": "1"}}'), "AIGC (China, GB 45438)"),
    "AIGC, PNG": (png(AIGC='{"AIGC": {"Label": "1"}}'), "AIGC (China, GB 45438)"),
    "comment": (as_file("JPEG", comment=b"made by Stable Diffusion"), "Stability AI"),
    "IPTC block": (
        as_file("JPEG")[:2]
        + b"\xff\xed\x00\x2aPhotoshop 3.0\x008BIM\x04\x04 Imagined with AI\0\0\0"
        + as_file("JPEG")[2:],
        "Meta AI",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_other_programs_write_is_found(case):
    data, name = CASES[case]
    assert [sign.name for sign in find_signs(data)][:1] == [name]


def test_programs_are_named_before_standards_and_each_once():
    text = f'xmp:CreatorTool="Adobe Firefly" xmp:Again="Adobe Firefly" a="{IPTC}trainedAlgorithmicMedia"'
    signs = find_signs(as_file("JPEG", xmp=XMP.format(text).encode()))
    assert signs == (Sign("Adobe Firefly", Layer.XMP), Sign("IPTC", Layer.XMP))


def test_photos_and_edited_photos_say_nothing():
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0131] = "Apple", "iPhone 17", "Adobe Photoshop 2026"
    retouched = XMP.format(f'xmp:CreatorTool="Adobe Photoshop Lightroom" a="{IPTC}digitalCapture"')
    for data in (
        as_file("JPEG", exif=exif, xmp=retouched.encode()),
        as_file("JPEG", xmp=f"{IPTC}algorithmicallyEnhanced {IPTC}compositeCapture".encode()),
        png(Comment="Made with GIMP", Description="Steps: 12 up to the church"),
        as_file("GIF"),
        b"",
    ):
        assert find_signs(data) == ()


def test_generators_of_manifests_are_named():
    assert name_generator("ChatGPT") == "OpenAI"
    assert name_generator("Adobe_Firefly/1.0") == "Adobe Firefly"
    assert name_generator("Leica M11-P") == ""
    assert name_generator("selfiebot 0.1.0") == ""


def test_the_table_is_whole():
    rows = known()
    assert len({row.name for row in rows}) == len(rows)
    assert all(row.where and re.compile(row.has) for row in rows)


@pytest.mark.parametrize("letter", ["a", "Job ID: ", "AIGC ", "made with ", "Steps: 1", "{", "&", "\u202e"])
def test_no_text_costs_time(letter):
    started = time.thread_time()
    find_signs(png(parameters=letter * (1_000_000 // len(letter))))
    assert time.thread_time() - started < 2


def test_texts_that_unpack_to_very_much_cost_no_time():
    body = b"parameters\0\0" + zlib.compress(b"a" * (1 << 20), 9)
    chunk = struct.pack(">I", len(body)) + b"zTXt" + body + b"\0\0\0\0"
    bare = as_file("PNG")
    data = bare[:33] + chunk * 3000 + bare[33:]
    assert sum(len(part.data) for part in parts_of(data)) <= MOST_IN_ALL
    started = time.thread_time()
    assert find_signs(data) == ()
    assert time.thread_time() - started < 4


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_file_cut_anywhere_is_read_as_far_as_it_goes(form):
    data = CASES["web UI"][0] if form == "PNG" else with_comment("Steps: 20, Sampler", form)
    assert Image.open(io.BytesIO(data)).format == form
    for end in range(0, len(data), max(len(data) // 300, 1)):
        list(parts_of(data[:end]))
    assert media_type(data[:12])
