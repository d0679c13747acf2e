"""The doors of resumable uploads speak tus 1.0.0, and what they bring is an uploaded file of a form."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from tests.hall import story
from tests.hall.world import City, hidden, paper, plain, upload
from yiwang.business.trading import api as trading

CONTENT = paper("技术文件") + b"\n" * 2000 + b"%%EOF\n"
OFFSET_TYPE = "application/offset+octet-stream"


def ask(
    client: Client, method: str, address: str, body: bytes = b"", kind: str = OFFSET_TYPE, **headers: object
) -> Any:
    given = {name.replace("_", "-"): str(value) for name, value in headers.items()}
    return client.generic(
        method, address, body, content_type=kind, headers={"Tus-Resumable": "1.0.0", **given}
    )


def metadata(name: str) -> str:
    return "filename " + base64.b64encode(name.encode()).decode()


def begun(client: Client, size: int = len(CONTENT), name: str = "技术文件.pdf", prefix: str = "") -> str:
    answer = ask(
        client, "POST", f"{prefix}/hall/uploads/", Upload_Length=size, Upload_Metadata=metadata(name)
    )
    assert answer.status_code == 201, answer.content.decode()
    assert answer["Upload-Expires"]
    return answer["Location"]


def rules(answer: HttpResponse) -> list[str]:
    return [each["rule"] for each in answer.json()["findings"]]


def test_the_server_says_what_it_can(city: City) -> None:
    answer = city.bidders[0].client.options("/hall/uploads/")
    assert answer.status_code == 204
    assert answer["Tus-Version"] == "1.0.0"
    assert set(answer["Tus-Extension"].split(",")) == {"creation", "termination", "checksum", "expiration"}
    assert int(answer["Tus-Max-Size"]) == settings.MAX_DOCUMENT_BYTES
    assert "sha256" in answer["Tus-Checksum-Algorithm"]


def test_an_upload_in_pieces_becomes_a_paper_of_a_bid(city: City) -> None:
    code = story.announce(city)
    bidder = city.bidders[0]
    bidder.send(f"/hall/lots/{code}/documents/")
    address = begun(bidder.client)
    first = ask(bidder.client, "PATCH", address, CONTENT[:1000], Upload_Offset=0)
    assert (first.status_code, first["Upload-Offset"]) == (204, "1000")
    assert "Upload-Paper" not in first
    where = ask(bidder.client, "HEAD", address)
    assert (where["Upload-Offset"], where["Upload-Length"]) == ("1000", str(len(CONTENT)))
    assert where["Cache-Control"] == "no-store"
    last = ask(bidder.client, "PATCH", address, CONTENT[1000:], Upload_Offset=1000)
    token = last["Upload-Paper"]
    assert ask(bidder.client, "HEAD", address)["Upload-Offset"] == str(len(CONTENT))
    key = hidden(bidder.get(f"/hall/lots/{code}/bid/"))["key"]
    fields = {**story.SHEET, "key": key, "price": "10000000", "kept": f"technical~{token}"}
    with_price = {**fields, "papers_price": upload("已标价工程量清单")}
    bidder.step(f"/hall/lots/{code}/bid/", with_price)
    envelope = trading.own_envelope(trading.find_lot(code), bidder.actor.organisation)
    assert envelope is not None
    listed = [(name, kind.en) for _, name, kind in trading.receipt_of(envelope).listed]
    assert listed == [("技术文件.pdf", "Technical"), ("已标价工程量清单.pdf", "Price")]
    assert trading.receipt_of(envelope).papers[0][0] == hashlib.sha256(CONTENT).hexdigest()
    assert "技术文件：技术文件.pdf" in plain(bidder.get(f"/hall/lots/{code}/receipt/"))


def test_a_token_is_worth_nothing_to_others_and_no_way_around_the_types_of_a_form(city: City) -> None:
    code = story.announce(city)
    bidder, other = city.bidders[:2]
    for each in (bidder, other):
        each.send(f"/hall/lots/{code}/documents/")
    text = "只有文字".encode()
    address = begun(bidder.client, len(text), "a.txt")
    token = ask(bidder.client, "PATCH", address, text, Upload_Offset=0)["Upload-Paper"]
    key = hidden(bidder.get(f"/hall/lots/{code}/bid/"))["key"]
    fields = {**story.SHEET, "key": key, "price": "10000000", "kept": token, "stage": "preview"}
    refused = bidder.send(f"/hall/lots/{code}/bid/", fields, 422)
    assert "只接受" in plain(refused) or "PDF" in plain(refused)
    assert 'value="10000000"' in refused
    assert ask(other.client, "HEAD", address).status_code == 404
    assert ask(other.client, "PATCH", address, b"x", Upload_Offset=0).status_code == 404
    assert ask(other.client, "DELETE", address).status_code == 404


def test_conflicts_checksums_and_lengths_answer_as_the_protocol_says(city: City) -> None:
    client = city.host.client
    address = begun(client)
    conflict = ask(client, "PATCH", address, b"x", Upload_Offset=5)
    assert (conflict.status_code, conflict["Upload-Offset"]) == (409, "0")
    wrong = "sha256 " + base64.b64encode(b"0" * 32).decode()
    assert ask(client, "PATCH", address, b"abc", Upload_Offset=0, Upload_Checksum=wrong).status_code == 460
    assert ask(client, "HEAD", address)["Upload-Offset"] == "0"
    right = "sha256 " + base64.b64encode(hashlib.sha256(CONTENT[:9]).digest()).decode()
    assert (
        ask(client, "PATCH", address, CONTENT[:9], Upload_Offset=0, Upload_Checksum=right).status_code == 204
    )
    long = ask(client, "PATCH", address, CONTENT, Upload_Offset=9)
    assert (long.status_code, rules(long)) == (413, ["upload-too-long"])
    assert ask(client, "DELETE", address).status_code == 204
    assert ask(client, "HEAD", address).status_code == 404


@pytest.mark.parametrize(
    ("size", "name", "status", "rule"),
    [
        (0, "a.pdf", 422, "file-empty"),
        (1 << 50, "a.pdf", 413, "file-too-large"),
        ("-1", "a.pdf", 422, "upload-bad-request"),
        ("1e3", "a.pdf", 422, "upload-bad-request"),
        ("９", "a.pdf", 422, "upload-bad-request"),
        (10, "../../etc/passwd", 422, "file-name"),
        (10, "a\u202egnp.exe", 422, "file-name"),
        (10, "a\x00.pdf", 422, "file-name"),
        (10, "aux.pdf", 422, "file-name"),
        (10, "长" * 201, 422, "file-name"),
        (10, "", 422, "file-name"),
    ],
)
def test_a_hostile_beginning_is_refused_with_a_sentence(
    city: City, size: object, name: str, status: int, rule: str
) -> None:
    length = str(size).encode().decode("latin-1") if isinstance(size, str) else size
    for prefix, chinese in (("", True), ("/en", False)):
        answer = ask(
            city.host.client,
            "POST",
            f"{prefix}/hall/uploads/",
            Upload_Length=length,
            Upload_Metadata=metadata(name),
        )
        assert answer.status_code == status
        assert rules(answer) == [rule]
        said = answer.json()["findings"][0]["said"]
        assert any("\u4e00" <= char <= "\u9fff" for char in said.replace(name[:80], "")) is chinese


@pytest.mark.parametrize(
    "header",
    [
        "",
        "filename !!!",
        "other YQ==",
        "filename " + base64.b64encode(b"\xff\xfe").decode(),
        "filename " + "QUFB" * 3000,
    ],
)
def test_malformed_metadata_is_refused(city: City, header: str) -> None:
    answer = ask(city.host.client, "POST", "/hall/uploads/", Upload_Length=5, Upload_Metadata=header)
    assert (answer.status_code, rules(answer)) == (422, ["upload-bad-request"])


def test_another_version_or_type_of_the_protocol_is_refused(city: City) -> None:
    client = city.host.client
    address = begun(client)
    old = client.generic(
        "PATCH",
        address,
        b"x",
        content_type=OFFSET_TYPE,
        headers={"Upload-Offset": "0", "Tus-Resumable": "0.2.2"},
    )
    assert (old.status_code, old["Tus-Version"]) == (412, "1.0.0")
    assert ask(client, "PATCH", address, b"x", "application/json", Upload_Offset=0).status_code == 422
    assert ask(client, "PATCH", address, b"x", Upload_Offset="x").status_code == 422
    assert ask(client, "PATCH", address, b"x", Upload_Offset=0, Upload_Checksum="md2 xx").status_code == 422
    assert ask(client, "HEAD", address)["Upload-Offset"] == "0"


def _zip(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return file.getvalue()


ENCRYPTED = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R/Encrypt 2 0 R>>\n%%EOF\n"


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("a.pdf", b"MZ\x90\x00" + b"\x00" * 99, "file-type"),
        ("a.pdf", b"%PDF-1.7 cut", "file-type"),
        ("a.pdf", b"<svg onload=alert(1)>", "file-type"),
        ("a.docx", _zip({"word/document.xml": b"x", "word/vbaProject.bin": b"x"}), "file-type"),
        ("a.zip", _zip({"bomb": b"\x00" * (8 << 20)}), "zip-bomb"),
        ("a.zip", _zip({"../../x": b"x"}), "zip-paths"),
        ("a.pdf", ENCRYPTED, "pdf-encrypted"),
        ("a.docx", b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n", "file-ending"),
        ("a.exe", b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n", "file-ending"),
    ],
)
def test_what_a_file_is_decides_its_content_and_a_refusal_leaves_nothing(
    city: City, name: str, content: bytes, rule: str
) -> None:
    client = city.host.client
    address = begun(client, len(content), name)
    answer = ask(client, "PATCH", address, content, Upload_Offset=0)
    assert (answer.status_code, rules(answer)) == (422, [rule])
    assert ask(client, "HEAD", address).status_code == 404
    folder = Path(settings.FILES_ROOT) / "unfinished"
    assert not [each for each in folder.iterdir() if each.is_file()]


def test_only_those_who_hand_in_papers_may_upload_and_scripts_of_other_sites_may_not(city: City) -> None:
    for person, status in ((city.supervisor, 403), (city.operator, 403)):
        assert (
            ask(
                person.client, "POST", "/hall/uploads/", Upload_Length=5, Upload_Metadata=metadata("a.pdf")
            ).status_code
            == status
        )
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = city.bidders[0].client.cookies
    assert (
        ask(strict, "POST", "/hall/uploads/", Upload_Length=5, Upload_Metadata=metadata("a.pdf")).status_code
        == 403
    )


def test_a_kind_that_nobody_knows_is_refused_and_nothing_typed_is_lost(city: City) -> None:
    code = story.announce(city)
    bidder = city.bidders[0]
    bidder.send(f"/hall/lots/{code}/documents/")
    address = begun(bidder.client)
    token = ask(bidder.client, "PATCH", address, CONTENT, Upload_Offset=0)["Upload-Paper"]
    key = hidden(bidder.get(f"/hall/lots/{code}/bid/"))["key"]
    fields = {**story.SHEET, "key": key, "price": "10000000", "kept": f"secret~{token}", "stage": "confirm"}
    refused = bidder.send(f"/hall/lots/{code}/bid/", fields, 422)
    assert "不可用" in plain(refused)
    assert token in refused
