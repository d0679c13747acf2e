"""Attacks on sealed bids. Each is carried out; each ends in a verdict that names the right party."""

from __future__ import annotations

import dataclasses
import itertools
import secrets
from pathlib import Path

import pytest

from tests.sm.world import FACTS, Bid, Document, World
from yiwang.pure.kernel.findings import Refused, Sentences
from yiwang.pure.sm import points, proofs, shamir, sm3, sm4
from yiwang.pure.sm.envelope import contents, masters, merkle, verdicts
from yiwang.pure.sm.envelope.closing import ClosingList
from yiwang.pure.sm.envelope.device import HolderDevice, MemoryPins, Submitted
from yiwang.pure.sm.envelope.head import Ciphertext, Head, Part
from yiwang.pure.sm.envelope.opening import OpenedDocuments, PartKey, checked_head, part_key
from yiwang.pure.sm.envelope.partial import Case, Partial, Refusal, bad_answers, proof_context
from yiwang.pure.sm.envelope.terms import CHUNK, DOCUMENTS, SHEET, TAG, Terms
from yiwang.pure.sm.envelope.verdicts import BIDDER, HOLDER, NOBODY, PLATFORM, DoesNotOpen
from yiwang.pure.sm.errors import BadCiphertext, Malformed
from yiwang.pure.sm.points import SecretScalar

WORLD = World()
DOCUMENT = [Document("d", secrets.token_bytes(2 * CHUNK + 5))]


def stopped(code: str, fault: str):
    class Expect:
        def __enter__(self):
            self.context = pytest.raises(DoesNotOpen)
            self.caught = self.context.__enter__()
            return self

        def __exit__(self, *error):
            result = self.context.__exit__(*error)
            verdict = self.caught.value.verdict
            assert (verdict.code, verdict.fault) == (code, fault)
            return result

    return Expect()


def rules(refused) -> list[str]:
    return sorted({each.rule for each in refused.value.findings})


def rebuilt(bid: Bid, head: Head | None = None, chunks: dict[int, bytes] | None = None) -> Bid:
    """The bid with another head or other chunks, and a receipt for just these bytes: the bidder's own doing."""
    stored, changed = bid.stored, chunks or {}
    raw = (head or bid.sealed.head).to_bytes()
    out, leaves = [raw], [merkle.leaf(raw)]
    for number in range(bid.sealed.head.chunks):
        buffer = bytearray(CHUNK + TAG)
        chunk = changed[number] if number in changed else bytes(buffer[: stored.chunk_into(number, buffer)])
        out.append(chunk)
        leaves.append(merkle.leaf(chunk))
    sealed = dataclasses.replace(
        bid.sealed, head=head or bid.sealed.head, root=merkle.root(leaves), leaves=tuple(leaves)
    )
    return Bid(b"".join(out), sealed)


def chunk_of(bid: Bid, number: int) -> bytes:
    buffer = bytearray(CHUNK + TAG)
    return bytes(buffer[: bid.stored.chunk_into(number, buffer)])


# --- inconsistent shares and a friend among the holders


@pytest.fixture
def dishonest(monkeypatch):
    """Seals with another ``encrypted_shares`` or ``commitment`` than the rules', then restores the rules."""

    def run(world: World, **changed) -> Bid:
        with monkeypatch.context() as patch:
            for name, function in changed.items():
                patch.setattr(masters, name, function)
            return world.seal(DOCUMENT[:0])

    return run


def shares_for_two_masters(master, frame, keys):
    """Holders 1 and 2 get shares of ``master``; the friend, holder 3, one that leads elsewhere with anybody."""
    honest = HONEST_SHARES(master, frame, keys)
    context = masters.share_context(frame.digest, 3)
    wrong = masters.encrypted_share(SecretScalar.fresh(), keys[2], SecretScalar.fresh(), context)
    return (*honest[:2], wrong)


def shares_with_other_nonces(master, frame, keys):
    """Sound shares, but holder 3's is encrypted under a nonce of the bidder's own choice."""
    honest = HONEST_SHARES(master, frame, keys)
    share, _, context = masters._made(master, frame)[2]
    return (*honest[:2], masters.encrypted_share(share, keys[2], SecretScalar.fresh(), context))


def shares_of_any_polynomial(master, frame, keys):
    """Consistent shares, but not of the polynomial that follows from the master."""
    digest = frame.digest
    parts = shamir.shares([master, SecretScalar.fresh()], len(keys))
    return tuple(
        masters.encrypted_share(share, key, SecretScalar.fresh(), masters.share_context(digest, place))
        for place, (share, key) in enumerate(zip(parts, keys, strict=True), start=1)
    )


def another_text_under_the_right_nonce(master, frame, keys):
    """Everything by the rules, but for the share inside the friend's ciphertext."""
    honest = HONEST_SHARES(master, frame, keys)
    _, nonce, context = masters._made(master, frame)[2]
    return (*honest[:2], masters.encrypted_share(SecretScalar.fresh(), keys[2], nonce, context))


HONEST_SHARES = masters.encrypted_shares


@pytest.mark.parametrize(
    "cheat",
    [
        shares_for_two_masters,
        shares_with_other_nonces,
        shares_of_any_polynomial,
        another_text_under_the_right_nonce,
    ],
)
def test_inconsistent_shares_are_void_whichever_holders_take_part(dishonest, cheat):
    bid = dishonest(WORLD, encrypted_shares=cheat)
    faults = set()
    for places in [*itertools.combinations((1, 2, 3), 2), (1, 2, 3)]:
        with pytest.raises(DoesNotOpen) as caught:
            WORLD.open_sheet(bid, places)
        assert caught.value.verdict.code in ("commitment", "derivation")
        faults.add(caught.value.verdict.fault)
    assert faults == {BIDDER}


def test_without_the_derivation_check_the_friend_could_choose_after_seeing_the_prices(dishonest, monkeypatch):
    """The attack works against a version that checks the commitment only: holders 1 and 2 open, with 3 it is void."""
    bid = dishonest(WORLD, encrypted_shares=shares_for_two_masters)
    monkeypatch.setattr(masters, "shares_agree", lambda *_: True)
    assert WORLD.open_sheet(bid, (1, 2)).facts == FACTS
    with stopped("commitment", BIDDER):
        WORLD.open_sheet(bid, (1, 3))


def test_a_wrong_commitment_voids_the_bid(dishonest):
    bid = dishonest(WORLD, commitment=lambda master, digest: bytes(32))
    with stopped("commitment", BIDDER):
        WORLD.open_sheet(bid)


def test_two_keys_for_one_ciphertext_fail_at_the_commitment():
    """GCM alone would accept another key for a crafted text; the commitment pins the master, and the master the key."""
    bid = WORLD.seal()
    part = bid.sealed.head.sheet
    digest = part.header.digest
    assert masters.commitment(SecretScalar.fresh(), digest) != part.commitment


def test_a_tampered_share_is_refused_by_the_device_and_two_such_refusals_void_the_bid():
    bid = WORLD.seal()
    header = bid.sealed.head.sheet.header
    broken = []
    for share in header.shares:
        raw = bytearray(share.raw)
        raw[-1] ^= 1
        broken.append(Ciphertext.parse(bytes(raw)))
    head = Head(
        Part(dataclasses.replace(header, shares=tuple(broken)), bid.sealed.head.sheet.commitment), None
    )
    bad = rebuilt(bid, head)
    answers = WORLD.answers([bad])
    assert answers == [Refusal(WORLD.lot, head.envelope, SHEET, place, "broken") for place in (1, 2)]
    with stopped("share", BIDDER):
        part_key(*WORLD.case(bad, answers))
    with stopped("too-few", NOBODY):
        part_key(*WORLD.case(bad, answers[:1]))


def test_one_broken_share_voids_the_bid_even_where_the_other_holders_open_it():
    bid = WORLD.seal()
    part = bid.sealed.head.sheet
    raw = bytearray(part.header.shares[2].raw)
    raw[70] ^= 1
    shares = (*part.header.shares[:2], Ciphertext.parse(bytes(raw)))
    header = dataclasses.replace(part.header, shares=shares)
    bad = rebuilt(bid, Head(Part(header, part.commitment), None))
    with pytest.raises(DoesNotOpen) as caught:
        WORLD.open_sheet(bad, (1, 2, 3))
    assert caught.value.verdict.fault == BIDDER


def test_a_holder_who_falsely_refuses_a_sound_share_is_named():
    bid = WORLD.seal()
    lie = Refusal(WORLD.lot, bid.sealed.head.envelope, SHEET, 1, "broken")
    honest = WORLD.answers([bid], places=(2, 3))
    key = part_key(*WORLD.case(bid, [lie, *honest]))
    assert key.false_refusals == (1,)


# --- ciphertext and header


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_bit_flipped_by_the_platform_is_the_platforms_fault(place):
    bid = WORLD.seal(DOCUMENT)
    raw = bytearray(bid.raw)
    head = len(bid.sealed.head.to_bytes())
    raw[head + bid.sealed.head.offset(1 + place) + 100] ^= 1
    bad = Bid(bytes(raw), bid.sealed)
    assert WORLD.open_sheet(bad).facts == FACTS
    with stopped("root", PLATFORM):
        WORLD.open_documents(bad)


def test_a_file_cut_off_on_the_disk_is_the_platforms_fault():
    bid = WORLD.seal(DOCUMENT)
    case, key = WORLD.key(bid, DOCUMENTS)

    class Cut(type(bid.stored)):
        def chunk_into(self, number: int, buffer: bytearray) -> int:
            if number == 2:
                raise Malformed("the file was cut off")
            return super().chunk_into(number, buffer)

    opened = OpenedDocuments(Cut(bid.raw, bid.sealed.leaves), bid.receipt, case, key)
    with stopped("root", PLATFORM):
        list(opened.read("d"))


def test_a_bit_flipped_before_the_receipt_is_the_bidders_fault():
    bid = WORLD.seal(DOCUMENT)
    chunk = bytearray(chunk_of(bid, 2))
    chunk[5] ^= 1
    with stopped("chunk", BIDDER):
        WORLD.open_documents(rebuilt(bid, chunks={2: bytes(chunk)}))


def test_swapped_chunks_do_not_open():
    bid = WORLD.seal(DOCUMENT)
    with stopped("chunk", BIDDER):
        WORLD.open_documents(rebuilt(bid, chunks={1: chunk_of(bid, 2), 2: chunk_of(bid, 1)}))


def test_a_chunk_from_another_bid_does_not_open():
    bid, other = WORLD.seal(DOCUMENT), WORLD.seal(DOCUMENT)
    with stopped("chunk", BIDDER):
        WORLD.open_documents(rebuilt(bid, chunks={1: chunk_of(other, 1)}))


def test_truncated_documents_do_not_open():
    bid = WORLD.seal(DOCUMENT)
    with pytest.raises(Malformed):
        Bid(bid.raw[:-1], bid.sealed).stored
    part = bid.sealed.head.documents
    assert part is not None
    shorter = dataclasses.replace(part.header, size=2 * CHUNK)
    cut = Bid(
        Head(bid.sealed.head.sheet, Part(shorter, part.commitment)).to_bytes()
        + bid.raw[len(bid.sealed.head.to_bytes()) : -(part.header.size - 2 * CHUNK + TAG)],
        dataclasses.replace(bid.sealed, head=Head(bid.sealed.head.sheet, Part(shorter, part.commitment))),
    )
    bad = rebuilt(cut)
    with stopped("commitment", BIDDER):
        WORLD.open_documents(bad)


def test_truncating_after_the_commitment_was_made_anew_fails_at_the_last_flag():
    """Even a bidder who knows the master cannot shorten the text: the last chunk says that it is the last."""
    bid = WORLD.seal(DOCUMENT)
    case, key = WORLD.key(bid, DOCUMENTS)
    cipher_nonce = masters.chunk_nonce(1, True)
    assert cipher_nonce != masters.chunk_nonce(1, False)
    chunk = bytearray(chunk_of(bid, 2))
    with pytest.raises(BadCiphertext):
        sm4.sm4_gcm(key.key).decrypt_in_place(
            cipher_nonce, chunk, len(chunk) - TAG, bytes(chunk[-TAG:]), case.head.documents.header.digest
        )


def test_a_header_from_another_bid_does_not_open():
    bid, other = WORLD.seal(), WORLD.seal()
    mixed = Head(Part(other.sealed.head.sheet.header, bid.sealed.head.sheet.commitment), None)
    bad = rebuilt(bid, mixed)
    with stopped("commitment", BIDDER):
        WORLD.open_sheet(bad)
    whole = rebuilt(bid, other.sealed.head)
    with stopped("chunk", BIDDER):
        WORLD.open_sheet(whole)


def test_documents_of_another_bid_do_not_fit_the_sheet():
    bid, other = WORLD.seal(DOCUMENT), WORLD.seal(DOCUMENT)
    header = other.sealed.head.documents
    with pytest.raises(Malformed):
        Head.parse(Head(bid.sealed.head.sheet, header).to_bytes())


def test_a_bid_for_another_lot_is_refused_by_the_device_and_at_the_opening():
    elsewhere = Terms("another-lot", 2, WORLD.terms.keys)
    bid = WORLD.seal(terms=elsewhere)
    with pytest.raises(Refused) as refused:
        WORLD.answers([bid])
    assert rules(refused) == ["device-wrong-lot"]
    with stopped("wrong-lot", BIDDER):
        checked_head(bid.stored, bid.receipt, WORLD.terms)


def test_a_bid_sealed_to_other_keys_or_another_threshold_is_refused():
    for terms in (
        Terms(WORLD.lot, 2, tuple(reversed(WORLD.terms.keys))),
        Terms(WORLD.lot, 3, WORLD.terms.keys),
        Terms(WORLD.lot, 2, WORLD.terms.keys[:2]),
        World(lot=WORLD.lot).terms,
    ):
        bid = WORLD.seal(terms=terms)
        with pytest.raises(Refused) as refused:
            WORLD.answers([bid])
        assert rules(refused) == ["device-wrong-holders"]
        with stopped("wrong-holders", BIDDER):
            checked_head(bid.stored, bid.receipt, WORLD.terms)


def test_a_receipt_for_other_bytes_is_the_platforms_fault():
    bid, other = WORLD.seal(), WORLD.seal()
    swapped = Bid(other.raw, other.sealed)
    with stopped("root", PLATFORM):
        checked_head(swapped.stored, bid.receipt, WORLD.terms)
    with stopped("root", PLATFORM):
        checked_head(type(bid.stored)(other.raw, bid.sealed.leaves), bid.receipt, WORLD.terms)


def test_a_forged_signature_inside_is_the_bidders_fault(monkeypatch):
    world = World(keys=WORLD.keys)
    monkeypatch.setattr(world.bidder, "sign", lambda message: WORLD.bidder.sign(message))
    with stopped("signature", BIDDER):
        world.open_sheet(world.seal())


def test_a_sheet_or_manifest_that_is_not_the_headers_is_the_bidders_fault(monkeypatch):
    honest = contents.sheet_payload
    with monkeypatch.context() as patch:
        patch.setattr(
            contents, "sheet_payload", lambda signed, signer: honest(signed.replace(b"180", b"181"), signer)
        )
        bid = WORLD.seal()
    with stopped("sheet", BIDDER):
        WORLD.open_sheet(bid)
    with monkeypatch.context() as patch:
        patch.setattr(contents.Manifest, "prefix", property(lambda self: bytes(4) + self.text))
        bid = WORLD.seal([Document("d", b"x")])
    with stopped("manifest", BIDDER):
        WORLD.open_documents(bid)


def test_a_sheet_that_names_other_documents_is_the_bidders_fault(monkeypatch):
    honest = contents.statement
    other = WORLD.seal(DOCUMENT).sealed.head.documents
    with monkeypatch.context() as patch:
        patch.setattr(
            contents,
            "statement",
            lambda lot, envelope, facts, _, salt: honest(lot, envelope, facts, other, salt),
        )
        with_documents, without = WORLD.seal(DOCUMENT), WORLD.seal()
    for bid in (with_documents, without):
        with stopped("sheet", BIDDER):
            WORLD.open_sheet(bid)


def test_a_manifest_that_is_well_formed_but_not_the_headers_is_the_bidders_fault(monkeypatch):
    def other_salt(self: contents.Manifest) -> bytes:
        listed = contents.manifest(self.entries, b"\xaa" * 16)
        return len(listed.text).to_bytes(4, "big") + listed.text

    def other_size(self: contents.Manifest) -> bytes:
        entries = [dataclasses.replace(each, size=each.size + 1) for each in self.entries]
        text = self.text.replace(b'"size":1}', b'"size":2}')
        assert contents.parse_manifest(text).entries == tuple(entries)
        return len(text).to_bytes(4, "big") + text

    for dishonest_prefix in (other_salt, other_size):
        with monkeypatch.context() as patch:
            patch.setattr(contents.Manifest, "prefix", property(dishonest_prefix))
            bid = WORLD.seal([Document("d", b"x")])
        with stopped("manifest", BIDDER):
            WORLD.open_documents(bid)


# --- holders and proofs


def test_a_wrong_result_with_a_copied_proof_is_the_holders_fault():
    bid = WORLD.seal()
    answers = WORLD.answers([bid])
    first = answers[0]
    wrong = dataclasses.replace(
        first, result=points.total(first.result, points.base_multiple(SecretScalar(1)))
    )
    case, bad = WORLD.case(bid, [wrong, answers[1]])
    assert bad == (1,)
    with pytest.raises(DoesNotOpen) as caught:
        part_key(case, bad)
    assert (caught.value.verdict.fault, caught.value.verdict.holders) == (HOLDER, (1,))
    third = WORLD.answers([bid], places=(3,))
    assert part_key(*WORLD.case(bid, [wrong, answers[1], *third]))


@pytest.mark.parametrize("field", ["lot", "envelope", "part", "holder"])
def test_an_answer_for_something_else_is_no_answer(field):
    bid = WORLD.seal(DOCUMENT)
    answer = WORLD.answers([bid])[0]
    other = {"lot": "other", "envelope": "0" * 32, "part": DOCUMENTS, "holder": 2}[field]
    moved = dataclasses.replace(answer, **{field: other})
    case = Case(bid.sealed.head, WORLD.terms, SHEET, {1: moved})
    assert bad_answers([case]) == [(0, 1)]


def test_an_answer_for_one_bid_does_not_serve_another():
    bid, other = WORLD.seal(), WORLD.seal()
    answers = WORLD.answers([bid, other])
    moved = [
        dataclasses.replace(each, envelope=other.sealed.head.envelope) for each in (answers[0], answers[2])
    ]
    case, bad = WORLD.case(other, moved)
    assert bad == (1, 2)
    with stopped("proof", HOLDER):
        part_key(case, bad)


def test_the_sheets_answers_do_not_open_the_documents():
    bid = WORLD.seal(DOCUMENT)
    answers = WORLD.answers([bid])
    case, bad = WORLD.case(bid, answers, DOCUMENTS)
    with stopped("too-few", NOBODY):
        part_key(case, bad)
    relabelled = [dataclasses.replace(each, part=DOCUMENTS) for each in answers]
    case, bad = WORLD.case(bid, relabelled, DOCUMENTS)
    assert bad == (1, 2)
    _, key = WORLD.key(bid)
    stolen = PartKey(key.key, bid.sealed.head.documents.header, ())
    with stopped("chunk", BIDDER):
        OpenedDocuments(bid.stored, bid.receipt, case, stolen)


def weak_challenge(key, a, b):
    """A challenge that forgets the ciphertext and the result, as a careless implementation would have it."""
    return int.from_bytes(sm3.digest(key.octets, a.octets, b.octets), "big") % points.ORDER


def test_a_weak_challenge_lets_a_holder_prove_a_wrong_result_and_ours_does_not():
    bid = WORLD.seal()
    secret, key = WORLD.keys[0].scalar(), WORLD.terms.keys[0].point
    header = bid.sealed.head.sheet.header
    base = header.shares[0].c1
    nonce, shift = SecretScalar.fresh(), points.base_multiple(SecretScalar.fresh())
    a, b = points.base_multiple(nonce), points.total(points.multiple(nonce, base), shift)
    c = weak_challenge(key, a, b)
    answer = (nonce.expose() + c * secret.expose()) % points.ORDER
    inverse = pow(c, -1, points.ORDER)
    wrong = points.combination(0, [(inverse * answer, base), (-inverse, b)])
    assert wrong != points.multiple(secret, base)
    # The careless verifier is satisfied …
    assert points.combination(answer, [(-c, key), (-1, a)]) is None
    assert points.combination(0, [(answer, base), (-c, wrong), (-1, b)]) is None
    # … and ours is not.
    forged = Partial(WORLD.lot, bid.sealed.head.envelope, SHEET, 1, wrong, proofs.EqualityProof(a, b, answer))
    assert bad_answers([Case(bid.sealed.head, WORLD.terms, SHEET, {1: forged})]) == [(0, 1)]


def equal_pairs(secret, count):
    """Claims whose proofs were made in one batch, all true."""
    key = points.base_multiple(secret)
    bases = [points.base_multiple(SecretScalar.fresh()) for _ in range(count)]
    pairs = [
        proofs.Pair(bytes([number]), base, points.multiple(secret, base)) for number, base in enumerate(bases)
    ]
    made = proofs.prove_equalities(secret, key, pairs)
    return [proofs.EqualityClaim(key, pair, proof) for pair, proof in zip(pairs, made, strict=True)]


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 13])
def test_every_proof_of_a_batch_stands_alone(count):
    claims = equal_pairs(SecretScalar.fresh(), count)
    assert [proofs.false_claims([claim]) for claim in claims] == [[]] * count
    assert len({(claim.proof.a, claim.proof.answer, claim.challenge()) for claim in claims}) == 1
    assert max(len(claim.proof.path) for claim in claims) == (count - 1).bit_length()


def test_a_proof_serves_no_other_pair_of_its_batch_and_no_other_batch():
    secret = SecretScalar.fresh()
    claims, others = equal_pairs(secret, 4), equal_pairs(secret, 4)
    spoiled = [
        dataclasses.replace(claims[0], proof=claims[1].proof),
        dataclasses.replace(claims[0], proof=dataclasses.replace(claims[0].proof, path=claims[1].proof.path)),
        dataclasses.replace(claims[0], proof=dataclasses.replace(claims[0].proof, path=())),
        dataclasses.replace(claims[0], proof=dataclasses.replace(claims[0].proof, path=others[0].proof.path)),
        dataclasses.replace(claims[0], proof=dataclasses.replace(claims[0].proof, a=others[0].proof.a)),
        dataclasses.replace(claims[0], proof=dataclasses.replace(claims[0].proof, b=others[0].proof.b)),
        dataclasses.replace(
            claims[0], proof=dataclasses.replace(claims[0].proof, answer=others[0].proof.answer)
        ),
        dataclasses.replace(claims[0], key=points.base_multiple(SecretScalar.fresh())),
    ]
    assert proofs.false_claims([*claims, *spoiled, *others]) == list(range(4, 12))


def test_no_two_batches_share_a_nonce():
    """Two answers to two challenges under one nonce would give the key away."""
    secret = SecretScalar.fresh()
    commitments = [equal_pairs(secret, 2)[0].proof.a for _ in range(8)]
    assert len(set(commitments)) == 8
    assert proofs.prove_equalities(secret, points.base_multiple(secret), []) == []


def test_batches_name_exactly_the_bad_proofs():
    secret = SecretScalar.fresh()
    claims = [*equal_pairs(secret, 11), *(equal_pairs(secret, 1)[0] for _ in range(9))]
    assert proofs.false_claims(claims) == []
    for place in (0, 7, 19):
        proof = claims[place].proof
        spoiled = [
            dataclasses.replace(proof, answer=(proof.answer + 1) % points.ORDER),
            dataclasses.replace(proof, a=proof.b, b=proof.a),
        ][place % 2]
        claims[place] = dataclasses.replace(claims[place], proof=spoiled)
    claims[3] = dataclasses.replace(claims[3], pair=dataclasses.replace(claims[3].pair, context=b"another"))
    assert proofs.false_claims(claims) == [0, 3, 7, 19]
    assert proofs.false_claims([]) == []


def test_errors_that_cancel_each_other_do_not_pass_a_batch():
    """Two proofs whose errors add up to nothing: without random masks the sum of the equations would hold."""
    secret = SecretScalar.fresh()
    good = [equal_pairs(secret, 1)[0] for _ in range(2)]
    moved = [
        dataclasses.replace(
            claim, proof=dataclasses.replace(claim.proof, answer=(claim.proof.answer + step) % points.ORDER)
        )
        for claim, step in zip(good, (1, -1), strict=True)
    ]
    assert proofs.false_claims(moved) == [0, 1]


# --- what the device refuses


def test_an_envelope_that_is_not_in_the_closing_list_gets_no_answer():
    bid, late = WORLD.seal(), WORLD.seal()
    closing = WORLD.close([bid])
    with pytest.raises(Refused) as refused:
        WORLD.device(1).answers(SHEET, closing, [bid.shown, late.shown])
    assert rules(refused) == ["envelope-not-closed"]


def test_a_closing_list_that_no_witness_confirms_gets_no_answer():
    bid = WORLD.seal()
    closing = ClosingList.of(WORLD.lot, [bid.listed])
    with pytest.raises(Refused) as refused:
        WORLD.device(1).answers(SHEET, closing, [bid.shown])
    assert rules(refused) == ["closing-not-witnessed"]
    with pytest.raises(Refused) as refused:
        WORLD.device(1).answers(SHEET, ClosingList.of("other", [bid.listed]), [bid.shown])
    assert rules(refused) == ["closing-wrong-lot"]


def test_a_device_that_has_answered_for_one_list_does_not_answer_for_another():
    bid = WORLD.seal()
    device = HolderDevice(WORLD.keys[0], 1, WORLD.terms, WORLD, MemoryPins())
    closing = WORLD.close([bid])
    assert len(device.answers(SHEET, closing, [bid.shown])) == 1
    assert len(device.answers(SHEET, closing, [bid.shown])) == 1
    second = WORLD.close([bid])  # other dummies: another root, confirmed by a bribed witness
    with pytest.raises(Refused) as refused:
        device.answers(SHEET, second, [bid.shown])
    assert rules(refused) == ["closing-other"]


def test_an_envelope_shown_twice_gets_no_answer():
    bid = WORLD.seal()
    with pytest.raises(Refused) as refused:
        WORLD.device(1).answers(SHEET, WORLD.close([bid]), [bid.shown, bid.shown])
    assert rules(refused) == ["envelope-twice"]


def test_a_head_under_another_root_gets_no_answer():
    bid, other = WORLD.seal(DOCUMENT), WORLD.seal(DOCUMENT)
    closing = WORLD.close([bid])
    swapped = Submitted(other.shown.head, bid.shown.path)
    with pytest.raises(Refused) as refused:
        WORLD.device(1).answers(SHEET, closing, [swapped])
    assert rules(refused) == ["envelope-not-closed"]
    for broken in (Submitted(bid.shown.head, ()), Submitted(bid.shown.head[:-1], bid.shown.path)):
        with pytest.raises(Refused) as refused:
            WORLD.device(1).answers(SHEET, closing, [broken])
        assert rules(refused) == ["envelope-unreadable"]


def copied_into(bid: Bid, victim: Bid, part: str) -> Bid:
    """``bid``'s sheet with the victim's share for holder 1 in it."""
    sheet = bid.sealed.head.sheet
    shares = (victim.sealed.head.part(part).header.shares[0], *sheet.header.shares[1:])
    return rebuilt(bid, Head(Part(dataclasses.replace(sheet.header, shares=shares), sheet.commitment), None))


@pytest.mark.parametrize("part", [SHEET, DOCUMENTS])
def test_a_share_copied_from_a_rival_gets_no_answer(part):
    victim = WORLD.seal([Document("d", b"secret plans")])
    thief = copied_into(WORLD.seal(), victim, part)
    with pytest.raises(Refused) as refused:
        WORLD.answers([victim, thief])
    assert rules(refused) == ["share-copied"]
    # Where the victim's envelope is not shown (withdrawn, say), the share itself says that it belongs elsewhere.
    assert WORLD.answers([thief], places=(1,)) == [
        Refusal(WORLD.lot, thief.sealed.head.envelope, SHEET, 1, "elsewhere")
    ]


def disguised(bid: Bid, victim: Bid) -> tuple[Bid, SecretScalar]:
    """The victim's point for the documents, shifted by [r]G so that it is new, in the thief's sheet."""
    shift = SecretScalar.fresh()
    share = victim.sealed.head.documents.header.shares[0]
    moved = points.total(share.c1, points.base_multiple(shift))
    crafted = Ciphertext.parse(moved.octets + share.raw[65:])
    sheet = bid.sealed.head.sheet
    shares = (crafted, *sheet.header.shares[1:])
    head = Head(Part(dataclasses.replace(sheet.header, shares=shares), sheet.commitment), None)
    return rebuilt(bid, head), shift


def test_a_disguised_copy_would_make_the_device_an_oracle_and_gets_no_result():
    """[x](C1 + [r]G) − [r]X = [x]C1: whoever got the answer for the disguised point could open the rival's share."""
    victim = WORLD.seal([Document("d", b"secret plans")])
    thief, shift = disguised(WORLD.seal(), victim)
    # The attack against a device that answers without looking at C3:
    careless = points.multiple(WORLD.keys[0].scalar(), thief.sealed.head.sheet.header.shares[0].c1)
    stolen = points.difference(careless, points.multiple(shift, WORLD.terms.keys[0].point))
    assert masters.opened_share(victim.sealed.head.documents.header.shares[0], stolen) is not None
    # Ours keeps the result to itself:
    answers = WORLD.answers([victim, thief], places=(1,))
    assert isinstance(answers[0], Partial)
    assert answers[1] == Refusal(WORLD.lot, thief.sealed.head.envelope, SHEET, 1, "broken")


def test_a_device_with_another_key_or_place_is_refused():
    for key, place in ((WORLD.keys[0], 2), (WORLD.keys[0], 0), (WORLD.keys[0], 4), (World().keys[0], 1)):
        with pytest.raises(Refused) as refused:
            HolderDevice(key, place, WORLD.terms, WORLD, MemoryPins())
        assert rules(refused) == ["holder-not-in-terms"]


def test_terms_with_a_threshold_of_one_or_a_key_twice_are_refused():
    keys = WORLD.terms.keys
    for threshold, chosen in ((1, keys), (4, keys), (2, (keys[0], keys[0], keys[1])), (2, keys[:1])):
        with pytest.raises(Malformed):
            Terms(WORLD.lot, threshold, chosen)


def test_too_few_holders_is_nobodys_fault():
    bid = WORLD.seal()
    for places in ((), (1,)):
        with stopped("too-few", NOBODY):
            WORLD.open_sheet(bid, places)


def test_the_others_go_on_when_one_bid_is_void():
    good, bad = WORLD.seal(), WORLD.seal()
    chunk = bytearray(chunk_of(bad, 0))
    chunk[0] ^= 1
    spoiled = rebuilt(bad, chunks={0: bytes(chunk)})
    WORLD.answers([good, spoiled])
    assert WORLD.open_sheet(good).facts == FACTS
    with stopped("chunk", BIDDER):
        WORLD.open_sheet(spoiled)


def test_every_verdict_has_a_sentence_in_both_languages():
    sentences = Sentences([Path(verdicts.__file__).parent.parent / "sentences.toml"])
    for code in verdicts.FAULTS:
        finding = verdicts.Verdict(code, "e" * 32, SHEET, (1, 2)).finding
        assert "e" * 32 in sentences.say(finding, "zh")
        assert "e" * 32 in sentences.say(finding, "en")


def test_a_share_of_the_wrong_kind_cannot_be_parsed():
    bid = WORLD.seal()
    raw = bid.sealed.head.sheet.header.shares[0].raw
    for wrong in (raw[:-1], raw + b"\0", b"\x02" + raw[1:], raw[:64] + bytes([raw[64] ^ 1]) + raw[65:]):
        with pytest.raises(Malformed):
            Ciphertext.parse(wrong)


def test_a_head_in_which_two_shares_have_one_point_is_no_head():
    head = WORLD.seal(DOCUMENT[:0]).sealed.head
    header = head.sheet.header
    crafted = Ciphertext.parse(header.shares[0].c1.octets + header.shares[1].raw[65:])
    doubled = dataclasses.replace(header, shares=(header.shares[0], crafted, header.shares[2]))
    with pytest.raises(Malformed, match="same point"):
        Head.parse(Head(Part(doubled, head.sheet.commitment), None).to_bytes())


def test_what_the_proof_is_bound_to_names_everything():
    header = WORLD.seal().sealed.head.sheet.header
    base = proof_context(header, 1)
    others = [
        proof_context(dataclasses.replace(header, **change), 1)
        for change in (
            {"lot": "x"},
            {"envelope": "0" * 32},
            {"part": DOCUMENTS},
            {"size": 8192},
            {"manifest": bytes(32)},
        )
    ]
    assert len({base, proof_context(header, 2), *others}) == 7
