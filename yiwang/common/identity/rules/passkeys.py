"""What may be a passkey's name, how many a person has, and when an authenticator's counter tells of a copy."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from yiwang.pure.kernel.findings import Finding

PASSKEYS_AT_MOST = 10


def passkey_findings(name: str, names: Collection[str]) -> Iterator[Finding]:
    """Objections to a new passkey called ``name`` beside the person's working ones, called ``names``."""
    if not 1 <= len(name.strip()) <= 60:
        yield Finding("text-length", "", {"at_least": 1, "at_most": 60}, "name")
    if name.strip() in names:
        yield Finding("passkey-name-taken", "", {}, "name")
    if len(names) >= PASSKEYS_AT_MOST:
        yield Finding("passkeys-too-many", "", {"at_most": PASSKEYS_AT_MOST})


def is_copied(known_count: int, shown_count: int) -> bool:
    """Whether a counter stands still or goes back (W3C WebAuthn, 7.2 step 22): then two devices hold one key.

    Authenticators without a counter always show 0.
    """
    return (known_count > 0 or shown_count > 0) and shown_count <= known_count
