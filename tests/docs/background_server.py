"""What `utsaga` and `make` are while the blocks of a document run: a server is started in the background.

The environment says which port stands for which of the document, and which file gets the ids of the servers.
"""

import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

UTSAGA = Path(sys.executable).with_name("utsaga")


def main(program: str, words: list[str]) -> None:
    """Run `program` with `words`: as it is, unless it serves."""
    if program == "make":
        serve_words = [f"--port={word[5:]}" if word.startswith("PORT=") else word for word in words]
        if "serve" not in serve_words:
            sys.exit(f"only “make serve” can be run here, not “make {' '.join(words)}”")
        serve(serve_words)
    elif "serve" in words:
        serve(words)
    else:
        os.execv(UTSAGA, [str(UTSAGA), *words])  # noqa: S606 (the shell has chosen the words)


def serve(words: list[str]) -> None:
    """Start a server on the port that stands for that of the document, and return when it answers."""
    text = "\0".join(words)
    port = (re.search(r"--port[\0=](\d+)", text) or [None, "8000"])[1]
    rest = [word for word in re.sub(r"--port[\0=]\d+", "", text).split("\0") if word]
    real = json.loads(os.environ["DOCS_PORTS"])[port]
    log = Path(f"server-{port}.log")
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [UTSAGA, *rest, "--port", real], stdout=stream, stderr=stream, start_new_session=True
        )
    with Path(os.environ["DOCS_SERVERS"]).open("a") as servers:
        servers.write(f"{process.pid}\n")
    for _ in range(1200):
        if process.poll() is not None:
            sys.exit(log.read_text())
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{real}/healthz", timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit(f"the server does not answer: {log.read_text()}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
