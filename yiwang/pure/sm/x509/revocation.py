"""Revocation lists (RFC 5280, 5) and online status (RFC 6960)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import crl, ocsp, x509

from yiwang.pure.sm import der, sm3
from yiwang.pure.sm.errors import BadSignature, Malformed
from yiwang.pure.sm.x509.certificates import Certificate, instant, key_identifier, read_certificate
from yiwang.pure.sm.x509.signing import Signer, algorithm_of, check_signature

GOOD = "good"
REVOKED = "revoked"
UNKNOWN = "unknown"
REASONS = (
    "key_compromise", "ca_compromise", "affiliation_changed", "superseded", "cessation_of_operation", "certificate_hold",
)  # fmt: skip
MAX_LIST = 64 << 20
_MAX_STATUS = 65_536


@dataclass(frozen=True, slots=True)
class Revoked:
    """One revoked certificate: since when (UTC) and why (one of REASONS, or "" where no reason is given)."""

    serial: int
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RevocationList:
    """A checked list: whose, from when to when (UTC), its number, and the revoked certificates by serial number."""

    issuer: bytes
    from_at: datetime
    until_at: datetime
    number: int
    entries: Mapping[int, Revoked]


def make_list(
    issuer: Certificate,
    signer: Signer,
    number: int,
    from_at: datetime,
    until_at: datetime,
    entries: Sequence[Revoked],
) -> bytes:
    """A revocation list in DER."""
    body: dict[str, object] = {
        "version": "v2",
        "signature": algorithm_of(signer.algorithm),
        "issuer": x509.Name.load(issuer.subject, strict=True),
        "this_update": instant(from_at),
        "next_update": instant(until_at),
        "crl_extensions": [
            {
                "extn_id": "authority_key_identifier",
                "extn_value": {"key_identifier": key_identifier(issuer.public_info)},
            },
            {"extn_id": "crl_number", "extn_value": number},
        ],
    }
    if entries:
        body["revoked_certificates"] = [_entry(each) for each in entries]
    signed = crl.TbsCertList(body)
    return bytes(
        crl.CertificateList(
            {
                "tbs_cert_list": signed,
                "signature_algorithm": algorithm_of(signer.algorithm),
                "signature": signer.sign(signed.dump()),
            }
        ).dump()
    )


def _entry(revoked: Revoked) -> dict[str, object]:
    entry: dict[str, object] = {"user_certificate": revoked.serial, "revocation_date": instant(revoked.at)}
    if revoked.reason:
        entry["crl_entry_extensions"] = [{"extn_id": "crl_reason", "extn_value": revoked.reason}]
    return entry


@der.guarded("revocation list")
def read_list(text: bytes, issuer: Certificate) -> RevocationList:
    """The list in DER, its signature by ``issuer`` checked. Raises Malformed or BadSignature."""
    if len(text) > MAX_LIST:
        raise Malformed("revocation list: longer than 64 MiB")
    parsed = der.read(crl.CertificateList, text, "revocation list")
    body = parsed["tbs_cert_list"]
    if body["issuer"].dump() != issuer.subject:
        raise BadSignature("the revocation list is another issuer's")
    if body["signature"].dump() != parsed["signature_algorithm"].dump():
        raise Malformed("revocation list: two different signature algorithms")
    if issuer.usages is not None and "crl_sign" not in issuer.usages:
        raise BadSignature("the issuer's certificate may not sign revocation lists")
    check_signature(
        issuer.key, parsed["signature_algorithm"]["algorithm"].native, parsed["signature"].native, body.dump()
    )
    if body["next_update"].native is None:
        raise Malformed("revocation list: without an end")
    number = 0
    for extension in body["crl_extensions"]:
        kind = extension["extn_id"].native
        if kind == "crl_number":
            number = extension["extn_value"].parsed.native
        elif extension["critical"].native:
            raise Malformed(f"revocation list: critical extension {kind} is not understood")
    entries = (_read_entry(each) for each in body["revoked_certificates"])
    return RevocationList(
        issuer.subject,
        body["this_update"].native,
        body["next_update"].native,
        number,
        {each.serial: each for each in entries},
    )


def _read_entry(entry: crl.RevokedCertificate) -> Revoked:
    reason = ""
    for extension in entry["crl_entry_extensions"]:
        kind = extension["extn_id"].native
        if kind == "crl_reason":
            reason = extension["extn_value"].parsed.native
        elif extension["critical"].native:
            raise Malformed(f"revocation list: critical extension {kind} is not understood")
    return Revoked(entry["user_certificate"].native, entry["revocation_date"].native, reason)


# --- online status


def _certificate_id(serial: int, issuer: Certificate) -> ocsp.CertId:
    return ocsp.CertId(
        {
            "hash_algorithm": der.digest_algorithm(),
            "issuer_name_hash": sm3.digest(issuer.subject),
            "issuer_key_hash": sm3.digest(bytes(issuer.key["public_key"])),
            "serial_number": serial,
        }
    )


@dataclass(frozen=True, slots=True)
class StatusQuestion:
    """A question for the status of one certificate; ``nonce`` must come back."""

    octets: bytes
    serial: int
    nonce: bytes


def ask_status(serial: int, issuer: Certificate) -> StatusQuestion:
    """An OCSP request in DER with a fresh nonce (RFC 8954: 32 bytes)."""
    nonce = secrets.token_bytes(32)
    request = ocsp.OCSPRequest(
        {
            "tbs_request": {
                "request_list": [{"req_cert": _certificate_id(serial, issuer)}],
                "request_extensions": [{"extn_id": "nonce", "extn_value": nonce}],
            }
        }
    )
    return StatusQuestion(bytes(request.dump()), serial, nonce)


@der.guarded("status question")
def read_question(text: bytes, issuer: Certificate) -> StatusQuestion:
    """The question in DER, for one certificate of ``issuer``. Raises Malformed."""
    if len(text) > _MAX_STATUS:
        raise Malformed("status question: longer than 64 KiB")
    body = der.read(ocsp.OCSPRequest, text, "status question")["tbs_request"]
    if len(body["request_list"]) != 1:
        raise Malformed("status question: for one certificate at a time")
    asked = body["request_list"][0]["req_cert"]
    serial = asked["serial_number"].native
    if asked.dump() != _certificate_id(serial, issuer).dump():
        raise Malformed("status question: not by SM3, or for another issuer's certificate")
    return StatusQuestion(text, serial, _nonce(body["request_extensions"]))


def _nonce(extensions: ocsp.TBSRequestExtensions) -> bytes:
    for extension in extensions:
        if extension["extn_id"].native == "nonce":
            found = bytes(extension["extn_value"].parsed.native)
            if not 1 <= len(found) <= 128:
                raise Malformed("status: a nonce has 1 to 128 bytes")
            return found
    return b""


@dataclass(frozen=True, slots=True)
class Status:
    """A checked answer: ``state`` is good, revoked or unknown; ``revoked`` is set for revoked; instants in UTC."""

    state: str
    from_at: datetime
    until_at: datetime
    revoked: Revoked | None = None


def make_answer(
    question: StatusQuestion,
    issuer: Certificate,
    responder: Certificate,
    signer: Signer,
    status: Status,
    produced_at: datetime,
) -> bytes:
    """An OCSP response in DER, signed by the issuer itself or by a responder that it has certified for it."""
    if status.revoked is not None:
        reason = {"revocation_reason": status.revoked.reason} if status.revoked.reason else {}
        at = status.revoked.at.astimezone(UTC).replace(microsecond=0)
        state = ocsp.CertStatus(REVOKED, ocsp.RevokedInfo({"revocation_time": at, **reason}))
    elif status.state == GOOD:
        state = ocsp.CertStatus(GOOD, ocsp.StatusGood("good"))
    else:
        state = ocsp.CertStatus(UNKNOWN, ocsp.StatusUnknown("unknown"))
    single = {
        "cert_id": _certificate_id(question.serial, issuer),
        "cert_status": state,
        "this_update": status.from_at.astimezone(UTC).replace(microsecond=0),
        "next_update": status.until_at.astimezone(UTC).replace(microsecond=0),
    }
    body = {
        "responder_id": ocsp.ResponderId({"by_name": x509.Name.load(responder.subject, strict=True)}),
        "produced_at": produced_at.astimezone(UTC).replace(microsecond=0),
        "responses": [single],
    }
    if question.nonce:
        body["response_extensions"] = [{"extn_id": "nonce", "extn_value": question.nonce}]
    signed = ocsp.ResponseData(body)
    basic = ocsp.BasicOCSPResponse(
        {
            "tbs_response_data": signed,
            "signature_algorithm": algorithm_of(signer.algorithm),
            "signature": signer.sign(signed.dump()),
            "certs": [x509.Certificate.load(responder.octets, strict=True)],
        }
    )
    return bytes(
        ocsp.OCSPResponse(
            {
                "response_status": "successful",
                "response_bytes": {"response_type": "basic_ocsp_response", "response": basic},
            }
        ).dump()
    )


@der.guarded("status answer")
def read_answer(text: bytes, question: StatusQuestion, issuer: Certificate, at: datetime) -> Status:
    """The answer to ``question`` as of ``at``. Raises Malformed or BadSignature for anything out of order:

    another certificate, another nonce, out of date, signed by nobody entitled.
    """
    if len(text) > _MAX_STATUS:
        raise Malformed("status answer: longer than 64 KiB")
    outer = der.read(ocsp.OCSPResponse, text, "status answer")
    if outer["response_status"].native != "successful":
        raise Malformed(f"status answer: {outer['response_status'].native}")
    basic = der.read(
        ocsp.BasicOCSPResponse, bytes(outer["response_bytes"]["response"]), "status answer: response"
    )
    body = basic["tbs_response_data"]
    responder = _responder(basic, issuer, at)
    check_signature(
        responder.key,
        basic["signature_algorithm"]["algorithm"].native,
        basic["signature"].native,
        body.dump(),
    )
    if _nonce(body["response_extensions"]) != question.nonce:
        raise Malformed("status answer: the nonce is not the one that was asked with")
    if len(body["responses"]) != 1:
        raise Malformed("status answer: for one certificate at a time")
    single = body["responses"][0]
    if single["cert_id"].dump() != _certificate_id(question.serial, issuer).dump():
        raise Malformed("status answer: for another certificate")
    from_at, until_at = single["this_update"].native, single["next_update"].native
    if until_at is None or not from_at <= at <= until_at:
        raise Malformed("status answer: out of date")
    state, revoked = single["cert_status"].name, None
    if state == REVOKED:
        info = single["cert_status"].chosen.native
        revoked = Revoked(question.serial, info["revocation_time"], info["revocation_reason"] or "")
    return Status(state, from_at, until_at, revoked)


def _responder(basic: ocsp.BasicOCSPResponse, issuer: Certificate, at: datetime) -> Certificate:
    """The issuer, or the certificate inside that the issuer made for the purpose."""
    by_name = basic["tbs_response_data"]["responder_id"]
    if by_name.name == "by_name" and by_name.chosen.untag().dump() == issuer.subject:
        return issuer
    for each in basic["certs"]:
        candidate = read_certificate(each.dump())
        if (
            candidate.issuer == issuer.subject
            and candidate.purposes == frozenset({"ocsp_signing"})
            and candidate.begins_at <= at <= candidate.ends_at
            and not candidate.unknown_critical
        ):
            candidate.check_issued_by(issuer)
            return candidate
    raise BadSignature("the status answer is signed by nobody whom the issuer entitled")
