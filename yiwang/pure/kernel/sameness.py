"""Whether two writings of a name or of the number of a certificate are the same one: how it is written is no difference."""

from __future__ import annotations

import re

from yiwang.pure.kernel.bigrams import normalised

_LONG = re.compile("[0-9]{9,}")  # a day has eight
FEWEST_DIGITS = 5  # of a number that is found within a longer writing: fewer say nothing


def key(text: str) -> str:
    """Letters and digits alone: full-width forms, capitals, spaces, hyphens, brackets and middle dots are no difference."""
    return "".join(each for each in normalised(text) if each.isalnum())


def same_certificate(one: str, other: str) -> bool:
    """Whether both are the same certificate: the number alone, or with the title or issuer before or behind it.

    False where one says nothing. A number of fewer than five digits is compared as a whole; one that has more digits
    than a day has, wherever it stands.
    """
    first, second = sorted((key(one), key(other)), key=len)
    if not first:
        return False
    if first == second or (sum(map(str.isdigit, first)) >= FEWEST_DIGITS and first in second):
        return True
    return bool(set(_LONG.findall(first)) & set(_LONG.findall(second)))
