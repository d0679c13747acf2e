"""Certificate requests (PKCS#10, RFC 2986)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from asn1crypto import csr, x509
from asn1crypto import keys as asn1_keys

from yiwang.pure.sm import der
from yiwang.pure.sm.x509.signing import Signer, algorithm_of, check_signature


@dataclass(frozen=True, slots=True)
class Request:
    """A request whose signature was checked: the subject asked for and the key, each in DER."""

    subject: bytes
    public_info: bytes


def name(parts: Mapping[str, str]) -> x509.Name:
    """A distinguished name of attributes by their asn1crypto names (``country_name``, ``common_name`` …), in order."""
    return x509.Name.build(dict(parts))


def make_request(subject: Mapping[str, str], signer: Signer) -> bytes:
    """A request in DER for ``subject``, signed by the key that it is for."""
    info = csr.CertificationRequestInfo(
        {
            "version": "v1",
            "subject": name(subject),
            "subject_pk_info": asn1_keys.PublicKeyInfo.load(signer.public_info, strict=True),
            "attributes": [],
        }
    )
    return bytes(
        csr.CertificationRequest(
            {
                "certification_request_info": info,
                "signature_algorithm": algorithm_of(signer.algorithm),
                "signature": signer.sign(info.dump()),
            }
        ).dump()
    )


@der.guarded("certificate request")
def read_request(text: bytes) -> Request:
    """The request in DER, its own signature checked. Raises Malformed, BadKey or BadSignature."""
    parsed = der.read(csr.CertificationRequest, text, "certificate request")
    info = parsed["certification_request_info"]
    check_signature(
        info["subject_pk_info"],
        parsed["signature_algorithm"]["algorithm"].native,
        parsed["signature"].native,
        info.dump(),
    )
    return Request(info["subject"].dump(), info["subject_pk_info"].dump())
