"""SM4-GCM, Shamir, points, providers: properties at the boundaries, and what happens where a library is missing."""

from __future__ import annotations

import itertools
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sm.conftest import unavailable
from yiwang.pure.sm import (
    evp,
    fallback,
    hkdf,
    keys,
    libcrypto,
    libgcrypt,
    points,
    providers,
    shamir,
    sm2,
    sm3,
    sm4,
)
from yiwang.pure.sm.errors import BadCiphertext, BadKey, BadSignature, Unavailable

GCM = [libgcrypt.GcryptSm4Gcm, sm4.CryptographySm4Gcm]
KEY, NONCE = b"k" * 16, b"n" * 12
scalars = st.one_of(
    st.integers(1, 4), st.integers(points.ORDER - 4, points.ORDER - 1), st.integers(1, points.ORDER - 1)
).map(points.SecretScalar)


@settings(max_examples=80, deadline=None)
@given(text=st.binary(min_size=1, max_size=70), aad=st.binary(max_size=40), other=st.integers(0, 1))
def test_both_libraries_agree_on_sm4_gcm(text, aad, other):
    first, second = GCM[other], GCM[1 - other]
    buffer = bytearray(text)
    tag = first(KEY).encrypt_in_place(NONCE, buffer, len(text), aad)
    second(KEY).decrypt_in_place(NONCE, buffer, len(text), tag, aad)
    assert buffer == text


@pytest.mark.parametrize("provider", GCM)
@pytest.mark.parametrize("change", ["tag", "text", "aad", "nonce", "key", "short tag", "long tag", "cut"])
def test_whatever_is_changed_sm4_gcm_refuses_and_leaves_no_plaintext(provider, change):
    buffer, aad = bytearray(b"p" * 33), b"aad"
    tag = provider(KEY).encrypt_in_place(NONCE, buffer, 33, aad)
    key, nonce, size = KEY, NONCE, 33
    if change == "tag":
        tag = bytes([tag[0] ^ 1]) + tag[1:]
    elif change == "short tag":
        tag = tag[:15]
    elif change == "long tag":
        tag += tag
    elif change == "text":
        buffer[32] ^= 1
    elif change == "aad":
        aad = b"aae"
    elif change == "nonce":
        nonce = b"m" * 12
    elif change == "key":
        key = b"l" * 16
    elif change == "cut":
        size = 32
    with pytest.raises(BadCiphertext):
        provider(key).decrypt_in_place(nonce, buffer, size, tag, aad)
    assert bytes(buffer) == bytes(33)


def test_one_handle_serves_many_nonces_in_any_order():
    cipher = sm4.sm4_gcm(KEY)
    made = []
    for number in range(5):
        buffer = bytearray(b"t" * (number + 1))
        nonce = number.to_bytes(12, "big")
        made.append((nonce, buffer, cipher.encrypt_in_place(nonce, buffer, len(buffer), b"")))
    for nonce, buffer, tag in reversed(made):
        cipher.decrypt_in_place(nonce, buffer, len(buffer), tag, b"")
        assert set(buffer) == {ord("t")}


def test_seal_and_unseal_refuse_wrong_lengths():
    sealed = sm4.seal(KEY, NONCE, b"text", b"aad")
    assert sm4.unseal(KEY, NONCE, sealed, b"aad") == b"text"
    for nonce, text in (
        (NONCE[:-1], sealed),
        (NONCE, sealed[:16]),
        (NONCE, sealed[:-1]),
        (NONCE, sealed + b"\0"),
    ):
        with pytest.raises(BadCiphertext):
            sm4.unseal(KEY, nonce, text, b"aad")
    for key, nonce, text in ((b"k" * 15, NONCE, b"t"), (KEY, NONCE[:-1], b"t"), (KEY, NONCE, b"")):
        with pytest.raises(ValueError):
            sm4.seal(key, nonce, text, b"")


@settings(max_examples=60, deadline=None)
@given(chosen=st.lists(scalars, min_size=2, max_size=5), more=st.integers(0, 3))
def test_every_subset_of_threshold_size_gives_the_secret_and_one_share_fewer_does_not(chosen, more):
    try:
        parts = shamir.shares(chosen, len(chosen) + more)
    except BadKey:
        return  # a share of 0: the caller draws again
    numbered = dict(enumerate(parts, start=1))
    for places in itertools.combinations(numbered, len(chosen)):
        assert shamir.joined({place: numbered[place] for place in places}) == chosen[0]
    if chosen[-1].expose() > 4:
        try:
            fewer = shamir.joined({place: numbered[place] for place in list(numbered)[: len(chosen) - 1]})
        except BadKey:
            return
        assert fewer != chosen[0]


@pytest.mark.parametrize(("threshold", "count"), [(1, 3), (4, 3), (0, 2), (2, 17)])
def test_a_threshold_of_one_or_above_the_holders_is_refused(threshold, count):
    with pytest.raises(ValueError):
        shamir.shares([points.SecretScalar(7)] * threshold, count)


def test_points_behave_as_a_group():
    five, seven = (points.base_multiple(points.SecretScalar(number)) for number in (5, 7))
    assert points.total(five, seven) == points.base_multiple(points.SecretScalar(12))
    assert points.difference(seven, five) == points.base_multiple(points.SecretScalar(2))
    assert points.multiple(points.SecretScalar(7), five) == points.base_multiple(points.SecretScalar(35))
    assert points.total(five, five) == points.base_multiple(points.SecretScalar(10))
    assert points.combination(0, [(7, five), (-5, seven)]) is None
    assert points.combination(3, [(2, five)]) == points.base_multiple(points.SecretScalar(13))
    with pytest.raises(BadKey):
        points.difference(five, five)


def test_a_libcrypto_without_the_quick_combination_gives_the_same(monkeypatch):
    five = points.base_multiple(points.SecretScalar(5))
    monkeypatch.delattr(libcrypto.libcrypto(), "EC_POINTs_mul")
    assert points.combination(3, [(2, five), (points.ORDER - 1, five)]) == points.base_multiple(
        points.SecretScalar(8)
    )
    assert points.combination(0, [(0, five)]) is None


@settings(max_examples=30, deadline=None)
@given(scalar=scalars)
def test_a_scalar_times_its_inverse_is_one(scalar):
    assert scalar.times(scalar.inverse()) == points.SecretScalar(1)


@pytest.mark.parametrize("number", [0, -1, points.ORDER, points.ORDER + 1])
def test_a_scalar_out_of_range_is_refused(number):
    with pytest.raises(BadKey):
        points.SecretScalar(number)


@pytest.mark.parametrize("length", [0, -1, 255 * 32 + 1])
def test_hkdf_refuses_lengths_out_of_range(length):
    with pytest.raises(ValueError):
        hkdf.hkdf_sm3(b"s", b"i", length)


def test_equal_compares():
    assert sm3.equal(b"ab", b"ab")
    assert not sm3.equal(b"ab", b"ac")
    assert not sm3.equal(b"ab", b"abc")


def test_the_probe_names_a_provider_and_a_speed_for_every_primitive():
    reports = providers.probe(0.005)
    assert [report.primitive for report in reports] == [
        "SM2 sign", "SM2 verify", "SM2 decrypt", "SM2 points", "SM3", "SM4-GCM",
    ]  # fmt: skip
    assert all(report.provider and report.rate > 0 for report in reports)
    assert all(report.words.zh and report.words.en for report in reports)


@pytest.fixture
def no_libcrypto(monkeypatch):
    """A machine whose libcrypto has no SM2."""

    def none():
        raise Unavailable("no libcrypto with SM2: built without")

    monkeypatch.setattr(libcrypto, "libcrypto", none)
    sm2.sm2.cache_clear()
    yield
    monkeypatch.undo()
    sm2.sm2.cache_clear()


def test_without_any_library_the_probe_says_so_and_does_not_crash(no_libcrypto, monkeypatch):
    monkeypatch.setitem(sys.modules, "gmssl_pyx", None)
    reports = {report.primitive: report for report in providers.probe(0.001)}
    assert reports["SM2 sign"].provider == ""
    assert "gmssl-pyx" in reports["SM2 sign"].words.en
    assert reports["SM4-GCM"].provider


def test_a_libcrypto_that_does_not_know_the_standards_signature_is_passed_over(monkeypatch):
    def accepts_all(self, message: bytes, signature: bytes, identity: bytes) -> None:
        return None

    def refuses_all(self, message: bytes, signature: bytes, identity: bytes) -> None:
        raise BadSignature("wrong")

    assert sm2.passes(evp.LibcryptoSm2())
    for broken in (accepts_all, refuses_all):
        with monkeypatch.context() as patch:
            patch.setattr(evp.PublicMaterial, "verify", broken)
            patch.setitem(sys.modules, "gmssl_pyx", None)
            sm2.sm2.cache_clear()
            assert not sm2.passes(evp.LibcryptoSm2())
            with pytest.raises(Unavailable):
                sm2.sm2()
        sm2.sm2.cache_clear()
    assert sm2.sm2().has_points


def test_where_libgcrypt_is_missing_cryptography_serves_sm4(monkeypatch):
    def none():
        raise Unavailable("no libgcrypt")

    sm4.provider.cache_clear()
    monkeypatch.setattr(libgcrypt, "library", none)
    assert sm4.provider() is sm4.CryptographySm4Gcm
    report = providers.probe(0.001)[-1]
    assert (report.primitive, report.provider, report.degraded) == ("SM4-GCM", "cryptography", True)
    sm4.provider.cache_clear()


@pytest.fixture
def gmssl():
    try:
        return fallback.GmsslSm2()
    except Unavailable:
        unavailable("the package gmssl-pyx")


@pytest.mark.outside
def test_the_fallback_and_libcrypto_understand_each_other(gmssl, capfd):
    ours = keys.SigningKey.generate()
    secret, public = ours._private.scalar().expose_bytes(), ours.public.octets
    private = gmssl.open_private(secret, public)
    identity = keys.IDENTITY
    ours.public.verify(b"m", private.sign(b"m", identity))
    gmssl.open_public(public).verify(b"m", ours.sign(b"m"), identity)
    assert private.decrypt(keys.EncryptionKey(public).encrypt(b"text")) == b"text"
    decryption = keys.DecryptionKey.from_secret(secret)
    assert decryption.decrypt(gmssl.open_public(public).encrypt(b"text")) == b"text"
    with pytest.raises(BadSignature):
        gmssl.open_public(public).verify(b"n", ours.sign(b"m"), identity)
    with pytest.raises(BadCiphertext):
        private.decrypt(keys.EncryptionKey(gmssl.generate().octets).encrypt(b"text"))
    with pytest.raises(BadKey):
        gmssl.open_private(secret, gmssl.generate().octets)
    assert capfd.readouterr().err == ""


@pytest.mark.outside
def test_with_the_fallback_points_are_refused_and_the_probe_says_it(gmssl, no_libcrypto):
    reports = {report.primitive: report for report in providers.probe(0.001)}
    assert reports["SM2 sign"].provider == "gmssl-pyx"
    assert reports["SM2 sign"].degraded
    assert reports["SM2 points"].provider == ""
    with pytest.raises(Unavailable):
        sm2.need_points("a sealed envelope")
    key = keys.SigningKey.generate()
    key.public.verify(b"m", key.sign(b"m"))
    with pytest.raises(Unavailable):
        key.to_pem(b"password")


@pytest.mark.parametrize(
    "octets", [b"", b"\x04" + bytes(64), b"\x04" + points.FIELD.to_bytes(32, "big") + bytes(32)]
)
def test_the_fallback_checks_points_itself(octets):
    with pytest.raises(BadKey):
        fallback.checked(octets)
    good = points.base_multiple(points.SecretScalar(3)).octets
    assert fallback.checked(good) == good
