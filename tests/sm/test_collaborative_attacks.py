"""Attacks on split keys, carried out for real: against a version without the rule they succeed, against ours they fail."""

from __future__ import annotations

import secrets

import pytest

from tests.sm.split import Pair, accepts, factor
from yiwang.pure.kernel import canonical
from yiwang.pure.sm import ciphertexts, points
from yiwang.pure.sm.collaborative import messages
from yiwang.pure.sm.collaborative.decryption import PhoneDecryption
from yiwang.pure.sm.collaborative.generation import PhoneGeneration, ServerGeneration
from yiwang.pure.sm.collaborative.ledger import MemoryLedger
from yiwang.pure.sm.collaborative.signing import PhoneSigning, message_digest
from yiwang.pure.sm.errors import BadCiphertext, BadKey, BadSignature, Malformed, ProtocolViolation
from yiwang.pure.sm.points import ORDER, SecretScalar
from yiwang.pure.sm.proofs import prove_knowledge

WANTED = b"I withdraw my bid"  # what the attacker wants signed


def changed(message: bytes, **fields: object) -> bytes:
    value = canonical.loads(message)
    value.update(fields)
    return canonical.dumps(value)


def dishonest_answer(pair: Pair, request: bytes, document: bytes, nonce: int | None = None) -> bytes:
    """A server that answers for a document of its own choice, with a nonce of its own choice."""
    value = canonical.loads(request)
    first = points.Point(bytes.fromhex(value["q1"]))
    d2 = pair.server.secret("sign").expose()
    w2 = nonce if nonce is not None else secrets.randbelow(ORDER - 1) + 1
    point = points.combination(w2, [(pow(d2, -1, ORDER), first)])
    digest = int.from_bytes(message_digest(pair.phone.public, document), "big")
    r = (digest + int.from_bytes(point.x, "big")) % ORDER
    session = messages.session_of(pair.phone.sid, first)
    return messages.write(
        "sign-2",
        pair.phone.sid,
        session=session,
        r=messages.written(r),
        s1=messages.written(d2 * (r + w2) % ORDER),
    )


class Careless(PhoneSigning):
    """A phone that releases s without verifying it."""

    def _verified(self, r: int, s: int) -> bytes:
        return ciphertexts.signature_from_raw(r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def test_release_before_verification_lets_the_server_sign_any_text():
    pair = Pair.make()
    careless = Careless(pair.phone, pair.phone_ledger, b"harmless")
    stolen = careless.finish(dishonest_answer(pair, careless.request(factor), WANTED))
    pair.phone.verifying_key().verify(WANTED, stolen)

    careful = PhoneSigning(pair.phone, pair.phone_ledger, b"harmless")
    request = careful.request(factor)
    with pytest.raises(BadSignature):
        careful.finish(dishonest_answer(pair, request, WANTED))


def test_a_nonce_used_twice_gives_d1_away_and_ours_cannot_be_used_twice():
    pair = Pair.make()
    nonce, answers = SecretScalar.fresh(), []
    for document in (b"one", b"two"):
        careless = PhoneSigning(pair.phone, MemoryLedger(), document)
        careless._nonce, careless._session = (
            nonce,
            messages.session_of(pair.phone.sid, points.base_multiple(nonce)),
        )
        digest = message_digest(pair.phone.public, document).hex()
        request = messages.write(
            "sign-1", pair.phone.sid, e=digest, q1=points.base_multiple(nonce).octets.hex(), factor=""
        )
        answer = dishonest_answer(pair, request, document)
        raw = ciphertexts.signature_to_raw(careless.finish(answer))
        total = int.from_bytes(raw[:32], "big") + int.from_bytes(raw[32:], "big")
        answers.append((total, int(canonical.loads(answer)["s1"], 16)))
    (u, s1), (v, t1) = answers
    solved = (u - v) * pow(s1 - t1, -1, ORDER) % ORDER
    assert solved == pair.phone.secret("sign").expose()

    ours = PhoneSigning(pair.phone, pair.phone_ledger, b"one")
    answer = pair.answer(b"one", ours.request(factor))
    ours.finish(answer)
    for again in (lambda: ours.finish(answer), lambda: ours.request(factor)):
        with pytest.raises(ProtocolViolation):
            again()


def test_a_failed_session_forgets_its_nonce_too():
    pair = Pair.make()
    session = PhoneSigning(pair.phone, pair.phone_ledger, b"m")
    request = session.request(factor)
    with pytest.raises(Malformed):
        session.finish(b"{}")
    with pytest.raises(ProtocolViolation):
        session.finish(pair.answer(b"m", request))
    assert pair.phone_ledger.open == {}


class Permissive(MemoryLedger):
    """A ledger that lets any number of sessions be open at once."""

    def begin(self, sid: str, session: str) -> None:
        pass


SESSIONS = 256


def forged(pair: Pair, sessions: list[PhoneSigning], requests: list[bytes]) -> bytes:
    """The server's forgery by the algorithm of Benhamouda and others (ROS is easy at 256 dimensions).

    After verification session i gives u_i = r_i + s_i = d1(s1_i + w_i). Two nonces for each session give two values of
    s1_i; rho_i = 2^i / (difference) makes Σ rho_i·s1_i hit any number of 256 bits by choosing one of the two in each.
    """
    d2 = pair.server.secret("sign").expose()
    inverse = pow(d2, -1, ORDER)
    firsts = [points.Point(bytes.fromhex(canonical.loads(each)["q1"])) for each in requests]
    choices = [
        [dishonest_answer(pair, request, f"harmless {number}".encode()) for _ in range(2)]
        for number, request in enumerate(requests)
    ]
    values = [[int(canonical.loads(each)["s1"], 16) for each in pair_of] for pair_of in choices]
    rho = [
        pow(2, number, ORDER) * pow(two - one, -1, ORDER) % ORDER for number, (one, two) in enumerate(values)
    ]
    w2 = secrets.randbelow(ORDER)
    point = points.combination(
        w2, [(weight * inverse, first) for weight, first in zip(rho, firsts, strict=True)]
    )
    digest = int.from_bytes(message_digest(pair.phone.public, WANTED), "big")
    r = (digest + int.from_bytes(point.x, "big")) % ORDER
    goal = d2 * (r + w2) % ORDER
    missing = (goal - sum(weight * one for weight, (one, _) in zip(rho, values, strict=True))) % ORDER
    total = 0
    for number, session in enumerate(sessions):
        raw = ciphertexts.signature_to_raw(session.finish(choices[number][missing >> number & 1]))
        u = int.from_bytes(raw[:32], "big") + int.from_bytes(raw[32:], "big")
        total += rho[number] * u
    s = (total - r) % ORDER
    return ciphertexts.signature_from_raw(r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def test_256_sessions_open_at_once_and_each_verified_make_a_forgery():
    """Against a version that lets sessions run side by side, with every other rule kept: ROS, really carried out."""
    pair = Pair.make()
    ledger = Permissive()
    sessions = [PhoneSigning(pair.phone, ledger, f"harmless {number}".encode()) for number in range(SESSIONS)]
    requests = [session.request(factor) for session in sessions]
    pair.phone.verifying_key().verify(WANTED, forged(pair, sessions, requests))


def test_a_second_session_on_a_key_is_refused_on_both_ends():
    pair = Pair.make()
    first = PhoneSigning(pair.phone, pair.phone_ledger, b"one")
    request = first.request(factor)
    with pytest.raises(ProtocolViolation, match="open on this key"):
        PhoneSigning(pair.phone, pair.phone_ledger, b"two").request(factor)
    pair.server_ledger.begin(pair.server.sid, "elsewhere")
    with pytest.raises(ProtocolViolation, match="open on this key"):
        pair.answer(b"one", request)
    pair.server_ledger.end(pair.server.sid, "elsewhere")
    first.finish(pair.answer(b"one", request))
    pair.sign(b"two")


def test_a_replayed_request_gets_no_second_answer():
    pair = Pair.make()
    session = PhoneSigning(pair.phone, pair.phone_ledger, b"one")
    request = session.request(factor)
    session.finish(pair.answer(b"one", request))
    with pytest.raises(ProtocolViolation, match="replayed"):
        pair.answer(b"one", request)


def test_an_answer_from_an_earlier_session_is_refused():
    pair = Pair.make()
    first = PhoneSigning(pair.phone, pair.phone_ledger, b"same")
    old = pair.answer(b"same", first.request(factor))
    first.finish(old)
    second = PhoneSigning(pair.phone, pair.phone_ledger, b"same")
    second.request(factor)
    with pytest.raises(ProtocolViolation, match="another session"):
        second.finish(old)


BAD_POINTS = [
    "00" * 65,
    "04" + "00" * 64,
    "04" + "11" * 64,
    "00",
    "04" + points.FIELD.to_bytes(32, "big").hex() + "00" * 32,
]


@pytest.mark.parametrize("bad", BAD_POINTS)
def test_points_off_the_curve_are_refused_at_every_step(bad):
    pair = Pair.make()
    session = PhoneSigning(pair.phone, pair.phone_ledger, b"m")
    with pytest.raises(Malformed):
        pair.answer(b"m", changed(session.request(factor), q1=bad))
    session.abandon()
    phone, server = PhoneGeneration("u", "d", "sign"), ServerGeneration("u", "d", "sign")
    second = server.answer(phone.begin())
    with pytest.raises(Malformed):
        phone.open(changed(second, p2=bad))
    phone, server = PhoneGeneration("u", "d", "sign"), ServerGeneration("u", "d", "sign")
    third = phone.open(server.answer(phone.begin()))
    with pytest.raises(Malformed):
        server.finish(changed(third, p1=bad))
    decrypting = Pair.make("decrypt")
    ciphertext = decrypting.phone.encryption_key().encrypt(b"text")
    opening = PhoneDecryption(decrypting.phone, decrypting.phone_ledger, ciphertext)
    request = opening.request(factor)
    with pytest.raises(Malformed):
        decrypting.answer_decryption(changed(request, t1=bad))
    with pytest.raises(Malformed):
        opening.finish(changed(decrypting.answer_decryption(request), t2=bad))


def test_a_public_key_supplied_by_the_server_is_not_even_read():
    phone, server = PhoneGeneration("u", "d", "sign"), ServerGeneration("u", "d", "sign")
    second = server.answer(phone.begin())
    with pytest.raises(Malformed):
        phone.open(changed(second, p=points.base_multiple(SecretScalar(5)).octets.hex()))


def test_a_server_that_chooses_its_point_after_the_phones_cannot_prove_it():
    """A rogue key: P2 made so that the common key would be the server's own. It has no proof, and P1 is committed."""
    phone = PhoneGeneration("u", "d", "sign")
    phone.begin()
    wanted = SecretScalar.fresh()
    rogue = points.base_multiple(wanted)
    proof = prove_knowledge(SecretScalar.fresh(), rogue, b"server|" + phone.sid.encode())
    second = messages.write("key-2", phone.sid, p2=rogue.octets.hex(), proof=messages.proof_fields(proof))
    with pytest.raises(ProtocolViolation, match="does not prove"):
        phone.open(second)


def test_a_proof_for_another_key_or_side_is_refused():
    first, second = PhoneGeneration("u", "d", "sign"), PhoneGeneration("u", "d", "sign")
    server = ServerGeneration("u", "d", "sign")
    answer = server.answer(first.begin())
    second.begin()
    with pytest.raises(ProtocolViolation):
        second.open(changed(answer, sid=second.sid))


def test_a_phone_that_opens_another_commitment_is_refused():
    phone, other = PhoneGeneration("u", "d", "sign"), PhoneGeneration("u", "d", "sign")
    server = ServerGeneration("u", "d", "sign")
    answer = server.answer(phone.begin())
    other.sid, other._state = phone.sid, "committed"
    with pytest.raises(ProtocolViolation, match="another commitment"):
        server.finish(other.open(answer))


def test_a_phone_that_does_not_know_its_share_is_refused():
    phone, server = PhoneGeneration("u", "d", "sign"), ServerGeneration("u", "d", "sign")
    phone._point = points.base_multiple(SecretScalar.fresh())
    phone._proof = prove_knowledge(SecretScalar.fresh(), phone._point, b"phone|" + phone.sid.encode())
    second = server.answer(phone.begin())
    with pytest.raises(ProtocolViolation, match="does not prove"):
        server.finish(phone.open(second))


def test_a_key_for_another_user_is_not_answered():
    phone, server = PhoneGeneration("mallory", "d", "sign"), ServerGeneration("alice", "d", "sign")
    with pytest.raises(ProtocolViolation):
        server.answer(phone.begin())


def test_steps_of_key_generation_are_done_once():
    phone, server = PhoneGeneration("u", "d", "sign"), ServerGeneration("u", "d", "sign")
    first = phone.begin()
    second = server.answer(first)
    third = phone.open(second)
    server.finish(third)
    for again in (
        phone.begin,
        lambda: server.answer(first),
        lambda: phone.open(second),
        lambda: server.finish(third),
    ):
        with pytest.raises(ProtocolViolation):
            again()


def test_another_document_or_a_wrong_factor_is_refused_by_the_server():
    pair = Pair.make()
    session = PhoneSigning(pair.phone, pair.phone_ledger, b"mine")
    request = session.request(factor)
    with pytest.raises(ProtocolViolation, match="another document"):
        pair.answer(b"yours", request)
    with pytest.raises(ProtocolViolation, match="factor"):
        pair.answer(b"mine", changed(request, factor="pin:wrong"))
    assert accepts(b"x", factor(b"x"))
    session.finish(pair.answer(b"mine", request))


@pytest.mark.parametrize("field", ["e", "q1", "factor", "sid", "type", "v"])
def test_a_tampered_request_is_refused(field):
    pair, other = Pair.make(), Pair.make()
    session = PhoneSigning(pair.phone, pair.phone_ledger, b"m")
    request = session.request(factor)
    value = {
        "e": "00" * 32,
        "q1": points.base_multiple(SecretScalar.fresh()).octets.hex(),
        "factor": "x",
        "sid": other.phone.sid,
        "type": "sign-2",
        "v": 2,
    }[field]
    with pytest.raises((ProtocolViolation, Malformed)):
        pair.answer(b"m", changed(request, **{field: value}))


@pytest.mark.parametrize("field", ["r", "s1", "session", "sid", "more"])
def test_a_tampered_answer_releases_nothing(field):
    pair = Pair.make()
    session = PhoneSigning(pair.phone, pair.phone_ledger, b"m")
    answer = pair.answer(b"m", session.request(factor))
    value = {"r": "01" * 32, "s1": "01" * 32, "session": "0" * 32, "sid": Pair.make().phone.sid, "more": 1}[
        field
    ]
    with pytest.raises((ProtocolViolation, Malformed, BadSignature)):
        session.finish(changed(answer, **{field: value}))
    assert pair.phone_ledger.open == {}


@pytest.mark.parametrize("number", [0, ORDER, 2**256 - 1])
def test_degenerate_numbers_are_refused(number):
    pair = Pair.make()
    for field in ("r", "s1"):
        session = PhoneSigning(pair.phone, pair.phone_ledger, b"m")
        answer = pair.answer(b"m", session.request(factor))
        with pytest.raises((Malformed, BadSignature)):
            session.finish(changed(answer, **{field: number.to_bytes(32, "big").hex()}))


def test_a_server_that_answers_a_decryption_falsely_gives_no_plaintext():
    pair = Pair.make("decrypt")
    ciphertext = pair.phone.encryption_key().encrypt(b"text")
    session = PhoneDecryption(pair.phone, pair.phone_ledger, ciphertext)
    answer = pair.answer_decryption(session.request(factor))
    with pytest.raises(BadCiphertext):
        session.finish(changed(answer, t2=points.base_multiple(SecretScalar.fresh()).octets.hex()))
    with pytest.raises(ProtocolViolation):
        session.finish(answer)
    with pytest.raises(BadKey):
        points.Point(bytes(65))
