"""What other rooms may call: a paper is put together from blocks, then rendered."""

from yiwang.pure.papers.archives import Altered, Archive, Member, archive, made, safe_name, written, zipped
from yiwang.pure.papers.checking import archive_findings, index_digest
from yiwang.pure.papers.offices import DOCX, word
from yiwang.pure.papers.pdf import PDF, pdf, pictures
from yiwang.pure.papers.shapes import (
    Addressee,
    Block,
    Closing,
    Fields,
    Grid,
    Heading,
    Paper,
    Prose,
    Signatures,
    Small,
)
from yiwang.pure.papers.sheets import XLSX, Amount, Begins, Sheet, workbook

__all__ = [
    "Paper", "Block", "Fields", "Grid", "Heading", "Prose", "Addressee", "Closing", "Signatures", "Small",
    "pdf", "pictures", "word", "workbook", "Sheet", "Amount", "Begins", "PDF", "DOCX", "XLSX",
    "Archive", "Member", "Altered", "archive", "made", "safe_name", "zipped", "written", "archive_findings", "index_digest",
]  # fmt: skip
