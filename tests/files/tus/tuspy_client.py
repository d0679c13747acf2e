"""The same program as ``bench/tus_client.py``, by a client that we did not write: tuspy. Runs in an environment of its own."""

import json
import os
import sys
from urllib.parse import urljoin, urlsplit

from tusclient.client import TusClient

url, location, file, piece = sys.argv[1:5]
client = TusClient(url, headers=json.loads(os.environ["TUS_HEADERS"]))
uploader = client.uploader(
    file_path=file,
    chunk_size=int(piece),
    metadata={"filename": "投标文件.pdf"},
    url=urljoin(url, location) if location else None,
)
if not location:
    uploader.set_url(uploader.create_url())
    print(urlsplit(uploader.url).path, flush=True)
uploader.upload()
print("done", flush=True)
