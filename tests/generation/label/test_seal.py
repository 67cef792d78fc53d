"""A signed picture: trusted by who knows the root, changed in nothing else, and silent about the person."""

import io
import json
import shutil
import subprocess
import threading
from datetime import date

import numpy as np
import pytest
from c2pa import Context, Reader
from PIL import Image

from generation.label.chain import Ours, read_ours
from generation.label.kinds import Kind
from generation.label.manifest import PHOTO, Bound, Facts
from generation.label.metadata import xmp_packet
from generation.label.reading import State, read_manifest
from generation.label.seal import open_signer, sign_picture
from generation.label.signing import Signing, SigningUnusable
from generation.label.stamp import Label, stamp

DAY = date(2026, 11, 22)
FACTS = Facts("0123456789ab", Kind.COMPOSITE, "Neon & rain", DAY, Bound("3a0000000042"))
NOBODY = Ours("", frozenset())


def noise(height=270, width=216, seed=1):
    small = np.random.default_rng(seed).integers(0, 256, (height // 8, width // 8, 3), dtype=np.uint8)
    return np.asarray(Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC))


def picture(facts=FACTS, pixels=None):
    return stamp(noise() if pixels is None else pixels, Label(facts.picture_id, facts.kind, facts.title, facts.day))


def as_file(form, **options):
    file = io.BytesIO()
    Image.fromarray(noise()).save(file, form, **options)
    return file.getvalue()


def decoded(data):
    return np.asarray(Image.open(io.BytesIO(data)))


@pytest.fixture(scope="module")
def signing(tmp_path_factory):
    return Signing(tmp_path_factory.mktemp("label") / "signing")


@pytest.fixture(scope="module")
def signer(signing):
    return open_signer(signing)


@pytest.fixture(scope="module")
def ours(signing, signer):
    return read_ours(signing.folder)


@pytest.fixture(scope="module")
def signed(signer):
    return sign_picture(picture(), FACTS, signer).data


def c2pas_own_reading(data, anchors="", media="image/jpeg"):
    settings = {"verify": {"remote_manifest_fetch": False}} | ({"trust": {"user_anchors": anchors}} if anchors else {})
    with Reader(media, io.BytesIO(data), context=Context.from_dict(settings)) as reader:
        return json.loads(reader.json())


@pytest.mark.parametrize("from_photo", [True, False])
@pytest.mark.parametrize("mark", [None, FACTS.mark])
@pytest.mark.parametrize("kind", Kind)
def test_what_was_signed_is_read_back_and_c2pas_own_reader_trusts_it(signer, ours, kind, mark, from_photo):
    modified = kind.words.badge == "MODIFIED"
    facts = Facts("a1b2", kind, 'Odd “title” . Style: <x> & "y" 星', DAY, mark, from_photo or modified)
    data = sign_picture(picture(facts), facts, signer).data
    read = read_manifest(data, ours)
    assert (read.state, read.intact, read.facts) == (State.INTACT, True, facts)
    assert read.sources == (kind.words.source,)
    assert read.generator.startswith("selfiebot ")

    theirs = c2pas_own_reading(data, ours.anchors)
    assert theirs["validation_state"] == "Trusted"
    assert theirs["validation_results"]["activeManifest"]["failure"] == []
    manifest = theirs["manifests"][theirs["active_manifest"]]
    data = {assertion["label"]: assertion["data"] for assertion in manifest["assertions"]}
    names = [action["action"] for action in data["c2pa.actions.v2"]["actions"]]
    assert names == (["c2pa.opened", "c2pa.edited"] if modified else ["c2pa.created"]) + (
        ["c2pa.watermarked.bound"] if mark else []
    )
    assert ("c2pa.soft-binding" in data) == (mark is not None)
    assert [one["title"] for one in manifest.get("ingredients", [])] == [PHOTO] * facts.from_photo


def test_who_does_not_know_the_root_finds_it_whole_and_untrusted(signed):
    read = read_manifest(signed, NOBODY)
    assert (read.state, read.intact, read.facts, read.says_ai) == (State.OTHERS, True, None, True)
    theirs = c2pas_own_reading(signed)
    assert theirs["validation_state"] == "Valid"
    assert [f["code"] for f in theirs["validation_results"]["activeManifest"]["failure"]] == [
        "signingCredential.untrusted"
    ]


def test_another_bots_signature_is_not_ours_even_under_the_same_root(signed, ours):
    assert read_manifest(signed, Ours(ours.anchors, frozenset({"12345"}))).state is State.OTHERS


@pytest.mark.parametrize(("form", "media"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")])
def test_the_pixels_and_the_packet_stay_as_they_were(signer, ours, form, media):
    packet = xmp_packet(FACTS.kind, FACTS.title, FACTS.picture_id, DAY)
    bare = as_file(form, **({} if form == "PNG" else {"xmp": packet}))
    data = sign_picture(bare, FACTS, signer).data
    assert (decoded(data) == decoded(bare)).all()
    assert (packet in data) == (form != "PNG")
    assert read_manifest(data, ours).facts == FACTS
    assert c2pas_own_reading(data, ours.anchors, media)["validation_state"] == "Trusted"


def test_other_files_are_refused_in_words(signer):
    for data in (b"", b"GIF89a", as_file("GIF"), as_file("BMP")):
        with pytest.raises(SigningUnusable, match="JPEG, PNG and WebP"):
            sign_picture(data, FACTS, signer)
    with pytest.raises(SigningUnusable, match="cannot be signed"):
        sign_picture(b"\xff\xd8\xffgarbage", FACTS, signer)


def test_a_manifest_is_small(signer):
    bare = picture(pixels=noise(1350, 1080))
    longest = Facts("0123456789ab", Kind.COMPOSITE, "T" * 60, DAY, Bound("3a0000000042"))
    assert len(sign_picture(bare, longest, signer).data) - len(bare) <= 5000


def test_nothing_of_the_persons_photo_is_in_the_manifest(signer):
    """Markers in a photo's metadata and in its very pixels, planted as a careless road would carry them over."""
    secret = b"SECRET-MARKER-OF-THE-PHOTO"
    exif = Image.Exif()
    exif[0x010E] = secret.decode()
    photo = as_file("JPEG", exif=exif, comment=secret, quality=95)
    pixels = np.asarray(Image.open(io.BytesIO(photo))).copy()
    pixels[:1, : len(secret)] = np.frombuffer(secret, np.uint8)[None, :, None]
    bare = picture(pixels=pixels)
    data = sign_picture(bare, FACTS, signer).data
    at = next(n for n in range(len(bare)) if bare[n] != data[n])
    manifest = data[at : at + len(data) - len(bare)]
    assert data == bare[:at] + manifest + bare[at:], "nothing but the manifest was added"
    assert secret not in data
    assert secret not in manifest
    for trace in (b"\xff\xd8\xff", b"\x89PNG", b"JFIF", b"Exif", b"thumbnail", pixels.tobytes()[:64], photo[100:164]):
        assert trace not in manifest
    told = c2pas_own_reading(data)
    (ingredient,) = told["manifests"][told["active_manifest"]]["ingredients"]
    assert set(ingredient) == {"title", "format", "relationship", "label"}


def test_two_pictures_of_a_day_tell_no_time_apart(signer):
    one, other = (sign_picture(picture(), FACTS, signer).data for _ in range(2))
    read = [c2pas_own_reading(data)["manifests"].popitem()[1] for data in (one, other)]
    for manifest in read:  # the ingredient's hash is salted at random
        del manifest["assertions"][0]["data"]["actions"][0]["parameters"]
    assert read[0]["assertions"] == read[1]["assertions"]
    assert read[0]["signature_info"] == read[1]["signature_info"]


def test_threads_may_sign_at_once(signer, ours):
    bare, states = picture(), []

    def many():
        states.extend(read_manifest(sign_picture(bare, FACTS, signer).data, ours).state for _ in range(5))

    threads = [threading.Thread(target=many) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert states == [State.INTACT] * 20


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
def test_exiftool_reads_the_same_of_packet_and_manifest(tmp_path, signed):
    file = tmp_path / "picture.jpg"
    file.write_bytes(signed)
    command = ["exiftool", "-j", "-s", "-G", "-validate", "-warning", "-XMP:all", "-JUMBF:all", str(file)]
    found = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)[0]
    assert found["ExifTool:Validate"] == "OK"
    assert found["XMP:DigitalSourceType"] == Kind.COMPOSITE.words.source_uri
    assert found["XMP:DigitalImageGUID"] == FACTS.picture_id
    assert Kind.COMPOSITE.words.source_uri in found["JUMBF:ActionsDigitalSourceType"]
    assert f"{Kind.COMPOSITE.words.said}. Style: {FACTS.title}" in found["JUMBF:ActionsDescription"]
