"""Questions about trees, tiles and notes, answered by aics-tlog and aics-witness (run by their own interpreter).

Reads a JSON array of questions from standard input and writes a JSON array of answers; bytes are base64.
"""

import base64
import hashlib
import json
import sys
import tempfile
from pathlib import Path

import aics_tlog as aics
from aics_tlog.checkpoint import parse_checkpoint
from aics_witness.config import LogConfig
from aics_witness.service import Witness, WitnessError
from aics_witness.store import WitnessStore
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def raw(text):
    return base64.b64decode(text)


def text(body):
    return base64.b64encode(body).decode()


def leaves(size):
    return [b"entry %d" % number for number in range(size)]


def tiles(question):
    with tempfile.TemporaryDirectory() as folder:
        writer = aics.IncrementalTileWriter(aics.DirectoryTileStore(folder, fsync=False))
        writer.append(leaves(question["size"]))
        found = {
            str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in Path(folder).rglob("*")
            if path.is_file() and path.is_relative_to(Path(folder) / "tile")
        }
        return {"tiles": found, "root": text(writer.root())}


def prove(question):
    tree = aics.MerkleTree(leaves(question["size"]))
    if question.get("old"):
        proof = tree.consistency_proof(question["old"], question["size"])
    else:
        proof = tree.inclusion_proof(question["index"], question["size"])
    return {"proof": [text(each) for each in proof]}


def record(question):
    good = aics.verify_leaf_inclusion(
        raw(question["leaf"]),
        question["index"],
        question["size"],
        [raw(each) for each in question["proof"]],
        raw(question["root"]),
    )
    return {"good": bool(good)}


def tree(question):
    good = aics.verify_consistency(
        question["old"],
        question["size"],
        raw(question["old_root"]),
        raw(question["root"]),
        [raw(each) for each in question["proof"]],
    )
    return {"good": bool(good)}


def checkpoint(question):
    note = aics.parse_note(raw(question["note"]))
    witnesses = [aics.parse_vkey(each) for each in question["witnesses"]]
    found = aics.verify_checkpoint(note, aics.parse_vkey(question["key"]), witnesses, question["quorum"])
    return {"good": bool(found.ok), "error": str(found.error)}


def signed(question):
    key = Ed25519PrivateKey.from_private_bytes(raw(question["seed"]))
    head = parse_checkpoint(question["text"])
    note = aics.sign_checkpoint(head, key, question["name"])
    _, line = aics.sign_cosignature(
        key, question["name"], question["time"], head.origin, head.size, head.root, head.extension_lines
    )
    return {
        "note": text(aics.Note(text=note.text, signatures=(*note.signatures, line)).to_bytes()),
        "vkeys": [
            aics.format_vkey(aics.vkey_from_ed25519(question["name"], key.public_key())),
            aics.format_vkey(aics.cosignature_vkey(question["name"], key.public_key())),
        ],
    }


def witness(question):
    """A witness that is sent the requests one after the other: its vkey, and for each (status, answer)."""
    answers = []
    with tempfile.TemporaryDirectory() as folder:
        store = WitnessStore(Path(folder) / "witness.sqlite3", create=True)
        key = Ed25519PrivateKey.from_private_bytes(raw(question["seed"]))
        log = LogConfig.from_strings(question["origin"], [question["key"]])
        serving = Witness(question["name"], key, store, [log], clock=lambda: question["time"])
        for request in question["requests"]:
            try:
                answers.append([200, text(serving.add_checkpoint(raw(request)))])
            except WitnessError as error:
                answers.append([error.status, text(error.body or b"")])
        store.close()
        return {"vkey": serving.vkey_text, "answers": answers}


ASKED = {each.__name__: each for each in (tiles, prove, record, tree, checkpoint, signed, witness)}

if __name__ == "__main__":
    json.dump([ASKED[each["ask"]](each) for each in json.load(sys.stdin)], sys.stdout)
