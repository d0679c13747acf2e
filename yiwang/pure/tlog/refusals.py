"""How this package says no: one Refused with the rule broken, its source and the place."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

from yiwang.pure.kernel.findings import Finding, Refused, Sentences

RULES = "RFC 6962 § 2.1"
NOTE = "C2SP signed-note"
CHECKPOINT = "C2SP tlog-checkpoint"
COSIGNATURE = "C2SP tlog-cosignature"
TILES = "C2SP tlog-tiles"
PROOF = "C2SP tlog-proof"
POLICY = "C2SP tlog-policy"
WITNESS = "C2SP tlog-witness"


def finding(rule: str, source: str = "", **params: object) -> Finding:
    """A finding of this package; ``rule`` is a table of ``sentences.toml``."""
    return Finding(f"tlog.{rule}", source, params)


def refused(rule: str, source: str = "", **params: object) -> NoReturn:
    """Raises Refused with one finding."""
    raise Refused([finding(rule, source, **params)])


def sentences() -> Sentences:
    """The sentences of every rule of this package in Chinese and English."""
    return Sentences([Path(__file__).with_name("sentences.toml")])
