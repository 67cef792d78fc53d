"""Certificates and keys: issues them for development, and reads an operator's. Knows no picture and no settings."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import NameOID, ObjectIdentifier

from generation.label.signing import EKUS, SigningUnusable

ORGANISATION = "selfiebot"
EARLIER = timedelta(days=1)  # a reader's clock may be behind ours
LEAST_RSA_BITS = 2048

PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey
CURVES: dict[str, tuple[str, hashes.HashAlgorithm]] = {
    "secp256r1": ("ES256", hashes.SHA256()),
    "secp384r1": ("ES384", hashes.SHA384()),
    "secp521r1": ("ES512", hashes.SHA512()),
}


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate that we made, and its key."""

    certificate: x509.Certificate
    key: PrivateKey


@dataclass(frozen=True, slots=True)
class Chain:
    """certificates: the signer's first; at least one."""

    certificates: tuple[x509.Certificate, ...]

    @property
    def until(self) -> datetime:
        """When the first of them expires."""
        return min(certificate.not_valid_after_utc for certificate in self.certificates)

    @property
    def leaf(self) -> x509.Certificate:
        return self.certificates[0]

    @property
    def pem(self) -> str:
        return "".join(to_pem(certificate) for certificate in self.certificates)


def issue(
    name: str,
    by: Issued | None = None,
    *,
    until: datetime,
    since: datetime | None = None,
    authority: bool = False,
    ekus: Sequence[str] = (),
    critical_ekus: bool = False,
    key: PrivateKey | None = None,
) -> Issued:
    """A key and its certificate, in the profile that C2PA 2.2 asks for (section 14.5.1).

    Args:
        by: who signs it; None: itself.
        authority: it signs certificates, and nothing else.
        ekus: what it is for, as dotted numbers.
        critical_ekus: whoever does not understand them must refuse it, as time stamps want (RFC 3161, 2.3).
        key: None: a new one for ES256.
    """
    key = key or ec.generate_private_key(ec.SECP256R1())
    signer = by.key if by else key
    usage = x509.KeyUsage(not authority, False, False, False, False, authority, authority, False, False)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(by.certificate.subject if by else _named(name))
        .public_key(key.public_key())
        .serial_number(secrets.randbits(150) | 1 << 150)
        .not_valid_before(since or datetime.now(UTC) - EARLIER)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=0 if authority and by else None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    if ekus:
        meant = x509.ExtendedKeyUsage([ObjectIdentifier(eku) for eku in ekus])
        builder = builder.add_extension(meant, critical=critical_ekus)
    digest = None if isinstance(signer, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    return Issued(builder.sign(signer, digest), key)


def read_chain(pem: bytes, where: str) -> Chain:
    """Args:
        where: whose contents these are, for the message.

    Raises:
        SigningUnusable: they are no certificates.
    """
    try:
        return Chain(tuple(x509.load_pem_x509_certificates(pem)))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SigningUnusable(f"{where} holds no certificates that can be read. It must be PEM text.") from error


def read_key(pem: bytes, where: str) -> PrivateKey:
    """Raises:
    SigningUnusable: it is no private key, has a password, or is of a kind that C2PA does not know.
    """
    try:
        key = load_pem_private_key(pem, password=None)
    except TypeError as error:
        raise SigningUnusable(
            f"{where} is locked by a password. Store the key without one, or use a command."
        ) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SigningUnusable(f"{where} holds no private key that can be read. It must be PEM text.") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey):
        raise SigningUnusable(f"{where} holds a kind of key that C2PA does not know. Use ES256 (a P-256 key).")
    return key


def algorithm_of(chain: Chain) -> str:
    """As C2PA calls it: ES256, ES384, ES512, ED25519 or PS256.

    Raises:
        SigningUnusable: the certificate's key is of another kind.
    """
    key = chain.leaf.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in CURVES:
        return CURVES[key.curve.name][0]
    if isinstance(key, ed25519.Ed25519PublicKey):
        return "ED25519"
    if isinstance(key, rsa.RSAPublicKey) and key.key_size >= LEAST_RSA_BITS:
        return "PS256"
    raise SigningUnusable("The certificate's key is of a kind or size that C2PA does not know. Use ES256 (P-256).")


def holds(chain: Chain, signature: bytes, data: bytes) -> bool:
    """Was that made with the key of the chain's signer?"""
    key = chain.leaf.public_key()
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, data, ec.ECDSA(CURVES[key.curve.name][1]))
        elif isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signature, data)
        elif isinstance(key, rsa.RSAPublicKey):
            pss = padding.PSS(padding.MGF1(hashes.SHA256()), hashes.SHA256.digest_size)
            key.verify(signature, data, pss, hashes.SHA256())
        else:
            return False
    except InvalidSignature:
        return False
    return True


def faults_of(chain: Chain, now: datetime) -> list[str]:
    """Why readers would refuse what this chain signs; empty if they would not."""
    leaf, faults = chain.leaf, []
    if now > leaf.not_valid_after_utc:
        faults.append(f"The certificate expired on {leaf.not_valid_after_utc:%Y-%m-%d}. Get a new one.")
    if now < leaf.not_valid_before_utc:
        faults.append(f"The certificate begins on {leaf.not_valid_before_utc:%Y-%m-%d}. Is this machine's clock right?")
    if not _ekus_of(leaf) & set(EKUS):
        faults.append(
            "The certificate is not meant for signing documents: its extended key usage has none of "
            f"{', '.join(EKUS)}. Ask the authority for one that has."
        )
    if leaf.issuer == leaf.subject:
        faults.append("The certificate is signed by itself; C2PA wants one that an authority signed.")
    elif len(chain.certificates) == 1:
        faults.append("The chain ends with the signer: add the certificate of the authority that signed it below.")
    faults += [
        f"The chain is broken: the certificate after “{_called(one)}” did not sign it. Put them in order, signer first."
        for one, by in pairwise(chain.certificates)
        if not _signed(one, by)
    ]
    faults += [
        f"“{_called(one)}” in the chain expired on {one.not_valid_after_utc:%Y-%m-%d}."
        for one in chain.certificates[1:]
        if now > one.not_valid_after_utc
    ]
    return faults


def to_pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()


def key_to_pem(key: PrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _ekus_of(certificate: x509.Certificate) -> set[str]:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        return set()
    return {eku.dotted_string for eku in usage}


def _signed(one: x509.Certificate, by: x509.Certificate) -> bool:
    try:
        one.verify_directly_issued_by(by)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _named(name: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION), x509.NameAttribute(NameOID.COMMON_NAME, name)]
    )


def _called(certificate: x509.Certificate) -> str:
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.subject.rfc4514_string()
