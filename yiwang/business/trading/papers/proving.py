"""Whether the extract of the journal in an archive is what the journal holds: checked offline, from the archive alone.

Each entry's leaf has its hash and says what the extract says; each hash leads to the one root that the extract names.
Whether that root is the log's own is for a signed checkpoint to say: who keeps one compares size and root with it.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yiwang.pure.kernel.findings import Finding
from yiwang.pure.tlog.api import SHA256, inclusion_findings
from yiwang.record.journal.api import Opening, opens

NAMES = ("流水账摘录.json", "Extract of the journal.json")
MOST_BYTES = 256 << 20
MEMBERS = ("kind", "about", "n")


@dataclass(frozen=True, slots=True)
class LogHead:
    """The tree to which the entries of an archive lead: its size in entries, and its root in base64."""

    size: int
    root: str
    entries: int


def _extract(root: Path) -> Any:
    """The extract as read; None where the archive has none (nothing was public yet). ValueError where it is no JSON."""
    found = [path for name in NAMES for path in sorted(root.glob(f"*/{name}"))]
    if not found:
        return None
    if found[0].is_symlink() or found[0].stat().st_size > MOST_BYTES:
        raise ValueError(found[0])
    return json.loads(found[0].read_bytes())


def log_head(root: Path) -> LogHead | None:
    """What the extract says of the log; None where there is no extract, or one without proofs."""
    try:
        said = _extract(root)
        return LogHead(int(said["log"]["size"]), str(said["log"]["root"]), len(said["entries"]))
    except (ValueError, TypeError, KeyError, OSError, RecursionError):
        return None


def record_findings(root: Path) -> Iterator[Finding]:
    """Objections to the extract of the journal in the archive folder ``root``; none where it has no extract."""
    try:
        said = _extract(root)
        if said is None:
            return
        if said.get("v") == 1:
            yield Finding("archive-entries-unproved")
            return
        head, entries = said["log"], said["entries"]
        size, top = int(head["size"]), b64decode(head["root"], validate=True)
    except (ValueError, TypeError, KeyError, AttributeError, OSError, NotBase64, RecursionError):
        yield Finding("archive-record-unreadable")
        return
    for place, each in enumerate(entries, 1):
        try:
            wrong = list(_entry_findings(each, size, top))
        except (ValueError, TypeError, KeyError, AttributeError, NotBase64, RecursionError):
            wrong = ["archive-record-unreadable"]
        for rule in wrong:
            yield Finding(rule, params={"place": place})


def _entry_findings(each: Mapping[str, Any], size: int, top: bytes) -> Iterator[str]:
    leaf = each["leaf"].encode()
    digest = hashlib.sha256(b"\x00" + leaf).digest()
    if digest.hex() != each["leaf_hash"] or not _says(leaf, each):
        yield "archive-entry-changed"
    path = [b64decode(part, validate=True) for part in each["proof"]]
    if inclusion_findings(SHA256, digest, int(each["index"]), size, path, top):
        yield "archive-entry-unproved"


def _says(leaf: bytes, each: Mapping[str, Any]) -> bool:
    """Whether the leaf says what the extract says of the entry: in clear, or by commitments that the openings open."""
    body = json.loads(leaf)
    if body["at"] != each["at"]:
        return False
    if "kind" in body:
        told, facts = body, body["facts"]
    else:
        openings = [Opening(one["slot"], one["name"], one["value"], one["salt"]) for one in each["openings"]]
        if not all(opens(leaf, one) for one in openings):
            return False
        told = {one.name: one.value for one in openings if one.slot == one.name}
        facts = {one.name: one.value for one in openings if one.slot != one.name}
    documents = [one["sha256"] for one in told["digests"]]
    same = all(told[name] == each[name] for name in MEMBERS)
    return same and facts == each["facts"] and documents == each["documents"]
