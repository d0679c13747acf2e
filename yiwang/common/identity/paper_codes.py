"""Codes that people copy from paper: sixteen characters without look-alikes, kept as their digest alone."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 characters: five bits each, 80 in all
_GROUPS, _LETTERS = 4, 4


def new_paper_code() -> str:
    """``XXXX-XXXX-XXXX-XXXX`` with 80 random bits."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_LETTERS)) for _ in range(_GROUPS))
    return "-".join(groups)


def paper_digest(typed: str) -> str:
    """The digest of a code as typed: small letters, full-width forms, blanks and hyphens do not matter."""
    plain = "".join(each for each in unicodedata.normalize("NFKC", typed).upper() if each.isalnum())
    return hashlib.sha256(f"yiwang paper code\0{plain}".encode()).hexdigest()
