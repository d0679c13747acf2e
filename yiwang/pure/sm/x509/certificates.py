"""One certificate: read strictly, its facts as plain values; and the structure that issuing signs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import keys as asn1_keys
from asn1crypto import pem, x509

from yiwang.pure.sm import der, sm3
from yiwang.pure.sm.errors import BadSignature, Malformed
from yiwang.pure.sm.keys import unarmor
from yiwang.pure.sm.x509.signing import Signer, algorithm_of, check_signature

MAX_CERTIFICATE = 65_536
SIGN = frozenset({"digital_signature", "non_repudiation"})
ENCRYPT = frozenset({"key_encipherment", "data_encipherment", "key_agreement"})
AUTHORITY = frozenset({"key_cert_sign", "crl_sign"})


@dataclass(frozen=True)
class Certificate:
    """A certificate in DER and its facts. Instants carry the zone UTC; ``usages`` and ``purposes`` are asn1crypto's
    names; ``purposes`` is None where the extension is missing; ``path_length`` is None where there is no bound."""

    octets: bytes
    subject: bytes
    issuer: bytes
    subject_text: str
    serial: int
    begins_at: datetime
    ends_at: datetime
    public_info: bytes
    is_authority: bool
    path_length: int | None
    usages: frozenset[str] | None
    purposes: frozenset[str] | None
    subject_key: bytes | None
    issuer_key: bytes | None
    unknown_critical: tuple[str, ...]
    algorithm: str
    signature: bytes
    signed: bytes

    @property
    def fingerprint(self) -> str:
        """SM3 of the certificate, 64 hexadecimal digits."""
        return sm3.digest(self.octets).hex()

    @property
    def key(self) -> asn1_keys.PublicKeyInfo:
        """The public key as asn1crypto has it."""
        return asn1_keys.PublicKeyInfo.load(self.public_info, strict=True)

    def check_issued_by(self, other: Certificate) -> None:
        """Raises BadSignature unless ``other``'s key signed this certificate."""
        check_signature(other.key, self.algorithm, self.signature, self.signed)

    def to_pem(self) -> bytes:
        """``BEGIN CERTIFICATE``."""
        return bytes(pem.armor("CERTIFICATE", self.octets))


def read_pem(text: bytes) -> Certificate:
    """The one certificate in a PEM file. Raises Malformed."""
    return read_certificate(unarmor(text, "CERTIFICATE"))


@der.guarded("certificate")
def read_certificate(text: bytes) -> Certificate:
    """The certificate in DER (RFC 5280, version 3). Raises Malformed with the rule broken."""
    if len(text) > MAX_CERTIFICATE:
        raise Malformed("certificate: longer than 64 KiB")
    parsed = der.read(x509.Certificate, text, "certificate")
    body = parsed["tbs_certificate"]
    if body["version"].native != "v3":
        raise Malformed("certificate: not of version 3")
    if body["signature"].dump() != parsed["signature_algorithm"].dump():
        raise Malformed("certificate: two different signature algorithms")
    if body["serial_number"].native <= 0:
        raise Malformed("certificate: the serial number is not positive")
    der.read(asn1_keys.PublicKeyInfo, body["subject_public_key_info"].dump(), "certificate: key")
    facts = _extensions(body["extensions"])
    begins_at, ends_at = (body["validity"][each].native for each in ("not_before", "not_after"))
    return Certificate(
        octets=text,
        subject=body["subject"].dump(),
        issuer=body["issuer"].dump(),
        subject_text=body["subject"].human_friendly,
        serial=body["serial_number"].native,
        begins_at=begins_at,
        ends_at=ends_at,
        public_info=body["subject_public_key_info"].dump(),
        algorithm=parsed["signature_algorithm"]["algorithm"].native,
        signature=parsed["signature_value"].native,
        signed=body.dump(),
        is_authority=facts.is_authority,
        path_length=facts.path_length,
        usages=facts.usages,
        purposes=facts.purposes,
        subject_key=facts.subject_key,
        issuer_key=facts.issuer_key,
        unknown_critical=tuple(facts.unknown_critical),
    )


@dataclass
class _Facts:
    is_authority: bool = False
    path_length: int | None = None
    usages: frozenset[str] | None = None
    purposes: frozenset[str] | None = None
    subject_key: bytes | None = None
    issuer_key: bytes | None = None
    unknown_critical: tuple[str, ...] = ()


def _extensions(extensions: x509.Extensions) -> _Facts:
    facts, seen = _Facts(), set()
    for extension in extensions:
        kind = extension["extn_id"].native
        if kind in seen:
            raise Malformed(f"certificate: extension {kind} stands twice")
        seen.add(kind)
        try:
            known = _take(facts, kind, extension["extn_value"])
        except (ValueError, TypeError, KeyError) as error:
            raise Malformed(f"certificate: extension {kind}") from error
        if extension["critical"].native and not known:
            facts.unknown_critical = (*facts.unknown_critical, kind)
    return facts


_READ = {
    "basic_constraints": x509.BasicConstraints,
    "key_usage": x509.KeyUsage,
    "extended_key_usage": x509.ExtKeyUsageSyntax,
    "authority_key_identifier": x509.AuthorityKeyIdentifier,
}


def _take(facts: _Facts, kind: str, value: x509.ParsableOctetString) -> bool:
    """Takes what a known extension says; False for one that this package does not understand."""
    if kind in _READ:
        parsed = der.read(_READ[kind], bytes(value), f"certificate: {kind}")
        native = parsed.native
        if kind == "basic_constraints":
            facts.is_authority, facts.path_length = native["ca"], native["path_len_constraint"]
        elif kind == "key_usage":
            facts.usages = frozenset(native)
        elif kind == "extended_key_usage":
            facts.purposes = frozenset(native)
        else:
            facts.issuer_key = native["key_identifier"]
        return True
    if kind == "key_identifier":
        facts.subject_key = value.parsed.native
        return True
    return kind in ("certificate_policies", "subject_alt_name")


def key_identifier(public_info: bytes) -> bytes:
    """The first 20 bytes of SM3 over the key's bits."""
    info = asn1_keys.PublicKeyInfo.load(public_info, strict=True)
    return sm3.digest(bytes(info["public_key"]))[:20]


def instant(at: datetime) -> x509.Time:
    """``at`` to the second: UTCTime up to 2049, GeneralizedTime from 2050 (RFC 5280, 4.1.2.5)."""
    whole = at.astimezone(UTC).replace(microsecond=0)
    return x509.Time({"utc_time": whole} if whole.year < 2050 else {"general_time": whole})


def extension(kind: str, value: object, critical: bool = False) -> x509.Extension:
    """One extension."""
    return x509.Extension({"extn_id": kind, "critical": critical, "extn_value": value})


def make_certificate(
    *,
    issuer: bytes,
    subject: bytes,
    public_info: bytes,
    serial: int,
    begins_at: datetime,
    ends_at: datetime,
    extensions: Sequence[x509.Extension],
    signer: Signer,
) -> Certificate:
    """A certificate of version 3 signed by ``signer``. ``issuer`` and ``subject`` are names in DER."""
    body = x509.TbsCertificate(
        {
            "version": "v3",
            "serial_number": serial,
            "signature": algorithm_of(signer.algorithm),
            "issuer": x509.Name.load(issuer, strict=True),
            "validity": {"not_before": instant(begins_at), "not_after": instant(ends_at)},
            "subject": x509.Name.load(subject, strict=True),
            "subject_public_key_info": asn1_keys.PublicKeyInfo.load(public_info, strict=True),
            "extensions": list(extensions),
        }
    )
    made = x509.Certificate(
        {
            "tbs_certificate": body,
            "signature_algorithm": algorithm_of(signer.algorithm),
            "signature_value": signer.sign(body.dump()),
        }
    )
    return read_certificate(bytes(made.dump()))


__all__ = [
    "AUTHORITY",
    "ENCRYPT",
    "SIGN",
    "BadSignature",
    "Certificate",
    "extension",
    "instant",
    "key_identifier",
    "make_certificate",
    "read_certificate",
    "read_pem",
]
