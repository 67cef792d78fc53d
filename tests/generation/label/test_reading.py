"""Whose manifest a file carries and whether it still holds, however hostile the file."""

import io
import json
import random
import struct
import time
import zlib
from datetime import date

import pytest
from c2pa import Builder, C2paSignerInfo, C2paSigningAlg, Context, Signer
from PIL import Image, PngImagePlugin

from generation.label.certificates import key_to_pem
from generation.label.chain import Ours, read_ours
from generation.label.kinds import IPTC, Kind
from generation.label.manifest import Bound, Facts
from generation.label.reading import MOST_MANIFEST_BYTES, MOST_NAME, UNREADABLE, State, read_manifest
from generation.label.seal import SETTINGS, open_signer, sign_picture
from generation.label.signing import Signing
from tests.fakes.authority import Authority
from tests.generation.label.test_seal import as_file, picture

FACTS = Facts("0123456789ab", Kind.COMPOSITE, "Neon & rain", date(2026, 11, 22), Bound("3a0000000042"))
NOBODY = Ours("", frozenset())


@pytest.fixture(scope="module")
def signing(tmp_path_factory):
    return Signing(tmp_path_factory.mktemp("signing"))


@pytest.fixture(scope="module")
def signed(signing):
    return sign_picture(picture(FACTS), FACTS, open_signer(signing)).data


@pytest.fixture(scope="module")
def ours(signing, signed):
    return read_ours(signing.folder)


def signed_by_others(**fields):
    """By a stranger's program; `fields` go into the manifest."""
    authority = Authority()
    stranger = authority.certify()
    info = C2paSignerInfo(
        C2paSigningAlg.ES256, authority.chain(stranger).pem.encode(), key_to_pem(stranger.key).encode(), None
    )
    action = {"action": "c2pa.created", "digitalSourceType": IPTC + "digitalCapture"}
    definition = {
        "claim_generator_info": [{"name": "Some camera", "version": "1"}],
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [action | fields.pop("action", {})]}}],
    } | fields
    out = io.BytesIO()
    with Builder(definition, Context.from_dict(SETTINGS)) as builder:
        builder.sign(Signer.from_info(info), "image/jpeg", io.BytesIO(as_file("JPEG")), out)
    return out.getvalue()


def test_a_file_without_a_manifest_has_none():
    for data in (
        b"",
        b"\xff\xd8\xff",
        b"RIFF....WEBP",
        as_file("JPEG"),
        as_file("PNG"),
        as_file("WEBP"),
        as_file("GIF"),
    ):
        assert read_manifest(data, NOBODY) is None


def test_a_changed_pixel_breaks_it_and_the_facts_stay(signed, ours):
    changed = bytearray(signed)
    changed[-len(changed) // 4] ^= 0x10
    read = read_manifest(bytes(changed), ours)
    assert (read.state, read.intact, read.facts) == (State.BROKEN, False, FACTS)
    assert read_manifest(signed + b"more", ours).state is State.BROKEN


def test_another_packet_breaks_it(signed, ours):
    read = read_manifest(signed.replace(b"Neon &amp; rain</rdf:li>", b"Real photograph</rdf:li>"), ours)
    assert (read.state, read.facts) == (State.BROKEN, FACTS)


def test_our_manifest_on_another_picture_is_broken(signed, ours):
    at = signed.index(b"\xff\xeb")
    length = int.from_bytes(signed[at + 2 : at + 4]) + 2
    other = as_file("JPEG", quality=60)
    assert read_manifest(other[:2] + signed[at : at + length] + other[2:], ours).state is State.BROKEN


def test_changed_words_in_the_manifest_break_it_and_are_not_repeated(signed, ours):
    read = read_manifest(signed.replace(b"Style: Neon", b"Style: Real"), ours)
    assert (read.state, read.intact, read.facts) == (State.BROKEN, False, None)


def test_what_was_encoded_again_has_lost_it(signed, ours):
    file = io.BytesIO()
    Image.open(io.BytesIO(signed)).save(file, "JPEG")
    assert read_manifest(file.getvalue(), ours) is None


@pytest.mark.parametrize(
    ("fields", "says_ai"),
    [
        ({}, False),
        ({"action": {"digitalSourceType": IPTC + "trainedAlgorithmicMedia"}}, True),
        ({"action": {"digitalSourceType": IPTC + "compositeWithTrainedAlgorithmicMedia"}}, True),
        ({"action": {"digitalSourceType": IPTC + "algorithmicallyEnhanced"}}, False),
        ({"claim_generator_info": [{"name": "Adobe_Firefly"}]}, True),
        ({"claim_generator_info": [{"name": "ChatGPT"}]}, True),
    ],
)
def test_others_manifests_say_who_made_it_and_whether_by_ai(fields, says_ai, ours):
    read = read_manifest(signed_by_others(**fields), ours)
    assert (read.state, read.intact, read.says_ai, read.facts) == (State.OTHERS, True, says_ai, None)
    name = fields.get("claim_generator_info", [{"name": "Some camera 1"}])[0]["name"]
    assert read.generator == name


def test_a_stranger_cannot_borrow_our_facts(ours):
    from generation.label.manifest import describe

    read = read_manifest(signed_by_others(**{**describe(FACTS), "title": "ours"}), ours)
    assert (read.state, read.facts) == (State.OTHERS, None)


def test_a_strangers_words_are_cut_and_bare():
    name = "Evil\n\x1b[31m\u202e\u200b" + "x" * 500
    read = read_manifest(signed_by_others(claim_generator_info=[{"name": name}]), NOBODY)
    assert read.generator.startswith("Evil[31mxxx")
    assert len(read.generator) == MOST_NAME


def test_no_address_in_a_file_is_followed():
    """A file whose manifest lies elsewhere has none here."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/manifest.c2pa"
        xmp = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        xmp += f'<rdf:Description xmlns:dcterms="http://purl.org/dc/terms/" dcterms:provenance="{url}"/></rdf:RDF>'
        data = as_file("JPEG", xmp=(xmp + "</x:xmpmeta>").encode())
        assert read_manifest(data, NOBODY) is None
        assert read_manifest(data[:2] + segments(box(b"c2pa")) + data[2:], NOBODY).intact is False
        with pytest.raises(BlockingIOError):
            listening.accept()


def box(label, body=b""):
    description = b"c2pa" + bytes.fromhex("00110010800000aa00389b71") + b"\x03" + label + b"\0"
    inner = struct.pack(">I4s", 8 + len(description), b"jumd") + description + body
    return struct.pack(">I4s", 8 + len(inner), b"jumb") + inner


def segments(jumbf):
    """A box as JPEG carries it, in segments of 60,000 bytes."""
    out = b""
    for number, at in enumerate(range(8, max(len(jumbf), 9), 60_000), 1):
        body = b"JP" + struct.pack(">HI", 1, number) + jumbf[:8] + jumbf[at : at + 60_000]
        out += b"\xff\xeb" + struct.pack(">H", len(body) + 2) + body
    return out


def nested(depth):
    inner = b""
    for _ in range(depth):
        inner = box(b"c2pa", inner)
    return inner


HOSTILE = {
    "empty": lambda: box(b"c2pa"),
    "deep boxes": lambda: nested(5000),
    "many boxes": lambda: box(b"c2pa", b"".join(box(b"urn:c2pa:%06d" % number) for number in range(50_000))),
    "a box longer than the file": lambda: struct.pack(">I4s", 0x7FFFFFFF, b"jumb") + b"x" * 1000,
    "too much": lambda: box(b"c2pa", b"\0" * MOST_MANIFEST_BYTES),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_boxes_are_somebodys_and_cost_no_time(case):
    bare = as_file("JPEG")
    data = bare[:2] + segments(HOSTILE[case]()) + bare[2:]
    started = time.thread_time()
    assert (read_manifest(data, NOBODY) or UNREADABLE) == UNREADABLE
    assert time.thread_time() - started < 2


@pytest.mark.parametrize(
    "filling", [b"\x81", b"\xc1", b"\xa1\x00", b"\x9b\x7f" + b"\xff" * 7, b"\x7b\x7f" + b"\xff" * 7]
)
def test_hostile_contents_are_not_intact(filling):
    """CBOR nested 40,000 deep, or that claims to be longer than memory."""
    length = 40_000
    data = signed_by_others(action={"description": "A" * length})
    text = b"\x79" + struct.pack(">H", length) + b"A" * length
    assert text in data
    data = data.replace(text, (filling * len(text))[: len(text)])
    assert read_manifest(data, NOBODY).intact is False


def test_no_damage_makes_it_raise_or_say_more_than_we_signed(signed, ours):
    rng = random.Random(6)
    start = signed.index(b"\xff\xeb")
    end = start + int.from_bytes(signed[start + 2 : start + 4])
    for _ in range(400):
        damaged = bytearray(signed)
        for _ in range(rng.choice((1, 2, 8))):
            damaged[rng.randrange(start, end)] = rng.choice((0, 0x7F, 0xFF, rng.randrange(256)))
        if rng.random() < 0.2:
            cut = rng.randrange(start, end)
            del damaged[cut : cut + rng.randrange(60)]
        read = read_manifest(bytes(damaged), ours)
        assert read is None or read.facts in (None, FACTS)


def test_a_png_may_say_it_in_many_chunks_without_costing_time():
    """Texts that unpack to far more than they are."""
    bomb = zlib.compress(b"\0" * (1 << 20), 9)
    info = PngImagePlugin.PngInfo()
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, "PNG", pnginfo=info)
    body = b"parameters\0\0" + bomb
    chunk = struct.pack(">I", len(body)) + b"zTXt" + body + struct.pack(">I", zlib.crc32(b"zTXt" + body))
    data = file.getvalue()[:33] + chunk * 5000 + file.getvalue()[33:]
    started = time.thread_time()
    assert read_manifest(data, NOBODY) is None
    assert time.thread_time() - started < 2


def test_the_example_of_another_program_is_read_like_c2pas_own_reader(ours):
    from tests.generation.label.test_seal import c2pas_own_reading

    data = signed_by_others(action={"digitalSourceType": IPTC + "trainedAlgorithmicMedia"})
    theirs = c2pas_own_reading(data)
    assert theirs["validation_state"] == "Valid"
    assert "trainedAlgorithmicMedia" in json.dumps(theirs)
    assert read_manifest(data, ours).sources == ("trainedAlgorithmicMedia",)
