"""The worked example of docs/formats/envelope.md, made again from its inputs to the last byte."""

from __future__ import annotations

import io
import itertools
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.sm.world import Document
from yiwang.pure.kernel import canonical
from yiwang.pure.sm import proofs, sm3
from yiwang.pure.sm.envelope import contents, masters, merkle, sealing
from yiwang.pure.sm.envelope.closing import record
from yiwang.pure.sm.envelope.head import Head
from yiwang.pure.sm.envelope.partial import Partial, proof_context
from yiwang.pure.sm.envelope.recovery import Half, TriedHalf
from yiwang.pure.sm.envelope.sealing import seal
from yiwang.pure.sm.envelope.terms import CHUNK, TAG, Terms
from yiwang.pure.sm.keys import DecryptionKey
from yiwang.pure.sm.points import SecretScalar, multiple

PAGE = Path(__file__).parents[2] / "docs" / "formats" / "envelope.md"


def example() -> dict[str, Any]:
    """The JSON block of the page's worked example."""
    (block,) = re.findall(r"```json\n(\{\n  \"inputs\".*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    return json.loads(block)


@dataclass(frozen=True)
class Recorded:
    """A signature made once and written down: SM2 signatures are never twice the same."""

    signature: bytes
    certificate: bytes = b""

    def sign(self, message: bytes) -> bytes:
        return self.signature


def made_again(inputs: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Every output of the example from its inputs."""
    keys = [DecryptionKey.from_secret(bytes.fromhex(each)) for each in inputs["holder_secrets"]]
    terms = Terms(inputs["lot"], inputs["threshold"], tuple(key.public for key in keys))
    # ``seal`` draws for the documents first, then for the sheet
    drawn = iter(
        [
            SecretScalar.from_bytes(bytes.fromhex(inputs[name]))
            for name in ("documents_master", "sheet_master")
        ]
    )
    salts = iter([bytes.fromhex(inputs[name]) for name in ("documents_salt", "sheet_salt")])
    half = Half(bytes.fromhex(inputs["half"]))
    out = io.BytesIO()
    with monkeypatch.context() as patch:
        patch.setattr(sealing.SecretScalar, "fresh", lambda: next(drawn))
        patch.setattr(contents, "fresh_salt", lambda: next(salts))
        patch.setattr(sealing.secrets, "token_hex", lambda size: inputs["envelope"])
        documents = [Document(each["name"], bytes.fromhex(each["bytes"])) for each in inputs["documents"]]
        sealed = seal(
            out,
            terms,
            inputs["facts"],
            documents,
            Recorded(bytes.fromhex(inputs["signature"])),
            TriedHalf(half, half.code()),
        )
    raw = out.getvalue()
    assert len(raw) == sealed.size
    return outputs(inputs, raw, sealed, keys, half, monkeypatch)


def outputs(inputs, raw: bytes, sealed: sealing.Sealed, keys, half: Half, monkeypatch) -> dict[str, Any]:
    head = Head.parse(sealed.head.to_bytes())
    size = len(head.to_bytes())
    found: dict[str, Any] = {
        "first_16_bytes": raw[:16].hex(),
        "size": len(raw),
        "sm3_of_the_file": sm3.digest(raw).hex(),
        "recovery_code": half.code(),
        "half_commitment": head.sheet.header.half.hex(),
    }
    for name, part in (("sheet", head.sheet), ("documents", head.documents)):
        assert part is not None
        header = part.header
        master = SecretScalar.from_bytes(bytes.fromhex(inputs[f"{name}_master"]))
        frame = masters.Frame.of(header)
        _, nonce, context = masters._made(master, frame)[0]
        found[name] = {
            "frame_digest": frame.digest.hex(),
            "shares": [each.expose_bytes().hex() for each, _, _ in masters._made(master, frame)],
            "nonce_of_holder_1": nonce.expose_bytes().hex(),
            "context_of_holder_1": context.hex(),
            "ciphertext_for_holder_1": header.shares[0].raw.hex(),
            "size": header.size,
            "manifest_digest": header.manifest.hex(),
            "header_digest": header.digest.hex(),
            "commitment": part.commitment.hex(),
            "chunk_key": masters.chunk_key(master, half.expose_bytes(), header.digest).hex(),
        }
    sheet_chunk, documents_chunk = raw[size : size + 4096 + TAG], raw[size + 4096 + TAG :]
    assert len(documents_chunk) < CHUNK
    found["sheet"]["chunk_begins"] = sheet_chunk[:16].hex()
    found["sheet"]["chunk_tag"] = sheet_chunk[-TAG:].hex()
    found["documents"]["chunk"] = documents_chunk.hex()
    found["leaves"] = [each.hex() for each in sealed.leaves]
    found["root"] = sealed.root.hex()
    assert merkle.root(sealed.leaves) == sealed.root
    found["submission"] = sealed.submission.decode()
    found["closing_record"] = record(head.lot, head.envelope, sealed.root).hex()
    found["partial_of_holder_1"] = partial(inputs, head, keys[0], monkeypatch)
    return found


def partial(inputs: dict[str, Any], head: Head, key: DecryptionKey, monkeypatch) -> dict[str, Any]:
    """The sheet's answer where the documents' was given in the same request."""
    assert head.documents is not None
    pairs = []
    for header in (head.sheet.header, head.documents.header):
        base = header.shares[0].c1
        pairs.append(proofs.Pair(proof_context(header, 1), base, multiple(key.scalar(), base)))
    with monkeypatch.context() as patch:
        nonce = SecretScalar.from_bytes(bytes.fromhex(inputs["proof_nonce"]))
        patch.setattr(proofs.SecretScalar, "fresh", lambda: nonce)
        proof, _ = proofs.prove_equalities(key.scalar(), key.public.point, pairs)
    c = proofs.EqualityClaim(key.public.point, pairs[0], proof).challenge()
    answer = Partial(head.lot, head.envelope, "sheet", 1, pairs[0].result, proof)
    return {"challenge": f"{c:064x}", "json": canonical.loads(answer.to_json())}


def test_the_worked_example_is_what_the_code_makes(monkeypatch):
    written = example()
    assert made_again(written["inputs"], monkeypatch) == written["outputs"]


def test_every_step_of_the_page_has_its_number_in_the_example():
    written = example()["outputs"]
    for name, value in itertools.chain(written.items(), written["sheet"].items()):
        assert value, name
