"""A root directory that holds a packaged function, /proc and busybox, and nothing else."""

import os
import pathlib
import shutil
import signal
import subprocess
import zipfile

from .runtime_api import RuntimeAPI

TASK_ROOT = "/var/task"


def missing_tool() -> str | None:
    """What this machine lacks for a jail; None when it can have one."""
    busybox = shutil.which("busybox")
    if busybox is None:
        return "needs busybox-static"
    probe = subprocess.run([*namespaces(), "true"], capture_output=True)
    return None if probe.returncode == 0 else "needs root or unprivileged user namespaces"


def namespaces() -> list[str]:
    """Mounts that end with the process; root inside when the caller is not root."""
    as_root = [] if os.geteuid() == 0 else ["--map-root-user"]
    return ["unshare", *as_root, "--mount", "--pid", "--fork", "--kill-child"]


class Jail:
    def __init__(self, root: pathlib.Path, archive: pathlib.Path) -> None:
        self.root = root
        for name in ("bin", "proc", "tmp"):
            (root / name).mkdir(parents=True)
        shutil.copy2(shutil.which("busybox") or "busybox", root / "bin/busybox")
        self.task = root / TASK_ROOT.lstrip("/")
        self.task.mkdir(parents=True)
        with zipfile.ZipFile(archive) as content:
            for entry in content.infolist():
                path = pathlib.Path(content.extract(entry, self.task))
                path.chmod(entry.external_attr >> 16 & 0o777)

    def trust(self, certificate: pathlib.Path) -> None:
        """Adds a certificate to the function's own, as scripts/package would."""
        command = ["openssl", "x509", "-subject_hash", "-noout", "-in", certificate]
        name = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
        shutil.copyfile(certificate, self.task / f"certs/{name}.0")

    def start(self, api: RuntimeAPI, environment: dict[str, str]) -> "Function":
        script = 'mount -t proc proc "$0/proc" && exec chroot "$0" /bin/busybox sh -c "cd $1 && exec ./bootstrap"'
        process = subprocess.Popen(
            [*namespaces(), "sh", "-c", script, self.root, TASK_ROOT],
            env={
                "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
                "AWS_LAMBDA_RUNTIME_API": api.address,
                "AWS_LAMBDA_FUNCTION_NAME": "packaged",
                "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
                "AWS_REGION": "us-east-1",
                "AWS_ACCESS_KEY_ID": "test",
                "AWS_SECRET_ACCESS_KEY": "test",
                "LAMBDA_TASK_ROOT": TASK_ROOT,
                "_HANDLER": "packaged",
                **environment,
            },
            stdout=(self.root / "stdout").open("wb"),
            stderr=(self.root / "stderr").open("wb"),
            start_new_session=True,
        )
        return Function(process, api, self.root)


class Function:
    """A function that runs in a jail; ends with its `with` block."""

    def __init__(self, process: subprocess.Popen, api: RuntimeAPI, root: pathlib.Path) -> None:
        self.process = process
        self.api = api
        self.root = root

    def __enter__(self) -> "Function":
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, _: object) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.api.close()
        if isinstance(error, AssertionError):
            error.add_note(f"exit status {self.process.returncode}; the function said:\n{self.output()}")

    def output(self) -> str:
        return "".join((self.root / name).read_text(errors="replace") for name in ("stdout", "stderr"))
