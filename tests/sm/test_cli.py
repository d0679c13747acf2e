"""The commands, as a person or a script would run them: from keys to the documents of an opened bid."""

from __future__ import annotations

import argparse
import io
import json
import os
from pathlib import Path

import pytest

from tests.sm.world import World
from yiwang.pure.sm.cli import add_commands
from yiwang.pure.sm.envelope.closing import ClosingList
from yiwang.pure.sm.envelope.storage import EnvelopeFile
from yiwang.pure.sm.envelope.terms import Terms
from yiwang.pure.sm.keys import DecryptionKey, SigningKey
from yiwang.pure.sm.x509.requests import make_request
from yiwang.pure.sm.x509.signing import KeySigner
from yiwang.pure.sm.x509.testing_authority import TestAuthority

LOT = "lot-7"


def run(*arguments: object) -> int:
    root = argparse.ArgumentParser()
    add_commands(root.add_subparsers(required=True))
    args = root.parse_args([str(each) for each in arguments])
    return args.run(args)


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pw").write_text("correct horse\n")
    return tmp_path


def test_keys_signatures_and_encryption(folder, capsys):
    assert (
        run("sm", "keygen", "--use", "sign", "--out", "s.pem", "--public", "s.pub", "--password-file", "pw")
        == 0
    )
    assert (
        run("sm", "keygen", "--use", "encrypt", "--out", "e.pem", "--public", "e.pub", "--no-password") == 0
    )
    assert os.stat("s.pem").st_mode & 0o777 == 0o600
    assert Path("s.pem").read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY")
    Path("m").write_bytes(b"a message")
    assert run("sm", "sign", "--key", "s.pem", "--password-file", "pw", "--out", "m.sig", "m") == 0
    assert run("sm", "verify", "--key", "s.pub", "--signature", "m.sig", "m") == 0
    Path("n").write_bytes(b"another")
    assert run("sm", "verify", "--key", "s.pub", "--signature", "m.sig", "n") == 1
    said = capsys.readouterr().err
    assert "签名不成立" in said
    assert "does not verify" in said
    assert run("sm", "encrypt", "--key", "e.pub", "--out", "m.enc", "m") == 0
    assert run("sm", "decrypt", "--key", "e.pem", "--out", "m.dec", "m.enc") == 0
    assert Path("m.dec").read_bytes() == b"a message"
    Path("m.enc").write_bytes(Path("m.enc").read_bytes()[:-1] + b"\0")
    assert run("sm", "decrypt", "--key", "e.pem", "--out", "x", "m.enc") == 1
    assert not Path("x").exists()


def test_keys_are_never_overwritten_and_wrong_input_is_said(folder, capsys):
    Path("k.pem").write_text("precious")
    assert run("sm", "keygen", "--use", "sign", "--out", "k.pem", "--no-password") == 2
    assert Path("k.pem").read_text() == "precious"
    assert run("sm", "sign", "--key", "k.pem", "--out", "s", "pw") == 2
    assert run("sm", "sign", "--key", "missing", "--out", "s", "pw") == 2
    Path("long").write_bytes(bytes(70_000))
    key = DecryptionKey.generate()
    Path("e.pub").write_bytes(key.public.to_pem())
    assert run("sm", "encrypt", "--key", "e.pub", "--out", "s", "long") == 2
    said = capsys.readouterr().err
    assert "envelope seal" in said
    assert "precious" not in said
    assert sorted(path.name for path in Path().iterdir()) == ["e.pub", "k.pem", "long", "pw"]


@pytest.fixture
def lot(folder):
    """Three holders with keys and statements, and the terms of a lot."""
    for holder in (1, 2, 3):
        status = run(
            "envelope", "keygen", "--lot", LOT, "--holder", holder, "--out", f"h{holder}.pem",
            "--statement", f"h{holder}.json", "--no-password",
        )  # fmt: skip
        assert status == 0
    keys = [DecryptionKey.from_pem(Path(f"h{holder}.pem").read_bytes()).public for holder in (1, 2, 3)]
    statement = json.loads(Path("h2.json").read_text())
    assert (statement["lot"], statement["holder"], statement["key"]) == (LOT, 2, keys[1].octets.hex())
    Path("terms.json").write_bytes(Terms(LOT, 2, tuple(keys)).to_json())
    Path("sheet.json").write_text('{"price_fen": 100, "工期": 90}')
    bidder = SigningKey.generate()
    Path("bidder.pem").write_bytes(bidder.to_pem())
    from datetime import UTC, datetime

    at = datetime(2026, 1, 1, tzinfo=UTC)
    leaf = TestAuthority.create(at).issue(
        make_request({"common_name": "投标人"}, KeySigner(bidder)), "sign", at, 365
    )
    Path("bidder.crt").write_bytes(leaf.to_pem())
    Path("a.pdf").write_bytes(b"A" * 3_000_000)
    Path("b.txt").write_bytes(b"")
    return folder


SEAL = ("envelope", "seal", "--terms", "terms.json", "--sheet", "sheet.json", "--key", "bidder.pem")


def close(*files: str) -> str:
    """The closing list of ``files`` and its root."""
    listed = []
    for each in files:
        with EnvelopeFile.at(Path(each)) as stored:
            listed.append((stored.parsed.envelope, stored.root))
    closing = ClosingList.of(LOT, listed)
    Path("closing.json").write_bytes(closing.to_json())
    return closing.root.hex()


def share(root: str, holder: int, part: str, *files: str) -> int:
    return run(
        "envelope", "share", "--terms", "terms.json", "--closing", "closing.json", "--witnessed-root", root,
        "--key", f"h{holder}.pem", "--holder", holder, "--part", part, "--pins", "pins", "--out", "answers", *files,
    )  # fmt: skip


def test_a_bid_from_sealing_to_its_documents(lot, capsys):
    assert run("envelope", "rehearse", "--key", "h1.pem") == 0
    assert run(*SEAL, "--certificate", "bidder.crt", "--out", "bid", "a.pdf", "b.txt") == 0
    submission = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert run("envelope", "inspect", "--terms", "terms.json", "--json", "bid") == 0
    seen = json.loads(capsys.readouterr().out)
    assert (seen["root"], seen["envelope"]) == (submission["root"], submission["envelope"])
    root = close("bid")
    for holder in (1, 3):
        for part in ("sheet", "documents"):
            assert share(root, holder, part, "bid") == 0
    capsys.readouterr()
    assert share(root, 1, "sheet", "bid") == 0
    assert "1 份此前已有" in capsys.readouterr().out
    opening = (
        "envelope",
        "open",
        "--terms",
        "terms.json",
        "--root",
        submission["root"],
        "--answers",
        "answers",
    )
    assert run(*opening, "--part", "sheet", "bid") == 0
    said = capsys.readouterr()
    assert json.loads(said.out) == {"price_fen": 100, "工期": 90}
    assert "FOR TESTS ONLY" in said.err
    assert run(*opening, "--part", "documents", "--out", "clear", "bid") == 0
    assert Path("clear/a.pdf").read_bytes() == b"A" * 3_000_000
    Path("clear/b.txt").unlink()
    assert run(*opening, "--part", "documents", "--out", "clear", "bid") == 0
    assert Path("clear/b.txt").read_bytes() == b""


def test_what_is_wrong_with_a_bid_is_said_with_whose_fault_it_is(lot, capsys):
    assert run(*SEAL, "--certificate", "bidder.crt", "--out", "bid") == 0
    submission = json.loads(capsys.readouterr().out.splitlines()[-1])
    root = close("bid")
    opening = ("envelope", "open", "--terms", "terms.json", "--answers", "answers", "--part", "sheet")
    assert run(*opening, "--root", submission["root"], "bid") == 2
    assert share(root, 1, "sheet", "bid") == 0
    assert run(*opening, "--root", submission["root"], "bid") == 1
    assert "尚不足门限数" in capsys.readouterr().err
    assert run(*opening, "--root", "00" * 32, "bid") == 1
    assert "责任在平台" in capsys.readouterr().err
    assert share("00" * 32, 2, "sheet", "bid") == 2
    assert "未经见证人确认" in capsys.readouterr().err
    assert run(*SEAL, "--out", "other") == 0
    assert share(root, 2, "sheet", "bid", "other") == 2
    assert "不在经见证的截止清单中" in capsys.readouterr().err
    assert not list(Path("answers").glob("*.2.json"))
    second = close("bid", "other")
    assert share(second, 1, "sheet", "bid", "other") == 2
    assert "另一份截止清单" in capsys.readouterr().err
    Path("cut").write_bytes(Path("bid").read_bytes()[:-1])
    assert run("envelope", "inspect", "cut") == 2
    Path("elsewhere.json").write_bytes(World(lot="another").terms.to_json())
    assert run("envelope", "inspect", "--terms", "elsewhere.json", "bid") == 1
    assert "另一标段" in capsys.readouterr().err


def test_an_unsigned_sheet_opens_in_a_rehearsal_only(lot, capsys):
    assert run(*SEAL, "--out", "bid") == 0
    submission = json.loads(capsys.readouterr().out.splitlines()[-1])
    root = close("bid")
    for holder in (1, 2):
        assert share(root, holder, "sheet", "bid") == 0
    opening = (
        "envelope",
        "open",
        "--terms",
        "terms.json",
        "--root",
        submission["root"],
        "--answers",
        "answers",
    )
    assert run(*opening, "--part", "sheet", "bid") == 1
    assert run(*opening, "--part", "sheet", "--unsigned", "bid") == 0


class Typist(io.TextIOBase):
    """Types in again what was printed, or something else."""

    def __init__(self, capsys, slip: bool) -> None:
        self.capsys, self.slip, self.code = capsys, slip, ""

    def readline(self, size: int = -1) -> str:
        printed = self.capsys.readouterr().out.splitlines()
        self.code = next(line for line in printed if line.count("-") == 8)
        return "AAAA" + self.code[4:] if self.slip else self.code.lower()


@pytest.mark.parametrize("slip", [False, True])
def test_strict_mode_asks_for_the_code_again(lot, capsys, monkeypatch, slip):
    typist = Typist(capsys, slip)
    monkeypatch.setattr("sys.stdin", typist)
    status = run(*SEAL, "--certificate", "bidder.crt", "--strict", "--out", "bid")
    assert status == (2 if slip else 0)
    assert Path("bid").exists() is not slip
    if slip:
        return
    submission = json.loads(capsys.readouterr().out.splitlines()[-1])
    root = close("bid")
    for holder in (1, 2):
        assert share(root, holder, "sheet", "bid") == 0
    opening = (
        "envelope", "open", "--terms", "terms.json", "--root", submission["root"], "--answers", "answers",
        "--part", "sheet",
    )  # fmt: skip
    assert run(*opening, "bid") == 1
    assert "恢复码" in capsys.readouterr().err
    assert run(*opening, "--code", typist.code, "bid") == 0
