"""The proxy: bytes unchanged in both directions, one right line for each exchange."""

import asyncio
import json
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import recording_proxy  # noqa: E402

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"


class ScriptedServer:
    """Answers each connection with the next script and keeps what it was sent."""

    def __init__(self, *scripts):
        self.scripts = list(scripts)
        self.received: list[bytes] = []

    async def __call__(self, reader, writer):
        script = self.scripts.pop(0)
        head = await reader.readuntil(b"\r\n\r\n")
        body = b""
        if b"100-continue" in head:
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                body = await reader.readexactly(int(line.split(b":")[1]))
            if line == b"transfer-encoding: chunked":
                body = await reader.readuntil(b"0\r\n\r\n")
        self.received.append(head + body)
        for piece in script:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
        writer.close()


class ProxyTest(unittest.IsolatedAsyncioTestCase):
    async def start(self, service, *scripts):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = Path(self.folder.name) / "recording.jsonl"
        self.upstream = ScriptedServer(*scripts)
        server = await asyncio.start_server(self.upstream, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        proxy = recording_proxy.Proxy(service, "127.0.0.1", port, recording_proxy.Recording(str(self.path)))
        front = await asyncio.start_server(proxy.serve, "127.0.0.1", 0, limit=recording_proxy.CHUNK)
        for listening in (server, front):
            self.addCleanup(listening.close)
        self.server = server
        self.reader, self.writer = await asyncio.open_connection(*front.sockets[0].getsockname())
        self.addCleanup(self.writer.close)

    async def exchange(self, request, length):
        self.writer.write(request)
        return await asyncio.wait_for(self.reader.readexactly(length), 5)

    def lines(self):
        return [json.loads(line) for line in self.path.read_text().splitlines()]

    async def test_passes_both_directions_unchanged(self):
        await self.start("s3", [OK])
        request = (
            b"PUT /bucket/a%20b/c HTTP/1.1\r\nHost: some.where:1\r\nX-Odd:  two  spaces \r\n"
            b"Content-Length: 3\r\n\r\nabc"
        )

        self.assertEqual(await self.exchange(request, len(OK)), OK)

        self.assertEqual(self.upstream.received, [request])
        (line,) = self.lines()
        self.assertEqual(
            (line["operation"], line["resource"], line["key"], line["bytesIn"], line["bytesOut"], line["status"]),
            ("PutObject", "bucket", "a b/c", 3, 2, 200),
        )
        self.assertLessEqual(line["start"], line["end"])

    async def test_serves_a_second_request_on_the_same_connection(self):
        await self.start("s3", [OK], [OK])
        request = b"GET /bucket/key HTTP/1.1\r\nHost: h\r\n\r\n"

        await self.exchange(request, len(OK))
        await self.exchange(request, len(OK))

        first, second = self.lines()
        self.assertEqual(first["connection"], second["connection"])

    async def test_counts_chunked_content_without_its_framing(self):
        chunks = b"3;x=1\r\nabc\r\n2\r\nde\r\n0\r\nX-Trailer: 1\r\n\r\n"
        response = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks
        await self.start("s3", [response[:60], response[60:]])
        request = b"PUT /b/k HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nwxyz\r\n0\r\n\r\n"

        self.assertEqual(await self.exchange(request, len(response)), response)

        self.assertEqual(self.upstream.received, [request])
        (line,) = self.lines()
        self.assertEqual((line["bytesIn"], line["bytesOut"]), (4, 5))

    async def test_counts_the_decoded_length_of_aws_chunked_content(self):
        await self.start("s3", [OK])
        request = (
            b"PUT /b/k HTTP/1.1\r\nHost: h\r\nContent-Encoding: aws-chunked\r\nX-Amz-Decoded-Content-Length: 2\r\n"
            b"Content-Length: 10\r\n\r\n2\r\nab\r\n0\r\n"
        )

        await self.exchange(request, len(OK))

        self.assertEqual(self.lines()[0]["bytesIn"], 2)

    async def test_passes_on_an_interim_response(self):
        await self.start("s3", [OK])
        interim = b"HTTP/1.1 100 Continue\r\n\r\n"
        self.writer.write(b"PUT /b/k HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")

        self.assertEqual(await asyncio.wait_for(self.reader.readexactly(len(interim)), 5), interim)
        self.assertEqual(await self.exchange(b"abc", len(OK)), OK)

    async def test_a_head_response_has_no_body(self):
        response = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
        await self.start("s3", [response], [OK])

        self.assertEqual(await self.exchange(b"HEAD /b/k HTTP/1.1\r\nHost: h\r\n\r\n", len(response)), response)
        self.assertEqual(await self.exchange(b"GET /b/k HTTP/1.1\r\nHost: h\r\n\r\n", len(OK)), OK)
        self.assertEqual([line["bytesOut"] for line in self.lines()], [0, 2])

    async def test_the_line_is_there_before_the_end_of_the_response(self):
        await self.start("s3", [OK])
        self.writer.write(b"GET /b/k HTTP/1.1\r\nHost: h\r\n\r\n")

        await asyncio.wait_for(self.reader.readexactly(len(OK)), 5)

        self.assertEqual(len(self.lines()), 1)

    async def test_a_broken_response_is_recorded_and_breaks_the_connection(self):
        await self.start("s3", [b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"])
        self.writer.write(b"GET /b/k HTTP/1.1\r\nHost: h\r\n\r\n")

        received = await asyncio.wait_for(self.reader.read(), 5)

        self.assertNotIn(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalfmore", received)
        (line,) = self.lines()
        self.assertEqual((line["status"], line["bytesOut"]), (200, 4))
        self.assertIn("5 bytes before the end", line["error"])

    async def test_a_server_that_is_not_there_is_recorded(self):
        await self.start("kms", [OK])
        self.server.close()
        await self.server.wait_closed()
        target = b"X-Amz-Target: TrentService.Decrypt"
        self.writer.write(b"POST / HTTP/1.1\r\nHost: h\r\n%s\r\nContent-Length: 0\r\n\r\n" % target)

        self.assertEqual(await asyncio.wait_for(self.reader.read(), 5), b"")
        (line,) = self.lines()
        self.assertEqual((line["operation"], line["status"]), ("Decrypt", None))
        self.assertIn("Unreachable", line["error"])

    async def test_reads_capacity_and_counts_of_a_query(self):
        body = b'{"Count":2,"ScannedCount":5,"Items":[],"ConsumedCapacity":{"TableName":"t","CapacityUnits":1.5}}'
        response = b"HTTP/1.1 200 OK\r\nx-amzn-RequestId: R\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
        await self.start("dynamodb", [response])
        asked = b'{"TableName":"t","IndexName":"by-title"}'
        request = (
            b"POST / HTTP/1.1\r\nHost: h\r\nX-Amz-Target: DynamoDB_20120810.Query\r\namz-sdk-invocation-id: C\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (len(asked), asked)
        )

        await self.exchange(request, len(response))

        (line,) = self.lines()
        expected = {
            "operation": "Query", "resource": "t", "index": "by-title", "items": 2, "scanned": 5, "readUnits": 1.5,
            "writeUnits": None, "requestId": "R", "call": "C", "error": None,
        }  # fmt: skip
        self.assertEqual({name: line[name] for name in expected}, expected)


class OperationTest(unittest.TestCase):
    def test_names_the_operations_of_s3(self):
        cases = {
            ("PUT", "/b/k"): "PutObject",
            ("GET", "/b/k?X-Amz-Signature=1"): "GetObject",
            ("DELETE", "/b/k"): "DeleteObject",
            ("POST", "/b/k?uploads"): "CreateMultipartUpload",
            ("PUT", "/b/k?partNumber=3&uploadId=u"): "UploadPart",
            ("POST", "/b/k?uploadId=u"): "CompleteMultipartUpload",
            ("DELETE", "/b/k?uploadId=u"): "AbortMultipartUpload",
            ("HEAD", "/b"): "HeadBucket",
            ("GET", "/b?list-type=2"): "ListObjectsV2",
        }
        for (method, target), operation in cases.items():
            request = recording_proxy.understand_request("s3", method, target, {}, b"")
            self.assertEqual((request.operation, request.resource), (operation, "b"), target)

    def test_finds_the_error_in_each_form(self):
        put = recording_proxy.Request("dynamodb", "PutItem")
        complete = recording_proxy.Request("s3", "CompleteMultipartUpload")
        cases = [
            (put, 400, {}, b'{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException"}',
             "ConditionalCheckFailedException"),
            (put, 400, {"x-amzn-errortype": "ValidationException:http://x/"}, b"", "ValidationException"),
            (put, 500, {}, b"<html>", "Status500"),
            (complete, 200, {}, b"<?xml version='1.0'?>\n<Error><Code>InternalError</Code></Error>", "InternalError"),
            (complete, 200, {}, b"<?xml version='1.0'?><CompleteMultipartUploadResult/>", None),
            (complete, 404, {}, b"", "Status404"),
        ]  # fmt: skip
        for request, status, headers, body, error in cases:
            self.assertEqual(recording_proxy.understand_response(request, status, headers, body).error, error)


class RouteTest(unittest.TestCase):
    def test_a_malformed_route_is_refused(self):
        for text in ("sqs=127.0.0.1:1", "s3=127.0.0.1", "s3=:1"):
            with self.assertRaisesRegex(Exception, "expected dynamodb"):
                recording_proxy.route(text)


if __name__ == "__main__":
    unittest.main()
