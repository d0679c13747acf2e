"""PDF by Typst, from the fonts of a package and nothing else: no network, no fonts of the machine.

The facts enter the template as JSON and are shown as text, so markup in them is printed, never obeyed.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import pylopdf_fonts_zh_cn

from yiwang.pure.kernel.days import shown
from yiwang.pure.papers.shapes import Block, Grid, Paper, visible

PDF = "application/pdf"
TEMPLATE = Path(__file__).with_name("paper.typ")
# Archival PDF: fonts embedded (only the signs that occur), text extractable, nothing from outside.
ARCHIVAL = "a-2u"
_LOCK = Lock()  # one compiler, one template: a paper takes milliseconds


@cache
def _compiler() -> Any:
    import typst  # takes memory: only where the first paper is made

    fonts = typst.Fonts(False, True, [str(pylopdf_fonts_zh_cn.serif_path().parent)])
    return typst.Compiler(font_paths=fonts, ignore_system_fonts=True)


def pdf(paper: Paper) -> bytes:
    """The paper as PDF. The same paper always gives the same bytes.

    A sign that the fonts lack leaves an empty box; the file is then no PDF/A, which forbids that.
    """
    import typst

    try:
        return _compiled(paper, pdf_standards=ARCHIVAL)
    except typst.TypstError as error:
        if "could not be displayed" not in error.message:
            raise
        return _compiled(paper)


def pictures(paper: Paper, dots_per_inch: int = 60) -> list[bytes]:
    """Every page as PNG, to be looked at."""
    made = _compile(paper, format="png", ppi=dots_per_inch)
    return list(made) if isinstance(made, list) else [made]


def _compiled(paper: Paper, **options: Any) -> bytes:
    made = _compile(paper, format="pdf", **options)
    assert isinstance(made, bytes)
    return made


def _compile(paper: Paper, **options: Any) -> Any:
    with _LOCK:
        return _compiler().compile(
            input=TEMPLATE.read_bytes(),
            sys_inputs={"paper": json.dumps(_facts(paper), ensure_ascii=False)},
            timestamp=int(paper.dated_at.timestamp()),
            **options,
        )


def _facts(paper: Paper) -> dict[str, Any]:
    return {
        "language": "zh" if paper.language.startswith("zh") else "en",
        "title": visible(paper.title),
        "number": visible(paper.number),
        "issuer": visible(paper.issuer),
        "dated": shown(paper.dated_at),
        "wide": paper.wide,
        "blocks": [_block(each) for each in paper.blocks],
    }


def _block(block: Block) -> dict[str, Any]:
    values = {name: _cleaned(getattr(block, name)) for name in block.__slots__}
    if isinstance(block, Grid):
        values["shares"] = _shares(block)
    return {"kind": type(block).__name__.lower(), **values}


_MOST_EMS = 14.0  # of a column of text in a table: longer ones turn into several lines
_RUN = re.compile(r"[!-~]+")  # what is not broken where the line ends


def _ems(text: str) -> float:
    """About how wide a text is, in widths of a Chinese sign."""
    return sum(0.58 if ord(char) < 0x2000 else 1.0 for char in text)


def _shares(grid: Grid) -> list[float]:
    """What part of the width each column gets."""
    return [
        max(_head_share(head), *(_share(row[at]) for row in grid.rows), 3.0)
        for at, head in enumerate(grid.heads)
    ]


def _head_share(head: str) -> float:
    """A head may turn into lines, but its words stay whole."""
    return 1.5 + max(min(_ems(head), 4.0), *(_ems(run) for run in _RUN.findall(head)), 0.0)


def _share(text: str) -> float:
    longest = max((_ems(run) for run in _RUN.findall(text)), default=0.0)
    return round(1.5 + max(min(longest, 16.0), min(_ems(text), _MOST_EMS)), 2)


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return visible(value)
    return [_cleaned(each) for each in value] if isinstance(value, tuple) else value
