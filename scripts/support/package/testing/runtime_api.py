"""A scripted Lambda Runtime API (2018-06-01) on loopback: hands out events, collects answers."""

import dataclasses
import http.server
import queue
import sys
import threading
import time
import uuid

PREFIX = "/2018-06-01/runtime/"
EXTENSION = "/2020-01-01/extension/"


@dataclasses.dataclass
class Answer:
    """What a runtime posted: kind is `response`, `error` or `init error`."""

    kind: str
    body: str


class RuntimeAPI:
    def __init__(self) -> None:
        self.events: queue.Queue[bytes] = queue.Queue()
        self.answers: queue.Queue[Answer] = queue.Queue()
        self.closing = threading.Event()
        api = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                if self.path == EXTENSION + "event/next":
                    api.closing.wait()
                    self.close_connection = True
                    return None
                if self.path != PREFIX + "invocation/next":
                    return self.reply(404)
                while not api.closing.is_set():
                    try:
                        return self.reply(200, api.events.get(timeout=0.1), api.invocation_headers())
                    except queue.Empty:
                        continue
                self.close_connection = True

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                if self.path == EXTENSION + "register":
                    return self.reply(200, b"{}", {"Lambda-Extension-Identifier": str(uuid.uuid4())})
                self.reply(202)
                kind = self.path.rsplit("/", 1)[-1]
                api.answers.put(Answer("init error" if self.path == PREFIX + "init/error" else kind, body))

            def reply(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
                self.send_response(status)
                for name, value in (headers or {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: object, address: object) -> None:
                if not isinstance(sys.exception(), ConnectionError):  # the runtime was killed while it waited
                    super().handle_error(request, address)

        self.server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server.server_port}"

    @staticmethod
    def invocation_headers() -> dict[str, str]:
        return {
            "Content-Type": "application/json",
            "Lambda-Runtime-Aws-Request-Id": str(uuid.uuid4()),
            "Lambda-Runtime-Deadline-Ms": str(int((time.time() + 30) * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-east-1:123456789012:function:packaged",
            "Lambda-Runtime-Trace-Id": "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0",
        }

    def invoke(self, event: bytes, seconds: float = 20) -> Answer:
        """Hands out `event` and returns what the runtime posts for it."""
        self.events.put(event)
        try:
            return self.answers.get(timeout=seconds)
        except queue.Empty:
            raise AssertionError(f"no answer within {seconds} s") from None

    def close(self) -> None:
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()
