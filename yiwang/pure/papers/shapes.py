"""What a paper consists of: plain text in blocks, in the order in which it is read."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from yiwang.pure.kernel.texts import carried


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a part."""

    text: str


@dataclass(frozen=True, slots=True)
class Prose:
    """Running text; every line is a paragraph of its own, with the indent of two characters."""

    text: str


@dataclass(frozen=True, slots=True)
class Addressee:
    """To whom a letter is written: a line of its own, not indented."""

    text: str


@dataclass(frozen=True, slots=True)
class Fields:
    """A table of labels and what they say. A value may have several lines."""

    caption: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with heads; ``figures`` says which columns are numbers and stand to the right."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: tuple[bool, ...]

    def __post_init__(self) -> None:
        widths = {len(self.heads), len(self.figures), *(len(row) for row in self.rows)}
        if len(widths) != 1:
            raise ValueError(f"{self.caption}: rows of different lengths")


@dataclass(frozen=True, slots=True)
class Closing:
    """Who issues the paper and when: lines at the right, kept together."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Signatures:
    """Places to sign beside each other: for each party its name and the lines to fill in."""

    parties: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Small:
    """Notes in small type: digests, where to verify."""

    text: str


type Block = Heading | Prose | Addressee | Fields | Grid | Closing | Signatures | Small


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A document as it is issued. ``language`` is ``zh-hans`` or ``en``; ``number`` its own number, "" for none.

    ``dated_at`` is the instant of the facts, and the only one that the file carries. ``wide`` turns the sheet.
    """

    language: str
    title: str
    number: str
    dated_at: datetime
    blocks: tuple[Block, ...]
    issuer: str = ""
    wide: bool = False


# Invisible signs that turn the direction of text or hide in it could make a paper read other than it is.
_HIDDEN = frozenset("\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u2060\ufeff")


def visible(text: str) -> str:
    """``text`` without controls and invisible formatting; line ends stay."""
    return "".join(
        char
        for char in carried(text.replace("\r\n", "\n").replace("\r", "\n"))
        if char == "\n" or not (char in _HIDDEN or unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co"))
    )
