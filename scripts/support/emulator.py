"""AWS's Runtime Interface Emulator around one function: start, invoke, read what the function wrote."""

import http.client
import os
import re
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from local_aws import accepts, free_port, wait_until

INVOKE = "/2015-03-31/functions/function/invocations"


class EmulatorError(Exception):
    """The emulator or the function did not do its part; the text says what to look at."""


@dataclass
class Answer:
    """What came of one event."""

    request_id: str
    status: int
    body: bytes
    began: float
    ended: float
    lines: list[str]
    # Warnings of slow calls, and of slow operations of models.
    slow_warnings: int


class Emulator:
    """The emulator, and the function that it starts with `./bootstrap HANDLER` at the first event."""

    def __init__(self, binary: str, top: Path, handler: str, environment: dict[str, str], logs: Path, timeout: int):
        self.port = free_port()
        # The function's two outputs both come out of the emulator's standard output, its own log out of the other.
        self._output = logs / "function.log"
        self._errors = logs / "emulator.log"
        self._read = 0
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH") if name in os.environ}
        # Nothing else of the caller's environment: a profile or a proxy of the developer's is no part of the demo.
        self._process = subprocess.Popen(
            [
                *(binary, "--runtime-api-address", f"127.0.0.1:{free_port()}"),
                *("--runtime-interface-emulator-address", f"127.0.0.1:{self.port}", "./bootstrap", handler),
            ],
            cwd=top,
            env={
                **kept,
                **environment,
                "AWS_LAMBDA_FUNCTION_NAME": handler,
                "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
                "AWS_LAMBDA_FUNCTION_TIMEOUT": str(timeout),
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
            },
            stdin=subprocess.DEVNULL,
            stdout=open(self._output, "wb"),
            stderr=open(self._errors, "wb"),
            start_new_session=True,
        )
        if not wait_until(lambda: self._process.poll() is not None or accepts(self.port), 10) or self._process.poll():
            self.stop()
            raise EmulatorError(f"the Runtime Interface Emulator did not start; see {self._errors}")

    def invoke(self, event: bytes) -> Answer:
        """Sends one event and waits for the answer and for what the function wrote about it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        began = time.time()
        try:
            connection.request("POST", INVOKE, event, {"Content-Type": "application/json"})
            response = connection.getresponse()
            body = response.read()
        except OSError as error:
            raise EmulatorError(f"the emulator does not answer: {error}; see {self._errors}") from error
        finally:
            connection.close()
        ended = time.time()
        if response.status != 200:
            # Errors that the function posts come with 200; anything else says that it ended.
            raise EmulatorError(
                f"the function ended: status {response.status}, {body.decode(errors='replace')[:300] or 'no body'}"
                f"\n{self._last_words()}\nsee {self._output} and {self._errors}"
            )
        # The emulator prints a report of each invocation; what the function wrote before its response precedes it.
        if not wait_until(lambda: "REPORT RequestId" in self._unread(), 10):
            raise EmulatorError(
                f"no end of the invocation in the emulator's output after 10 s, answer {body[:500]!r}; "
                f"see {self._output} and {self._errors}"
            )
        text = self._unread()
        request_id = re.search(r"START RequestId: (\S+)", text).group(1)
        wait_until(lambda: _emf_lines(self._unread()), 0.5)
        text = self._unread()
        self._read += len(text.encode())
        slow_warnings = text.count('"message":"a slow call"') + text.count('"message":"a slow operation of a model"')
        return Answer(request_id, response.status, body, began, ended, _emf_lines(text), slow_warnings)

    def late_lines(self) -> list[str]:
        """EMF lines that came after the last invocation; there should be none."""
        return _emf_lines(self._unread())

    def peak_memory(self) -> int | None:
        """Peak memory in KiB of the function; `None` before it runs."""
        function = self.function_process()
        return None if function is None else _peak(function)

    def inherited_memory(self) -> int:
        """Peak memory in KiB of the emulator: Linux hands a process the peak of the one that started it."""
        return _peak(self._process.pid) or 0

    def function_process(self) -> int | None:
        """The function's process id."""
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = path.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == self._process.pid:
                return int(path.parent.name)
        return None

    def stop(self) -> None:
        """Ends the emulator; it ends the function."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            if self._process.poll() is None:
                os.killpg(self._process.pid, number)
                wait_until(lambda: self._process.poll() is not None, 3)

    def _last_words(self) -> str:
        """The end of what the function wrote to either output; the emulator passes both on to its standard output."""
        lines = [line for line in self._unread().splitlines() if not line.startswith(("START ", "END ", "REPORT "))]
        return "\n".join(f"  {line[:300]}" for line in lines[-10:]) or "  It wrote nothing."

    def _unread(self) -> str:
        with open(self._output, "rb") as file:
            file.seek(self._read)
            return file.read().decode(errors="replace")


def _emf_lines(text: str) -> list[str]:
    # Whatever names `_aws` is meant for CloudWatch, well-formed or not: the checker decides.
    return [line for line in text.split("\n") if '"_aws"' in line]


def _peak(process: int) -> int | None:
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return None
    found = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
    return int(found.group(1)) if found else None
