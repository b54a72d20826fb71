#!/usr/bin/env python3
"""Proxies that pass every byte on unchanged and record what went by, one JSON object a line.

One listener on a free loopback port for each `--route SERVICE=HOST:PORT`; the first line on standard output is a
JSON object of the ports. A line is written when the last byte of a response has come from the server and before it
goes on to the client: whoever has its answer finds the line in the recording, and the client's own time is never
shorter than the recorded one.

Each exchange has a connection of its own to the server, so a client's reuse of a connection never meets a server that
has just closed its end.
"""

import argparse
import asyncio
import itertools
import json
import os
import signal
import sys
import time
from dataclasses import dataclass, field

from aws_requests import Outcome, Request, understand_request, understand_response

CHUNK = 64 * 1024
# The JSON services refuse requests above this; S3's bodies are never kept, but for the head of a response.
KEPT_JSON = 32 * 1024 * 1024
KEPT_S3 = 64 * 1024


class ProtocolError(Exception):
    """One side said something that is not HTTP/1.1."""


@dataclass
class Head:
    """A request's or response's first line and headers, as they came and as they read."""

    raw: bytes
    start: list[str]
    headers: dict[str, str]

    @property
    def chunked(self) -> bool:
        return "chunked" in self.headers.get("transfer-encoding", "").lower()

    @property
    def length(self) -> int | None:
        value = self.headers.get("content-length")
        if value is None:
            return None
        if not value.isdigit():
            raise ProtocolError(f"content-length: {value!r} is not a number")
        return int(value)

    @property
    def closes(self) -> bool:
        return self.headers.get("connection", "").lower() == "close" or self.start[-1] == "HTTP/1.0"


@dataclass
class Body:
    """What went by of a body: its size, and its beginning."""

    limit: int
    size: int = 0
    kept: bytearray = field(default_factory=bytearray)

    def add(self, data: bytes) -> None:
        self.size += len(data)
        room = self.limit - len(self.kept)
        if room > 0:
            self.kept += data[:room]


async def read_head(reader: asyncio.StreamReader) -> Head | None:
    """Reads up to the empty line; `None` when the other side closed before it said anything."""
    try:
        raw = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        if not error.partial:
            return None
        raise ProtocolError("the connection ended inside the headers") from error
    lines = raw.decode("latin-1").split("\r\n")
    headers = {}
    for line in lines[1:-2]:
        name, colon, value = line.partition(":")
        if not colon:
            raise ProtocolError(f"not a header: {line!r}")
        headers[name.strip().lower()] = value.strip()
    return Head(raw, lines[0].split(" ", 2), headers)


async def pieces(reader: asyncio.StreamReader, head: Head, until_close: bool):
    """Yields a body as pairs: the bytes to pass on, and the content among them."""
    if head.chunked:
        async for pair in chunks(reader):
            yield pair
    elif head.length is not None:
        left = head.length
        while left:
            data = await reader.read(min(CHUNK, left))
            if not data:
                raise ProtocolError(f"the connection ended {left} bytes before the end of the body")
            left -= len(data)
            yield data, data
    elif until_close:
        while data := await reader.read(CHUNK):
            yield data, data


async def chunks(reader: asyncio.StreamReader):
    """Yields a chunked body; framing and trailers are passed on and are no content."""
    while True:
        line = await reader.readuntil(b"\r\n")
        try:
            left = int(line.split(b";")[0], 16)
        except ValueError as error:
            raise ProtocolError(f"not the size of a chunk: {line!r}") from error
        yield line, b""
        if left == 0:
            break
        while left:
            data = await reader.read(min(CHUNK, left))
            if not data:
                raise ProtocolError("the connection ended inside a chunk")
            left -= len(data)
            yield data, data
        yield await reader.readexactly(2), b""
    while True:
        line = await reader.readuntil(b"\r\n")
        yield line, b""
        if line == b"\r\n":
            return


class Recording:
    """The file that lines are appended to; each is one write, so readers never see half of one."""

    def __init__(self, path: str):
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def write(self, line: dict) -> None:
        os.write(self._descriptor, json.dumps(line, separators=(",", ":")).encode() + b"\n")


class Exchange:
    """One request and its response."""

    def __init__(self, proxy: "Proxy", connection: int, request: Head):
        self.proxy = proxy
        self.connection = connection
        self.request = request
        self.started = time.time()
        self._clock = time.monotonic()
        limit = KEPT_S3 if proxy.service == "s3" else KEPT_JSON
        self.request_body = Body(0 if proxy.service == "s3" else limit)
        self.response_body = Body(limit)
        self.response: Head | None = None
        self._recorded = False

    def record(self, broken: str | None = None) -> None:
        """Appends this exchange's line, once."""
        if self._recorded:
            return
        self._recorded = True
        request, outcome = self._meaning()
        headers = self.response.headers if self.response else {}
        decoded = self.request.headers.get("x-amz-decoded-content-length", "")
        self.proxy.recording.write(
            {
                "service": request.service,
                "operation": request.operation,
                "status": int(self.response.start[1]) if self.response else None,
                "error": broken or outcome.error,
                "bytesIn": int(decoded) if decoded.isdigit() else self.request_body.size,
                "bytesOut": self.response_body.size,
                "resource": request.resource,
                "key": request.key,
                "index": request.index,
                "part": request.part,
                "readUnits": outcome.read_units,
                "writeUnits": outcome.write_units,
                "items": outcome.items,
                "scanned": outcome.scanned,
                "requestId": headers.get("x-amzn-requestid") or headers.get("x-amz-request-id"),
                # Constant over the attempts of one call, as the AWS SDKs send it.
                "call": self.request.headers.get("amz-sdk-invocation-id"),
                "start": round(self.started, 6),
                "end": round(self.started + time.monotonic() - self._clock, 6),
                "connection": self.connection,
            }
        )

    def _meaning(self) -> tuple[Request, Outcome]:
        method, target = self.request.start[:2]
        request = understand_request(
            self.proxy.service, method, target, self.request.headers, bytes(self.request_body.kept)
        )
        if self.response is None:
            return request, Outcome()
        body = bytes(self.response_body.kept)
        return request, understand_response(request, int(self.response.start[1]), self.response.headers, body)


class Proxy:
    """The listener in front of one service."""

    _connections = itertools.count(1)

    def __init__(self, service: str, host: str, port: int, recording: Recording):
        self.service = service
        self.host = host
        self.port = port
        self.recording = recording

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Passes on one client's requests until it, or a fault, closes the connection."""
        connection = next(self._connections)
        try:
            while request := await read_head(reader):
                if not await self._exchange(connection, request, reader, writer):
                    break
        except (OSError, ProtocolError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # The exchange has been recorded; the client learns it from the closed connection.
        except asyncio.CancelledError:
            pass  # The proxy stops. This is the task's outermost frame, and asyncio would log a traceback.
        finally:
            writer.close()

    async def _exchange(self, connection, request: Head, reader, writer) -> bool:
        exchange = Exchange(self, connection, request)
        try:
            upstream_reader, upstream_writer = await asyncio.open_connection(self.host, self.port, limit=CHUNK)
        except OSError as error:
            exchange.record(broken=f"Unreachable: {error}")
            raise
        upload = asyncio.create_task(self._upload(exchange, reader, upstream_writer))
        try:
            keep = await self._download(exchange, upstream_reader, writer)
            # A response that came before the end of its request leaves bytes that are no next request.
            return keep and upload.done() and upload.exception() is None
        except (OSError, ProtocolError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            exchange.record(broken=f"{type(error).__name__}: {error}")
            raise
        except asyncio.CancelledError:
            exchange.record(broken="Stopped")
            raise
        finally:
            upload.cancel()
            await asyncio.gather(upload, return_exceptions=True)
            upstream_writer.close()

    async def _upload(self, exchange: Exchange, reader, upstream) -> None:
        upstream.write(exchange.request.raw)
        try:
            await upstream.drain()
            async for data, content in pieces(reader, exchange.request, until_close=False):
                exchange.request_body.add(content)
                upstream.write(data)
                await upstream.drain()
        except (ProtocolError, asyncio.IncompleteReadError):
            # The client went away: the server must not wait for what will never come.
            upstream.transport.abort()
            raise

    async def _download(self, exchange: Exchange, upstream, writer) -> bool:
        head = await read_head(upstream)
        while head and head.start[1].startswith("1"):  # 100 Continue and its like come before the response.
            writer.write(head.raw)
            await writer.drain()
            head = await read_head(upstream)
        if head is None:
            raise ProtocolError("the server closed the connection without an answer")
        exchange.response = head

        method, status = exchange.request.start[0], head.start[1]
        bodyless = method == "HEAD" or status in ("204", "304")
        delimited = bodyless or head.chunked or head.length is not None
        held = head.raw
        if not bodyless:
            # One piece is held back, so that the line is written before the client can see the end.
            async for data, content in pieces(upstream, head, until_close=True):
                exchange.response_body.add(content)
                writer.write(held)
                await writer.drain()
                held = data
        exchange.record()
        writer.write(held)
        await writer.drain()
        return delimited and not head.closes and not exchange.request.closes


async def run(routes: list[tuple[str, str, int]], recording: Recording) -> None:
    """Listens until the process is told to end."""
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    servers, ports = [], {}
    for service, host, port in routes:
        proxy = Proxy(service, host, port, recording)
        server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0, limit=CHUNK)
        servers.append(server)
        ports[service] = server.sockets[0].getsockname()[1]
    print(json.dumps(ports), flush=True)
    await stop.wait()
    for server in servers:
        server.close()


def route(text: str) -> tuple[str, str, int]:
    """Parses SERVICE=HOST:PORT."""
    service, _, address = text.partition("=")
    host, _, port = address.rpartition(":")
    if service not in ("dynamodb", "kms", "s3") or not host or not port.isdigit():
        raise argparse.ArgumentTypeError(f"{text}: expected dynamodb|kms|s3=HOST:PORT")
    return service, host, int(port)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recording", required=True, help="the file that lines are appended to")
    parser.add_argument("--route", type=route, action="append", required=True, metavar="SERVICE=HOST:PORT")
    arguments = parser.parse_args()
    asyncio.run(run(arguments.route, Recording(arguments.recording)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
