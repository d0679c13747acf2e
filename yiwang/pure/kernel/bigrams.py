"""Search by overlapping pairs of characters: exact for Chinese, for codes and for words alike.

A text is normalised (NFKC, case folded) and cut into runs of letters and digits; whatever else stands in it
separates. A run ``滨河路`` gives the tokens ``滨河 河路 路``: its pairs in order and its last character alone,
so that a phrase of pairs finds every place where the characters stand side by side and no phrase reaches across
a separator. Behind them stand the characters of the text, each once: a query of one character is a token too,
and costs no more than any other. Before them stand, for Latin letters and digits side by side, their overlapping
sixes: every code of a city is made of the same pairs, but hardly of the same sixes. Pure; both databases index
the same tokens.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

TEXT_LIMIT = 16_000  # PostgreSQL numbers at most 16,383 positions in one document
SIX = 6
SIXES_LIMIT = 2_000
QUERY_LIMIT = 100
RUNS_LIMIT = 12
_LATIN = re.compile(f"[a-z0-9]{{{SIX},}}")


def normalised(text: str) -> str:
    """NFKC and case folding: full-width forms, ligatures and capitals are no difference."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def runs(text: str) -> Iterator[str]:
    """The runs of letters and digits of a text, normalised, in order."""
    run: list[str] = []
    for char in normalised(text):
        if char.isalnum():
            run.append(char)
        elif run:
            yield "".join(run)
            run = []
    if run:
        yield "".join(run)


def tokens(text: str) -> list[str]:
    """The tokens of a text in order; positions count from 0. Beyond TEXT_LIMIT characters nothing is indexed."""
    found: list[str] = []
    pairs: list[str] = []
    for run in runs(text[:TEXT_LIMIT]):
        pairs.extend(run[place : place + 2] for place in range(len(run)))
        for latin in _LATIN.findall(run):
            found += [*sixes(latin), latin[-1]]  # the last character: no phrase reaches into the next
    return (found[:SIXES_LIMIT] + pairs)[:TEXT_LIMIT]


def sixes(latin: str) -> list[str]:
    """The overlapping sixes of Latin letters and digits."""
    return [latin[place : place + SIX] for place in range(len(latin) - SIX + 1)]


def characters(text: str) -> list[str]:
    """The letters and digits of a text, each once: what queries of one character look for."""
    return sorted({char for run in runs(text[:TEXT_LIMIT]) for char in run})


@dataclass(frozen=True, slots=True)
class Phrase:
    """One run of a query: tokens that follow each other: sixes, pairs, or the one character that it is."""

    tokens: tuple[str, ...]


def phrases(query: str) -> tuple[Phrase, ...]:
    """What must all be found for ``query``; empty where it holds no letter or digit.

    Quotes, operators and punctuation separate like spaces. At most QUERY_LIMIT characters and RUNS_LIMIT
    runs are looked at.
    """
    found: dict[str, Phrase] = {}
    for run in runs(query[:QUERY_LIMIT]):
        if _LATIN.fullmatch(run):
            found.setdefault(run, Phrase(tuple(sixes(run))))
        else:
            pairs = tuple(run[place : place + 2] for place in range(len(run) - 1))
            found.setdefault(run, Phrase(pairs or (run,)))
    return tuple(found.values())[:RUNS_LIMIT]


def folded(text: str) -> str:
    """The runs of a text, a line each: what a phrase is looked for in where an index does not help."""
    return "\n".join(runs(text))


def contains(text: str, query: str) -> bool:
    """Whether every run of ``query`` stands within a run of ``text``: what the indexes must agree with."""
    inside = list(runs(text))
    return all(any(run in each for each in inside) for run in runs(query))
