"""What other rooms may call. Documents are known by the SHA-256 of their content, in hexadecimal."""

from yiwang.record.files.content import DOCX, JPEG, JSON, OFD, PDF, PNG, TEXT, XLSX, ZIP
from yiwang.record.files.marking import DUTIES as MARKING
from yiwang.record.files.marking import begin_marking
from yiwang.record.files.shelves import NoDocument, ProbeFailed, StoreDown, probe
from yiwang.record.files.store import (
    BID_TYPES,
    DOCUMENT_TYPES,
    Document,
    Made,
    describe,
    exists,
    intact,
    made,
    open_document,
    store,
    type_findings,
)
from yiwang.record.files.upload import RefuseBySize, RequestTooLarge
from yiwang.record.files.uploads import (
    ALGORITHMS,
    Arrived,
    ChecksumMismatch,
    NoUpload,
    OffsetConflict,
    UploadBusy,
    append,
    arrived,
    begin,
    checksum_of,
    collecting,
    drop,
    finish,
)
from yiwang.record.files.uploads import DUTIES as UPLOADING

DUTIES = {**UPLOADING, **MARKING}

__all__ = [
    "Document", "NoDocument", "StoreDown", "probe", "ProbeFailed", "store", "type_findings", "open_document", "describe", "exists", "intact", "Made", "made",
    "BID_TYPES", "DOCUMENT_TYPES", "PDF", "DOCX", "XLSX", "OFD", "ZIP", "PNG", "JPEG", "TEXT", "JSON",
    "RefuseBySize", "RequestTooLarge",
    "Arrived", "NoUpload", "OffsetConflict", "UploadBusy", "ChecksumMismatch", "ALGORITHMS", "DUTIES", "begin_marking",
    "begin", "arrived", "append", "finish", "drop", "checksum_of", "collecting",
]  # fmt: skip
