"""What the doctor asks of the way pictures are signed: would anybody's reader accept it? Knows no settings.

It signs a picture on trial and reads it back, as a stranger would.
"""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from generation.label.certificates import faults_of, to_pem
from generation.label.chain import Credentials, Ours, find_credentials
from generation.label.kinds import Kind
from generation.label.manifest import Facts
from generation.label.reading import State, read_manifest
from generation.label.seal import TSA_S, make_signer, sign_picture
from generation.label.signing import Signing, SigningUnusable

WARNED = timedelta(days=30)  # before a certificate expires
WHITE_PIXEL = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5"
    "PTgyPC4zNDL/wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAB//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8Af3//2Q=="
)
"""A JPEG of one."""


class Verdict(StrEnum):
    FINE = "fine"
    NOTE = "note"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    verdict: Verdict
    what: str


def check_signing(signing: Signing, now: datetime | None = None) -> list[Finding]:
    """What is wrong with it, what will be, and what works. Makes the development chain if it is needed and missing."""
    now = now or datetime.now(UTC)
    try:
        credentials = find_credentials(signing, now)
        faults = faults_of(credentials.chain, now)
        if faults:
            return [Finding(Verdict.BROKEN, fault) for fault in faults]
        return [*_expiry(signing, credentials, now), *_open_key(signing), *_trial(signing, credentials)]
    except SigningUnusable as error:
        return [Finding(Verdict.BROKEN, str(error))]


def _expiry(signing: Signing, credentials: Credentials, now: datetime) -> Iterator[Finding]:
    until = credentials.chain.until
    if signing.chain_file is None:
        yield Finding(
            Verdict.NOTE,
            "Pictures are signed with this bot's own key, which is on no public trust list: readers call it unknown.",
        )
    elif until - now < WARNED:
        yield Finding(Verdict.NOTE, f"The certificate expires on {until:%Y-%m-%d}, in {(until - now).days} days.")
    if signing.chain_file is not None and not signing.tsa_url:
        yield Finding(
            Verdict.NOTE,
            f"Without a time-stamping authority all signatures lose their worth when the certificate expires on "
            f"{until:%Y-%m-%d}.",
        )


def _open_key(signing: Signing) -> Iterator[Finding]:
    if signing.key_file is not None and signing.key_file.stat().st_mode & 0o077:
        yield Finding(Verdict.NOTE, f"Others on this machine may read {signing.key_file}. Run: chmod 600 on it.")


def _trial(signing: Signing, credentials: Credentials) -> Iterator[Finding]:
    """Raises:
    SigningUnusable
    """
    facts = Facts("trial", Kind.DRAWN, "trial", date(2000, 1, 1), from_photo=False)
    signed = sign_picture(WHITE_PIXEL, facts, make_signer(signing, credentials))
    chain = credentials.chain
    read = read_manifest(signed.data, Ours(to_pem(chain.certificates[-1]), frozenset({str(chain.leaf.serial_number)})))
    if read is None or read.state is not State.INTACT or read.facts != facts:
        yield Finding(
            Verdict.BROKEN, "A picture signed on trial is not accepted by a reader. Ask for another certificate."
        )
        return
    yield Finding(Verdict.FINE, f"A picture signed on trial is accepted, until {chain.until:%Y-%m-%d}.")
    if signing.tsa_url and not signed.timestamped:
        yield Finding(
            Verdict.NOTE,
            f"The time-stamping authority {signing.tsa_url} gave no usable answer within {TSA_S:.0f} s: pictures are "
            "signed without a time stamp until it does.",
        )
