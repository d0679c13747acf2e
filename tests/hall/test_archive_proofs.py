"""The extract of the journal in an archive proves itself offline: every change of it is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.hall import story
from tests.hall.world import City
from yiwang.business.trading import api as trading
from yiwang.pure.kernel.actors import SYSTEM_ACTOR
from yiwang.pure.papers.api import archive_findings, written
from yiwang.record.journal import api as journal
from yiwang.site.cli import main


@pytest.fixture
def filed(city: City, tmp_path: Path) -> Path:
    """The archive of a project whose bids were opened: entries that were public at once, and some kept back."""
    code = story.opened(city)
    return written(trading.export_archive(SYSTEM_ACTOR, code[:17], journal.business_now()), tmp_path)


def extract(folder: Path) -> Path:
    return next(folder.glob("*/流水账摘录.json"))


def rules(folder: Path) -> set[str]:
    return {each.rule for each in trading.record_findings(folder)}


def test_every_entry_leads_to_the_root_also_those_that_became_public_later(filed: Path) -> None:
    assert rules(filed) == set()
    said = json.loads(extract(filed).read_text("utf-8"))
    kinds = {each["kind"]: each for each in said["entries"]}
    assert kinds["bid-submitted"]["openings"]
    assert not kinds["bids-opened"]["openings"]
    head = trading.log_head(filed)
    assert head is not None
    assert (head.size, head.entries) == (said["entries"][-1]["index"] + 1, len(said["entries"]))
    proofs = journal.log_proofs([head.size - 1])
    assert (proofs.size, proofs.root) == (head.size, head.root), "later entries change no earlier tree"


CHANGES: dict[str, tuple[Callable[[dict[str, Any]], Any], set[str]]] = {
    "another fact": (lambda said: _of(said, "bids-opened")["facts"].update(bids=9), {"archive-entry-changed"}),
    "another bidder": (
        lambda said: _of(said, "bid-submitted")["facts"].update(bidder="X"), {"archive-entry-changed"},
    ),
    "another value behind a commitment": (
        lambda said: _of(said, "bid-submitted")["openings"][0].update(value="lot-failed"), {"archive-entry-changed"},
    ),
    "another instant": (lambda said: _of(said, "bids-opened").update(at="x"), {"archive-entry-changed"}),
    "another leaf": (
        lambda said: _of(said, "bids-opened").update(leaf="{}"),
        {"archive-entry-changed", "archive-entry-unproved"},
    ),
    "another place": (lambda said: _of(said, "bids-opened").update(index=0), {"archive-entry-unproved"}),
    "no way to the root": (lambda said: _of(said, "bids-opened").update(proof=[]), {"archive-entry-unproved"}),
    "another root": (lambda said: said["log"].update(root="AAAA" * 10 + "AAA="), {"archive-entry-unproved"}),
    "no log": (lambda said: said.pop("log"), {"archive-record-unreadable"}),
    "an old extract": (lambda said: said.update(v=1), {"archive-entries-unproved"}),
}  # fmt: skip


def _of(said: dict[str, Any], kind: str) -> dict[str, Any]:
    return next(each for each in said["entries"] if each["kind"] == kind)


def test_whatever_is_changed_in_the_extract_is_found(filed: Path) -> None:
    path = extract(filed)
    before = path.read_text("utf-8")
    for name, (change, expected) in CHANGES.items():
        said = json.loads(before)
        change(said)
        path.write_text(json.dumps(said, ensure_ascii=False), "utf-8")
        assert rules(filed) == expected, name
    path.write_bytes(b"\xff")
    assert rules(filed) == {"archive-record-unreadable"}
    path.unlink()
    assert rules(filed) == set(), "that the file is missing, the index says"


def test_the_command_proves_the_entries_and_names_the_tree(
    filed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["archive", "check", "--json", str(filed)]) == 0
    said = json.loads(capsys.readouterr().out)
    head = trading.log_head(filed)
    assert head is not None
    assert said["log"] == {"size": head.size, "root": head.root, "entries": head.entries}
    text = extract(filed).read_text("utf-8")
    extract(filed).write_text(text.replace('"bids": 3', '"bids": 4'), "utf-8")
    assert main(["archive", "check", "--json", str(filed)]) == 1
    found = {each["rule"] for each in json.loads(capsys.readouterr().out)["findings"]}
    assert found == {"archive-changed", "archive-entry-changed"}


def test_an_archive_in_english_has_english_names_labels_and_papers_and_is_checked_alike(
    city: City, tmp_path: Path
) -> None:
    code = story.awarded(city)
    at = journal.business_now()
    english = trading.export_archive(SYSTEM_ACTOR, code[:17], at, "en")
    folder = written(english, tmp_path)
    paths = [each.path for each in english.members]
    for name in ("01-registration/Registration.pdf", "08-record/Extract of the journal.json"):
        assert name in paths
    assert any(path.endswith("04-opening/Opening record.pdf") for path in paths)
    own = ("tender-documents", "03-bids")  # below these stand names that others gave
    named_here = [
        part
        for path in paths
        if not any(each in path for each in own)
        for part in path.split("/")[1 if path.startswith("00") else 0 :]
    ]
    assert len(named_here) > 20
    assert [each for each in named_here if not each.isascii()] == []
    assert list(archive_findings(folder)) == []
    assert rules(folder) == set()
    chinese = trading.export_archive(SYSTEM_ACTOR, code[:17], at)
    assert len(chinese.members) == len(english.members)
    assert sum(each.sha256 in {one.sha256 for one in chinese.members} for each in english.members) > 5
