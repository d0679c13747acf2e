"""An authenticator in software: makes and uses passkeys as a browser would, or wrongly where a test wants that."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

SITE = "localhost"
ORIGIN = "http://localhost:8000"
QUESTION = "/account/passkey/question/"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def asked(client: Client, use: str) -> dict[str, Any]:
    """The options of a ceremony, as the script of the page gets them."""
    answer = client.post(QUESTION, {"use": use}, headers={"Host": "localhost:8000"})
    assert answer.status_code == 200, answer.content
    return answer.json()


@dataclass
class Authenticator:
    """One credential. ``count`` is its counter; ``flags``, ``origin`` and ``site`` may be made wrong."""

    key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    count: int = 0
    flags: int = PRESENT | VERIFIED
    origin: str = ORIGIN
    site: str = SITE
    handle: str = ""

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _data(self, flags: int) -> bytes:
        self.count += 1
        return hashlib.sha256(self.site.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def made(self, options: dict[str, Any]) -> str:
        """The answer to a question for a new passkey."""
        self.handle = options["user"]["id"]
        point = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        data = self._data(self.flags | ATTESTED) + bytes(16)
        data += len(self.credential).to_bytes(2, "big") + self.credential + cbor2.dumps(cose)
        return self._json(
            {
                "clientDataJSON": self._client_data("webauthn.create", options["challenge"]),
                "attestationObject": cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data}),
            },
            transports=["internal"],
        )

    def used(self, options: dict[str, Any], **instead: Any) -> str:
        """The answer to a question for a login; ``instead`` replaces parts of the finished answer."""
        client_data = self._client_data("webauthn.get", options["challenge"])
        data = self._data(self.flags)
        signed = data + hashlib.sha256(client_data).digest()
        parts = {
            "clientDataJSON": client_data,
            "authenticatorData": data,
            "signature": self.key.sign(signed, ec.ECDSA(hashes.SHA256())),
            "userHandle": base64url_to_bytes(self.handle),
        }
        return self._json({**parts, **instead})

    def _json(self, response: dict[str, bytes], **more: Any) -> str:
        name = bytes_to_base64url(self.credential)
        encoded = {key: bytes_to_base64url(value) for key, value in response.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": {**encoded, **more}})
