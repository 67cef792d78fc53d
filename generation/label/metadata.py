"""What the file says about itself, for machines: an XMP packet. Knows no pixels, and nothing of the person.

Field names: IPTC Photo Metadata Standard 2025.1 (AI systems, alt text), and `TC260:AIGC` of China's practice guide
TC260-PG-20258A. California's SB 942 asks for provider, system with version, time and unique id.
"""

import json
import re
from datetime import date
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from xml.sax.saxutils import escape

from generation.label.kinds import Kind

PROGRAM = "selfiebot"
NAMESPACES = {
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "TC260": "http://www.tc260.org.cn/ns/AIGC/1.0/",
}
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, section 2.2


def xmp_packet(kind: Kind, title: str, picture_id: str, day: date) -> bytes:
    """The packet for one picture.

    Args:
        title: the style's title.
        picture_id: unique, random, says nothing about anyone.
        day: of making. No time of day: that could tell two people's pictures apart.
    """
    said = {"x-default": f"{kind.words.said}. Style: {title}", "en": f"{kind.words.said}. Style: {title}"}
    fields = [
        _text("Iptc4xmpExt:DigitalSourceType", kind.words.source_uri),
        _text("Iptc4xmpExt:AISystemUsed", PROGRAM),
        _text("Iptc4xmpExt:AISystemVersionUsed", program_version()),
        _text("Iptc4xmpExt:DigImageGUID", picture_id),
        _text("xmp:CreatorTool", f"{PROGRAM} {program_version()}"),
        _text("xmp:CreateDate", day.isoformat()),
        _by_language("dc:description", said),
        _by_language("Iptc4xmpCore:AltTextAccessibility", said),
        _text("TC260:AIGC", _aigc(picture_id)),
    ]
    names = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" {names}>\n{"".join(fields)}</rdf:Description></rdf:RDF></x:xmpmeta>\n'
        '<?xpacket end="w"?>'
    ).encode()


@cache
def program_version() -> str:
    try:
        return version(PROGRAM)
    except PackageNotFoundError:  # run from a checkout that was never installed
        return "development"


def _aigc(picture_id: str) -> str:
    """GB 45438-2025, annex E: Label 1 is "made or altered by AI"; the propagator is who passes it on, not us."""
    return json.dumps(
        {
            "Label": "1",
            "ContentProducer": PROGRAM,
            "ProduceID": picture_id,
            "ReservedCode1": "",
            "ContentPropagator": "",
            "PropagateID": "",
            "ReservedCode2": "",
        }
    )


def _text(field: str, value: str) -> str:
    return f"<{field}>{_clean(value)}</{field}>\n"


def _by_language(field: str, texts: dict[str, str]) -> str:
    entries = "".join(f'<rdf:li xml:lang="{language}">{_clean(text)}</rdf:li>' for language, text in texts.items())
    return f"<{field}><rdf:Alt>{entries}</rdf:Alt></{field}>\n"


def _clean(value: str) -> str:
    return escape(NOT_XML.sub("", value))
