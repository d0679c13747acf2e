"""Keys: files, purposes, what is refused, and that no secret shows itself."""

from __future__ import annotations

import copy
import pickle
import traceback
from concurrent.futures import ThreadPoolExecutor

import pytest
from asn1crypto import pem
from hypothesis import given, settings
from hypothesis import strategies as st

from yiwang.pure.sm import ciphertexts, der, keys, points
from yiwang.pure.sm.errors import BadCiphertext, BadKey, BadSignature, Malformed

SIGNING = keys.SigningKey.generate()
PUBLIC = SIGNING.public
DECRYPTION = keys.DecryptionKey.generate()
ORDER, FIELD = points.ORDER, points.FIELD


@pytest.mark.parametrize("password", [None, b"a long passphrase"])
def test_a_key_comes_back_from_its_file(password):
    again = keys.SigningKey.from_pem(SIGNING.to_pem(password), (lambda: password) if password else None)
    again.public.verify(b"m", SIGNING.sign(b"m"))
    assert again.public == SIGNING.public
    assert keys.SigningKey.from_pem(SIGNING.to_sec1_pem()).public == SIGNING.public
    assert keys.VerifyingKey.from_pem(SIGNING.public.to_pem()) == SIGNING.public


@pytest.mark.parametrize("zeros", [1, 2, 8])
@pytest.mark.parametrize("password", [None, b"a long passphrase"])
def test_a_key_that_begins_with_zeros_comes_back_from_its_file(zeros, password):
    """One key in 256 does: an encoding as a number would lose them."""
    key = keys.SigningKey.from_secret(bytes(zeros) + b"\x12" * (32 - zeros))
    again = keys.SigningKey.from_pem(key.to_pem(password), (lambda: password) if password else None)
    assert again.public == key.public
    assert keys.SigningKey.from_pem(key.to_sec1_pem()).public == key.public


def test_the_wrong_password_is_refused_and_so_is_none_at_all():
    file = SIGNING.to_pem(b"right")
    with pytest.raises(BadKey):
        keys.SigningKey.from_pem(file, lambda: b"wrong")
    with pytest.raises(BadKey):
        keys.SigningKey.from_pem(file)


def test_a_key_of_another_curve_or_kind_is_refused(openssl):
    for arguments in (("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"), ("-algorithm", "ED25519")):
        file = openssl("genpkey", *arguments).stdout
        with pytest.raises(Malformed):
            keys.SigningKey.from_pem(file)
        with pytest.raises(Malformed):
            keys.VerifyingKey.from_pem(openssl("pkey", "-pubout", stdin=file).stdout)


def test_a_file_whose_public_key_is_not_its_private_keys_is_refused():
    mixed = SIGNING.to_der().replace(SIGNING.public.octets, DECRYPTION.public.octets)
    assert mixed != SIGNING.to_der()
    with pytest.raises(BadKey):
        keys.SigningKey.from_der(mixed)


@pytest.mark.parametrize("number", [0, ORDER - 1, ORDER, ORDER + 1, 2**256 - 1])
def test_a_private_number_out_of_range_is_refused(number):
    with pytest.raises(BadKey):
        keys.SigningKey.from_secret(number.to_bytes(32, "big"))


@pytest.mark.parametrize("number", [1, 2, ORDER - 2])
def test_a_private_number_at_the_border_signs(number):
    key = keys.SigningKey.from_secret(number.to_bytes(32, "big"))
    key.public.verify(b"m", key.sign(b"m"))


@pytest.mark.parametrize(
    "octets",
    [
        b"\x00",
        b"",
        b"\x04" + bytes(64),
        SIGNING.public.octets[:-1],
        SIGNING.public.octets + b"\x00",
        SIGNING.public.octets[:-1] + bytes([SIGNING.public.octets[-1] ^ 1]),
        b"\x02" + SIGNING.public.octets[1:33],
        b"\x06" + SIGNING.public.octets[1:],
        b"\x04" + FIELD.to_bytes(32, "big") + SIGNING.public.octets[33:],
        b"\x04" + SIGNING.public.octets[1:33] + FIELD.to_bytes(32, "big"),
    ],
    ids=range(10),  # the keys are fresh in every process; the names of tests must not be
)
def test_what_is_no_point_of_the_curve_is_no_key(octets):
    for kind in (keys.VerifyingKey, keys.EncryptionKey, points.Point):
        with pytest.raises(BadKey):
            kind(octets)


def test_trailing_bytes_and_second_forms_of_a_key_are_refused():
    for text in (SIGNING.to_der() + b"\x00", b"\x30\x82\x00\x87" + SIGNING.to_der()[3:]):
        with pytest.raises(Malformed):
            keys.SigningKey.from_der(text)
    for text in (SIGNING.public.to_der() + b"\x00", b"\x30\x81\x59" + SIGNING.public.to_der()[2:]):
        with pytest.raises(Malformed):
            keys.VerifyingKey.from_der(text)


def test_a_pem_file_holds_one_key_without_headers():
    with pytest.raises(Malformed):
        keys.SigningKey.from_pem(SIGNING.to_pem() + SIGNING.to_pem())
    with pytest.raises(Malformed):
        keys.SigningKey.from_pem(pem.armor("PRIVATE KEY", SIGNING.to_der(), {"Proc-Type": "4,ENCRYPTED"}))
    with pytest.raises(Malformed):
        keys.SigningKey.from_pem(b"nothing")


def test_a_signing_key_cannot_decrypt_and_a_decryption_key_cannot_sign():
    assert not hasattr(SIGNING, "decrypt")
    assert not hasattr(DECRYPTION, "sign")
    assert keys.VerifyingKey(DECRYPTION.public.octets) != DECRYPTION.public


def test_no_secret_shows_itself():
    number = DECRYPTION.scalar()
    secret = number.expose_bytes()
    texts = [repr(DECRYPTION), str(DECRYPTION), repr(number), str(number), f"{number}"]
    for thing in (DECRYPTION, number, SIGNING):
        with pytest.raises(TypeError):
            pickle.dumps(thing)
        with pytest.raises(TypeError):
            copy.copy(thing)
    try:
        keys.SigningKey.from_der(DECRYPTION.to_der()[:-1])
    except Malformed as error:
        texts += traceback.format_exception(error)
    for text in texts:
        assert secret.hex() not in text.lower()
        assert str(number.expose()) not in text


def forms_of(signature: bytes) -> dict[str, bytes]:
    """Signatures that must not verify, made of one that does."""
    parsed = der.read(der.Sm2Signature, signature, "s")
    r, s = parsed["r"].native, parsed["s"].native

    def signed(first: int, second: int) -> bytes:
        return der.Sm2Signature({"r": first, "s": second}).dump()

    return {
        "r is 0": signed(0, s),
        "s is 0": signed(r, 0),
        "r is n": signed(ORDER, s),
        "s is n": signed(r, ORDER),
        "r plus n": signed(r + ORDER, s),
        "s plus n": signed(r, s + ORDER),
        "negative s": signed(r, s - ORDER),
        "mirrored s": signed(r, ORDER - s),
        "r + s = n": signed(r, ORDER - r),
        "swapped": signed(s, r),
        "trailing byte": signature + b"\x00",
        "trailing byte inside": bytes([0x30, signature[1] + 2]) + signature[2:] + b"\x05\x00",
        "long length": b"\x30\x81" + signature[1:],
        "indefinite length": b"\x30\x80" + signature[2:] + b"\x00\x00",
        "padded r": b"\x30" + bytes([signature[1] + 1, 2, signature[3] + 1, 0]) + signature[4:],
        "empty": b"",
        "only r": b"\x30" + bytes([2 + signature[3]]) + signature[2 : 4 + signature[3]],
        "cut": signature[:-1],
        "raw": ciphertexts.signature_to_raw(signature),
    }


@pytest.mark.parametrize("name", list(forms_of(SIGNING.sign(b"m"))))
def test_a_signature_in_any_other_form_is_refused(name):
    signature = SIGNING.sign(b"m")
    SIGNING.public.verify(b"m", signature)
    with pytest.raises(BadSignature):
        SIGNING.public.verify(b"m", forms_of(signature)[name])


@settings(max_examples=60, deadline=None)
@given(place=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_no_flipped_bit_of_a_signature_verifies(place, bit):
    signature = bytearray(SIGNING.sign(b"m"))
    signature[place % len(signature)] ^= 1 << bit
    with pytest.raises(BadSignature):
        SIGNING.public.verify(b"m", bytes(signature))


@settings(max_examples=40, deadline=None)
@given(message=st.binary(min_size=1, max_size=300))
def test_what_is_encrypted_is_decrypted_and_both_forms_agree(message):
    ciphertext = DECRYPTION.public.encrypt(message)
    raw = ciphertexts.ciphertext_to_raw(ciphertext)
    assert len(raw) == 97 + len(message)
    assert ciphertexts.ciphertext_from_raw(raw) == ciphertext
    assert DECRYPTION.decrypt(ciphertext) == message


@settings(max_examples=100, deadline=None)
@given(place=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_no_flipped_bit_of_a_ciphertext_decrypts(place, bit):
    ciphertext = bytearray(DECRYPTION.public.encrypt(b"sixteen bytes...."))
    ciphertext[place % len(ciphertext)] ^= 1 << bit
    with pytest.raises((BadCiphertext, Malformed)):
        DECRYPTION.decrypt(bytes(ciphertext))


@pytest.mark.parametrize("size", [0, keys.MAX_MESSAGE + 1])
def test_nothing_and_too_much_are_not_encrypted(size):
    with pytest.raises(ValueError):
        DECRYPTION.public.encrypt(bytes(size))


def test_the_largest_message_goes_both_ways():
    message = bytes(range(256)) * 256
    assert DECRYPTION.decrypt(DECRYPTION.public.encrypt(message)) == message


def test_ciphertexts_with_a_point_off_the_curve_or_wrong_lengths_are_refused():
    raw = ciphertexts.ciphertext_to_raw(DECRYPTION.public.encrypt(b"text"))
    point, check, text = raw[1:65], raw[65:97], raw[97:]
    x, y = int.from_bytes(point[:32], "big"), int.from_bytes(point[32:], "big")
    wrong = [
        {"x": x, "y": (y + 1) % FIELD, "c3": check, "c2": text},
        {"x": 0, "y": 0, "c3": check, "c2": text},
        {"x": x + FIELD, "y": y, "c3": check, "c2": text},
        {"x": -x, "y": y, "c3": check, "c2": text},
        {"x": x, "y": FIELD - y, "c3": check, "c2": text},
        {"x": x, "y": y, "c3": check[:-1], "c2": text},
        {"x": x, "y": y, "c3": check + b"\0", "c2": text},
        {"x": x, "y": y, "c3": check, "c2": b""},
        {"x": x, "y": y, "c3": check, "c2": text + b"\0"},
    ]
    for fields in wrong:
        with pytest.raises(BadCiphertext):
            DECRYPTION.decrypt(der.Sm2Ciphertext(fields).dump())


def test_a_distinguishing_id_is_bounded_as_the_standard_bounds_it():
    SIGNING.public.verify(b"m", SIGNING.sign(b"m", b"i" * 8190), b"i" * 8190)
    with pytest.raises(ValueError):
        SIGNING.sign(b"m", b"i" * 8191)


def test_one_key_serves_many_threads_and_ids_at_once():
    def work(number: int) -> None:
        for turn in range(30):
            message, identity = f"{number} {turn}".encode(), (keys.IDENTITY, b"another")[turn % 2]
            signature = SIGNING.sign(message, identity)
            PUBLIC.verify(message, signature, identity)
            with pytest.raises(BadSignature):
                PUBLIC.verify(message, signature, b"a third")

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(work, number) for number in range(4)]:
            done.result()


def test_no_two_signatures_of_one_message_share_their_nonce():
    signatures = [ciphertexts.signature_to_raw(SIGNING.sign(b"m")) for _ in range(50)]
    assert len({raw[:32] for raw in signatures}) == 50
