"""Which library serves each primitive here, and how quickly: what ``yiwang check`` says at start."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from yiwang.pure.kernel.words import Words
from yiwang.pure.sm import libgcrypt, sm3, sm4
from yiwang.pure.sm.errors import Unavailable
from yiwang.pure.sm.keys import DecryptionKey, SigningKey
from yiwang.pure.sm.points import SecretScalar, base_multiple
from yiwang.pure.sm.sm2 import sm2

_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class ProviderReport:
    """One primitive on this machine.

    ``provider`` is "" where nothing serves it; ``rate`` is per second in ``unit`` ("op" or "MB"), rounded down, 0
    without a provider; ``words`` say it to a person; ``degraded`` where a fallback serves it or nothing does.
    """

    primitive: str
    provider: str
    rate: int
    unit: str
    degraded: bool
    words: Words


def _rate(work: Callable[[], object], seconds: float) -> float:
    """Calls of ``work`` per second, measured over about ``seconds``."""
    work()
    started, calls = time.perf_counter(), 0
    while (spent := time.perf_counter() - started) < seconds:
        work()
        calls += 1
    return calls / spent


def _report(
    primitive: str, provider: str, work: Callable[[], object], seconds: float, degraded: bool, size: int = 0
) -> ProviderReport:
    calls = _rate(work, seconds)
    rate, unit = (int(calls * size / 1e6), "MB") if size else (int(calls), "op")
    return ProviderReport(
        primitive,
        provider,
        rate,
        unit,
        degraded,
        Words(
            f"{primitive}：{provider}，每秒 {rate} {'兆字节' if size else '次'}"
            + ("（后备实现）" if degraded else ""),
            f"{primitive}: {provider}, {rate} {unit}/s" + (" (fallback)" if degraded else ""),
        ),
    )


def _missing(primitive: str, error: Unavailable) -> ProviderReport:
    return ProviderReport(
        primitive,
        "",
        0,
        "op",
        True,
        Words(f"{primitive}：本机无法提供（{error}）", f"{primitive}: not to be had here ({error})"),
    )


def _sm2_reports(seconds: float) -> list[ProviderReport]:
    try:
        library = sm2()
        signing, decryption = SigningKey.generate(), DecryptionKey.generate()
    except Unavailable as error:
        return [_missing(name, error) for name in ("SM2 sign", "SM2 verify", "SM2 decrypt", "SM2 points")]
    name, degraded = library.name, not library.has_points
    message = b"yiwang check"
    signature, verifying = signing.sign(message), signing.public
    ciphertext = decryption.public.encrypt(message)
    reports = [
        _report("SM2 sign", name, lambda: signing.sign(message), seconds, degraded),
        _report("SM2 verify", name, lambda: verifying.verify(message, signature), seconds, degraded),
        _report("SM2 decrypt", name, lambda: decryption.decrypt(ciphertext), seconds, degraded),
    ]
    if degraded:
        reason = Unavailable("sealed envelopes and split keys are refused: no libcrypto with SM2")
        return [*reports, _missing("SM2 points", reason)]
    scalar = SecretScalar.fresh()
    return [*reports, _report("SM2 points", name, lambda: base_multiple(scalar), seconds, False)]


def probe(seconds: float = 0.05) -> list[ProviderReport]:
    """Every primitive: who serves it and how fast it is here; each is measured for about ``seconds``.

    Never raises for what is missing: that is said in the report.
    """
    reports = _sm2_reports(seconds)
    block = bytes(_MIB)
    try:
        reports.append(_report("SM3", "hashlib", lambda: sm3.digest(block), seconds, False, _MIB))
    except Unavailable as error:
        reports.append(_missing("SM3", error))
    try:
        chosen = sm4.provider()
    except Unavailable as error:
        return [*reports, _missing("SM4-GCM", error)]
    cipher, buffer = chosen(bytes(sm4.KEY_SIZE)), bytearray(_MIB)
    quick = chosen is libgcrypt.GcryptSm4Gcm
    name = f"libgcrypt {libgcrypt.version()}" if quick else "cryptography"

    def encrypt() -> bytes:
        return cipher.encrypt_in_place(
            bytes(12), buffer, _MIB, b""
        )  # the same nonce: nothing secret is in it

    return [*reports, _report("SM4-GCM", name, encrypt, seconds, not quick, _MIB)]
