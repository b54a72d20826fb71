"""What the benchmarks share: the packaged executables, and the servers beside them."""

import contextlib
import pathlib
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator

TOP = pathlib.Path(__file__).resolve().parents[2]


def fail(message: str) -> None:
    sys.exit(f"{pathlib.Path(sys.argv[0]).name}: {message}")


def unpack(product: str, place: pathlib.Path) -> pathlib.Path:
    """Unpacks the zip of a product, as Lambda would; returns its executable."""
    archive = TOP / f".build/package/{product}.zip"
    if not archive.exists():
        fail(f"{archive.relative_to(TOP)} is missing; run: scripts/package {product}")
    with zipfile.ZipFile(archive) as content:
        content.extractall(place / product)
    executable = place / product / "bootstrap"
    executable.chmod(0o755)
    return executable


@contextlib.contextmanager
def serving(*command: str | pathlib.Path) -> Iterator[int]:
    """Runs a server until the block ends; "{port}" in its command becomes a port that was free, which is returned."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([str(word).replace("{port}", str(port)) for word in command])
    try:
        for _ in range(500):
            if server.poll() is not None:
                fail(f"{command[0]} ended with {server.returncode} instead of listening")
            with socket.socket() as client:
                if client.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.01)
        else:
            fail(f"{command[0]} does not listen on {port} after 5 s")
        yield port
    finally:
        server.terminate()
        server.wait()
