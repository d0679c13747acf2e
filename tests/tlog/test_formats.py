"""The documents of the formats say what the code does: every block of their worked example is made anew."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.tlog.examples import blocks
from yiwang.pure.tlog.api import ProofFile, parse_policy, proof_verdict

DOCUMENTS = Path(__file__).parent.parent.parent / "docs" / "formats"
NAMES = ("tlog.md", "signed-notes.md", "log-proofs.md", "trust-policies.md")
TEXTS = {name: (DOCUMENTS / name).read_text("utf-8") for name in NAMES}


@pytest.mark.parametrize("name", blocks())
def test_the_worked_example_comes_out_as_it_is_written(name):
    written = [
        text for each in TEXTS.values() for text in re.findall(rf"```text {name}\n(.*?)```", each, re.DOTALL)
    ]
    assert written == [blocks()[name]]


def test_the_example_holds_by_the_policy_beside_it():
    found = blocks()
    verdict = proof_verdict(
        ProofFile.parse(found["proof"].encode()), None, parse_policy(found["policy"].encode())
    )
    assert verdict.holds


def test_every_link_between_the_documents_leads_somewhere():
    for text in TEXTS.values():
        for target in re.findall(r"\]\(([a-z-]+\.md)", text):
            assert (DOCUMENTS / target).exists()
