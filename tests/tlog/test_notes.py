"""Signed notes and keys: the example of Go's note package, strict reading, and what opening a note refuses."""

from __future__ import annotations

import base64
import dataclasses
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from tests.tlog.worlds import (
    AT,
    LOG_KEY,
    MLDSA_WITNESS,
    ORIGIN,
    WITNESSES,
    memory_log,
    rules_of,
    seed_of,
    signed,
)
from yiwang.pure.kernel.findings import Refused
from yiwang.pure.tlog import keys
from yiwang.pure.tlog.api import (
    COSIGNATURE_ED25519,
    ED25519,
    SM2_SM3,
    Checkpoint,
    Ed25519Signer,
    MldsaSigner,
    MldsaVerifier,
    Note,
    OwnSigner,
    SignatureLine,
    VKey,
    add_signatures,
    cosigned_at,
    open_note,
    own_kind,
    parse_note,
    sign_note,
    verifier_of,
)
from yiwang.pure.tlog.cosignatures import ed25519_message, subtree_message
from yiwang.pure.tlog.key_files import parse_key, read_key

# The example of the documentation of golang.org/x/mod/sumdb/note.
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NEUMANN_NOTE = """If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
""".encode()
# The key of the Go checksum database, as published.
SUMDB = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"

TEXT = memory_log(3).head().text


def test_the_example_of_go_opens():
    opened = open_note(parse_note(NEUMANN_NOTE), [verifier_of(VKey.parse(NEUMANN))])
    assert opened.note.text.endswith(b"what your problem is.\n")
    assert opened.note.raw == NEUMANN_NOTE
    assert opened.ignored == 0


@pytest.mark.parametrize(
    "text", [NEUMANN, SUMDB, LOG_KEY.vkey.text, WITNESSES[0].vkey.text, MLDSA_WITNESS.vkey.text]
)
def test_a_vkey_reads_back_as_itself(text):
    assert VKey.parse(text).text == text


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "vkey-parts"),
        ("PeterNeumann+c74f20a3", "vkey-parts"),
        ("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "vkey-id-wrong"),
        ("PeterNeumanN+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "vkey-id-wrong"),
        ("PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "vkey-id"),
        ("PeterNeumann+74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "vkey-id"),
        ("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T", "base64"),
        ("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n", "base64"),
        ("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy", "key-length"),
        ("PeterNeumann+c74f20a3+Ahpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "kind-unknown"),
        ("PeterNeumann+c74f20a3+/xpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "kind-unknown"),
        ("PeterNeumann+c74f20a3+", "kind-unknown"),
        ("Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "name"),
        ("Peter\u00a0Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "name"),
        ("+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "name"),
        ("x" * 9000, "too-large"),
    ],
)
def test_a_vkey_of_another_spelling_is_refused(text, rule):
    with pytest.raises(Refused) as refusal:
        VKey.parse(text)
    assert rules_of(refusal) == [rule]


def test_a_kind_of_our_own_carries_its_name():
    key = VKey("log.example", SM2_SM3, b"\x04" + bytes(64))
    assert SM2_SM3 == b"\xffyiwang/sm2-sm3/v1\x00"
    assert VKey.parse(key.text) == key
    for name in ("", "a b", "a\x00b", "x" * 65, "国密"):
        with pytest.raises(Refused) as refusal:
            own_kind(name)
        assert rules_of(refusal) == ["kind-unknown"]


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u2003b", "a\nb", "a\x7fb", "\ud800", "名" * 100])
def test_a_name_that_no_key_may_have_is_refused(name):
    with pytest.raises(Refused) as refusal:
        VKey(name, ED25519, bytes(32))
    assert rules_of(refusal) == ["name"]


@pytest.mark.parametrize(
    ("raw", "rule", "place"),
    [
        (b"", "note-no-blank-line", {"line": 1}),
        (b"text\n", "note-no-blank-line", {"line": 1}),
        (b"text\n\n", "note-no-signature", {"line": 3}),
        (b"a\nb\n\n\xe2\x80\x94 name AAAAAAA=", "no-newline", {"line": 4}),
        (b"a\n\nname AAAAAAA=\n", "signature-line", {"line": 3}),
        (b"a\n\n\xe2\x80\x94 name  AAAAAAA=\n", "signature-line", {"line": 3}),
        (b"a\n\n\xe2\x80\x94 name\n", "signature-line", {"line": 3}),
        (b"a\n\n\xe2\x80\x94 AAAAAAA=\n", "signature-line", {"line": 3}),
        (b"a\n\n\xe2\x80\x94  AAAAAAA=\n", "name", {"line": 3}),
        (b"a\n\n\xe2\x80\x94 na+me AAAAAAA=\n", "name", {"line": 3}),
        (b"a\n\n\xe2\x80\x94 na\xc2\xa0me AAAAAAA=\n", "name", {"line": 3}),
        (b"a\n\n\xe2\x80\x94 name AAAA\n", "signature-short", {"line": 3}),
        (b"a\n\n\xe2\x80\x94 name AAAAAA==\n", "signature-short", {"line": 3}),
        (b"a\n\n\xe2\x80\x94 name AAAAAAB=\n", "base64", {"line": 3}),  # trailing bits that are not zero
        (b"a\n\n\xe2\x80\x94 name AAAAAAA\n", "base64", {"line": 3}),
        (b"a\n\n\xe2\x80\x94 name AAAA-AA=\n", "base64", {"line": 3}),
        (b"a\n\n\xe2\x80\x94 n AAAAAAA=\n\xe2\x80\x94 m !\n", "base64", {"line": 4}),
        (b"a\xff\n\n\xe2\x80\x94 name AAAAAAA=\n", "not-utf8", {"byte": 1}),
        (b"ab\ncd\te\n\n\xe2\x80\x94 name AAAAAAA=\n", "control-character", {"line": 2, "column": 3, "code": 9}),
        (b"ab\r\n\r\n\xe2\x80\x94 name AAAAAAA=\r\n", "control-character", {"line": 1, "column": 3, "code": 13}),
        (b"a\n\n" + b"\xe2\x80\x94 name AAAAAAA=\n" * 101, "note-too-many", {"line": 3, "count": 101}),
        (b"a" * 1_000_001, "too-large", {"limit": 1_000_000}),
    ],
)  # fmt: skip
def test_a_note_of_another_shape_is_refused_with_the_place(raw, rule, place):
    with pytest.raises(Refused) as refusal:
        parse_note(raw)
    assert rules_of(refusal) == [rule]
    assert place.items() <= dict(refusal.value.findings[0].params).items()


def test_the_last_blank_line_parts_text_and_signatures():
    note = sign_note(b"one\n\ntwo\n", [LOG_KEY], AT)
    assert parse_note(note.raw) == note
    assert parse_note(note.raw).text == b"one\n\ntwo\n"


def test_sixteen_signatures_are_read_and_unknown_ones_ignored():
    signers = [Ed25519Signer(f"k{n}.example", seed_of(str(n))) for n in range(16)]
    note = parse_note(sign_note(TEXT, signers, AT).raw)
    opened = open_note(note, [verifier_of(signers[7].vkey)])
    assert [key.name for key, _ in opened.known] == ["k7.example"]
    assert opened.ignored == 15


@pytest.mark.parametrize("signer", [LOG_KEY, WITNESSES[0], MLDSA_WITNESS], ids=["0x01", "0x04", "0x06"])
def test_a_signature_holds_for_its_text_and_key_alone(signer):
    verifier = verifier_of(signer.vkey)
    good = signer.sign(TEXT, AT)
    assert verifier.verify(TEXT, good)
    assert not verifier.verify(TEXT.replace(b"\n3\n", b"\n4\n"), good)
    assert not verifier.verify(TEXT, good[:-1])
    assert not verifier.verify(TEXT, good + b"\x00")
    assert not verifier.verify(TEXT, b"")
    for place in (0, 7, len(good) // 2, len(good) - 1):
        bent = bytearray(good)
        bent[place] ^= 1
        assert not verifier.verify(TEXT, bytes(bent))
    other = dataclasses.replace(signer, seed=seed_of("somebody else"))
    assert not verifier_of(other.vkey).verify(TEXT, good)


def test_a_cosignature_is_no_note_signature_and_the_reverse():
    plain = Ed25519Signer("w.example", seed_of("x"))
    cosigner = Ed25519Signer("w.example", seed_of("x"), cosigner=True)
    assert plain.vkey.public == cosigner.vkey.public
    assert plain.vkey.id != cosigner.vkey.id
    assert not verifier_of(plain.vkey).verify(TEXT, cosigner.sign(TEXT, AT))
    assert not verifier_of(plain.vkey).verify(TEXT, cosigner.sign(TEXT, AT)[8:])
    assert not verifier_of(cosigner.vkey).verify(TEXT, bytes(8) + plain.sign(TEXT, AT))


def test_an_mldsa_cosignature_commits_to_the_name_of_the_cosigner():
    good = MLDSA_WITNESS.sign(TEXT, AT)
    renamed = VKey("other.example", MLDSA_WITNESS.vkey.kind, MLDSA_WITNESS.vkey.public)
    assert not verifier_of(renamed).verify(TEXT, good)
    assert not verifier_of(MLDSA_WITNESS.vkey).verify(b"no checkpoint\n", good)
    with pytest.raises(Refused):
        MLDSA_WITNESS.sign(b"no checkpoint\n", AT)


def test_the_messages_of_cosignatures_are_those_of_the_specification():
    text = b"example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    assert ed25519_message(text, 1679315147) == b"cosignature/v1\ntime 1679315147\n" + text
    message = subtree_message("w", 1, "log", 0, 258, b"\x07" * 32)
    assert message.hex() == (
        "737562747265652f76310a00" "0177" "0000000000000001" "036c6f67"
        "0000000000000000" "0000000000000102" + "07" * 32
    )  # fmt: skip
    for bad in (
        ("", 1, "log", 0, 1),
        ("w" * 256, 1, "log", 0, 1),
        ("w", 1, "log", 256, 512),
        ("w", 0, "log", 2, 1),
    ):
        with pytest.raises(Refused) as refusal:
            subtree_message(*bad, bytes(32))
        assert rules_of(refusal) == ["cosigned-range"]


def test_the_time_of_a_cosignature_is_the_time_of_signing():
    for signer in (WITNESSES[0], MLDSA_WITNESS):
        assert cosigned_at(signer.vkey, signer.sign(TEXT, AT)) == AT
    assert cosigned_at(LOG_KEY.vkey, LOG_KEY.sign(TEXT, AT)) is None
    key = WITNESSES[0].vkey
    assert cosigned_at(key, bytes(72)) is None
    assert cosigned_at(key, b"\x7f" + b"\xff" * 71) is None
    assert not verifier_of(key).verify(TEXT, b"\x80" + bytes(71))
    with pytest.raises(Refused) as refusal:
        WITNESSES[0].sign(TEXT, AT.replace(tzinfo=None))
    assert rules_of(refusal) == ["timestamp"]


def test_a_forged_doubled_or_unknown_line_is_refused_with_all_reasons():
    note = signed(memory_log(3))
    known = [verifier_of(each.vkey) for each in (LOG_KEY, *WITNESSES)]
    assert len(open_note(note, known).known) == 5
    forged = SignatureLine(note.lines[2].name, note.lines[2].key_id, note.lines[3].signature)
    with pytest.raises(Refused) as refusal:
        open_note(Note(note.text, (*note.lines[:2], forged, note.lines[0])), known)
    assert rules_of(refusal) == ["signature-wrong", "signature-twice"]
    with pytest.raises(Refused) as refusal:
        open_note(note, [verifier_of(Ed25519Signer(ORIGIN, seed_of("unknown")).vkey)])
    assert rules_of(refusal) == ["signature-unknown"]
    with pytest.raises(Refused) as refusal:
        open_note(note, [known[0], known[0]])
    assert rules_of(refusal) == ["key-ambiguous"]


def test_a_key_does_not_sign_twice_and_a_note_needs_a_signature():
    note = sign_note(TEXT, [LOG_KEY], AT)
    with pytest.raises(Refused) as refusal:
        add_signatures(note, [LOG_KEY], AT)
    assert rules_of(refusal) == ["signature-twice"]
    with pytest.raises(Refused) as refusal:
        sign_note(TEXT, [], AT)
    assert rules_of(refusal) == ["note-no-signature"]
    for bad, rule in (
        (b"no newline", "no-newline"),
        (b"tab\t\n", "control-character"),
        (b"\xff\n", "not-utf8"),
    ):
        with pytest.raises(Refused) as refusal:
            sign_note(bad, [LOG_KEY], AT)
        assert rules_of(refusal) == [rule]


def test_the_sm2_line_comes_from_outside_and_standard_verifiers_ignore_it():
    class Scheme:
        kind = SM2_SM3

        def verify(self, public: bytes, message: bytes, signature: bytes) -> bool:
            return signature == message[:8] + public[:8]

    key = VKey(ORIGIN, SM2_SM3, b"\x04" + bytes(64))
    signer = OwnSigner(key, lambda message: message[:8] + key.public[:8])
    note = parse_note(sign_note(TEXT, [LOG_KEY, signer], AT).raw)
    assert verifier_of(key) is None
    assert open_note(note, [verifier_of(LOG_KEY.vkey)]).ignored == 1
    assert len(open_note(note, [verifier_of(LOG_KEY.vkey), verifier_of(key, [Scheme()])]).known) == 2
    bent = Note(note.text, (note.lines[0], dataclasses.replace(note.lines[1], signature=bytes(16))))
    with pytest.raises(Refused):
        open_note(bent, [verifier_of(key, [Scheme()])])


def _order(y: int) -> int:
    """The order of a point with this y on edwards25519 (RFC 8032 section 5.1), by doubling alone; 0 above 8."""
    p = 2**255 - 19
    d = -121665 * pow(121666, -1, p) % p
    square = (y * y - 1) * pow(d * y * y + 1, -1, p) % p
    x = pow(square, (p + 3) // 8, p)
    x = x if x * x % p == square else x * pow(2, (p - 1) // 4, p) % p
    if x * x % p != square:
        return 0  # no point at all
    for order in (1, 2, 4, 8):
        if (x, y % p) == (0, 1):
            return order
        k = d * x * x * y * y % p
        x, y = 2 * x * y * pow(1 + k, -1, p) % p, (y * y + x * x) * pow(1 - k, -1, p) % p
    return 0


def test_weak_keys_are_refused_because_a_forgery_under_one_holds_for_every_text():
    one = (1).to_bytes(32, "little")
    forged = one + bytes(32)  # R the neutral point, S = 0
    Ed25519PublicKey.from_public_bytes(one).verify(forged, b"any text")  # the library alone lets it pass
    weak = [y for y in keys._WEAK if y < 2**255 - 19]
    assert sorted(_order(y) for y in weak) == [1, 2, 4, 8, 8]
    for y in keys._WEAK | {2**255 - 1}:
        for sign in (0, 1 << 255):
            with pytest.raises(Refused) as refusal:
                VKey("w.example", COSIGNATURE_ED25519, (y | sign).to_bytes(32, "little"))
            assert rules_of(refusal) == ["key-weak"]


def test_no_secret_shows_in_a_repr():
    for signer in (LOG_KEY, WITNESSES[0], MLDSA_WITNESS):
        assert signer.seed.hex()[:16] not in repr(signer)
        assert repr(signer.seed)[2:20] not in repr(signer)


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        (b"", "checkpoint-short", 1),
        (b"origin\n1\n", "checkpoint-short", 1),
        (b"origin\n1\n" + b"A" * 43 + b"=", "no-newline", 3),
        (b"\n1\n" + b"A" * 43 + b"=\n", "empty-line", 1),
        (b"origin\n01\n" + b"A" * 43 + b"=\n", "decimal", 2),
        (b"origin\n-1\n" + b"A" * 43 + b"=\n", "decimal", 2),
        (b"origin\n+1\n" + b"A" * 43 + b"=\n", "decimal", 2),
        (b"origin\n1 \n" + b"A" * 43 + b"=\n", "decimal", 2),
        (b"origin\n9223372036854775808\n" + b"A" * 43 + b"=\n", "decimal", 2),
        ("origin\n١\n".encode() + b"A" * 43 + b"=\n", "decimal", 2),
        (b"origin\n1\n" + b"A" * 43 + b"\n", "base64", 3),
        (b"origin\n1\n" + b"A" * 42 + b"B=\n", "base64", 3),
        (b"origin\n1\nAAAA\n", "hash-line", 3),
        (b"origin\n1\n" + b"A" * 43 + b"=\n\n", "empty-line", 4),
        (b"origin\n1\n" + b"A" * 43 + b"=\nx\n\ny\n", "empty-line", 5),
    ],
)
def test_a_checkpoint_of_another_shape_is_refused_with_the_line(text, rule, line):
    with pytest.raises(Refused) as refusal:
        Checkpoint.parse(text)
    assert rules_of(refusal) == [rule]
    assert refusal.value.findings[0].params["line"] == line


def test_a_checkpoint_reads_back_as_itself():
    head = Checkpoint("a log", 2**63 - 1, b"\x01" * 32, ("extension", "another one"))
    assert Checkpoint.parse(head.text) == head
    for bad in (("", 1, bytes(32)), ("a\nb", 1, bytes(32)), ("a", -1, bytes(32)), ("a", 1, bytes(31))):
        with pytest.raises(Refused):
            Checkpoint(*bad)


names = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"], exclude_characters="+"),
    min_size=1,
    max_size=60,
)


@given(
    name=names,
    kind=st.sampled_from([ED25519, COSIGNATURE_ED25519, SM2_SM3]),
    public=st.binary(min_size=32, max_size=32).map(lambda seed: Ed25519Signer("x", seed).vkey.public),
    signature=st.binary(min_size=1, max_size=90),
)
def test_every_key_and_line_reads_back_as_itself(name, kind, public, signature):
    key = VKey(name, kind, public)
    assert VKey.parse(key.text) == key
    note = Note(b"text\n", (SignatureLine(name, key.id, signature),))
    assert parse_note(note.raw) == note


def test_without_mldsa_its_lines_are_not_checked_and_its_keys_refused(monkeypatch):
    monkeypatch.setattr("yiwang.pure.tlog.mldsa._OFFERED", False)
    assert verifier_of(MLDSA_WITNESS.vkey) is None
    for make in (lambda: MldsaSigner("w.example", bytes(32)), lambda: MldsaVerifier(MLDSA_WITNESS.vkey)):
        with pytest.raises(Refused) as refusal:
            make()
        assert rules_of(refusal) == ["mldsa-unavailable"]


GOOD_KEY = f"PRIVATE+KEY+{ORIGIN}+{LOG_KEY.vkey.id.hex()}+"
MATERIAL = b"\x01" + LOG_KEY.seed


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"PRIVATE+KEY+a+b",
        (GOOD_KEY + "!").encode(),
        (GOOD_KEY + base64.b64encode(MATERIAL[:-1]).decode()).encode(),
        (GOOD_KEY + base64.b64encode(b"\x01" + bytes(32)).decode()).encode(),  # the ID of another key
        b"PRIVATE+KEY+\xff+00000000+" + base64.b64encode(MATERIAL),
        (GOOD_KEY + base64.b64encode(MATERIAL).decode() + "\n\n").encode(),
    ],
)
def test_a_key_file_of_another_shape_is_refused_without_its_secret(raw):
    with pytest.raises(Refused) as refusal:
        parse_key(raw)
    assert rules_of(refusal) == ["key-file"]
    assert base64.b64encode(MATERIAL).decode()[4:20] not in str(refusal.value)


def test_a_good_key_file_gives_its_signer():
    raw = (GOOD_KEY + base64.b64encode(MATERIAL).decode() + "\n").encode()
    assert parse_key(raw) == LOG_KEY
    with pytest.raises(Refused) as refusal:
        parse_key((GOOD_KEY + base64.b64encode(b"\x02" + LOG_KEY.seed).decode()).encode())
    assert rules_of(refusal) == ["kind-unknown"]
    with pytest.raises(Refused) as refusal:
        read_key(Path("/nowhere/at/all"))
    assert rules_of(refusal) == ["key-file"]
