"""Writes the endpoints that botocore would choose, for the test that compares Tally's choice with them.

usage: endpoint_cases.py FILE

A line of FILE is one endpoint as JSON: partition, region, service as Tally names it, bucket or null, URL, the name in
the scope of signatures, and the variable that overrides the endpoint. There is one for each service that Tally knows by
name in each region of each partition and in one that does not exist yet, by botocore's endpoint rules
(endpoint-rule-set-1.json, partitions.json) and by its older table (endpoints.json).
"""

import json
import re
import sys
from pathlib import Path

import botocore
from botocore.endpoint_provider import EndpointProvider
from botocore.loaders import create_loader
from botocore.regions import EndpointResolver

# Tally's names of services, and botocore's.
SERVICES = {
    "DynamoDB": "dynamodb",
    "DynamoDBStreams": "dynamodbstreams",
    "KMS": "kms",
    "S3": "s3",
    "SQS": "sqs",
    "SNS": "sns",
    "EventBridge": "events",
    "SecretsManager": "secretsmanager",
    "SSM": "ssm",
    "CloudWatch": "cloudwatch",
    "STS": "sts",
}
# The second has a dot, which the certificates of virtual hosts do not cover.
BUCKETS = ["documents", "documents.example.org"]


def is_real(region: str) -> bool:
    """Whether functions run in a region of this name: aws-global and its like stand for services without regions."""
    return not region.endswith("-global")


def region_to_come(region: str) -> str:
    """A region of the same partition that does not exist yet."""
    return re.sub(r"\d+$", "99", region)


def cases() -> list[dict]:
    loader = create_loader()
    partitions = loader.load_data("partitions")
    table = EndpointResolver(loader.load_data("endpoints"))
    rules = {
        name: EndpointProvider(loader.load_service_model(name, "endpoint-rule-set-1"), partitions)
        for name in SERVICES.values()
    }
    found = []
    for partition in partitions["partitions"]:
        regions = [region for region in partition["regions"] if is_real(region)]
        for region in [*regions, region_to_come(regions[0])]:
            for service, name in SERVICES.items():
                metadata = loader.load_service_model(name, "service-2")["metadata"]
                case = {
                    "partition": partition["id"],
                    "region": region,
                    "service": service,
                    "bucket": None,
                    "signingName": metadata.get("signingName", metadata["endpointPrefix"]),
                    "variable": f"AWS_ENDPOINT_URL_{metadata['serviceId'].replace(' ', '_').upper()}",
                }
                parameters = {"Region": region, "UseFIPS": False, "UseDualStack": False}
                url = rules[name].resolve_endpoint(**parameters).url
                found.append({**case, "source": "rules", "url": url})
                if entry := table.construct_endpoint(metadata["endpointPrefix"], region, partition["id"]):
                    found.append({**case, "source": "table", "url": f"https://{entry['hostname']}"})
                if service == "S3":
                    for bucket in BUCKETS:
                        url = rules[name].resolve_endpoint(**parameters, Bucket=bucket).url
                        found.append({**case, "bucket": bucket, "source": "rules", "url": url})
    return found


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or arguments[0] in ("-h", "--help"):
        print(__doc__.strip())
        return 0 if arguments and arguments[0] in ("-h", "--help") else 2
    found = cases()
    Path(arguments[0]).write_text("".join(json.dumps(case) + "\n" for case in found))
    partitions = {case["partition"] for case in found}
    print(f"{len(found)} endpoints in {len(partitions)} partitions by botocore {botocore.__version__}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
