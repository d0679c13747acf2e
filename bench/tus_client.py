"""A small client of tus 1.0.0 as a program: ``URL LOCATION FILE PIECE``, headers as JSON in TUS_HEADERS.

LOCATION "" makes a new upload, whose address is the first line that it prints; "done" is the last. Anything that
goes wrong ends it with an error.
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import sys
from pathlib import Path
from urllib.parse import urlsplit


def main(url: str, location: str, file: Path, piece: int) -> int:
    """Brings the file to the end, from where the server says that it stands."""
    place, content = urlsplit(url), file.read_bytes()
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)
    headers = {**json.loads(os.environ["TUS_HEADERS"]), "Tus-Resumable": "1.0.0"}

    def ask(method: str, path: str, body: bytes | memoryview = b"", **more: str) -> http.client.HTTPResponse:
        connection.request(method, path, body, headers | {k.replace("_", "-"): v for k, v in more.items()})
        answer = connection.getresponse()
        said = answer.read()
        assert answer.status < 300, (answer.status, said[:500])
        return answer

    if not location:
        name = base64.b64encode("投标文件.pdf".encode()).decode()
        made = ask("POST", place.path, Upload_Length=str(len(content)), Upload_Metadata=f"filename {name}")
        location = made.headers["Location"]
        print(location, flush=True)
    offset = int(ask("HEAD", location).headers["Upload-Offset"])
    while offset < len(content):
        sent = ask(
            "PATCH",
            location,
            memoryview(content)[offset : offset + piece],
            Upload_Offset=str(offset),
            Content_Type="application/offset+octet-stream",
        )
        offset = int(sent.headers["Upload-Offset"])
    print("done", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])))
