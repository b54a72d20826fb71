"""An HTTPS server on localhost whose certificate a throwaway authority signed; answers like an empty DynamoDB."""

import http.server
import pathlib
import ssl
import subprocess
import threading
import zlib


def openssl(*arguments: str | pathlib.Path) -> str:
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True, text=True).stdout


class Authority:
    """A certificate authority, made on the spot."""

    def __init__(self, directory: pathlib.Path) -> None:
        directory.mkdir()
        self.directory = directory
        self.certificate = directory / "authority.pem"
        self.key = directory / "authority.key"
        new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        openssl("req", "-x509", *new_key, "-keyout", self.key, "-out", self.certificate, "-days", "2",
                "-subj", "/CN=Throwaway authority of Tally's tests")  # fmt: skip
        self.server_key = directory / "server.key"
        self.server_certificate = directory / "server.pem"
        openssl("req", "-x509", *new_key, "-keyout", self.server_key, "-out", self.server_certificate, "-days", "2",
                "-CA", self.certificate, "-CAkey", self.key,
                "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost")  # fmt: skip


class EmptyDynamoDB:
    """Answers `{}` to every operation, which is how GetItem says that there is no such item."""

    def __init__(self, authority: Authority) -> None:
        self.operations: list[str] = []
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                server.operations.append(self.headers.get("X-Amz-Target", ""))
                body = b"{}"
                self.send_response(200)
                self.send_header("Content-Type", "application/x-amz-json-1.0")
                self.send_header("x-amzn-RequestId", "PACKAGED")
                self.send_header("x-amz-crc32", str(zlib.crc32(body)))
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                pass  # a handshake that the client refuses is what some tests are about

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(authority.server_certificate, authority.server_key)
        self.server = Server(("127.0.0.1", 0), Handler)
        # The handshake then happens on the connection's thread, not on the one that accepts.
        self.server.socket = context.wrap_socket(
            self.server.socket, server_side=True, do_handshake_on_connect=False
        )
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"https://localhost:{self.server.server_port}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
