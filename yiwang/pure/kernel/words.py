"""A text in both languages of the house: Chinese is the source, English is complete."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """The same words in Chinese and in English."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """The text for a language tag: Chinese for ``zh…``, English for everything else."""
        return self.zh if language.startswith("zh") else self.en
