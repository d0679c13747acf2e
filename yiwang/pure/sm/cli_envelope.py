"""``yiwang envelope keygen|rehearse|seal|share|open|inspect``."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.pure.sm.cli_edge import new_file, progress, small_file, write_new
from yiwang.pure.sm.cli_keys import decryption_key, signing_key, write_pair
from yiwang.pure.sm.envelope.closing import ClosingList
from yiwang.pure.sm.envelope.contents import Sheet
from yiwang.pure.sm.envelope.device import FolderPins, HolderDevice, Submitted
from yiwang.pure.sm.envelope.head import Part, terms_broken
from yiwang.pure.sm.envelope.opening import (
    OpenedDocuments,
    PartKey,
    Receipt,
    answered_cases,
    checked_head,
    opened_sheet,
    part_key,
)
from yiwang.pure.sm.envelope.partial import Answer, Case, answer_from_json
from yiwang.pure.sm.envelope.recovery import Half, TriedHalf
from yiwang.pure.sm.envelope.rehearsal import rehearse
from yiwang.pure.sm.envelope.sealing import seal
from yiwang.pure.sm.envelope.storage import EnvelopeFile
from yiwang.pure.sm.envelope.terms import SHEET, Terms, holder_statement
from yiwang.pure.sm.envelope.verdicts import DoesNotOpen, Verdict
from yiwang.pure.sm.errors import BadSignature, Malformed
from yiwang.pure.sm.keys import DecryptionKey, SigningKey
from yiwang.pure.sm.strict import hex_bytes
from yiwang.pure.sm.x509.certificates import read_certificate, read_pem
from yiwang.pure.sm.x509.signing import check_signature


def keygen(args: argparse.Namespace) -> int:
    """A holder's key for one lot, and the statement that the holder signs with the own certificate."""
    if not 1 <= args.holder <= 16:
        raise Malformed("the place of a holder is a number from 1 to 16")
    key = DecryptionKey.generate()
    statement = holder_statement(args.lot, args.holder, key.public)
    write_pair(args, key)
    write_new(args.statement, statement)
    print(key.public.fingerprint)
    return 0


def rehearse_key(args: argparse.Namespace) -> int:
    """Seals a test envelope to the key and opens it again."""
    name = rehearse(decryption_key(args))
    print(f"演练成功 / the rehearsal opened: {name}")
    return 0


@dataclass(frozen=True, slots=True)
class _File:
    """A document on disk."""

    path: Path

    @property
    def name(self) -> str:
        """The name without the folder."""
        return self.path.name

    @property
    def size(self) -> int:
        """Bytes."""
        return self.path.stat().st_size

    def open(self) -> BinaryIO:
        """The file for reading."""
        return self.path.open("rb")


@dataclass(frozen=True, slots=True)
class _Bidder:
    """Signs with a key file."""

    key: SigningKey
    certificate: bytes

    def sign(self, message: bytes) -> bytes:
        """A DER signature over ``message``."""
        return self.key.sign(message)


def _facts(path: Path) -> dict[str, object]:
    try:
        value = json.loads(small_file(path))
    except ValueError as error:
        raise Malformed(f"{path}: not JSON") from error
    if not isinstance(value, dict):
        raise Malformed(f"{path}: an object was expected")
    return value


def _tried_half() -> TriedHalf:
    """A fresh half whose code is shown and typed in again."""
    half = Half.fresh()
    print(f"恢复码，请打印并妥善保管 / recovery code, print and keep it:\n{half.code()}")
    print("请再输入一遍 / type it in again: ", end="", flush=True)
    return TriedHalf(half, sys.stdin.readline())


def seal_bid(args: argparse.Namespace) -> int:
    """Seals a bid; prints the message that submits it. The file appears only when it is whole."""
    terms, facts = Terms.from_json(small_file(args.terms)), _facts(args.sheet)
    certificate = read_pem(small_file(args.certificate)).octets if args.certificate else b""
    bidder = _Bidder(signing_key(args), certificate)
    half = _tried_half() if args.strict else None
    with new_file(args.out) as out:
        sealed = seal(out, terms, facts, [_File(path) for path in args.documents], bidder, half, progress)
    print(sealed.submission.decode())
    return 0


@dataclass(frozen=True, slots=True)
class _Fetched:
    """The root that a person has fetched from a witness."""

    root: bytes

    def confirms(self, lot: str, root: bytes) -> bool:
        """Whether it is the root that was fetched."""
        return root == self.root


def share(args: argparse.Namespace) -> int:
    """Answers for every envelope; answers that are in the folder already are not made again."""
    terms = Terms.from_json(small_file(args.terms))
    closing = ClosingList.from_json(small_file(args.closing))
    witness = _Fetched(hex_bytes(args.witnessed_root, 32, "--witnessed-root"))
    device = HolderDevice(decryption_key(args), args.holder, terms, witness, FolderPins(args.pins))
    args.out.mkdir(parents=True, exist_ok=True)
    shown, places = [], []
    for path in args.files:
        with EnvelopeFile.at(path, progress) as stored:
            place = args.out / f"{stored.parsed.envelope}.{args.part}.{args.holder}.json"
            if not place.exists():
                shown.append(Submitted.of(stored.head(), stored.leaves()))
                places.append(place)
    for place, answer in zip(places, device.answers(args.part, closing, shown), strict=True):
        write_new(place, answer.to_json())
    print(f"{len(places)} 份答复 / answers; {len(args.files) - len(places)} 份此前已有 / were there already")
    return 0


def _answers(folder: Path, envelope: str, part: str) -> list[Answer]:
    found = [answer_from_json(small_file(path)) for path in sorted(folder.glob(f"{envelope}.{part}.*.json"))]
    if not found:
        raise Refused([Finding("sm-not-in-folder", "", {"path": folder, "envelope": envelope})])
    return found


def open_bid(args: argparse.Namespace) -> int:
    """Prints the opening sheet, or decrypts the documents into ``--out`` (lists them without it)."""
    terms = Terms.from_json(small_file(args.terms))
    root = hex_bytes(args.root, 32, "--root")
    with EnvelopeFile.at(args.file, progress) as stored:
        receipt = Receipt(stored.parsed.envelope, root)
        head = checked_head(stored, receipt, terms)
        answers = _answers(args.answers, head.envelope, args.part)
        cases, bad = answered_cases([head], terms, args.part, answers)
        half = Half.from_code(args.code) if args.code else None
        key = part_key(cases[0], bad[0], half)
        if args.part == SHEET:
            return _open_sheet(stored, receipt, cases[0], key, args.unsigned)
        return _open_documents(OpenedDocuments(stored, receipt, cases[0], key), args.out)


def _accepts(certificate: bytes, statement: bytes, signature: bytes) -> bool:
    """Whether the certificate's key signed the statement; whose it is and whether it is trusted is said by others."""
    if not certificate:
        return False
    found = read_certificate(certificate)
    try:
        check_signature(found.key, found.algorithm, signature, statement)
    except BadSignature:
        return False
    print(
        f"签名证书 / certificate of the signature: {found.subject_text} ({found.fingerprint})",
        file=sys.stderr,
    )
    return True


def _open_sheet(stored: EnvelopeFile, receipt: Receipt, case: Case, key: PartKey, unsigned: bool) -> int:
    accept = (lambda *_: True) if unsigned else _accepts
    try:
        sheet: Sheet = opened_sheet(stored, receipt, case, key, accept)
    except Malformed as error:
        raise DoesNotOpen(Verdict("signature", case.head.envelope, SHEET)) from error
    if not sheet.certificate and not unsigned:
        raise Refused([Finding("sm-unsigned", "", {})])
    print(json.dumps(sheet.facts, ensure_ascii=False, sort_keys=True, indent=2))
    return 0


def _open_documents(documents: OpenedDocuments, folder: Path | None) -> int:
    """Each document appears in ``folder`` when it is whole; one that is there with its size is not written again."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    for entry in documents.entries:
        print(f"{entry.size}\t{entry.name}")
        if folder is None:
            continue
        path = folder / entry.name
        if path.exists() and path.stat().st_size == entry.size:
            continue
        with new_file(path, 0o600) as file:
            documents.write_to(file, entry.name)
    return 0


def _part_facts(part: Part | None) -> dict[str, object] | None:
    if part is None:
        return None
    header = part.header
    return {
        "size": header.size,
        "chunks": header.chunks,
        "header_sm3": header.digest.hex(),
        "commitment": part.commitment.hex(),
        "strict": bool(header.half),
    }


def inspect(args: argparse.Namespace) -> int:
    """Prints what anybody can see of a sealed bid; with ``--terms`` also whether it is for them (status 1 if not)."""
    with EnvelopeFile.at(args.file, progress) as stored:
        head = stored.parsed
        facts: dict[str, object] = {
            "lot": head.lot,
            "envelope": head.envelope,
            "root": stored.root.hex(),
            "threshold": head.sheet.header.threshold,
            "holders": list(head.sheet.header.holders),
            "sheet": _part_facts(head.sheet),
            "documents": _part_facts(head.documents),
        }
    if args.json:
        print(json.dumps(facts, ensure_ascii=False, sort_keys=True, indent=2))
    else:
        for name, value in facts.items():
            print(f"{name}: {value}")
    broken = terms_broken(head, Terms.from_json(small_file(args.terms))) if args.terms else None
    if broken is not None:
        raise DoesNotOpen(Verdict(broken, head.envelope, SHEET))
    return 0
