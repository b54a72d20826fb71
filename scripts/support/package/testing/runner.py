"""Runs named tests in the order they are written, prints a line for each, counts."""

import collections.abc
import sys
import time
import traceback


class Skipped(Exception):
    """Raised by a test that this machine cannot run; the message says what it lacks."""


class Suite:
    def __init__(self) -> None:
        self.tests: list[tuple[str, collections.abc.Callable[[], None]]] = []

    def test(self, name: str) -> collections.abc.Callable:
        """Declares the decorated function as the test `name`."""

        def declare(function: collections.abc.Callable[[], None]) -> collections.abc.Callable[[], None]:
            self.tests.append((name, function))
            return function

        return declare

    def run(self, pattern: str = "") -> int:
        """Runs the tests whose names contain `pattern`; returns the process's exit status."""
        passed = failed = skipped = 0
        for name, function in self.tests:
            if pattern not in name:
                continue
            start = time.monotonic()
            try:
                function()
            except Skipped as reason:
                skipped += 1
                print(f"skipped  {name} ({reason})", flush=True)
            except Exception:
                failed += 1
                print(f"FAILED   {name}", flush=True)
                traceback.print_exc(file=sys.stdout)
            else:
                passed += 1
                print(f"ok       {name} ({time.monotonic() - start:.1f} s)", flush=True)
        print(f"{passed} passed, {failed} failed, {skipped} skipped")
        return 1 if failed or not passed + skipped else 0
