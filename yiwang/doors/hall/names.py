"""Names of organisations for lists: looked up for the rows of a page at once, not one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from yiwang.common.identity.api import organisation_names, person_names
from yiwang.common.shell.api import Column
from yiwang.pure.kernel.words import Words


class NameBook:
    """Names by code; what is not in it stands for itself. ``learn`` it before a page is made."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def learn(self, codes: Iterable[str]) -> None:
        """Looks up the names of these codes that are not known yet."""
        self._names |= organisation_names({each for each in codes if each} - self._names.keys())

    def learn_people(self, codes: Iterable[str]) -> None:
        """The same for people."""
        self._names |= person_names({each for each in codes if each} - self._names.keys())

    def people(self, name: str, words: Words, code: Callable[[Any], str]) -> Column:
        """A column of people's names."""
        return Column(name, words, lambda row: self._names.get(code(row), "") or None)

    def column(
        self, name: str, words: Words, code: Callable[[Any], str], sort: str = "", under: str = ""
    ) -> Column:
        """A column of names."""
        return Column(
            name, words, lambda row: self._names.get(code(row), code(row)) or None, sort=sort, under=under
        )
