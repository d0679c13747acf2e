"""The public face of the national cryptography: other rooms import this module and nothing else of the package."""

from __future__ import annotations

from yiwang.pure.sm.ciphertexts import (
    ciphertext_from_raw,
    ciphertext_to_raw,
    signature_from_raw,
    signature_to_raw,
)
from yiwang.pure.sm.collaborative.decryption import PhoneDecryption, answer_decryption
from yiwang.pure.sm.collaborative.generation import (
    PhoneGeneration,
    ServerGeneration,
    confirm_trial,
    refresh_answer,
    refresh_request,
)
from yiwang.pure.sm.collaborative.ledger import Ledger, MemoryLedger
from yiwang.pure.sm.collaborative.shares import PhoneShare, ServerShare
from yiwang.pure.sm.collaborative.signing import PhoneSigning, answer_signing
from yiwang.pure.sm.collaborative.split_signer import SplitSigner
from yiwang.pure.sm.envelope.closing import ClosingList, ClosingWitness
from yiwang.pure.sm.envelope.contents import BidderSigner, Entry, Sheet
from yiwang.pure.sm.envelope.device import FolderPins, HolderDevice, MemoryPins, Pins, Submitted
from yiwang.pure.sm.envelope.head import Head, Header, Part, head_length, terms_broken
from yiwang.pure.sm.envelope.merkle import first_path as envelope_first_path
from yiwang.pure.sm.envelope.merkle import leaf as envelope_leaf
from yiwang.pure.sm.envelope.merkle import root as envelope_root
from yiwang.pure.sm.envelope.opening import (
    OpenedDocuments,
    PartKey,
    Receipt,
    answered_cases,
    checked_head,
    opened_sheet,
    part_key,
)
from yiwang.pure.sm.envelope.partial import Answer, Case, Partial, Refusal, answer_from_json, bad_answers
from yiwang.pure.sm.envelope.recovery import Half, TriedHalf
from yiwang.pure.sm.envelope.rehearsal import rehearse
from yiwang.pure.sm.envelope.sealing import Document, Sealed, seal, submission_message
from yiwang.pure.sm.envelope.storage import EnvelopeFile, Stored
from yiwang.pure.sm.envelope.terms import CHUNK, DOCUMENTS, SHEET, TAG, Terms, holder_statement
from yiwang.pure.sm.envelope.verdicts import DoesNotOpen, Verdict
from yiwang.pure.sm.errors import (
    BadCiphertext,
    BadKey,
    BadSignature,
    Malformed,
    ProtocolViolation,
    SmError,
    Unavailable,
)
from yiwang.pure.sm.hkdf import hkdf_sm3
from yiwang.pure.sm.keys import IDENTITY, DecryptionKey, EncryptionKey, SigningKey, VerifyingKey
from yiwang.pure.sm.providers import ProviderReport, probe
from yiwang.pure.sm.sm3 import digest as sm3_digest
from yiwang.pure.sm.sm3 import equal as constant_time_equal
from yiwang.pure.sm.sm3 import hasher as sm3_hasher
from yiwang.pure.sm.x509.authority import CertificateAuthority
from yiwang.pure.sm.x509.certificates import Certificate, read_certificate, read_pem
from yiwang.pure.sm.x509.paths import PathVerdict, Policy, path_verdict
from yiwang.pure.sm.x509.requests import Request, make_request, read_request
from yiwang.pure.sm.x509.revocation import (
    RevocationList,
    Revoked,
    Status,
    StatusQuestion,
    ask_status,
    read_answer,
    read_list,
)
from yiwang.pure.sm.x509.signing import KeySigner, Signer
from yiwang.pure.sm.x509.testing_authority import TestAuthority, is_test
from yiwang.pure.sm.x509.timestamps import TimeQuestion, TimeStamp, ask_time, ask_time_for, read_time_answer

__all__ = [
    # errors
    "BadCiphertext", "BadKey", "BadSignature", "Malformed", "ProtocolViolation", "SmError", "Unavailable",
    # keys and primitives
    "IDENTITY", "DecryptionKey", "EncryptionKey", "SigningKey", "VerifyingKey",
    "ciphertext_from_raw", "ciphertext_to_raw", "signature_from_raw", "signature_to_raw",
    "constant_time_equal", "hkdf_sm3", "sm3_digest", "sm3_hasher", "ProviderReport", "probe",
    # sealed envelopes
    "CHUNK", "DOCUMENTS", "SHEET", "TAG", "Terms", "holder_statement", "BidderSigner", "Document", "Half", "TriedHalf",
    "Sealed", "seal", "submission_message", "rehearse", "EnvelopeFile", "Stored", "Head", "Header", "Part", "head_length",
    "terms_broken", "envelope_first_path", "envelope_leaf", "envelope_root", "ClosingList", "ClosingWitness",
    "FolderPins", "HolderDevice", "MemoryPins", "Pins", "Submitted", "Answer", "Case", "Partial", "Refusal",
    "answer_from_json", "bad_answers", "Receipt", "answered_cases", "checked_head", "part_key", "PartKey",
    "opened_sheet", "Sheet", "OpenedDocuments", "Entry", "DoesNotOpen", "Verdict",
    # certificates
    "Certificate", "CertificateAuthority", "KeySigner", "PathVerdict", "Policy", "Request", "RevocationList", "Revoked", "Signer", "Status",
    "StatusQuestion", "TestAuthority", "TimeQuestion", "TimeStamp", "ask_status", "ask_time", "ask_time_for", "is_test",
    "make_request", "path_verdict", "read_answer", "read_certificate", "read_list", "read_pem", "read_request",
    "read_time_answer",
    # split keys
    "Ledger", "MemoryLedger", "PhoneDecryption", "PhoneGeneration", "PhoneShare", "PhoneSigning", "ServerGeneration",
    "ServerShare", "SplitSigner", "answer_decryption", "answer_signing", "confirm_trial", "refresh_answer",
    "refresh_request",
]  # fmt: skip
