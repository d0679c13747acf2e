"""What a kind of entry is, and the journal's own kinds."""

from __future__ import annotations

import re
from dataclasses import dataclass

from yiwang.pure.kernel.words import Words

NOW = "now"
NEVER = "never"
AFTER = "after:"

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of entry and who may see it when.

    ``public`` is ``now``, ``never`` or ``after:KIND``: from the moment when KIND is next recorded in the
    same matter. Private values are never public, whatever the kind. ``silences``: from then on nothing that
    waits about the same thing ever becomes public.
    """

    name: str
    public: str
    words: Words
    silences: bool = False

    @property
    def opens_with(self) -> str:
        """The kind whose recording makes this one public; "" where there is none."""
        return self.public.removeprefix(AFTER) if self.public.startswith(AFTER) else ""


SILENCING: set[str] = set()  # the names of the kinds that silence, for the sequencer, which knows only names


def kind(name: str, *, public: str, zh: str, en: str, silences: bool = False) -> Kind:
    """A kind named in lower case with hyphens (at most 64 characters). ValueError on a bad declaration."""
    opens_with = public.removeprefix(AFTER) if public.startswith(AFTER) else ""
    if not _NAME.match(name) or len(name) > 64:
        raise ValueError(f"not the name of a kind: {name!r}")
    if public not in (NOW, NEVER) and not (_NAME.match(opens_with) and len(opens_with) <= 64):
        raise ValueError(f"{name}: public = {public!r}; it is now, never or after:KIND")
    if silences:
        SILENCING.add(name)
    return Kind(name, public, Words(zh, en), silences)


ERASED = kind(
    "private-values-erased", public=NEVER, zh="个人信息与盐值已删除", en="Private values and salts erased"
)
