"""Keys, signatures and ciphertexts against the ``openssl`` program, both ways."""

from __future__ import annotations

import pytest

from yiwang.pure.sm import keys
from yiwang.pure.sm.errors import BadSignature

pytestmark = pytest.mark.outside
BEGINS_WITH_ZEROS = bytes(2) + b"\x12" * 30
DISTID = ("-pkeyopt", "distid:1234567812345678")


@pytest.fixture
def theirs(openssl, tmp_path):
    path = tmp_path / "theirs.pem"
    path.write_bytes(openssl("genpkey", "-algorithm", "SM2").stdout)
    return path


@pytest.mark.parametrize(
    "make", [keys.SigningKey.generate, lambda: keys.SigningKey.from_secret(BEGINS_WITH_ZEROS)]
)
def test_openssl_reads_our_key_files_and_finds_them_sound(openssl, tmp_path, make):
    key = make()
    for name, text in (("p8", key.to_pem()), ("sec1", key.to_sec1_pem()), ("enc", key.to_pem(b"pass"))):
        path = tmp_path / name
        path.write_bytes(text)
        openssl("pkey", "-in", path, "-check", "-noout", "-passin", "pass:pass")
        public = openssl("pkey", "-in", path, "-pubout", "-passin", "pass:pass").stdout
        assert keys.VerifyingKey.from_pem(public) == key.public
        assert public.replace(b"\n", b"") == key.public.to_pem().replace(b"\n", b"")


@pytest.mark.parametrize("cipher", ["aes-256-cbc", "sm4-cbc"])
def test_we_read_openssls_key_files(openssl, theirs, tmp_path, cipher):
    plain = keys.SigningKey.from_pem(theirs.read_bytes())
    protected = openssl("pkcs8", "-topk8", "-v2", cipher, "-in", theirs, "-passout", "pass:word").stdout
    assert keys.SigningKey.from_pem(protected, lambda: b"word").public == plain.public
    sec1 = openssl("ec", "-in", theirs).stdout
    assert keys.SigningKey.from_pem(sec1).public == plain.public


def test_openssl_verifies_what_we_sign_and_we_what_openssl_signs(openssl, theirs, tmp_path):
    document, signature, public = tmp_path / "m", tmp_path / "s", tmp_path / "p.pem"
    document.write_bytes(b"a tender document")
    key = keys.SigningKey.from_pem(theirs.read_bytes())
    public.write_bytes(key.public.to_pem())
    signature.write_bytes(key.sign(document.read_bytes()))
    check = ("pkeyutl", "-verify", "-pubin", "-inkey", public, "-in", document, "-sigfile", signature)
    openssl(*check, "-rawin", "-digest", "sm3", *DISTID)
    document.write_bytes(b"another document")
    assert openssl(*check, "-rawin", "-digest", "sm3", *DISTID, good=False).returncode != 0
    made = openssl(
        "pkeyutl", "-sign", "-inkey", theirs, "-in", document, "-rawin", "-digest", "sm3", *DISTID
    ).stdout
    key.public.verify(b"another document", made)
    with pytest.raises(BadSignature):
        key.public.verify(b"a tender document", made)


def test_openssl_decrypts_what_we_encrypt_and_we_what_openssl_encrypts(openssl, theirs):
    key = keys.DecryptionKey.from_pem(theirs.read_bytes())
    for message in (b"x" * 17, b"the sheet" * 100):
        ours = key.public.encrypt(message)
        assert openssl("pkeyutl", "-decrypt", "-inkey", theirs, stdin=ours).stdout == message
        made = openssl("pkeyutl", "-encrypt", "-inkey", theirs, stdin=message).stdout
        assert key.decrypt(made) == message
