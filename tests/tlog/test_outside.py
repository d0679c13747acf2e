"""Second implementations that we did not write: Go's checksum database packages, aics-tlog and aics-witness."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import random
from functools import cache

import pytest

from tests.tlog.outside import ask_aics, ask_go
from tests.tlog.worlds import (
    AT,
    LOG_KEY,
    MLDSA_WITNESS,
    ORIGIN,
    WITNESSES,
    entries,
    memory_log,
    seed_of,
    signed,
)
from yiwang.pure.kernel.findings import Refused
from yiwang.pure.tlog.api import (
    ENTRIES,
    SHA256,
    SM2_SM3,
    Checkpoint,
    Ed25519Signer,
    Log,
    Note,
    OwnSigner,
    VKey,
    add_cosignatures,
    add_signatures,
    check_consistency,
    check_inclusion,
    checkpoint_verdict,
    consistency_file,
    open_note,
    parse_note,
    parse_policy,
    sign_checkpoint,
    tiles_of,
    verifier_of,
)

pytestmark = [pytest.mark.outside, pytest.mark.timeout(600)]

SIZES = (256, 65_536, 65_537, 66_000, 70_000)
SECONDS = int(AT.timestamp())


def text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


@cache
def log() -> Log:
    return memory_log(70_000)


@pytest.mark.parametrize("size", SIZES)
def test_tiles_are_byte_identical_to_those_of_aics_and_of_go(size):
    ours = {}
    for tile in tiles_of(size):
        ours[tile.path] = hashlib.sha256(log().resource(tile)).hexdigest()
    aics = ask_aics({"ask": "tiles", "size": size})[0]
    assert (aics["tiles"], aics["root"]) == (ours, text(log().root(size)))
    go = ask_go({"ask": "tiles", "size": size})[0]
    hashes_only = {tile.path: ours[tile.path] for tile in tiles_of(size) if tile.level != ENTRIES}
    assert go["error"] == ""
    assert {path: each for path, each in go["tiles"].items() if path in hashes_only} == hashes_only
    assert set(go["tiles"]) <= set(hashes_only)
    assert go["root"] == text(log().root(size))


def places() -> list[tuple[int, int]]:
    return [(index, size) for size in (1, 2, 7, *SIZES) for index in sorted({0, size // 3, size - 1})]


def pairs() -> list[tuple[int, int]]:
    return [(old, new) for new in (2, 7, *SIZES) for old in sorted({1, new // 2, new - 1, min(256, new)})]


def test_our_inclusion_proofs_are_accepted_outside_and_a_wrong_leaf_is_not():
    questions = [
        {
            "ask": "record",
            "size": size,
            "index": index,
            "root": text(log().root(size)),
            "leaf": text(leaf),
            "proof": [text(each) for each in log().inclusion_proof(index, size)],
        }
        for index, size in places()
        for leaf in (b"entry %d" % index, b"entry %d" % (index + 1))
    ]
    for number, (go, aics) in enumerate(zip(ask_go(*questions), ask_aics(*questions), strict=True)):
        assert (go["error"] == "") == aics["good"] == (number % 2 == 0)


def test_our_consistency_proofs_are_accepted_outside_and_a_wrong_root_is_not():
    questions = []
    for old, new in pairs():
        proof = [text(each) for each in log().consistency_proof(old, new)]
        for root in (log().root(old), bytes(32)):
            roots = {"root": text(log().root(new)), "old_root": text(root), "oldroot": text(root)}
            questions.append({"ask": "tree", "size": new, "old": old, "proof": proof, **roots})
    for number, (go, aics) in enumerate(zip(ask_go(*questions), ask_aics(*questions), strict=True)):
        assert (go["error"] == "") == aics["good"] == (number % 2 == 0), questions[number]


def test_proofs_from_outside_hold_here_and_are_the_same_bytes():
    questions = [{"ask": "prove", "size": size, "index": index} for index, size in places()]
    questions += [{"ask": "prove", "size": new, "old": old} for old, new in pairs()]
    for question, go, aics in zip(
        questions, ask_go(*questions), ask_aics(*questions[:8]) + [{}] * 99, strict=False
    ):
        proof = [base64.b64decode(each) for each in go.get("proof", [])]
        assert go["error"] == ""
        size = question["size"]
        if "old" in question:
            old = question["old"]
            assert proof == log().consistency_proof(old, size)
            check_consistency(SHA256, old, log().root(old), size, log().root(size), proof)
        else:
            index = question["index"]
            assert proof == log().inclusion_proof(index, size)
            check_inclusion(SHA256, SHA256.leaf(b"entry %d" % index), index, size, proof, log().root(size))
        if aics:
            assert aics["proof"] == go.get("proof", [])


def sm2_line() -> OwnSigner:
    return OwnSigner(VKey(ORIGIN, SM2_SM3, b"\x04" + bytes(64)), lambda message: bytes(64))


def test_go_opens_our_notes_with_their_cosignatures_and_the_sm2_line():
    note = add_signatures(signed(memory_log(300)), [sm2_line(), MLDSA_WITNESS], AT)
    bent = note.raw.replace(b"\n300\n", b"\n301\n")
    other = Ed25519Signer(ORIGIN, seed_of("another key")).vkey.text
    good, wrong, unknown = ask_go(
        {"ask": "open", "note": text(note.raw), "keys": [LOG_KEY.vkey.text]},
        {"ask": "open", "note": text(bent), "keys": [LOG_KEY.vkey.text]},
        {"ask": "open", "note": text(note.raw), "keys": [other]},
    )
    assert (good["error"], good["names"]) == ("", [ORIGIN])
    assert "invalid signature" in wrong["error"]
    assert "no verifiable signatures" in unknown["error"]


def test_a_note_signed_by_go_opens_here():
    secret = f"PRIVATE+KEY+{ORIGIN}+{LOG_KEY.vkey.id.hex()}+{text(b'\x01' + LOG_KEY.seed)}"
    head = memory_log(300).head()
    answer = ask_go({"ask": "sign", "text": head.text.decode(), "secret": secret})[0]
    note = parse_note(base64.b64decode(answer["note"]))
    assert open_note(note, [verifier_of(LOG_KEY.vkey)]).ignored == 0
    assert note == sign_checkpoint(memory_log(300), [LOG_KEY], AT)


def test_go_verifies_our_mldsa_cosignature_over_a_message_that_it_builds_itself():
    head = memory_log(300).head()
    signature = MLDSA_WITNESS.sign(head.text, AT)
    question = {
        "ask": "mldsa",
        "public": text(MLDSA_WITNESS.vkey.public),
        "name": MLDSA_WITNESS.name,
        "origin": ORIGIN,
        "time": SECONDS,
        "size": 300,
        "root": text(head.root),
        "answer": text(signature[8:]),
    }
    good, other_name, other_size = ask_go(
        question, {**question, "name": "pq2.example"}, {**question, "size": 301}
    )
    assert good["error"] == ""
    assert other_name["error"]
    assert other_size["error"]


def test_aics_accepts_our_checkpoint_with_its_witnesses_and_wants_the_quorum():
    note = add_signatures(signed(memory_log(300), 3), [sm2_line()], AT)
    forged = Note(note.text, (*note.lines[:3], dataclasses.replace(note.lines[3], signature=bytes(72))))
    question = {
        "ask": "checkpoint",
        "note": text(note.raw),
        "key": LOG_KEY.vkey.text,
        "witnesses": [each.vkey.text for each in WITNESSES],
        "quorum": 3,
    }
    good, more, wrong = ask_aics(question, {**question, "quorum": 4}, {**question, "note": text(forged.raw)})
    assert (good["good"], more["good"], wrong["good"]) == (True, False, False)


def test_a_checkpoint_signed_and_cosigned_by_aics_is_accepted_here():
    head = memory_log(300).head()
    answer = ask_aics(
        {
            "ask": "signed",
            "seed": text(LOG_KEY.seed),
            "name": ORIGIN,
            "text": head.text.decode(),
            "time": SECONDS,
        }
    )[0]
    keys = [VKey.parse(each) for each in answer["vkeys"]]
    assert keys[0] == LOG_KEY.vkey
    trust = parse_policy(f"log {keys[0].text}\nwitness W {keys[1].text}\nquorum W\n".encode())
    verdict = checkpoint_verdict(parse_note(base64.b64decode(answer["note"])), trust, now=AT)
    assert verdict.holds
    assert verdict.cosigned[0].at == AT


def test_a_witness_from_outside_cosigns_our_log_and_refuses_rollback_and_fork():
    ours = memory_log(100)
    first = sign_checkpoint(ours, [LOG_KEY], AT)
    requests = [consistency_file(ours, 0, first).raw]
    ours.append(entries(100, 700))
    second = sign_checkpoint(ours, [LOG_KEY], AT)
    requests.append(consistency_file(ours, 100, second).raw)
    rollback = consistency_file(ours, 0, first).raw
    fork = memory_log(699)
    fork.append([b"another entry"])
    same_size = consistency_file(fork, 700, sign_checkpoint(fork, [LOG_KEY], AT)).raw
    fork.append(entries(700, 900))
    forked = consistency_file(fork, 700, sign_checkpoint(fork, [LOG_KEY], AT)).raw
    stranger = Ed25519Signer(ORIGIN, seed_of("stranger"))
    ours.append(entries(700, 701))
    foreign = consistency_file(ours, 700, add_signatures(Note(ours.head().text, ()), [stranger], AT)).raw
    requests += [rollback, same_size, forked, foreign]
    found = ask_aics(
        {
            "ask": "witness",
            "name": "outside.example/w",
            "seed": text(seed_of("outside witness")),
            "origin": ORIGIN,
            "key": LOG_KEY.vkey.text,
            "time": SECONDS,
            "requests": [text(each) for each in requests],
        }
    )[0]
    # the same size with another root is 409 in C2SP tlog-witness; this witness answers 422, refusing it all the same
    assert [status for status, _ in found["answers"]] == [200, 200, 409, 422, 422, 403]
    assert base64.b64decode(found["answers"][2][1]) == b"700\n"
    witness = verifier_of(VKey.parse(found["vkey"]))
    cosigned = add_cosignatures(second, base64.b64decode(found["answers"][1][1]), [witness])
    trust = parse_policy(f"log {LOG_KEY.vkey.text}\nwitness W {found['vkey']}\nquorum W\n".encode())
    assert checkpoint_verdict(cosigned, trust, now=AT).holds
    with pytest.raises(Refused):  # its first cosignature is not one of the second checkpoint
        add_cosignatures(second, base64.b64decode(found["answers"][0][1]), [witness])
    assert Checkpoint.parse(cosigned.text).size == 700


def test_what_we_open_go_opens_too_however_a_note_was_bent():
    good = signed(memory_log(300)).raw
    chance = random.Random(3)
    odd = [
        b"",
        b"\n",
        b"\n\n",
        b" ",
        b"+",
        b"\x00",
        b"\xff",
        b"\r",
        "— ".encode(),
        "\u00a0".encode(),
        b"=",
        b"A",
    ]
    bent = [good, b"", good + good.splitlines(keepends=True)[-1], good.replace(b"\n\n", b"\n\n\n", 1)]
    for _ in range(600):
        raw = good
        for _ in range(chance.choice([1, 1, 2])):
            at, cut = chance.randrange(len(raw)), chance.choice([0, 0, 1, 2, 60])
            raw = raw[:at] + chance.choice(odd) + raw[at + cut :]
        bent.append(raw)
    answers = ask_go(*({"ask": "open", "note": text(raw), "keys": [LOG_KEY.vkey.text]} for raw in bent))
    opened = 0
    for raw, go in zip(bent, answers, strict=True):
        try:
            note = open_note(parse_note(raw), [verifier_of(LOG_KEY.vkey)]).note
        except Refused:
            continue
        opened += 1
        assert note.text == memory_log(300).head().text
        assert go["error"] == ""
    assert 10 < opened < len(bent) - 100
