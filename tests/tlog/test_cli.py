"""The command line: a log from its keys to a verified proof, and what it says where something is wrong."""

from __future__ import annotations

import argparse
import io
import json
import stat
from pathlib import Path

import pytest

from tests.tlog.worlds import AT, ORIGIN, WITNESSES
from yiwang.pure.tlog.api import SM2_SM3, OwnSigner, VKey, add_signatures, parse_note
from yiwang.pure.tlog.cli import add_commands


def run(*words: object, schemes=()) -> int:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers(required=True), schemes)
    args = parser.parse_args([str(each) for each in words])
    return args.run(args)


@pytest.fixture
def world(tmp_path, capsys):
    """A log of 300 entries with one checkpoint that three witnesses have cosigned, and a policy."""
    folder = tmp_path / "log"
    folder.mkdir()
    assert run("tlog", "keygen", tmp_path / "log.key", "--name", ORIGIN) == 0
    key = capsys.readouterr().out.strip()
    (tmp_path / "lines").write_bytes(b"".join(b"entry %d\n" % number for number in range(300)))
    assert run("tlog", "append", folder, "--begin", ORIGIN, "--lines", tmp_path / "lines") == 0
    assert "300" in capsys.readouterr().out
    assert run("tlog", "checkpoint", folder, "--key", tmp_path / "log.key") == 0
    note = add_signatures(parse_note(capsys.readouterr().out.encode()), WITNESSES[:3], AT)
    (tmp_path / "checkpoint").write_bytes(note.raw)
    lines = [f"log {key}"] + [f"witness W{n} {each.vkey.text}" for n, each in enumerate(WITNESSES)]
    lines += ["group all-four 3 W0 W1 W2 W3", "quorum all-four"]
    (tmp_path / "trust.txt").write_text("".join(f"{line}\n" for line in lines))
    return tmp_path


def prove(world: Path, *words: object) -> Path:
    proof = world / "some.tlog-proof"
    checkpoint = ("--checkpoint", world / "checkpoint")
    assert run("tlog", "prove", world / "log", *checkpoint, "--out", proof, *words) == 0
    return proof


def test_a_key_file_is_for_its_owner_alone_and_never_written_over(tmp_path, capsys):
    path = tmp_path / "key"
    for kind in ("ed25519", "cosigner", "ml-dsa-44"):
        assert run("tlog", "keygen", path, "--name", "w.example", "--kind", kind) == 0
        assert VKey.parse(capsys.readouterr().out.strip()).name == "w.example"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert run("tlog", "keygen", path, "--name", "w.example", "--kind", kind) == 2
        said = capsys.readouterr()
        assert "密钥文件" in said.err
        assert path.read_text().strip() not in said.err
        path.unlink()


def test_a_key_file_that_others_may_read_or_that_is_damaged_is_refused(world, capsys):
    path = world / "log.key"
    good = path.read_text()
    path.chmod(0o644)
    assert run("tlog", "checkpoint", world / "log", "--key", path) == 2
    assert "chmod 600" in capsys.readouterr().err
    path.chmod(0o600)
    for bad in ("", good * 2, good.replace("PRIVATE", "PUBLIC"), good[:-6] + "\n", good.replace("+A", "+B")):
        path.write_text(bad)
        assert run("tlog", "checkpoint", world / "log", "--key", path) == 2
        err = capsys.readouterr().err
        assert good.split("+", 4)[4].strip()[:20] not in err


def test_a_proof_with_its_entry_inside_verifies_offline(world, capsys):
    proof = prove(world, "--index", 7, "--with-entry")
    assert run("verify", proof, "--policy", world / "trust.txt") == 0
    out = capsys.readouterr().out
    assert out.startswith("成立 / It holds")
    assert "3 of (W0, W1, W2, W3)" in out
    assert "2026-03-02 09:02:03 (UTC+8)" in out


def test_a_proof_without_its_entry_wants_the_file(world, capsys):
    proof = prove(world, "--index", 7)
    assert run("verify", proof, "--policy", world / "trust.txt") == 1
    assert "--entry" in capsys.readouterr().out
    (world / "entry").write_bytes(b"entry 7")
    assert run("verify", proof, "--policy", world / "trust.txt", "--entry", world / "entry") == 0
    (world / "entry").write_bytes(b"entry 8")
    assert run("verify", proof, "--policy", world / "trust.txt", "--entry", world / "entry", "--json") == 1
    out = capsys.readouterr().out
    verdict = json.loads(out[out.index("{") :])
    assert verdict["holds"] is False
    assert [each["rule"] for each in verdict["findings"]] == ["tlog.inclusion-wrong"]


def test_a_checkpoint_alone_verifies_and_a_missing_quorum_is_said(world, capsys):
    assert run("verify", world / "checkpoint", "--policy", world / "trust.txt") == 0
    kept = world / "log" / "checkpoint"
    assert run("verify", kept, "--policy", world / "trust.txt") == 1
    assert "见证签名不足" in capsys.readouterr().out


def test_a_grown_log_is_shown_to_continue_an_older_checkpoint(world, capsys):
    (world / "more").write_bytes(b"entry 300\nentry 301\n")
    assert run("tlog", "append", world / "log", world / "more", "--lines", world / "more") == 0
    capsys.readouterr()
    assert run("tlog", "checkpoint", world / "log", "--key", world / "log.key") == 0
    newer = add_signatures(parse_note(capsys.readouterr().out.encode()), WITNESSES, AT)
    older = world / "older"
    older.write_bytes((world / "checkpoint").read_bytes())
    (world / "checkpoint").write_bytes(newer.raw)
    file = prove(world, "--from", 300)
    policy = ("--policy", world / "trust.txt")
    assert run("verify", file, *policy, "--older", older) == 0
    assert run("verify", file, *policy) == 2
    assert "--older" in capsys.readouterr().err
    assert run("verify", file, *policy, "--older", world / "checkpoint") == 1


def test_a_proof_goes_to_standard_output_and_wants_a_signed_checkpoint(world, tmp_path, capsys):
    capsys.readouterr()
    assert run("tlog", "prove", world / "log", "--index", 7) == 0
    assert capsys.readouterr().out.startswith("c2sp.org/tlog-proof@v1\nindex 7\n")
    (tmp_path / "unsigned").mkdir()
    assert run("tlog", "append", tmp_path / "unsigned", world / "lines", "--begin", ORIGIN) == 0
    assert run("tlog", "prove", tmp_path / "unsigned", "--index", 0) == 2
    assert "yiwang tlog checkpoint" in capsys.readouterr().err


def test_what_cannot_be_read_is_refused_with_the_line(world, capsys):
    proof = prove(world, "--index", 7)
    proof.write_bytes(proof.read_bytes().replace(b"index 7", b"index 07"))
    assert run("verify", proof, "--policy", world / "trust.txt") == 2
    err = capsys.readouterr().err
    assert "第 2 行" in err
    assert "Line 2" in err
    assert run("verify", world / "nothing", "--policy", world / "trust.txt") == 2
    assert "nothing" in capsys.readouterr().err


def test_check_and_audit_find_what_is_wrong(world, capsys):
    assert run("tlog", "check", world / "log", "--known", world / "checkpoint") == 0
    assert run("tlog", "audit", world / "log", "--json") == 0
    out = capsys.readouterr().out
    report = json.loads(out[out.index("{") :])
    assert (report["entries"], report["tiles"], report["findings"]) == (300, 2, [])
    victim = world / "log" / "tile" / "entries" / "000"
    body = bytearray(victim.read_bytes())
    body[-1] ^= 1
    victim.write_bytes(body)
    assert run("tlog", "check", world / "log") == 0
    assert run("tlog", "audit", world / "log") == 1
    assert "tile/entries/000" in capsys.readouterr().out
    (world / "log" / "tail" / ("0" * 16)).unlink()
    assert run("tlog", "check", world / "log") == 1
    assert "尾部文件" in capsys.readouterr().out


def test_a_log_is_not_begun_twice_and_not_by_accident(world, tmp_path, capsys):
    assert run("tlog", "append", world / "log", "--begin", ORIGIN) == 2
    (tmp_path / "empty").mkdir()
    assert run("tlog", "append", tmp_path / "empty", world / "lines") == 2
    assert "切勿新建" in capsys.readouterr().err
    assert run("tlog", "append", tmp_path / "missing", world / "lines") == 2


def test_entries_come_from_standard_input_and_an_sm3_log_is_proved_by_sm3(
    tmp_path, world, capsys, monkeypatch
):
    folder = tmp_path / "sm3"
    folder.mkdir()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"one\ntwo\n\nlast")))
    assert run("tlog", "append", folder, "--begin", ORIGIN, "--hash", "sm3", "--lines", "-") == 0
    assert run("tlog", "checkpoint", folder, "--key", world / "log.key") == 0
    note = (folder / "checkpoint").read_bytes()
    (world / "checkpoint").write_bytes(add_signatures(parse_note(note), WITNESSES, AT).raw)
    proof = world / "p"
    words = ("--checkpoint", world / "checkpoint", "--index", 3, "--with-entry", "--out", proof)
    assert run("tlog", "prove", folder, *words) == 0
    assert b"bGFzdA==" in proof.read_bytes()
    assert run("verify", proof, "--policy", world / "trust.txt", "--hash", "sm3") == 0
    assert run("verify", proof, "--policy", world / "trust.txt") == 1
    capsys.readouterr()


def test_a_scheme_from_outside_checks_the_sm2_line(world, capsys):
    class Scheme:
        kind = SM2_SM3

        def verify(self, public: bytes, message: bytes, signature: bytes) -> bool:
            return signature == b"\x01" * 64

    sm2 = VKey(ORIGIN, SM2_SM3, b"\x04" + bytes(64))
    note = parse_note((world / "checkpoint").read_bytes())
    trust = world / "trust.txt"
    trust.write_text(f"log {sm2.text}\n" + trust.read_text())
    for signature, outside, alone in ((b"\x01", 0, 0), (b"\x02", 1, 0)):
        signer = OwnSigner(sm2, lambda message, signature=signature: signature * 64)
        (world / "two").write_bytes(add_signatures(note, [signer], AT).raw)
        assert run("verify", world / "two", "--policy", trust, schemes=[Scheme()]) == outside
        assert run("verify", world / "two", "--policy", trust) == alone
        assert "不能验证" in capsys.readouterr().out
