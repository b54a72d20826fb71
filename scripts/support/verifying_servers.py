"""Runs a command beside servers that verify: SeaweedFS (S3) and moto (S3, DynamoDB, KMS) signatures, a collector OTLP.

usage: verifying_servers.py COMMAND [ARGUMENT]...

The command finds the first two in TALLY_VERIFYING_<NAME>_URL, _KEY and _SECRET, and in both a bucket of the name in
TALLY_VERIFYING_BUCKET; the collector in OTEL_EXPORTER_OTLP_ENDPOINT. The servers listen on free loopback ports and end
with the command, whose status is returned.
"""

import json
import os
import secrets
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from local_aws import CREDENTIALS, REGION, TOP, LocalError, Starter, free_port, wait_until

STATE = TOP / ".local" / "verifying"
BUCKET = "tally-verifying"


def client(service: str, url: str, key: str, secret: str):
    return boto3.client(
        service,
        region_name=REGION,
        endpoint_url=url,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
    )


def free_port_with_neighbour() -> int:
    """A free port whose neighbour 10,000 above is free too: SeaweedFS takes that one for gRPC."""
    while True:
        port = free_port()
        if port < 50_000:
            return port


def start_seaweedfs(starter: Starter) -> dict[str, str]:
    key, secret = f"KEY{secrets.token_hex(8)}", secrets.token_hex(16)
    identity = {
        "name": "tally",
        "credentials": [{"accessKey": key, "secretKey": secret}],
        "actions": ["Admin", "Read", "List", "Tagging", "Write"],
    }
    (STATE / "s3.json").write_text(json.dumps({"identities": [identity]}))
    (STATE / "data").mkdir()
    ports = {name: free_port_with_neighbour() for name in ("s3", "volume", "filer", "master")}
    process = starter.launch(
        "seaweedfs",
        [
            str(Path(sys.executable).parent / "weed"),
            "server",
            "-dir=data",
            "-ip=127.0.0.1",
            "-ip.bind=127.0.0.1",
            "-s3",
            "-s3.config=s3.json",
            "-master.volumeSizeLimitMB=64",
            "-master.telemetry=false",
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
            *(f"-{name}.port={port}" for name, port in ports.items()),
        ],
        {},
    )
    starter.await_port("seaweedfs", ports["s3"], process)
    return {"URL": f"http://127.0.0.1:{ports['s3']}", "KEY": key, "SECRET": secret}


def start_moto(starter: Starter) -> dict[str, str]:
    port = free_port()
    process = starter.launch(
        "moto", [str(Path(sys.executable).parent / "moto_server"), "-H", "127.0.0.1", "-p", str(port)], CREDENTIALS
    )
    starter.await_port("moto", port, process)
    url = f"http://127.0.0.1:{port}"
    # From here on moto compares signatures: those of a user who may do everything.
    iam = client("iam", url, "test", "test")
    iam.create_user(UserName="tally")
    key = iam.create_access_key(UserName="tally")["AccessKey"]
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    iam.put_user_policy(UserName="tally", PolicyName="everything", PolicyDocument=json.dumps(everything))
    request = urllib.request.Request(
        f"{url}/moto-api/reset-auth", data=b"0", headers={"Content-Type": "text/plain"}, method="POST"
    )
    urllib.request.urlopen(request).close()
    return {"URL": url, "KEY": key["AccessKeyId"], "SECRET": key["SecretAccessKey"]}


def start_collector(starter: Starter) -> str:
    port = free_port()
    script = str(TOP / "scripts/support/otlp_collector.py")
    starter.await_port("otlp", port, starter.launch("otlp", [sys.executable, script, str(port)], {}))
    return f"http://127.0.0.1:{port}"


def create_bucket(server: dict[str, str]) -> None:
    s3 = client("s3", server["URL"], server["KEY"], server["SECRET"])
    problems = []

    def attempt() -> bool:
        # SeaweedFS accepts connections a moment before it can store anything.
        try:
            s3.create_bucket(Bucket=BUCKET)
            s3.put_object(Bucket=BUCKET, Key="first", Body=b"x")
            return True
        except (ClientError, BotoCoreError) as error:
            problems.append(error)
            return "BucketAlready" in str(error)

    if not wait_until(attempt, 30):
        raise LocalError(f"{server['URL']} makes no bucket: {problems[-1]}. See the logs in {STATE}.")


def main(command: list[str]) -> int:
    if not command or command[0] in ("-h", "--help"):
        print(__doc__.strip())
        return 0 if command else 2
    shutil.rmtree(STATE, ignore_errors=True)
    (STATE / "tmp").mkdir(parents=True)
    starter = Starter(STATE)
    try:
        servers = {"MOTO": start_moto(starter), "SEAWEEDFS": start_seaweedfs(starter)}
        for server in servers.values():
            create_bucket(server)
        environment = {
            f"TALLY_VERIFYING_{name}_{field}": value
            for name, server in servers.items()
            for field, value in server.items()
        }
        environment["TALLY_VERIFYING_BUCKET"] = BUCKET
        environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = start_collector(starter)
        return subprocess.call(command, env={**os.environ, **environment})
    except LocalError as error:
        print(f"verifying_servers.py: {error}", file=sys.stderr)
        return 1
    finally:
        starter.abandon()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
