"""Word files: their library is loaded by whoever asks for the first one."""

from __future__ import annotations

from yiwang.pure.papers.shapes import Paper

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def word(paper: Paper) -> bytes:
    """The paper as ``.docx``. The same paper always gives the same bytes."""
    from yiwang.pure.papers.word import written  # its library takes memory: only where Word is asked for

    return written(paper)
