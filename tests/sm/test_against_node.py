"""Against npm's ``sm-crypto-v2`` in Node, both ways; and a stranger's reader of our envelopes on top of it."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.sm.conftest import unavailable
from tests.sm.world import FACTS, Document, World
from yiwang.pure.sm import ciphertexts, hkdf, sm3, sm4
from yiwang.pure.sm.envelope.recovery import Half
from yiwang.pure.sm.envelope.terms import CHUNK
from yiwang.pure.sm.errors import BadSignature
from yiwang.pure.sm.keys import DecryptionKey, SigningKey

pytestmark = [pytest.mark.outside, pytest.mark.timeout(300)]
HERE = Path(__file__).parent / "node"
HOME = Path(__file__).parents[2] / ".outside" / "node"  # ignored by git; shared by all workers of a test run


def install(npm: str) -> str | None:
    """Installs the package where it is missing; gives why it could not be, or None."""
    HOME.mkdir(parents=True, exist_ok=True)
    with (HOME / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = (HERE / "package.json").read_bytes()
        stamp = HOME / "installed.json"
        if stamp.exists() and stamp.read_bytes() == wanted:
            return None
        (HOME / "package.json").write_bytes(wanted)
        command = [npm, "install", "--prefix", str(HOME), "--no-package-lock", "--no-audit", "--no-fund"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False, cwd=HOME)
        if done.returncode:
            return done.stderr.strip()[-200:]
        stamp.write_bytes(wanted)
        return None


@pytest.fixture(scope="session")
def node():
    """Runs requests in Node; gives their answers."""
    program, npm = shutil.which("node"), shutil.which("npm")
    if program is None or npm is None:
        unavailable("node with npm")
    reason = install(npm)
    if reason is not None:
        unavailable(f"the npm package sm-crypto-v2 ({reason})")

    def run(*requests: dict[str, object]) -> list[dict[str, object]]:
        done = subprocess.run(
            [program, str(HERE / "second.js")],
            input=json.dumps(requests),
            capture_output=True,
            text=True,
            timeout=240,
            check=True,
            env={**os.environ, "NODE_NO_WARNINGS": "1", "NODE_PATH": str(HOME / "node_modules")},
        )
        return json.loads(done.stdout)

    return run


def test_signatures_both_ways(node):
    key, message = SigningKey.generate(), b"a notice"
    public, secret = key.public.octets.hex(), key._private.scalar().expose_bytes().hex()
    signature = key.sign(message)
    theirs, good, bad = node(
        {"action": "sign", "key": secret, "message": message.hex()},
        {"action": "verify", "key": public, "message": message.hex(), "signature": signature.hex()},
        {"action": "verify", "key": public, "message": b"another".hex(), "signature": signature.hex()},
    )
    assert (good["answer"], bad["answer"]) == (True, False)
    key.public.verify(message, bytes.fromhex(theirs["answer"]))
    with pytest.raises(BadSignature):
        key.public.verify(b"another", bytes.fromhex(theirs["answer"]))


def test_encryption_both_ways(node):
    (pair,) = node({"action": "keypair"})
    secret, public = pair["answer"]["privateKey"], pair["answer"]["publicKey"]
    key = DecryptionKey.from_secret(bytes.fromhex(secret))
    assert key.public.octets.hex() == public
    raw = ciphertexts.ciphertext_to_raw(key.public.encrypt(b"a share of a key"))
    spoiled = raw[:-1] + bytes([raw[-1] ^ 1])
    opened, refused, theirs = node(
        {"action": "decrypt", "key": secret, "raw": raw.hex()},
        {"action": "decrypt", "key": secret, "raw": spoiled.hex()},
        {"action": "encrypt", "key": public, "message": b"from the browser".hex()},
    )
    assert bytes.fromhex(opened["answer"]) == b"a share of a key"
    assert "does not decrypt" in refused["error"]
    text = theirs["answer"] if len(theirs["answer"]) == 2 * (97 + 16) else "04" + theirs["answer"]
    assert key.decrypt(ciphertexts.ciphertext_from_raw(bytes.fromhex(text))) == b"from the browser"


def test_sm3_hkdf_and_sm4_gcm_agree(node):
    text, key, nonce, aad = b"t" * 100, b"k" * 16, b"n" * 12, b"a" * 32
    digest, derived, sealed = node(
        {"action": "sm3", "message": text.hex()},
        {"action": "hkdf", "secret": (b"s" * 32).hex(), "info": b"sm4".hex(), "length": 48},
        {
            "action": "gcm",
            "key": key.hex(),
            "nonce": nonce.hex(),
            "text": text.hex(),
            "associated": aad.hex(),
        },
    )
    assert bytes.fromhex(digest["answer"]) == sm3.digest(text)
    assert bytes.fromhex(derived["answer"]) == hkdf.hkdf_sm3(b"s" * 32, b"sm4", 48)
    assert bytes.fromhex(sealed["answer"]) == sm4.seal(key, nonce, text, aad)


def request(world: World, raw: bytes, places: tuple[int, ...], half: Half | None = None) -> dict[str, object]:
    keys = {str(place): world.keys[place - 1].scalar().expose_bytes().hex() for place in places}
    asked: dict[str, object] = {"action": "envelope", "file": base64.b64encode(raw).decode(), "keys": keys}
    return {**asked, "half": half.expose_bytes().hex()} if half else asked


def test_a_stranger_opens_our_envelopes_from_the_documentation_alone(node):
    world, half = World(), Half.fresh()
    documents = [Document("投标函.txt", "我方报价".encode()), Document("empty", b"")]
    big = [Document("big", os.urandom(CHUNK + 100))]
    plain, strict, long = world.seal(documents), world.seal(half=half), world.seal(big)
    spoiled = bytearray(plain.raw)
    spoiled[-1] ^= 1
    one, other, two, three, bad = node(
        request(world, plain.raw, (1, 3)),
        request(world, plain.raw, (2, 3)),
        request(world, strict.raw, (1, 2), half),
        request(world, long.raw, (1, 2)),
        request(world, bytes(spoiled), (1, 2)),
    )
    assert one == other
    assert one["answer"]["root"] == plain.sealed.root.hex()
    assert one["answer"]["sheet"]["statement"]["sheet"] == FACTS
    files = {name: base64.b64decode(text) for name, text in one["answer"]["files"].items()}
    assert files == {each.name: each.octets for each in documents}
    assert two["answer"]["sheet"]["statement"]["sheet"] == FACTS
    assert base64.b64decode(three["answer"]["files"]["big"]) == big[0].octets
    assert "error" in bad
