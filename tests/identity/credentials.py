"""Credentials that tests submit: one of each kind, with a paper."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from yiwang.common.identity import api as identity
from yiwang.pure.kernel.actors import Actor
from yiwang.record.files import api as files

FACTS: dict[str, dict[str, Any]] = {
    identity.QUALIFICATION: {
        "title": "建筑工程施工总承包",
        "level": "二级",
        "number": "D262000001",
        "issuer": "甘肃省住房和城乡建设厅",
        "valid_until": "2028-12-31",
    },
    identity.PERFORMANCE: {
        "title": "秦州区第三中学教学楼",
        "client": "天水市育才教育投资有限公司",
        "number": "HT-2024-017",
        "amount_fen": 1_234_500_000,
        "finished_on": "2025-11-30",
    },
    identity.PERSONNEL: {
        "person_name": "赵立新",
        "title": "二级注册建造师",
        "specialty": "建筑工程",
        "number": "甘262000000001",
        "valid_until": "2027-06-30",
    },
}


def scan(words: str = "证书") -> bytes:
    """A small PDF that differs by ``words``."""
    return f"%PDF-1.4\n% {words}\n%%EOF\n".encode()


def stored(words: str = "证书") -> files.Document:
    """A stored scan."""
    return files.store(
        io.BytesIO(scan(words)), name=f"{words}.pdf", max_bytes=1 << 20, types=frozenset({files.PDF})
    )


def submitted(by: Actor, kind: str, at: datetime, *, code: str = "", **changed: Any) -> str:
    """A credential that awaits verification."""
    facts = {**FACTS[kind], **changed}
    return identity.submit_credential(by, kind, facts, [stored(kind)], at=at, code=code)


def verified(by: Actor, checker: Actor, kind: str, at: datetime, **changed: Any) -> str:
    """A credential that counts."""
    code = submitted(by, kind, at, **changed)
    identity.verify_credential(checker, code, at=at)
    return code
