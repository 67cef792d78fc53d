"""The packet, read back by an XML parser and, where it is installed, by exiftool."""

import json
import shutil
import subprocess
import xml.etree.ElementTree as ET
from datetime import date

import pytest

from generation.label.kinds import Kind
from generation.label.metadata import NAMESPACES, program_version, xmp_packet

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
NASTY = 'A <b> & "c" \'d\' ]]> \x00\x07\ud800\ufffe é 星 🎃 <?xpacket end="w"?>'


def read(packet):
    """Field -> text, or for languages a dict of texts."""
    description = ET.fromstring(packet.decode()).find(f"{{{RDF}}}RDF/{{{RDF}}}Description")
    assert description is not None
    prefixes = {uri: prefix for prefix, uri in NAMESPACES.items()}
    fields = {}
    for element in description:
        uri, name = element.tag[1:].split("}")
        entries = {entry.get(XML_LANG): entry.text for entry in element.iter(f"{{{RDF}}}li")}
        fields[f"{prefixes[uri]}:{name}"] = entries or element.text
    return fields


@pytest.mark.parametrize("kind", Kind)
def test_the_packet_says_what_made_the_picture(kind):
    fields = read(xmp_packet(kind, "Goth", "a1b2", date(2026, 11, 22)))
    assert fields["Iptc4xmpExt:DigitalSourceType"] == kind.words.source_uri
    assert fields["Iptc4xmpExt:AISystemUsed"] == "selfiebot"
    assert fields["Iptc4xmpExt:AISystemVersionUsed"] == program_version()
    assert fields["Iptc4xmpExt:DigImageGUID"] == "a1b2"
    assert fields["xmp:CreatorTool"] == f"selfiebot {program_version()}"
    assert fields["xmp:CreateDate"] == "2026-11-22"
    for field in ("dc:description", "Iptc4xmpCore:AltTextAccessibility"):
        assert fields[field]["x-default"] == fields[field]["en"] == f"{kind.words.said}. Style: Goth"
    aigc = json.loads(fields["TC260:AIGC"])
    assert (aigc["Label"], aigc["ContentProducer"], aigc["ProduceID"]) == ("1", "selfiebot", "a1b2")


def test_an_operators_odd_title_cannot_break_the_packet():
    fields = read(xmp_packet(Kind.ENHANCED, NASTY, NASTY, date(2026, 1, 1)))
    clean = 'A <b> & "c" \'d\' ]]>  é 星 🎃 <?xpacket end="w"?>'
    assert fields["dc:description"]["en"].endswith(clean)
    assert fields["Iptc4xmpExt:DigImageGUID"] == clean
    assert json.loads(fields["TC260:AIGC"])["ProduceID"] == NASTY


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
def test_exiftool_finds_every_field_and_nothing_wrong(tmp_path):
    from generation.label.stamp import Label, stamp
    from tests.generation.label.test_stamp import plain

    file = tmp_path / "picture.jpg"
    file.write_bytes(stamp(plain(), Label("a1b2", Kind.COMPOSITE, "Neon & rain", date(2026, 11, 22))))
    command = ["exiftool", "-j", "-s", "-validate", "-warning", "-XMP:all", str(file)]
    found = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)[0]
    assert found["Validate"] == "OK"
    assert "Warning" not in found
    assert found["DigitalSourceType"] == Kind.COMPOSITE.words.source_uri
    assert found["AISystemUsed"] == "selfiebot"
    assert found["DigitalImageGUID"] == "a1b2"
    assert found["AltTextAccessibility"] == f"{Kind.COMPOSITE.words.said}. Style: Neon & rain"
    assert json.loads(found["Aigc"])["ProduceID"] == "a1b2"
