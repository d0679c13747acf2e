"""``yiwang sm …`` and ``yiwang envelope …``: keys, signatures and sealed bids on the command line.

Exit status: 0 done, 1 the answer is no (a signature that does not verify, a bid that does not open), 2 the input is wrong.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from yiwang.pure.sm import cli_envelope, cli_keys
from yiwang.pure.sm.cli_edge import reported
from yiwang.pure.sm.envelope.terms import PARTS

Leaves = argparse._SubParsersAction
Command = Callable[[argparse.Namespace], int]


def add_commands(subparsers: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Adds ``sm`` and ``envelope`` with their commands; each sets ``run`` to a callable that gives the exit status."""
    _add_sm(subparsers)
    _add_envelope(subparsers)


def _leaf(leaves: Leaves, name: str, command: Command, words: str) -> argparse.ArgumentParser:  # type: ignore[type-arg]
    parser: argparse.ArgumentParser = leaves.add_parser(name, help=words, description=words)
    parser.set_defaults(run=reported(command))
    return parser


def _password(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--password-file",
        type=Path,
        help="口令所在文件（默认询问）/ file with the password (asked for otherwise)",
    )


def _new_key(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--out", type=Path, required=True, help="私钥文件（不覆盖）/ private key file, never overwritten"
    )
    parser.add_argument("--public", type=Path, help="公钥文件 / public key file")
    parser.add_argument(
        "--no-password", action="store_true", help="不加口令，仅供测试 / in clear, for tests only"
    )
    _password(parser)


def _add_sm(subparsers: Leaves) -> None:  # type: ignore[type-arg]
    words = "国密 SM2：密钥、签名、加密 / SM2: keys, signatures, encryption"
    leaves = subparsers.add_parser("sm", help=words, description=words).add_subparsers(
        dest="sm_command", metavar="命令/COMMAND", required=True
    )
    keygen = _leaf(leaves, "keygen", cli_keys.keygen, "生成密钥对 / make a key pair")
    keygen.add_argument("--use", choices=("sign", "encrypt"), required=True, help="用途，不可混用 / purpose")
    _new_key(keygen)
    sign = _leaf(leaves, "sign", cli_keys.sign, "签名（DER）/ sign a file (DER)")
    sign.add_argument("--key", type=Path, required=True, help="签名私钥 / private signing key")
    sign.add_argument("--out", type=Path, required=True, help="签名文件 / signature file")
    _password(sign)
    verify = _leaf(leaves, "verify", cli_keys.verify, "验签 / verify a signature")
    verify.add_argument("--key", type=Path, required=True, help="公钥或证书 / public key or certificate")
    verify.add_argument("--signature", type=Path, required=True, help="签名文件 / signature file")
    encrypt = _leaf(leaves, "encrypt", cli_keys.encrypt, "加密（至多 64 KiB）/ encrypt up to 64 KiB")
    encrypt.add_argument("--key", type=Path, required=True, help="公钥或证书 / public key or certificate")
    encrypt.add_argument("--out", type=Path, required=True, help="密文文件 / ciphertext file")
    decrypt = _leaf(leaves, "decrypt", cli_keys.decrypt, "解密 / decrypt")
    decrypt.add_argument("--key", type=Path, required=True, help="解密私钥 / private decryption key")
    decrypt.add_argument("--out", type=Path, required=True, help="明文文件 / plaintext file")
    _password(decrypt)
    for parser in (sign, verify, encrypt, decrypt):
        parser.add_argument("file", type=Path, help="文件 / file")


def _add_envelope(subparsers: Leaves) -> None:  # type: ignore[type-arg]
    words = "投标信封：封装、部分解密、开启 / sealed bids: seal, share, open"
    leaves = subparsers.add_parser("envelope", help=words, description=words).add_subparsers(
        dest="envelope_command", metavar="命令/COMMAND", required=True
    )
    keygen = _leaf(
        leaves, "keygen", cli_envelope.keygen, "保管人为一个标段生成密钥 / a holder's key for one lot"
    )
    keygen.add_argument("--lot", required=True, help="标段编号 / code of the lot")
    keygen.add_argument(
        "--holder", type=int, required=True, help="第几位保管人 / place of the holder, from 1"
    )
    keygen.add_argument(
        "--statement",
        type=Path,
        required=True,
        help="待用证书签名的声明 / statement to be signed with the certificate",
    )
    _new_key(keygen)
    rehearse = _leaf(
        leaves,
        "rehearse",
        cli_envelope.rehearse_key,
        "用测试信封演练密钥 / rehearse a holder's key on a test envelope",
    )
    rehearse.add_argument("--key", type=Path, required=True, help="保管人私钥 / the holder's private key")
    _password(rehearse)
    _add_seal(leaves)
    _add_share(leaves)
    _add_open(leaves)
    inspect = _leaf(
        leaves, "inspect", cli_envelope.inspect, "查看信封头和根哈希 / show a sealed bid's head and root"
    )
    inspect.add_argument("--terms", type=Path, help="公告条款，一并核对 / terms to check it against")
    inspect.add_argument("--json", action="store_true", help="输出 JSON / print JSON")
    inspect.add_argument("file", type=Path, help="信封文件 / sealed bid")


def _add_seal(leaves: Leaves) -> None:  # type: ignore[type-arg]
    seal = _leaf(leaves, "seal", cli_envelope.seal_bid, "封装投标文件 / seal a bid")
    seal.add_argument("--terms", type=Path, required=True, help="公告条款 / terms of the notice")
    seal.add_argument("--sheet", type=Path, required=True, help="开标一览表（JSON）/ opening sheet in JSON")
    seal.add_argument(
        "--key", type=Path, required=True, help="投标人签名私钥 / the bidder's private signing key"
    )
    seal.add_argument("--certificate", type=Path, help="投标人证书（PEM）/ the bidder's certificate")
    seal.add_argument("--out", type=Path, required=True, help="信封文件 / where the sealed bid goes")
    seal.add_argument(
        "--strict",
        action="store_true",
        help="严格模式：另需投标人恢复码 / strict mode: also needs the bidder's code",
    )
    _password(seal)
    seal.add_argument("documents", nargs="*", type=Path, help="投标文件 / documents")


def _add_share(leaves: Leaves) -> None:  # type: ignore[type-arg]
    share = _leaf(leaves, "share", cli_envelope.share, "保管人作部分解密 / a holder's partial decryptions")
    share.add_argument("--terms", type=Path, required=True, help="公告条款 / terms of the notice")
    share.add_argument("--closing", type=Path, required=True, help="截止清单 / closing list")
    share.add_argument(
        "--witnessed-root",
        required=True,
        help="从见证人处取得的清单根哈希 / root of the list, fetched from a witness",
    )
    share.add_argument("--key", type=Path, required=True, help="保管人私钥 / the holder's private key")
    share.add_argument("--holder", type=int, required=True, help="第几位保管人 / place of the holder, from 1")
    share.add_argument("--part", choices=PARTS, required=True, help="一览表或文件 / sheet or documents")
    share.add_argument(
        "--pins", type=Path, required=True, help="设备记忆文件夹 / folder of the device's memory"
    )
    share.add_argument("--out", type=Path, required=True, help="答复文件夹 / folder for the answers")
    _password(share)
    share.add_argument("files", nargs="+", type=Path, help="信封文件 / sealed bids")


def _add_open(leaves: Leaves) -> None:  # type: ignore[type-arg]
    opening = _leaf(
        leaves, "open", cli_envelope.open_bid, "用保管人的答复开启信封 / open a bid with the holders' answers"
    )
    opening.add_argument("--terms", type=Path, required=True, help="公告条款 / terms of the notice")
    opening.add_argument("--root", required=True, help="回执上的根哈希 / root of the receipt")
    opening.add_argument("--answers", type=Path, required=True, help="答复文件夹 / folder of the answers")
    opening.add_argument("--part", choices=PARTS, required=True, help="一览表或文件 / sheet or documents")
    opening.add_argument("--code", help="严格模式的恢复码 / recovery code in strict mode")
    opening.add_argument(
        "--unsigned", action="store_true", help="演练：不验签名 / rehearsal: no signature is asked"
    )
    opening.add_argument("--out", type=Path, help="文件解密到此文件夹 / folder for the documents in clear")
    opening.add_argument("file", type=Path, help="信封文件 / sealed bid")
