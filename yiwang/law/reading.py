"""Typed reading of TOML rows: whatever is missing, superfluous or of the wrong kind is named with its place."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any


class BadLaw(ValueError):
    """The rows of the law contradict the format or each other; the message names file and row."""


class Row:
    """One table of a TOML file. Every key must be taken: :meth:`done` objects to what nobody read."""

    def __init__(self, values: dict[str, Any], place: str) -> None:
        self._values = dict(values)
        self.place = place

    def _take(self, key: str, default: object = ...) -> Any:
        if key in self._values:
            return self._values.pop(key)
        if default is ...:
            raise BadLaw(f"{self.place}: {key} is missing")
        return default

    def has(self, key: str) -> bool:
        return key in self._values

    def text(self, key: str, default: str | None = None) -> str:
        """A text; an empty one only where it is the default. BadLaw otherwise."""
        value = self._take(key, ... if default is None else default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise BadLaw(f"{self.place}: {key} must be a text that is not empty")
        return value

    def one_of(self, key: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        value = self.text(key, default)
        if value not in allowed:
            raise BadLaw(f"{self.place}: {key} = {value!r} is not one of {', '.join(allowed)}")
        return value

    def flag(self, key: str, default: bool = False) -> bool:
        value = self._take(key, default)
        if not isinstance(value, bool):
            raise BadLaw(f"{self.place}: {key} must be true or false")
        return value

    def number(self, key: str) -> int | Fraction:
        """A whole number of at least 0, or a share written as ``"2/3"``."""
        value = self._take(key)
        if isinstance(value, str):
            try:
                share = Fraction(value)
            except (ValueError, ZeroDivisionError) as error:
                raise BadLaw(f"{self.place}: {key} = {value!r} is no share") from error
            return share.numerator if share.denominator == 1 else share
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise BadLaw(f"{self.place}: {key} must be a whole number of at least 0 or a share in quotes")
        return value

    def day(self, key: str) -> date:
        value = self._take(key)
        if isinstance(value, datetime) or not isinstance(value, date):
            raise BadLaw(f"{self.place}: {key} must be a day, unquoted")
        return value

    def optional_day(self, key: str) -> date | None:
        return self.day(key) if self.has(key) else None

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; none where the key is absent."""
        value = self._take(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
            raise BadLaw(f"{self.place}: {key} must be a list of texts")
        return tuple(value)

    def rows(self, key: str) -> tuple[Row, ...]:
        """The tables of an array of tables; none where the key is absent."""
        value = self._take(key, [])
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise BadLaw(f"{self.place}: {key} must be an array of tables")
        return tuple(
            Row(each, f"{self.place}, {key} {each.get('id', each.get('key', number))}")
            for number, each in enumerate(value, 1)
        )

    def done(self) -> None:
        """BadLaw where a key is left that the format does not know."""
        if self._values:
            raise BadLaw(f"{self.place}: unknown keys {', '.join(sorted(self._values))}")


def files(folder: Path) -> Iterator[Row]:
    """Each TOML file of ``folder`` in the order of its name, as one row. BadLaw where one is no TOML."""
    for path in sorted(folder.glob("*.toml")):
        try:
            values = tomllib.loads(path.read_text("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise BadLaw(f"{folder.name}/{path.name}: {error}") from error
        yield Row(values, f"{folder.name}/{path.name}")
