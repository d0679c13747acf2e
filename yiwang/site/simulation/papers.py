"""Small but real PDF files for the documents of the city."""

from __future__ import annotations

import io

from yiwang.record.files import api as files


def pdf(title: str, author: str = "") -> bytes:
    """A one-page PDF whose content names ``title`` (as hexadecimal text, so any language will do), by ``author`` ("" nobody)."""
    text = title.encode("utf-16-be").hex()
    stream = f"BT /F1 12 Tf 60 760 Td <{text}> Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>",
    ]
    information = b""
    if author:
        objects.append(b"<< /Author <FEFF%s> >>" % author.encode("utf-16-be").hex().encode())
        information = b" /Info %d 0 R" % len(objects)
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    offsets = []
    for number, each in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, each))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for offset in offsets:
        out.write(b"%010d 00000 n \n" % offset)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R%s >>\nstartxref\n%d\n%%%%EOF\n"
    out.write(trailer % (len(objects) + 1, information, start))
    return out.getvalue()


def stored_pdf(title: str, author: str = "") -> tuple[str, str]:
    """Stores such a file; (sha256, name)."""
    content = pdf(title, author)
    kept = files.store(
        io.BytesIO(content), name=f"{title}.pdf", max_bytes=len(content), types=files.DOCUMENT_TYPES
    )
    return kept.sha256, f"{title}.pdf"


def tender_papers(name: str) -> list[tuple[str, str]]:
    """The documents of a tender: text, bill of quantities, drawings."""
    return [stored_pdf(f"{name}{each}") for each in ("招标文件", "工程量清单", "施工图纸")]


def bid_papers(bidder: str, author: str = "") -> tuple[list[tuple[str, str]], dict[str, str]]:
    """The papers of a bid, made by ``author`` ("" nobody says), and by their digests what each is."""
    named = {"technical": "施工组织设计", "commercial": "资格证明材料", "price": "已标价工程量清单"}
    papers = {kind: stored_pdf(f"{bidder}{title}", author) for kind, title in named.items()}
    return list(papers.values()), {sha256: kind for kind, (sha256, _) in papers.items()}
