"""What an organisation declares about its head and about who controls or manages it (招标条例 34). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yiwang.common.identity.rules.credentials import SUBMITTED
from yiwang.common.identity.rules.register import name_findings
from yiwang.pure.kernel.codes import uscc_findings
from yiwang.pure.kernel.findings import Finding

AT_MOST = 10
_NUMBER = re.compile(r"[0-9]{17}[0-9X]\Z")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class TiesFacts:
    """``head`` is the name of the responsible person, ``number`` their identity number ("" where it stays as it was)."""

    head: str
    number: str
    controllers: tuple[tuple[str, str], ...] = ()
    managers: tuple[tuple[str, str], ...] = ()


def is_identity_number(text: str) -> bool:
    """Whether a citizen's number has its check digit (GB 11643)."""
    if not _NUMBER.match(text):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == text[-1]


def ties_findings(facts: TiesFacts, own: str, known: bool, statuses: Sequence[str]) -> Iterator[Finding]:
    """Objections to a declaration of ``own``; ``known``: the head's number was given before and may stay."""
    yield from (Finding(each.rule, each.source, each.params, "head") for each in name_findings(facts.head))
    if not is_identity_number(facts.number) and not (known and not facts.number):
        yield Finding("identity-number", "GB 11643", {}, "number")
    for field, listed in (("controllers", facts.controllers), ("managers", facts.managers)):
        codes = [code for code, _ in listed]
        if len(codes) > AT_MOST or len(set(codes)) < len(codes) or own in codes:
            yield Finding("ties-listed", "", {"at_most": AT_MOST}, field)
        for code, name in listed:
            yield from uscc_findings(code, field)
            if not 2 <= len(name.strip()) <= 120:
                yield Finding("text-length", "", {"at_least": 2, "at_most": 120}, field)
    if SUBMITTED in statuses:
        yield Finding("ties-open")
