"""Findings: what the law or the input says no to. Data, all of them, never just the first."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

REFUSAL = "refusal"
WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One objection.

    ``rule`` names the sentence in the room's ``sentences.toml`` (and, where it is one, the limit in
    ``law/limits``); ``source`` is the article as cited there ("" for a matter of input or of the house);
    ``params`` fill the sentence; ``field`` is the input it belongs to ("" for the whole);
    ``level`` is ``refusal`` or ``warning`` (a warning never stops a verb).
    """

    rule: str
    source: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
    field: str = ""
    level: str = REFUSAL

    def as_json(self) -> dict[str, object]:
        return {
            "rule": self.rule,
            "source": self.source,
            "params": {
                key: value if isinstance(value, int) else str(value) for key, value in self.params.items()
            },
            "field": self.field,
            "level": self.level,
        }


class Refused(Exception):
    """The one exception a verb raises when the law or the input says no: it carries every reason."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings: tuple[Finding, ...] = tuple(findings)
        if not self.findings:
            raise ValueError("refused without a reason")
        super().__init__("; ".join(f"{each.rule} {dict(each.params)}" for each in self.findings))


def refuse_if(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Raises Refused with all findings where one of them is a refusal; else gives the warnings."""
    found = tuple(findings)
    if any(each.level == REFUSAL for each in found):
        raise Refused(found)
    return found


class SentenceMissing(KeyError):
    """A finding has no sentence, or the sentence names a parameter that the finding lacks."""


class Sentences:
    """The sentences of findings in Chinese and English, read from ``sentences.toml`` files.

    A file has one table a rule, with ``zh`` and ``en``; ``{name}`` stands for a parameter.
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        self._sentences: dict[str, dict[str, str]] = {}
        for path in paths:
            for rule, texts in tomllib.loads(path.read_text("utf-8")).items():
                if rule in self._sentences:
                    raise ValueError(f"{path}: a second sentence for {rule}")
                if set(texts) != {"zh", "en"}:
                    raise ValueError(f"{path}: {rule} needs zh and en")
                self._sentences[rule] = texts

    def __contains__(self, rule: str) -> bool:
        return rule in self._sentences

    def rules(self) -> frozenset[str]:
        return frozenset(self._sentences)

    def say(self, finding: Finding, language: str) -> str:
        """The sentence of ``finding`` in ``language`` (``zh…`` or ``en…``), with the article behind it."""
        texts = self._sentences.get(finding.rule)
        if texts is None:
            raise SentenceMissing(finding.rule)
        chinese = language.startswith("zh")
        try:
            sentence = texts["zh" if chinese else "en"].format(**finding.params)
        except KeyError as error:
            raise SentenceMissing(f"{finding.rule}: {error}") from error
        if not finding.source:
            return sentence
        return (
            f"{sentence}（依据：{finding.source}）" if chinese else f"{sentence} (Source: {finding.source})"
        )
