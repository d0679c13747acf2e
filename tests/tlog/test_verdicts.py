"""Verdicts on proofs and checkpoints: the good one, and the attacks on it, each refused for its own reason."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from tests.tlog.worlds import (
    AT,
    LOG_KEY,
    MLDSA_WITNESS,
    ORIGIN,
    WITNESSES,
    entries,
    memory_log,
    policy,
    proof_raw,
    rules_of,
    seed_of,
    signed,
)
from yiwang.pure.kernel.findings import Refused
from yiwang.pure.tlog.api import (
    SM2_SM3,
    Checkpoint,
    ConsistencyFile,
    Ed25519Signer,
    Note,
    OwnSigner,
    ProofFile,
    VKey,
    add_cosignatures,
    add_signatures,
    checkpoint_verdict,
    consistency_file,
    consistency_verdict,
    inclusion_file,
    keep_cosigned,
    kept_note,
    parse_policy,
    proof_verdict,
    sign_checkpoint,
    sign_note,
    tree_hash,
    verifier_of,
)


def rules(verdict) -> list[str]:
    return [each.rule.removeprefix("tlog.") for each in verdict.findings]


def test_a_good_proof_holds_and_says_by_whom():
    log = memory_log(1000)
    verdict = proof_verdict(ProofFile.parse(proof_raw(log, 700)), b"entry 700", policy(), now=AT).require()
    assert verdict.holds
    assert (verdict.index, verdict.checkpoint.size) == (700, 1000)
    assert verdict.log_keys == (ORIGIN,)
    assert [(each.witness, each.at) for each in verdict.cosigned] == [(f"W{n}", AT) for n in range(4)]
    assert verdict.as_json()["holds"] is True


def test_the_entry_can_travel_inside_the_proof():
    log = memory_log(10)
    proof = inclusion_file(log, 3, signed(log), with_entry=True)
    assert ProofFile.parse(proof.raw) == proof
    assert proof_verdict(proof, None, policy()).holds
    assert not proof_verdict(dataclasses.replace(proof, extra=b"entry 4"), None, policy()).holds
    assert rules(proof_verdict(dataclasses.replace(proof, extra=None), None, policy())) == ["entry-missing"]


def test_another_entry_another_index_or_a_bent_path_does_not_hold():
    log = memory_log(1000)
    proof = ProofFile.parse(proof_raw(log, 700))
    assert rules(proof_verdict(proof, b"entry 701", policy())) == ["inclusion-wrong"]
    assert rules(proof_verdict(dataclasses.replace(proof, index=701), b"entry 700", policy())) == [
        "inclusion-wrong"
    ]
    assert rules(proof_verdict(dataclasses.replace(proof, index=1000), b"entry 700", policy())) == [
        "index-outside"
    ]
    short = dataclasses.replace(proof, hashes=proof.hashes[:-1])
    assert rules(proof_verdict(short, b"entry 700", policy())) == ["proof-short"]
    other = tree_hash("sm3")
    assert rules(proof_verdict(proof, b"entry 700", policy(), tree=other)) == ["inclusion-wrong"]


def test_a_checkpoint_of_wrong_size_or_root_is_not_what_was_signed():
    note = signed(memory_log(1000))
    head = Checkpoint.parse(note.text)
    for changed in (dataclasses.replace(head, size=999), dataclasses.replace(head, root=bytes(32))):
        verdict = checkpoint_verdict(Note(changed.text, note.lines), policy())
        assert rules(verdict) == ["signature-wrong"] * 5
        with pytest.raises(Refused):
            verdict.require()


def test_a_forged_cosignature_of_a_known_witness_refuses_the_whole():
    note = signed(memory_log(5))
    forger = Ed25519Signer(WITNESSES[3].name, seed_of("forger"), cosigner=True)
    forged = dataclasses.replace(note.lines[4], signature=forger.sign(note.text, AT))
    assert rules(checkpoint_verdict(Note(note.text, (*note.lines[:4], forged)), policy())) == [
        "signature-wrong"
    ]


def test_a_cosignature_moved_to_another_checkpoint_or_time_is_forged():
    older, newer = memory_log(5), memory_log(6)
    moved = Note(signed(newer, 0).text, (signed(newer, 0).lines[0], *signed(older).lines[1:]))
    assert rules(checkpoint_verdict(moved, policy())) == ["signature-wrong"] * 4
    note = signed(newer)
    later = dataclasses.replace(note.lines[1], signature=bytes(8) + note.lines[1].signature[8:])
    assert rules(checkpoint_verdict(Note(note.text, (note.lines[0], later, *note.lines[2:])), policy())) == [
        "signature-wrong"
    ]


def test_a_doubled_witness_does_not_count_twice():
    note = signed(memory_log(5), 2)
    doubled = Note(note.text, (*note.lines, note.lines[1]))
    assert rules(checkpoint_verdict(doubled, policy())) == ["signature-twice"]


def test_unknown_witnesses_count_for_nothing():
    log = memory_log(5)
    strangers = [Ed25519Signer(f"s{n}.example", seed_of(f"s{n}"), cosigner=True) for n in range(9)]
    note = add_signatures(signed(log, 2), strangers, AT)
    assert rules(checkpoint_verdict(note, policy())) == ["quorum-missing"]
    assert checkpoint_verdict(note, policy(2)).holds


def test_a_witness_key_that_signs_plainly_is_no_cosignature():
    plain = [Ed25519Signer(each.name, each.seed) for each in WITNESSES]
    note = add_signatures(signed(memory_log(5), 0), plain, AT)
    assert rules(checkpoint_verdict(note, policy())) == ["quorum-missing"]


def test_a_policy_that_cannot_be_met_is_not_met():
    log = memory_log(5)
    lonely = parse_policy(
        f"log {LOG_KEY.vkey.text}\nwitness A {WITNESSES[0].vkey.text}\nwitness B {MLDSA_WITNESS.vkey.text}\n"
        "group both all A B\nquorum both\n".encode()
    )
    assert rules(checkpoint_verdict(signed(log), lonely)) == ["quorum-missing"]
    assert checkpoint_verdict(add_signatures(signed(log), [MLDSA_WITNESS], AT), lonely).holds


def test_a_foreign_or_unsigned_checkpoint_is_refused():
    log = memory_log(5)
    foreign = Checkpoint("elsewhere.example", 5, log.root()).text
    note = add_signatures(sign_note(foreign, [LOG_KEY], AT), WITNESSES, AT)
    assert rules(checkpoint_verdict(note, policy())) == ["origin-unknown"]
    unsigned = add_signatures(Note(log.head().text, ()), WITNESSES, AT)
    assert rules(checkpoint_verdict(unsigned, policy())) == ["log-unsigned"]
    nobody = parse_policy(b"quorum none\n")
    assert rules(checkpoint_verdict(unsigned, nobody)) == ["origin-unknown", "signature-unknown"]


def test_the_key_of_one_log_does_not_sign_for_another():
    other = Ed25519Signer("other.example", seed_of("other log"))
    both = parse_policy(f"log {LOG_KEY.vkey.text}\nlog {other.vkey.text}\nquorum none\n".encode())
    stolen = sign_note(memory_log(5).head().text, [other], AT)
    assert rules(checkpoint_verdict(stolen, both)) == ["signature-unknown"]


def test_a_cosignature_from_the_future_is_refused_where_the_time_is_known():
    late = add_signatures(sign_checkpoint(memory_log(5), [LOG_KEY], AT), WITNESSES, AT + timedelta(minutes=6))
    assert rules(checkpoint_verdict(late, policy(), now=AT)) == ["cosigned-in-future"] * 4
    assert checkpoint_verdict(late, policy(), now=AT + timedelta(minutes=1)).holds
    assert checkpoint_verdict(late, policy()).holds


def test_a_kind_that_cannot_be_checked_here_is_said_and_not_counted():
    sm2 = VKey(ORIGIN, SM2_SM3, b"\x04" + bytes(64))
    both = parse_policy(f"log {LOG_KEY.vkey.text}\nlog {sm2.text}\nquorum none\n".encode())
    only = parse_policy(f"log {sm2.text}\nquorum none\n".encode())
    note = sign_checkpoint(memory_log(5), [LOG_KEY], AT)
    note = add_signatures(note, [OwnSigner(sm2, lambda message: bytes(64))], AT)
    verdict = checkpoint_verdict(note, both)
    assert verdict.holds
    assert rules(verdict) == ["kind-unchecked"]
    assert verdict.unchecked == (ORIGIN,)
    assert rules(checkpoint_verdict(note, only)) == ["signature-unknown", "kind-unchecked"]


def test_a_consistent_checkpoint_is_accepted_and_a_fork_refused():
    log = memory_log(300)
    older = log.head()
    log.append(entries(300, 700))
    file = ConsistencyFile.parse(consistency_file(log, 300, signed(log)).raw)
    assert consistency_verdict(older, file, policy()).holds
    fork = memory_log(299)
    fork.append([b"another entry"])
    assert rules(consistency_verdict(fork.head(), file, policy())) == ["consistency-wrong"]
    assert rules(consistency_verdict(memory_log(299).head(), file, policy())) == ["request-old"]
    assert rules(consistency_verdict(dataclasses.replace(older, origin="x"), file, policy())) == [
        "log-foreign"
    ]


def test_answers_of_witnesses_are_taken_only_where_they_verify():
    log = memory_log(5)
    note = sign_checkpoint(log, [LOG_KEY], AT)
    known = [verifier_of(each.vkey) for each in WITNESSES]
    answer = add_signatures(Note(note.text, ()), WITNESSES[:2], AT)
    lines = "".join(line.text for line in answer.lines).encode()
    stranger = Ed25519Signer("s.example", seed_of("s"), cosigner=True)
    other = add_signatures(Note(note.text, ()), [stranger], AT).lines[0].text.encode()
    grown = add_cosignatures(note, lines + other, known)
    assert [line.name for line in grown.lines] == [ORIGIN, WITNESSES[0].name, WITNESSES[1].name]
    assert add_cosignatures(grown, lines, known) == grown
    wrong = add_signatures(Note(memory_log(6).head().text, ()), WITNESSES[:1], AT).lines[0].text.encode()
    for bad, rule in (
        (other, "signature-unknown"),
        (wrong, "signature-wrong"),
        (b"", "signature-line"),
        (b"\xff", "signature-line"),
    ):
        with pytest.raises(Refused) as refusal:
            add_cosignatures(note, bad, known)
        assert rules_of(refusal) == [rule]


def test_cosignatures_are_kept_with_the_newest_checkpoint_alone():
    log = memory_log(5)
    first = sign_checkpoint(log, [LOG_KEY], AT)
    cosigned = add_signatures(first, WITNESSES, AT)
    keep_cosigned(log, cosigned)
    assert kept_note(log) == cosigned
    log.append([b"more"])
    second = sign_checkpoint(log, [LOG_KEY], AT)
    with pytest.raises(Refused) as refusal:
        keep_cosigned(log, cosigned)
    assert rules_of(refusal) == ["checkpoint-other"]
    assert kept_note(log) == second


def test_only_the_keys_of_the_log_sign_its_checkpoints():
    with pytest.raises(Refused) as refusal:
        sign_checkpoint(memory_log(5), [WITNESSES[0]], AT)
    assert rules_of(refusal) == ["signer-foreign"]


def test_a_proof_is_made_only_under_a_checkpoint_of_this_log():
    log, fork = memory_log(300), memory_log(299)
    fork.append([b"another entry"])
    for note, rule in ((signed(fork), "log-forked"), (signed(memory_log(301)), "log-shorter")):
        for make in (
            lambda note=note: inclusion_file(log, 0, note),
            lambda note=note: consistency_file(log, 3, note),
        ):
            with pytest.raises(Refused) as refusal:
                make()
            assert rules_of(refusal) == [rule]


def test_a_proof_at_a_million_entries_fits_two_kilobytes_with_five_signatures():
    note = signed(memory_log(3))
    proof = ProofFile(999_999, (b"\x01" * 32,) * 20, note)
    assert len(proof.raw) <= 2048


PROOF = proof_raw(memory_log(300), 7).decode()
HEAD, BODY = PROOF.split("\n\n", 1)


@pytest.mark.parametrize(
    ("raw", "rule", "line"),
    [
        ("", "proof-no-checkpoint", 1),
        (HEAD + "\n", "proof-no-checkpoint", None),
        ("\n\n" + BODY, "proof-header", None),
        (PROOF.replace("@v1", "@v2"), "proof-header", None),
        (PROOF.replace("index 7\n", ""), "proof-index", 2),
        (PROOF.replace("index 7", "index  7"), "decimal", 2),
        (PROOF.replace("index 7", "index 07"), "decimal", 2),
        (PROOF.replace("index 7", "Index 7"), "proof-index", 2),
        (PROOF.replace("index 7", "extra AAA\nindex 7"), "base64", 2),
        (PROOF.replace("index 7", "extra\nindex 7"), "proof-index", 2),
        (PROOF.replace("index 7", f"extra {'A' * 87384}\nindex 7"), "too-large", None),
        (PROOF.replace("index 7", "extra AAAA\nextra AAAA\nindex 7"), "proof-index", 3),
        (PROOF.replace("index 7\n", "index 7\nAAAA\n"), "hash-line", 3),
        (PROOF.replace("index 7\n", "index 7\n" + ("A" * 43 + "=\n") * 64), "proof-too-long", None),
        (PROOF.replace("\n300\n", "\n0300\n"), "decimal", 14),
        (PROOF.replace("\n\n" + ORIGIN, "\n\n\n" + ORIGIN), "empty-line", 13),
        (PROOF[:-1], "no-newline", None),
        (PROOF + "\n", "note-no-signature", None),
        (PROOF.replace("\n", "\r\n"), "control-character", 1),
    ],
)
def test_a_proof_file_of_another_shape_is_refused_with_the_line(raw, rule, line):
    with pytest.raises(Refused) as refusal:
        ProofFile.parse(raw.encode())
    assert rules_of(refusal) == [rule]
    if line is not None:
        assert refusal.value.findings[0].params["line"] == line


@pytest.mark.parametrize(
    ("old", "rule"),
    [("old 301", "size-outside"), ("new 3", "request-old"), ("old 03", "decimal"), ("", "request-old")],
)
def test_a_request_of_another_shape_is_refused(old, rule):
    raw = consistency_file(memory_log(300), 3, signed(memory_log(300))).raw.decode()
    with pytest.raises(Refused) as refusal:
        ConsistencyFile.parse(raw.replace("old 3", old).encode())
    assert rules_of(refusal) == [rule]
