"""Time stamps (RFC 3161) with an SM3 imprint, signed with SM2 or by a P-256 authority."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import algos, cms, core, tsp, x509

from yiwang.pure.sm import der, sm3
from yiwang.pure.sm.errors import BadSignature, Malformed
from yiwang.pure.sm.x509.certificates import Certificate, read_certificate
from yiwang.pure.sm.x509.paths import PathVerdict, Policy, path_verdict
from yiwang.pure.sm.x509.signing import P256, SM2, Signer, algorithm_of, check_signature

POLICY = "2.25.210906152349875326840175983210948512367"  # an identifier of our own under the UUID arc
MAX_TOKEN = 1 << 20
_DIGESTS = {SM2: "sm3", P256: "sha256"}


def _digest(name: str, text: bytes) -> bytes:
    if name not in _DIGESTS.values():
        raise Malformed(f"time stamp: the digest {name} is not accepted")
    return sm3.digest(text) if name == "sm3" else hashlib.sha256(text).digest()


@dataclass(frozen=True, slots=True)
class TimeQuestion:
    """A request for a time stamp over ``imprint`` (SM3, 32 bytes); ``nonce`` must come back."""

    octets: bytes
    imprint: bytes
    nonce: int


@dataclass(frozen=True, slots=True)
class TimeStamp:
    """A checked time stamp: the instant (UTC), the serial number, and the authority's certificate.

    Whether that certificate is trusted is ``path``.
    """

    at: datetime
    serial: int
    authority: Certificate
    path: PathVerdict


def ask_time(document: bytes) -> TimeQuestion:
    """A request for a stamp over ``document``."""
    return ask_time_for(sm3.digest(document))


def ask_time_for(imprint: bytes) -> TimeQuestion:
    """A request for a stamp over a document with the SM3 ``imprint`` (32 bytes)."""
    if len(imprint) != sm3.SIZE:
        raise ValueError("an SM3 imprint has 32 bytes")
    nonce = secrets.randbits(64) | 1
    request = tsp.TimeStampReq(
        {
            "version": "v1",
            "message_imprint": {"hash_algorithm": der.digest_algorithm(), "hashed_message": imprint},
            "nonce": nonce,
            "cert_req": True,
        }
    )
    return TimeQuestion(bytes(request.dump()), imprint, nonce)


@der.guarded("time stamp request")
def read_time_question(text: bytes) -> TimeQuestion:
    """The request in DER. Raises Malformed where it is not over SM3 or asks for something not offered."""
    if len(text) > 4096:
        raise Malformed("time stamp request: longer than 4 KiB")
    parsed = der.read(tsp.TimeStampReq, text, "time stamp request")
    imprint = parsed["message_imprint"]
    if parsed["version"].native != "v1" or imprint["hash_algorithm"]["algorithm"].native != "sm3":
        raise Malformed("time stamp request: version 1 with an SM3 imprint was expected")
    if len(imprint["hashed_message"].native) != sm3.SIZE:
        raise Malformed("time stamp request: an SM3 imprint has 32 bytes")
    if parsed["req_policy"].native is not None or parsed["extensions"].native:
        raise Malformed("time stamp request: no policies or extensions are offered")
    return TimeQuestion(text, imprint["hashed_message"].native, parsed["nonce"].native or 0)


def make_time_answer(
    question: TimeQuestion, authority: Certificate, signer: Signer, serial: int, at: datetime
) -> bytes:
    """The response in DER: a stamp for the instant ``at`` (to the second) with the authority's certificate inside."""
    body: dict[str, object] = {
        "version": "v1",
        "policy": POLICY,
        "message_imprint": {"hash_algorithm": der.digest_algorithm(), "hashed_message": question.imprint},
        "serial_number": serial,
        "gen_time": at.astimezone(UTC).replace(microsecond=0),
    }
    if question.nonce:
        body["nonce"] = question.nonce
    info = tsp.TSTInfo(body).dump()
    name = _DIGESTS[signer.algorithm]
    attributes = _attributes(info, authority, name)
    digest = algos.DigestAlgorithm({"algorithm": name})
    signed = cms.SignedData(
        {
            "version": "v3",
            "digest_algorithms": [digest],
            "encap_content_info": {
                "content_type": "tst_info",
                "content": core.ParsableOctetString(info),
            },
            "certificates": [cms.CertificateChoices("certificate", x509.Certificate.load(authority.octets))],
            "signer_infos": [
                {
                    "version": "v1",
                    "sid": cms.SignerIdentifier(
                        "issuer_and_serial_number",
                        {
                            "issuer": x509.Name.load(authority.issuer, strict=True),
                            "serial_number": authority.serial,
                        },
                    ),
                    "digest_algorithm": digest,
                    "signed_attrs": attributes,
                    "signature_algorithm": algorithm_of(signer.algorithm),
                    "signature": signer.sign(attributes.untag().dump()),
                }
            ],
        }
    )
    token = {"content_type": "signed_data", "content": signed}
    return bytes(tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump())


def _attributes(info: bytes, authority: Certificate, name: str) -> cms.CMSAttributes:
    identifier = tsp.ESSCertIDv2(
        {
            "hash_algorithm": algos.DigestAlgorithm({"algorithm": name}),
            "cert_hash": _digest(name, authority.octets),
        }
    )
    return cms.CMSAttributes(
        [
            {"type": "content_type", "values": ["tst_info"]},
            {"type": "message_digest", "values": [_digest(name, info)]},
            {"type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2({"certs": [identifier]})]},
        ]
    )


@der.guarded("time stamp")
def read_time_answer(
    text: bytes,
    question: TimeQuestion,
    others: Sequence[Certificate],
    anchors: Sequence[Certificate],
    policy: Policy,
) -> TimeStamp:
    """The stamp in a response to ``question``. Raises Malformed or BadSignature for anything out of order.

    The path of the authority's certificate is judged by ``policy`` (use ``timestamp``) with the instant of the stamp.
    """
    if len(text) > MAX_TOKEN:
        raise Malformed("time stamp: longer than 1 MiB")
    parsed = der.read(tsp.TimeStampResp, text, "time stamp")
    if parsed["status"]["status"].native not in ("granted", "granted_with_mods"):
        raise Malformed(f"time stamp: {parsed['status']['status'].native}")
    if parsed["time_stamp_token"]["content_type"].native != "signed_data":
        raise Malformed("time stamp: no signed data")
    signed = parsed["time_stamp_token"]["content"]
    if signed["encap_content_info"]["content_type"].native != "tst_info" or len(signed["signer_infos"]) != 1:
        raise Malformed("time stamp: one signature over a stamp was expected")
    info = bytes(signed["encap_content_info"]["content"])
    authority = _checked_signer(signed, info)
    stamp = _checked_info(info, question)
    at = stamp["gen_time"].native
    path = path_verdict(authority, others, anchors, Policy(at, "timestamp", policy.lists, policy.need_lists))
    return TimeStamp(at, stamp["serial_number"].native, authority, path)


def _checked_info(info: bytes, question: TimeQuestion) -> tsp.TSTInfo:
    stamp = der.read(tsp.TSTInfo, info, "time stamp: content")
    imprint = stamp["message_imprint"]
    if (
        imprint["hash_algorithm"]["algorithm"].native != "sm3"
        or imprint["hashed_message"].native != question.imprint
    ):
        raise Malformed("time stamp: over another document")
    if (stamp["nonce"].native or 0) != question.nonce:
        raise Malformed("time stamp: the nonce is not the one that was asked with")
    return stamp


def _checked_signer(signed: cms.SignedData, info: bytes) -> Certificate:
    """The certificate of the signer, once its signature and attributes are seen to be right."""
    signer = signed["signer_infos"][0]
    if signer["sid"].name != "issuer_and_serial_number":
        raise Malformed("time stamp: the signer is not named by issuer and serial number")
    wanted = signer["sid"].chosen
    authority = None
    for each in signed["certificates"]:
        if each.name != "certificate":
            raise Malformed("time stamp: a certificate of an unknown kind")
        candidate = read_certificate(each.chosen.dump())
        if candidate.issuer == wanted["issuer"].dump() and candidate.serial == wanted["serial_number"].native:
            authority = candidate
    if authority is None:
        raise Malformed("time stamp: without the certificate of its signer")
    algorithm = signer["signature_algorithm"]["algorithm"].native
    name = signer["digest_algorithm"]["algorithm"].native
    if _DIGESTS.get(algorithm) != name:
        raise BadSignature("the digest of the time stamp does not fit its signature")
    _check_attributes(signer["signed_attrs"], authority, info, name)
    message = signer["signed_attrs"].untag().dump()
    check_signature(authority.key, algorithm, signer["signature"].native, message)
    return authority


def _check_attributes(attributes: cms.CMSAttributes, authority: Certificate, info: bytes, name: str) -> None:
    found: dict[str, core.Asn1Value] = {}
    for attribute in attributes:
        kind = attribute["type"].native
        if kind in found or len(attribute["values"]) != 1:
            raise Malformed(f"time stamp: attribute {kind} stands twice")
        found[kind] = attribute["values"][0]
    if not {"content_type", "message_digest", "signing_certificate_v2"} <= set(found):
        raise Malformed("time stamp: a signed attribute is missing")
    first = found["signing_certificate_v2"]["certs"][0]
    by = first["hash_algorithm"]["algorithm"].native
    if (
        found["content_type"].native != "tst_info"
        or not sm3.equal(found["message_digest"].native, _digest(name, info))
        or not sm3.equal(first["cert_hash"].native, _digest(by, authority.octets))
    ):
        raise BadSignature("the signed attributes are not those of this time stamp")
