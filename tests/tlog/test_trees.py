"""Hashing, roots and proofs: published vectors, the definition word for word, and every small tree."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tlog.worlds import entries, memory_log, naive_root, rules_of
from yiwang.pure.kernel.findings import Refused
from yiwang.pure.tlog.api import (
    SHA256,
    check_consistency,
    check_inclusion,
    consistency_findings,
    inclusion_findings,
    tree_hash,
)
from yiwang.pure.tlog.edge import Edge

# The reference leaves and roots of the Certificate Transparency project (certificate-transparency, merkletree tests).
CT_LEAVES = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
CT_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]

SIZES = st.sampled_from([0, 1, 2, 3, 255, 256, 257, 511, 512, 513, 65535, 65536, 65537, 66000]) | st.integers(
    0, 70_000
)


@pytest.fixture(scope="module")
def big():
    return memory_log(70_000)


def test_the_roots_of_certificate_transparency_come_out():
    leaves = [bytes.fromhex(each) for each in CT_LEAVES]
    for size in range(1, 9):
        edge = Edge(SHA256)
        edge.grow(SHA256.leaves(leaves[:size]))
        assert edge.root().hex() == CT_ROOTS[size - 1]
    assert SHA256.empty.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_sm3_trees_hash_by_the_same_rule():
    sm3 = tree_hash("sm3")
    # GB/T 32905-2016, appendix A.1: SM3("abc")
    assert hashlib.new("sm3", b"abc").hexdigest().startswith("66c7f0f462eeedd9d1f2d46bdc10e4e2")
    assert sm3.leaf(b"abc") == hashlib.new("sm3", b"\x00abc").digest()
    assert sm3.node(b"l" * 32 + b"r" * 32) == hashlib.new("sm3", b"\x01" + b"l" * 32 + b"r" * 32).digest()
    log = memory_log(300, "sm3")
    assert log.root() == naive_root(sm3, entries(0, 300))
    check_inclusion(sm3, sm3.leaf(b"entry 7"), 7, 300, log.inclusion_proof(7), log.root())
    assert inclusion_findings(SHA256, SHA256.leaf(b"entry 7"), 7, 300, log.inclusion_proof(7), log.root())


def test_an_unknown_hash_is_refused():
    with pytest.raises(Refused) as refusal:
        tree_hash("md5")
    assert rules_of(refusal) == ["hash-unknown"]


def test_every_proof_of_every_small_tree_holds_and_fits_no_other_place():
    log = memory_log(40)
    for size in range(1, 41):
        root = naive_root(SHA256, entries(0, size))
        assert log.root(size) == root
        for index in range(size):
            proof = log.inclusion_proof(index, size)
            leaf = SHA256.leaf(b"entry %d" % index)
            check_inclusion(SHA256, leaf, index, size, proof, root)
            for other in (index - 1, index + 1):
                assert inclusion_findings(SHA256, leaf, other, size, proof, root)
        for old in range(size + 1):
            proof = log.consistency_proof(old, size)
            check_consistency(SHA256, old, log.root(old), size, root, proof)


def test_a_proof_is_refused_where_anything_in_it_is_changed():
    log = memory_log(21)
    proof, leaf, root = log.inclusion_proof(9), SHA256.leaf(b"entry 9"), log.root()
    for place in range(len(proof)):
        bent = [*proof]
        bent[place] = bytes(32)
        assert inclusion_findings(SHA256, leaf, 9, 21, bent, root)[0].rule == "tlog.inclusion-wrong"
    assert inclusion_findings(SHA256, leaf, 9, 21, proof[:-1], root)[0].rule == "tlog.proof-short"
    assert inclusion_findings(SHA256, leaf, 9, 21, [*proof, root], root)[0].rule == "tlog.proof-surplus"
    assert (
        inclusion_findings(SHA256, leaf, 9, 21, [*proof[:-1], b"short"], root)[0].rule == "tlog.hash-length"
    )
    assert inclusion_findings(SHA256, leaf, 21, 21, proof, root)[0].rule == "tlog.index-outside"
    assert inclusion_findings(SHA256, leaf, 9, 21, [root] * 64, root)[0].rule == "tlog.proof-too-long"


def test_a_consistency_proof_is_refused_where_anything_in_it_is_changed():
    log = memory_log(21)
    proof, old, new = log.consistency_proof(11), log.root(11), log.root()
    for place in range(len(proof)):
        bent = [*proof]
        bent[place] = bytes(32)
        assert consistency_findings(SHA256, 11, old, 21, new, bent)[0].rule == "tlog.consistency-wrong"
    assert consistency_findings(SHA256, 11, old, 21, new, proof[:-1])[0].rule == "tlog.proof-short"
    assert consistency_findings(SHA256, 11, old, 21, new, [*proof, old])[0].rule == "tlog.proof-surplus"
    assert consistency_findings(SHA256, 11, old, 21, new, [])[0].rule == "tlog.proof-short"
    assert consistency_findings(SHA256, 12, old, 21, new, proof)
    assert consistency_findings(SHA256, 22, old, 21, new, proof)[0].rule == "tlog.size-outside"
    assert consistency_findings(SHA256, 0, SHA256.empty, 21, new, proof)[0].rule == "tlog.proof-surplus"
    assert consistency_findings(SHA256, 0, new, 21, new, [])[0].rule == "tlog.consistency-wrong"
    assert consistency_findings(SHA256, 21, old, 21, new, [])[0].rule == "tlog.consistency-wrong"
    assert consistency_findings(SHA256, 0, old, 0, old, [])[0].rule == "tlog.consistency-wrong"
    assert not consistency_findings(SHA256, 0, SHA256.empty, 0, SHA256.empty, [])


@settings(max_examples=150, deadline=None)
@given(size=SIZES, more=SIZES)
def test_proofs_of_a_large_tree_hold_at_every_pair_of_sizes(big, size, more):
    old, new = sorted((size, more))
    check_consistency(SHA256, old, big.root(old), new, big.root(new), big.consistency_proof(old, new))
    if old < new:
        leaf = SHA256.leaf(b"entry %d" % old)
        check_inclusion(SHA256, leaf, old, new, big.inclusion_proof(old, new), big.root(new))


HUGE = st.sampled_from([2**62, 2**63 - 2, 2**63 - 1, 2**63, -1]) | st.integers(0, 2**63)


@settings(max_examples=200)
@given(HUGE, HUGE, st.integers(0, 66))
def test_checking_at_any_size_ends_and_accepts_no_invented_path(index, size, count):
    proof = [bytes([place]) * 32 for place in range(count)]
    root = bytes(32)
    assert inclusion_findings(SHA256, b"\x07" * 32, index, size, proof, root)
    if 0 < index < size:
        assert consistency_findings(SHA256, index, b"\x08" * 32, size, root, proof)


@settings(max_examples=30, deadline=None)
@given(size=st.sampled_from([255, 256, 257, 1023, 1024, 1025]) | st.integers(0, 1300))
def test_the_root_is_the_one_of_the_definition(big, size):
    assert big.root(size) == naive_root(SHA256, entries(0, size))


@settings(max_examples=40, deadline=None)
@given(cuts=st.lists(st.sampled_from([1, 255, 256, 257, 512, 1000]) | st.integers(0, 1000), max_size=8))
def test_the_tree_does_not_depend_on_how_the_entries_came(cuts):
    edge, whole = Edge(SHA256), Edge(SHA256)
    full: dict = {}
    first = 0
    for count in cuts:
        full |= edge.grow(SHA256.leaves(entries(first, first + count)))
        first += count
    assert whole.grow(SHA256.leaves(entries(0, first))) == full
    assert (whole.root(), whole.rows[0]) == (edge.root(), edge.rows[0] if edge.rows else b"")


def test_the_checks_refuse_what_the_findings_object_to():
    log = memory_log(9)
    with pytest.raises(Refused) as refusal:
        check_inclusion(SHA256, bytes(32), 0, 9, log.inclusion_proof(0), log.root())
    assert rules_of(refusal) == ["inclusion-wrong"]
    with pytest.raises(Refused) as refusal:
        check_consistency(SHA256, 3, bytes(32), 9, log.root(), log.consistency_proof(3))
    assert rules_of(refusal) == ["consistency-wrong"]
    with pytest.raises(Refused) as refusal:
        log.consistency_proof(-1)
    assert rules_of(refusal) == ["size-outside"]


def test_a_library_without_sm3_is_said_at_once(monkeypatch):
    def none(name: str, start: bytes = b"") -> None:
        raise ValueError(f"unsupported hash type {name}")

    monkeypatch.setattr("hashlib.new", none)
    with pytest.raises(Refused) as refusal:
        tree_hash("sm3")
    assert rules_of(refusal) == ["hash-unavailable"]
