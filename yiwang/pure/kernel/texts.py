"""What a text may consist of: signs that every page, feed and office file can carry (XML 1.0, section 2.2)."""

from __future__ import annotations

import re

_STRANGE = re.compile("[^\t\n\r -~\x80-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ONE_LINE = r"[^\x00-\x1f\x7f\ufffe\uffff]"
"""A sign of a text of one line, as a pattern for programs that send one."""
SEVERAL_LINES = r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]"
"""The same of a text of several lines."""


def strange_place(text: str) -> int:
    """The place, from 1, of the first sign that no file of XML can carry (controls, U+FFFE, halves of a pair); 0: none."""
    found = _STRANGE.search(text)
    return found.start() + 1 if found else 0


def carried(text: str) -> str:
    """``text`` as a file of XML can carry it: without such signs."""
    return _STRANGE.sub("", text)


def cut_to_units(text: str, most: int) -> str:
    """``text`` cut to ``most`` units of UTF-16, by which office programs count: a rare character has two of them."""
    if len(text) <= most // 2:
        return text
    return text.encode("utf-16-le", "surrogatepass")[: 2 * most].decode("utf-16-le", "ignore")
