"""One file a human story, told in a real Chromium before a real server."""
