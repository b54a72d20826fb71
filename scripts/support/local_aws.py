"""Starts and stops the local counterparts of AWS; `scripts/local` is its front door."""

import fcntl
import json
import os
import platform
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

TOP = Path(__file__).resolve().parents[2]
STATE = TOP / ".local" / "aws"
STATE_FILE = STATE / "state.json"
REGION = "us-east-1"
CREDENTIALS = {
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_SESSION_TOKEN": "local",
}
KEY_ALIAS = "alias/documents"
READY_WITHIN = 60.0


class LocalError(Exception):
    """Something that the user has to know; its text says what to do."""


@dataclass
class Server:
    """A process of ours. Its start time tells it from a later process that got the same id."""

    name: str
    pid: int
    start_time: int

    @property
    def is_running(self) -> bool:
        return process_start_time(self.pid) == self.start_time

    def stop(self) -> None:
        """Ends the process and its children, which share its session."""
        for signal_number, patience in ((signal.SIGTERM, 5.0), (signal.SIGKILL, 2.0)):
            if not self.is_running:
                return
            try:
                os.killpg(self.pid, signal_number)
            except ProcessLookupError:
                return
            wait_until(lambda: not self.is_running, patience)


def process_start_time(pid: int) -> int | None:
    """Clock ticks from boot to the process's start; `None` when there is no such process, or only its zombie."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    # The name, in parentheses, may hold anything; state is the first field after it, start time the twentieth.
    fields = text.rpartition(")")[2].split()
    return None if fields[0] == "Z" else int(fields[19])


def wait_until(condition, seconds: float) -> bool:
    """Waits until the condition holds, at most so long."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def accepts(port: int) -> bool:
    """Whether somebody listens on a loopback port."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Starter:
    """Starts the servers; what it has started ends again unless `keep` is reached."""

    def __init__(self, state: Path = STATE):
        self.state = state
        self.servers: list[Server] = []

    def launch(self, name: str, command: list[str], environment: dict[str, str], **options) -> subprocess.Popen:
        log = open(self.state / f"{name}.log", "wb")
        # A session of its own: stopping reaches the children, and ^C in the terminal does not reach the server.
        process = subprocess.Popen(
            command,
            cwd=self.state,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(self.state),
                "TMPDIR": str(self.state / "tmp"),
                "PYTHONUNBUFFERED": "1",
                **environment,
            },
            stdin=subprocess.DEVNULL,
            stderr=log,
            start_new_session=True,
            **{"stdout": log, **options},
        )
        start_time = process_start_time(process.pid)
        if start_time is None:
            raise LocalError(f"{name} ended at once; see {self.state / name}.log")
        self.servers.append(Server(name, process.pid, start_time))
        return process

    def await_port(self, name: str, port: int, process: subprocess.Popen) -> None:
        wait_until(lambda: process.poll() is not None or accepts(port), READY_WITHIN)
        if process.poll() is not None:
            raise LocalError(f"{name} ended with status {process.returncode}; see {self.state / name}.log")
        if not accepts(port):
            raise LocalError(f"{name} is silent on port {port} after {READY_WITHIN:.0f} s; see {self.state / name}.log")

    def abandon(self) -> None:
        for server in reversed(self.servers):
            server.stop()


def start_servers(starter: Starter) -> dict[str, str]:
    """Starts servers and proxies and returns the environment to use."""
    binaries = Path(sys.executable).parent
    recording = STATE / "recording.jsonl"
    stack_port, keys_port = free_port(), free_port()

    # Left alone, ministack listens on every interface and opens an MQTT port as well.
    stack = starter.launch(
        "ministack",
        [str(binaries / "ministack")],
        {
            **CREDENTIALS,
            "BIND_HOST": "127.0.0.1",
            "IOT_MTLS_ENABLED": "0",
            "GATEWAY_PORT": str(stack_port),
            "SERVICES": "dynamodb,s3",
        },
    )
    keys = starter.launch(
        "moto", [str(binaries / "moto_server"), "-H", "127.0.0.1", "-p", str(keys_port)], CREDENTIALS
    )
    starter.await_port("ministack", stack_port, stack)
    starter.await_port("moto", keys_port, keys)

    ports = {"dynamodb": stack_port, "kms": keys_port, "s3": stack_port}
    routes = [word for service, port in ports.items() for word in ("--route", f"{service}=127.0.0.1:{port}")]
    proxy = starter.launch(
        "proxy",
        [sys.executable, str(TOP / "scripts/support/recording_proxy.py"), "--recording", str(recording), *routes],
        {},
        stdout=subprocess.PIPE,
    )
    line = proxy.stdout.readline()
    if not line:
        raise LocalError(f"the recording proxy did not start; see {STATE / 'proxy'}.log")
    proxy_ports = json.loads(line)

    names = {
        "DOCUMENTS_TABLE": f"documents-{secrets.token_hex(4)}",
        "DOCUMENTS_KEY": KEY_ALIAS,
        "DOCUMENTS_BUCKET": f"documents-{secrets.token_hex(4)}",
    }
    direct = {f"TALLY_LOCAL_DIRECT_{service.upper()}": f"http://127.0.0.1:{port}" for service, port in ports.items()}
    create_resources(direct, names)
    machine = "x86_64" if platform.machine() == "x86_64" else "arm64"
    return {
        **CREDENTIALS,
        **{f"AWS_ENDPOINT_URL_{service.upper()}": f"http://127.0.0.1:{port}" for service, port in proxy_ports.items()},
        **names,
        "TALLY_LOCAL_RECORDING": str(recording),
        **direct,
        "TALLY_LOCAL_RIE": str(TOP / ".local" / "tools" / f"aws-lambda-rie-{machine}"),
        "TALLY_LOCAL_PYTHON": sys.executable,
    }


def direct_client(service: str, environment: dict[str, str]):
    """A boto3 client of the server itself, past the recording."""
    return boto3.client(
        service,
        region_name=REGION,
        endpoint_url=environment[f"TALLY_LOCAL_DIRECT_{service.upper()}"],
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        config=Config(s3={"addressing_style": "path"}, retries={"mode": "standard"}),
    )


def create_resources(direct: dict[str, str], names: dict[str, str]) -> None:
    """Creates what template.yaml creates: the table with its index, the key with its alias, the bucket."""
    dynamodb = direct_client("dynamodb", direct)
    table = names["DOCUMENTS_TABLE"]
    dynamodb.create_table(
        TableName=table,
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "title")],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by-title",
                "KeySchema": [
                    {"AttributeName": "title", "KeyType": "HASH"},
                    {"AttributeName": "sk", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.get_waiter("table_exists").wait(TableName=table, WaiterConfig={"Delay": 1})
    dynamodb.update_time_to_live(
        TableName=table, TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"}
    )
    kms = direct_client("kms", direct)
    key = kms.create_key(Description="Tally, local")["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName=names["DOCUMENTS_KEY"], TargetKeyId=key)
    direct_client("s3", direct).create_bucket(Bucket=names["DOCUMENTS_BUCKET"])


@contextmanager
def resources_of_their_own(environment: dict[str, str]):
    """The environment with a table, key and bucket that nobody else uses, removed in the end."""
    suffix = secrets.token_hex(4)
    names = {
        "DOCUMENTS_TABLE": f"documents-{suffix}",
        "DOCUMENTS_KEY": f"alias/documents-{suffix}",
        "DOCUMENTS_BUCKET": f"documents-{suffix}",
    }
    create_resources(environment, names)
    try:
        yield environment | names
    finally:
        s3 = direct_client("s3", environment)
        for stored in s3.list_objects_v2(Bucket=names["DOCUMENTS_BUCKET"]).get("Contents", []):
            s3.delete_object(Bucket=names["DOCUMENTS_BUCKET"], Key=stored["Key"])
        s3.delete_bucket(Bucket=names["DOCUMENTS_BUCKET"])
        direct_client("dynamodb", environment).delete_table(TableName=names["DOCUMENTS_TABLE"])


@contextmanager
def exclusive():
    """Keeps two commands from starting or stopping at once."""
    STATE.mkdir(parents=True, exist_ok=True)
    with open(STATE.parent / "aws.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def load() -> tuple[list[Server], dict[str, str]]:
    """What runs by the state file: the servers and the environment, both empty when nothing was started."""
    try:
        state = json.loads(STATE_FILE.read_text())
        return [Server(**server) for server in state["servers"]], state["environment"]
    except FileNotFoundError:
        return [], {}
    except (ValueError, KeyError, TypeError) as error:
        raise LocalError(f"{STATE_FILE}: not what start wrote. End the servers by hand and delete it.") from error


def running_environment() -> dict[str, str]:
    """The environment when every server runs.

    Raises: LocalError when they do not.
    """
    servers, environment = load()
    if not servers:
        raise LocalError("nothing is running. Run scripts/local start.")
    if ended := [server.name for server in servers if not server.is_running]:
        raise LocalError(f"{', '.join(ended)} ended on its own; see the logs in {STATE}. Run scripts/local start.")
    return environment


def start() -> int:
    with exclusive():
        servers, _ = load()
        if servers and all(server.is_running for server in servers):
            print("local AWS is running already")
            return 0
        stop_all(servers)
        shutil.rmtree(STATE, ignore_errors=True)
        (STATE / "tmp").mkdir(parents=True)
        began = time.monotonic()
        starter = Starter()
        try:
            environment = start_servers(starter)
            temporary = STATE_FILE.with_suffix(".new")
            state = {"servers": [asdict(server) for server in starter.servers], "environment": environment}
            temporary.write_text(json.dumps(state, indent=1))
            temporary.rename(STATE_FILE)
        except BaseException:
            starter.abandon()
            raise
    seconds = time.monotonic() - began
    print(f"local AWS runs: DynamoDB and S3 (ministack), KMS (moto), recording proxies; {seconds:.1f} s")
    return 0


def stop_all(servers: list[Server]) -> None:
    for server in reversed(servers):
        server.stop()


def stop() -> int:
    with exclusive():
        servers, _ = load()
        stop_all(servers)
        STATE_FILE.unlink(missing_ok=True)
    print(f"stopped {', '.join(server.name for server in servers)}" if servers else "nothing was running")
    return 0


def status() -> int:
    servers, environment = load()
    if not servers:
        print("nothing is running")
        return 1
    for server in servers:
        print(f"{server.name:<10} {'runs' if server.is_running else 'ENDED'}, process {server.pid}")
    for name in ("DYNAMODB", "KMS", "S3"):
        recorded, direct = environment[f"AWS_ENDPOINT_URL_{name}"], environment[f"TALLY_LOCAL_DIRECT_{name}"]
        print(f"{name.lower():<10} {recorded}  recorded; {direct}  direct")
    return 0 if all(server.is_running for server in servers) else 1


def env() -> int:
    for name, value in running_environment().items():
        print(f"export {name}={shlex.quote(value)}")
    return 0


def main() -> int:
    # Told to end while starting: what has been started must end as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    commands = {"start": start, "stop": stop, "status": status, "env": env}
    try:
        return commands[sys.argv[1]]()
    except (LocalError, BotoCoreError, ClientError, OSError) as error:
        print(f"scripts/local {sys.argv[1]}: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
