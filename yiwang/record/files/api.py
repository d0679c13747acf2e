"""What other rooms may call. Documents are known by the SHA-256 of their content, in hexadecimal."""

from yiwang.record.files.content import DOCX, JPEG, JSON, OFD, PDF, PNG, TEXT, XLSX, ZIP
from yiwang.record.files.shelves import NoDocument, StoreDown
from yiwang.record.files.store import (
    BID_TYPES,
    DOCUMENT_TYPES,
    Document,
    describe,
    exists,
    intact,
    open_document,
    store,
)
from yiwang.record.files.upload import RefuseBySize, RequestTooLarge

__all__ = [
    "Document", "NoDocument", "StoreDown", "store", "open_document", "describe", "exists", "intact",
    "BID_TYPES", "DOCUMENT_TYPES", "PDF", "DOCX", "XLSX", "OFD", "ZIP", "PNG", "JPEG", "TEXT", "JSON",
    "RefuseBySize", "RequestTooLarge",
]  # fmt: skip
