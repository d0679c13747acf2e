"""What other rooms may ask of identity, and the verbs that change the register."""

from __future__ import annotations

from yiwang.common.identity.rules import ROLE_WORDS

__all__ = ["ROLE_WORDS"]
