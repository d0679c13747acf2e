"""A phone and a server that have made a split key together."""

from __future__ import annotations

from dataclasses import dataclass, field

from yiwang.pure.sm.collaborative.decryption import PhoneDecryption, answer_decryption
from yiwang.pure.sm.collaborative.generation import PhoneGeneration, ServerGeneration, confirm_trial
from yiwang.pure.sm.collaborative.ledger import MemoryLedger
from yiwang.pure.sm.collaborative.shares import PhoneShare, ServerShare
from yiwang.pure.sm.collaborative.signing import PhoneSigning, answer_signing


def factor(binding: bytes) -> str:
    return "pin:" + binding.hex()


def accepts(binding: bytes, given: str) -> bool:
    return given == "pin:" + binding.hex()


@dataclass
class Pair:
    phone: PhoneShare
    server: ServerShare
    phone_ledger: MemoryLedger = field(default_factory=MemoryLedger)
    server_ledger: MemoryLedger = field(default_factory=MemoryLedger)
    journal: list[dict[str, str]] = field(default_factory=list)

    @classmethod
    def make(cls, purpose: str = "sign", tried: bool = True) -> Pair:
        phone, server = (side("user-1", "phone-1", purpose) for side in (PhoneGeneration, ServerGeneration))
        third = phone.open(server.answer(phone.begin()))
        made = cls(phone.share, server.finish(third))
        if tried and purpose == "sign":
            confirm_trial(made.server, made.sign(made.phone.trial))
        return made

    def answer(self, document: bytes, request: bytes) -> bytes:
        return answer_signing(
            self.server, self.server_ledger, document, request, accepts, self.journal.append
        )

    def sign(self, document: bytes) -> bytes:
        session = PhoneSigning(self.phone, self.phone_ledger, document)
        return session.finish(self.answer(document, session.request(factor)))

    def decrypt(self, ciphertext: bytes) -> bytes:
        session = PhoneDecryption(self.phone, self.phone_ledger, ciphertext)
        return session.finish(self.answer_decryption(session.request(factor)))

    def answer_decryption(self, request: bytes) -> bytes:
        return answer_decryption(self.server, self.server_ledger, request, accepts, self.journal.append)
