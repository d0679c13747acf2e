"""Words and findings in the language of the page."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.utils.functional import lazystr
from django.utils.translation import get_language

from yiwang.pure.kernel.findings import Finding, Sentences
from yiwang.pure.kernel.words import Words


def language_now() -> str:
    """The language tag of the page being made; Chinese where none is active."""
    return get_language() or "zh-hans"


@cache
def sentences() -> Sentences:
    """The sentences of all rooms, from the files that ``settings.SENTENCES`` names, read once."""
    return Sentences(settings.SENTENCES)


def say(finding: Finding, language: str | None = None) -> str:
    """The sentence of ``finding`` with its article, in ``language`` (default: the page's).

    Raises SentenceMissing where no room has a sentence for it.
    """
    return sentences().say(finding, language or language_now())


class _Bilingual(Words):
    """Words that become text when the page is made; for labels and choices of forms."""

    __slots__ = ()

    def __str__(self) -> str:
        return self.in_language(language_now())


def bilingual(zh: str, en: str) -> Any:
    """A lazy text in the language of the page, for the labels, helps and choices of forms."""
    return lazystr(_Bilingual(zh, en))
