"""Runs the documents example under AWS's emulator and checks each of its figures; `scripts/demo` is its front door."""

import argparse
import base64
import json
import os
import random
import sys
import time
import urllib.request
import uuid
from dataclasses import asdict
from pathlib import Path

import report
from check_emf import Invocation, check_lines
from demo_documents import MIB, PART, File, made_up_document, request_body, upload_calls
from emulator import Emulator, EmulatorError
from gateway_events import http_event, request_line
from local_aws import TOP, LocalError, resources_of_their_own, running_environment
from peer import Peer, stored_differences

RESULTS = TOP / ".local" / "demo"
FUNCTION = "documents"
TIMEOUT = 60
DECODING_ERROR = "Runtime.EventDecodingError"


class Demo:
    """One run: invokes the function, holds its lines against the recording, gathers the differences."""

    def __init__(self, environment: dict[str, str], seed: int, full: bool):
        self.random = random.Random(seed)
        self.full = full
        # The one setting of the function that changes what its lines are.
        self.level = os.environ.get("TALLY_METRICS_LEVEL") or "summary"
        self.environment = environment | {"TALLY_METRICS_LEVEL": self.level}
        self.recording = Path(self.environment["TALLY_LOCAL_RECORDING"])
        self.peer = Peer(self.environment)
        self.differences: list[str] = []
        self.checked = 0
        self.lines: list[dict] = []
        self.process: int | None = None
        RESULTS.mkdir(parents=True, exist_ok=True)
        self.results = open(RESULTS / "invocations.jsonl", "w")
        self.emulator = Emulator(
            self.environment["TALLY_LOCAL_RIE"], TOP, FUNCTION, self.environment, RESULTS, TIMEOUT
        )

    # One invocation.

    def send(
        self, event: dict, expected: int, constants: dict[str, int] | None = None, request: str | None = None
    ) -> dict:
        """Sends an event, shows and checks what comes of it, and returns the document in the response's body."""
        request = request or request_line(event)
        before = self.recording.stat().st_size
        low = self.emulator.peak_memory()
        answer = self.emulator.invoke(json.dumps(event).encode())
        peak = self.emulator.peak_memory() or 0
        # Before the first event there is no process; half of its later peak is a bound that holds all the same.
        memory = (low or peak // 2, max(peak, self.emulator.inherited_memory()))
        slice_ = self.recorded_since(before)
        status, body, error_type = unpacked(answer.body)
        report.exchange(
            request, status, (answer.ended - answer.began) * 1000, answer.body, answer.lines, self.full
        )

        found = []
        if status != (str(expected) if expected else "error"):
            found.append(f"answered {status}, expected {expected or 'an error'}")
        process = self.emulator.function_process()
        if self.process not in (None, process):
            found.append(f"the function's process ended: {self.process} became {process}")
        invocation = Invocation(
            request_id=answer.request_id,
            began=answer.began,
            ended=answer.ended,
            timeout=TIMEOUT * 1000,
            is_cold=process != self.process,
            service=FUNCTION,
            function_name=FUNCTION,
            outcome="success" if expected else "error",
            error_type=None if expected else (error_type or DECODING_ERROR),
            memory=memory,
            level=self.level,
            slow_warnings=answer.slow_warnings,
            constants=constants or {},
        )
        self.process = process
        found += self.check(answer.lines, slice_, invocation)
        self.note(request, found)
        return body

    def check(self, lines: list[str], recording: list[dict], invocation: Invocation) -> list[str]:
        if not lines:
            return ["no EMF line"]
        result = {"line": lines[0], "recording": recording, "invocation": asdict(invocation)}
        self.results.write(json.dumps(result) + "\n")
        self.results.flush()
        found = check_lines(lines, recording, invocation)
        try:
            self.lines.append(json.loads(lines[0]))
        except ValueError:
            pass  # Among the differences already.
        return found

    def recorded_since(self, offset: int) -> list[dict]:
        with open(self.recording, "rb") as file:
            file.seek(offset)
            return [json.loads(line) for line in file]

    def note(self, where: str, found: list[str]) -> None:
        """Takes over the differences of one check and shows them at once."""
        self.checked += 1
        for difference in found:
            self.differences.append(f"{where}: {difference}")
            print(report.paint(f"  DIFFERENCE {difference}", "red"))

    def verify(self, what: str, good: bool, seen: str = "") -> None:
        """One fact that must hold."""
        print(f"  {report.paint('ok', 'green') if good else report.paint('NO', 'red')} {what}")
        self.note(what, [] if good else [seen or "does not hold"])

    # Routes.

    def create(self, document: dict, in_base64: bool = False) -> None:
        event = http_event("POST", "/documents", body=request_body(document), in_base64=in_base64)
        constants = {"GenerateDataKey": 1, "PutItem": 1}
        if "content" in document:
            constants["uploads"] = upload_calls(len(document["content"].bytes))
        answer = self.send(event, 201, constants)
        self.compare("the created document", answer, document, with_content=None)

    def read(self, document: dict) -> dict:
        # Content below 4 MiB comes with the document; above, a URL is signed, which takes no call.
        downloads = 1 if "content" in document and len(document["content"].bytes) < 4 * MIB else 0
        answer = self.send(
            http_event("GET", "/documents/{id}/{revision}", keyed(document)),
            200,
            {"GetItem": 1, "Decrypt": 1, "GetObject": downloads},
        )
        self.compare("the document read", answer, document, with_content=downloads)
        return answer

    def compare(self, what: str, answer: dict, document: dict, with_content: int | None) -> None:
        """Compares a document in a response with the one that was saved."""
        found = []
        for name in ("id", "revision", "title", "ssn", "notes", "expires"):
            if answer.get(name) != document.get(name):
                found.append(f"{name} is {answer.get(name)!r}, saved was {document.get(name)!r}")
        if answer.get("tags", []) != sorted(document.get("tags", [])):
            found.append(f"tags are {answer.get('tags')}, saved were {sorted(document.get('tags', []))}")
        content, saved = answer.get("content"), document.get("content")
        if (content is None) != (saved is None):
            found.append(f"content is {content!r}")
        elif saved:
            wanted = {"name": saved.name, "contentType": saved.content_type, "size": len(saved.bytes)}
            for name, value in wanted.items():
                if content.get(name) != value:
                    found.append(f"content.{name} is {content.get(name)!r}, saved was {value!r}")
            if with_content == 1 and base64.b64decode(content.get("base64", "")) != saved.bytes:
                found.append("content.base64 is not what was saved")
            if with_content == 0 and "url" not in content:
                found.append("content has no url")
        self.note(what, found)

    def listed(self, what: str, answer: dict, expected: list[dict]) -> None:
        """Compares a list's documents with those that must be in it, secrets included."""
        found = []
        documents = {(entry.get("id"), entry.get("revision")): entry for entry in answer.get("documents", [])}
        for document in expected:
            entry = documents.get((document["id"], document["revision"]))
            if entry is None:
                found.append(f"{document['id']} {document['revision']} is missing")
            elif entry.get("ssn") != document["ssn"] or entry.get("title") != document["title"]:
                found.append(f"{document['id']} came back as {entry}")
            elif {"base64", "url"} & entry.get("content", {}).keys():
                found.append(f"{document['id']} came with its content")
        if len(documents) != len(expected):
            found.append(f"{len(documents)} documents, expected {len(expected)}")
        self.note(what, found)

    def import_content(self, document: dict, name: str, content: bytes) -> None:
        source = f"imports/{uuid.UUID(int=self.random.getrandbits(128))}"
        self.peer.upload(source, content)
        superseded = 1 if "content" in document else 0
        answer = self.send(
            http_event(
                "POST",
                "/documents/{id}/{revision}/import",
                keyed(document),
                body={"bucket": self.peer.bucket, "key": source, "name": name, "contentType": "application/zip"},
            ),
            200,
            {
                "uploads": upload_calls(len(content)),
                "GetObject": 1,
                "GetItem": 1,
                "GenerateDataKey": 1,
                "PutItem": 1,
                "DeleteObject": superseded,
            },
        )
        document["content"] = File(name, "application/zip", content)
        self.compare("the document with imported content", answer, document, with_content=None)
        calls = upload_calls(len(content))
        print(f"  {len(content):,} bytes in {calls} upload calls = 2 + ⌈{len(content):,} / {PART:,}⌉")

    def delete(self, document: dict) -> None:
        self.send(
            http_event("DELETE", "/documents/{id}/{revision}", keyed(document)),
            204,
            {"DeleteItem": 1, "DeleteObject": 1 if "content" in document else 0},
        )

    # What boto3 sees.

    def verify_stored(self, document: dict) -> None:
        found = stored_differences(self.peer, document)
        what = f"boto3 reads {document['title']!r} as saved; secrets unreadable, and right when opened without Tally"
        self.verify(what, not found, "; ".join(found))

    def verify_objects(self, documents: list[dict]) -> None:
        keys = self.peer.objects()
        stored = sorted(self.peer.content(key) for key in keys)
        saved = sorted(document["content"].bytes for document in documents if "content" in document)
        self.verify(
            f"boto3 finds {len(saved)} objects, byte for byte those saved, and no upload left open",
            stored == saved and not self.peer.open_uploads(),
            f"{len(stored)} objects of sizes {sorted(keys.values())}, saved {sorted(map(len, saved))}; "
            f"open uploads: {self.peer.open_uploads()}",
        )

    def verify_url(self, document: dict, url: str | None) -> None:
        with urllib.request.urlopen(url, timeout=30) as response:
            good = response.read() == document["content"].bytes
        self.verify("the presigned URL gives the imported bytes", good)

    # The whole.

    def run(self) -> None:
        documents = [made_up_document(self.random, number) for number in range(self.random.randint(3, 6))]
        with_file = [document for document in documents if "content" in document]
        first, largest = documents[0], documents[-1]

        report.heading(f"Create {len(documents)} documents, {len(with_file)} of them with a file")
        for document in documents:
            self.create(document, in_base64=self.random.random() < 0.3)
            self.verify_stored(document)
        self.verify_objects(documents)

        report.heading("Create what exists, and what is no document")
        self.send(http_event("POST", "/documents", body=request_body(first)), 409)
        self.send(http_event("POST", "/documents", body="{not json"), 400)
        self.send(http_event("POST", "/documents", body={"ssn": first["ssn"]}), 400)
        self.verify_objects(documents)

        report.heading("Read each")
        for document in documents:
            self.read(document)

        report.heading("List, scan and query")
        second = {**made_up_document(self.random, 99, with_file=False), "id": first["id"], "revision": "v2"}
        self.create(second)
        everything = [*documents, second]
        revisions = self.send(http_event("GET", "/documents/{id}", {"id": first["id"]}), 200)
        self.listed("the list of revisions", revisions, [first, second])
        self.listed("the scan", self.send(http_event("GET", "/documents"), 200), everything)
        self.scan_in_pages(everything)
        wanted = [entry for entry in everything if entry["title"] == largest["title"]]
        by_title = http_event("GET", "/documents", query={"title": largest["title"]})
        self.listed("the query by title", self.send(by_title, 200), wanted)

        report.heading("Import large objects")
        size = self.random.randrange(10 * MIB + 1, 15 * MIB) | 1
        self.import_content(largest, "odd.zip", self.random.randbytes(size))
        self.import_content(first, "round.zip", self.random.randbytes(15 * MIB))
        self.verify_objects(everything)
        answer = self.read(first)
        self.verify_url(first, answer.get("content", {}).get("url"))
        absent = {"bucket": self.peer.bucket, "key": "imports/absent"}
        self.send(http_event("POST", "/documents/{id}/{revision}/import", keyed(second), body=absent), 404)

        report.heading("What boto3 writes is read back")
        foreign = made_up_document(self.random, 98, with_file=False)
        self.peer.write(foreign)
        print(f"  boto3 wrote {foreign['title']!r}, its secrets encrypted without Tally")
        self.read(foreign)
        everything.append(foreign)

        report.heading("Events that go wrong, and the next one that works")
        missing = http_event("GET", "/documents/{id}/{revision}", {"id": str(uuid.UUID(int=0)), "revision": "v1"})
        self.send(missing, 404, {"GetItem": 1, "Decrypt": 0})
        self.send(http_event("PATCH", "/documents"), 405)
        malformed = {"Records": [{"eventSource": "aws:sqs", "body": "no event of an HTTP API"}]}
        self.send(malformed, 0, {"GetItem": 0}, request="(a malformed event: one of SQS)")
        self.read(second)

        report.heading("Delete each")
        for document in everything:
            self.delete(document)
            gone = self.peer.item(document["id"], document["revision"]) is None
            self.verify("boto3 finds no item", gone, "the item is still there")
        self.verify_objects([])
        self.send(http_event("DELETE", "/documents/{id}/{revision}", keyed(first)), 404, {"DeleteObject": 0})

    def scan_in_pages(self, everything: list[dict]) -> None:
        """Follows the cursor of a scan with two documents a page to its end."""
        seen, cursor, pages = [], None, 0
        while pages == 0 or cursor:
            query = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
            answer = self.send(http_event("GET", "/documents", query=query), 200)
            seen += answer.get("documents", [])
            cursor, pages = answer.get("next"), pages + 1
            if pages > len(everything):
                self.verify("the scan's cursor ends", False)
                return
        self.listed("the scan in pages", {"documents": seen}, everything)

    def finish(self) -> int:
        late = self.emulator.late_lines()
        self.note("after the last event", [f"{len(late)} EMF lines more"] if late else [])
        self.emulator.stop()
        self.results.close()
        report.heading(f"{len(self.lines)} invocations together")
        report.service_table(self.lines)
        print()
        if self.differences:
            self.list_differences()
            return 1
        figures = sum(isinstance(value, (int, float)) for line in self.lines for value in line.values())
        lines = f"{figures:,} figures on {len(self.lines)} EMF lines recomputed from the recording"
        print(report.paint(f"No difference: {lines}, {self.checked} checks in all.", "green"))
        return 0

    def list_differences(self) -> None:
        print(report.paint(f"{len(self.differences)} differences:", "red"))
        for difference in self.differences:
            print(f"  {difference}")


def unpacked(body: bytes) -> tuple[str, dict, str | None]:
    """A function's answer as HTTP status, document in the body, and the type of an error that was posted instead."""
    try:
        answer = json.loads(body)
    except ValueError:
        return "no answer", {}, None
    if not isinstance(answer, dict) or "statusCode" not in answer:
        return "error", {}, answer.get("errorType") if isinstance(answer, dict) else None
    text = answer.get("body") or ""
    if answer.get("isBase64Encoded"):
        text = base64.b64decode(text).decode()
    try:
        document = json.loads(text) if text else {}
    except ValueError:
        document = {}
    return str(answer["statusCode"]), document, None


def keyed(document: dict) -> dict[str, str]:
    """A document's key as the parameters of a path."""
    return {"id": document["id"], "revision": document["revision"]}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int)
    parser.add_argument("--full", action="store_true")
    arguments = parser.parse_args()
    seed = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(1_000_000)
    print(f"seed {seed}   (the same documents again: scripts/demo --seed {seed})")
    began = time.monotonic()
    demo = None
    try:
        # What else lies in the local table would appear in scans.
        with resources_of_their_own(running_environment()) as environment:
            demo = Demo(environment, seed, arguments.full)
            demo.run()
            status = demo.finish()
    except (EmulatorError, LocalError) as error:
        if demo and demo.differences:
            demo.list_differences()
        print(f"scripts/demo: {error}", file=sys.stderr)
        status = 1
    finally:
        if demo:
            demo.emulator.stop()
    print(f"{time.monotonic() - began:.1f} s, seed {seed}; lines and recording in {os.path.relpath(RESULTS)}")
    return status


if __name__ == "__main__":
    sys.exit(main())
