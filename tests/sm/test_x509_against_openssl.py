"""Requests, certificates, lists and time stamps against the ``openssl`` program, both ways.

``openssl verify -vfyopt distid:…`` gives the id to the leaf alone, so a chain is verified link by link.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from yiwang.pure.sm.keys import SigningKey
from yiwang.pure.sm.x509 import certificates, requests, revocation, timestamps
from yiwang.pure.sm.x509.paths import Policy, path_verdict
from yiwang.pure.sm.x509.signing import KeySigner
from yiwang.pure.sm.x509.testing_authority import TestAuthority

pytestmark = pytest.mark.outside
ID = "distid:1234567812345678"
AT = datetime(2026, 11, 1, 8, tzinfo=UTC)
UTF8 = ("-nameopt", "utf8")


@pytest.fixture(scope="module")
def authority():
    return TestAuthority.create(AT - timedelta(days=30))


@pytest.fixture
def files(authority, tmp_path):
    """The authority's certificates and a leaf as PEM files."""
    key = SigningKey.generate()
    request = requests.make_request({"country_name": "CN", "common_name": "张三"}, KeySigner(key))
    leaf = authority.issue(request, "sign", AT, 365)
    for name, text in (
        ("root.pem", authority.root.to_pem()),
        ("issuing.pem", authority.issuing.to_pem()),
        ("leaf.pem", leaf.to_pem()),
        ("key.pem", key.to_pem()),
        ("request.der", request),
    ):
        (tmp_path / name).write_bytes(text)
    return tmp_path


def instant(at: datetime) -> str:
    return str(int(at.timestamp()))


def test_openssl_verifies_our_request(openssl, files):
    done = openssl(
        "req",
        "-in",
        files / "request.der",
        "-inform",
        "DER",
        "-noout",
        "-verify",
        "-vfyopt",
        ID,
        "-subject",
        *UTF8,
    )
    assert "张三" in done.stdout.decode()


def test_openssl_verifies_every_link_of_our_chain(openssl, files):
    common = ("-vfyopt", ID, "-attime", instant(AT + timedelta(days=1)), "-x509_strict")
    openssl("verify", *common, "-CAfile", files / "root.pem", files / "root.pem")
    openssl("verify", *common, "-CAfile", files / "root.pem", files / "issuing.pem")
    openssl("verify", *common, "-partial_chain", "-CAfile", files / "issuing.pem", files / "leaf.pem")
    late = ("-vfyopt", ID, "-attime", instant(AT + timedelta(days=400)), "-partial_chain")
    assert openssl(
        "verify", *late, "-CAfile", files / "issuing.pem", files / "leaf.pem", good=False
    ).returncode
    done = openssl("verify", *common, "-CAfile", files / "root.pem", files / "leaf.pem", good=False)
    assert done.returncode != 0


def test_openssl_reads_our_list_status_and_time_stamp(openssl, authority, files):
    leaf = certificates.read_pem((files / "leaf.pem").read_bytes())
    authority.revoke(leaf.serial, AT + timedelta(days=1), "key_compromise")
    later = AT + timedelta(days=2)
    crl = openssl(
        "crl", "-inform", "DER", "-noout", "-text", stdin=authority.revocation_list(later)
    ).stdout.decode()
    assert f"{leaf.serial:X}" in crl
    assert "Key Compromise" in crl
    question = revocation.ask_status(leaf.serial, authority.issuing)
    path = files / "status.der"
    path.write_bytes(authority.status(question.octets, later))
    status = openssl("ocsp", "-respin", path, "-noverify", "-resp_text").stdout.decode()
    assert "Cert Status: revoked" in status
    asked = timestamps.ask_time(b"document")
    path.write_bytes(authority.timestamp(asked.octets, AT))
    assert "Hash Algorithm: sm3" in openssl("ts", "-reply", "-in", path, "-text").stdout.decode()


def test_we_read_a_request_and_a_certificate_made_by_openssl(openssl, authority, tmp_path):
    key, request = tmp_path / "k.pem", tmp_path / "r.der"
    key.write_bytes(openssl("genpkey", "-algorithm", "SM2").stdout)
    common = ("-new", "-key", key, "-sm3", "-sigopt", ID, "-subj", "/C=CN/CN=openssl", "-outform", "DER")
    request.write_bytes(openssl("req", *common).stdout)
    leaf = authority.issue(request.read_bytes(), "sign", AT, 30)
    assert "openssl" in leaf.subject_text
    own = certificates.read_certificate(openssl("req", *common, "-x509", "-days", "30").stdout)
    own.check_issued_by(own)
    verdict = path_verdict(own, [], [own], Policy(own.begins_at, "sign", {}))
    assert verdict.code == "ok"


CA = """
[ca]
default_ca = here
[here]
database = {folder}/index.txt
crlnumber = {folder}/number
default_md = sm3
default_crl_days = 30
crl_extensions = more
[more]
authorityKeyIdentifier = keyid
"""


def test_we_read_a_list_made_by_openssl(openssl, authority, tmp_path):
    (tmp_path / "index.txt").write_text(
        "R\t301231000000Z\t260101000000Z,keyCompromise\tABCD\tunknown\t/CN=x\n"
    )
    (tmp_path / "number").write_text("05\n")
    config = tmp_path / "ca.cnf"
    config.write_text(CA.format(folder=tmp_path))
    key, certificate = tmp_path / "k.pem", tmp_path / "c.pem"
    key.write_bytes(openssl("genpkey", "-algorithm", "SM2").stdout)
    made = openssl(
        "req", "-x509", "-new", "-key", key, "-sm3", "-sigopt", ID, "-subj", "/CN=CA", "-days", "30"
    )
    certificate.write_bytes(made.stdout)
    issuer = certificates.read_pem(made.stdout)
    pem = openssl(
        "ca", "-gencrl", "-config", config, "-keyfile", key, "-cert", certificate, "-sigopt", ID
    ).stdout  # fmt: skip
    text = openssl("crl", "-outform", "DER", stdin=pem).stdout
    found = revocation.read_list(text, issuer)
    assert (found.number, found.entries[0xABCD].reason) == (5, "key_compromise")


class P256:
    """A foreign authority's key, by ``cryptography``."""

    algorithm = "sha256_ecdsa"

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())

    @property
    def public_info(self) -> bytes:
        return self.key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def sign(self, message: bytes) -> bytes:
        return self.key.sign(message, ec.ECDSA(hashes.SHA256()))

    def pem(self) -> bytes:
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )


TSA = """
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4
digests = sm3
ordering = yes
ess_cert_id_alg = sha256
"""


@pytest.fixture
def stamping(openssl, tmp_path):
    """A P-256 time stamp authority with a self-signed certificate made by openssl."""
    signer = P256()
    (tmp_path / "tsa.key").write_bytes(signer.pem())
    made = openssl(
        "req", "-x509", "-new", "-key", tmp_path / "tsa.key", "-sha256", "-subj", "/CN=TSA", "-days", "3650",
        "-addext", "extendedKeyUsage=critical,timeStamping", "-addext", "keyUsage=critical,digitalSignature",
    ).stdout  # fmt: skip
    (tmp_path / "tsa.pem").write_bytes(made)
    (tmp_path / "serial").write_text("01\n")
    (tmp_path / "tsa.cnf").write_text(TSA.format(folder=tmp_path))
    return signer, certificates.read_pem(made)


def test_openssl_verifies_a_p256_time_stamp_of_ours(openssl, stamping, tmp_path):
    signer, certificate = stamping
    question = timestamps.ask_time(b"document")
    (tmp_path / "q").write_bytes(question.octets)
    stamp = timestamps.make_time_answer(question, certificate, signer, 7, certificate.begins_at)
    (tmp_path / "r").write_bytes(stamp)
    verify = ("ts", "-verify", "-in", tmp_path / "r", "-CAfile", tmp_path / "tsa.pem")
    openssl(*verify, "-queryfile", tmp_path / "q")
    (tmp_path / "d").write_bytes(b"another")
    assert openssl(*verify, "-data", tmp_path / "d", good=False).returncode != 0


def test_we_verify_a_p256_time_stamp_made_by_openssl(openssl, stamping, tmp_path):
    _, certificate = stamping
    question = timestamps.ask_time(b"document")
    (tmp_path / "q").write_bytes(question.octets)
    answer = openssl(
        "ts", "-reply", "-config", tmp_path / "tsa.cnf", "-section", "here", "-queryfile", tmp_path / "q"
    ).stdout  # fmt: skip
    policy = Policy(AT, "timestamp", {})
    stamp = timestamps.read_time_answer(answer, question, [], [certificate], policy)
    assert stamp.path.good
    assert abs(stamp.at - certificate.begins_at) < timedelta(minutes=5)
