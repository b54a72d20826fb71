"""Runs template.yaml through the SAM translator, offline, and says what CloudFormation would be given."""

import os
import sys
from collections import Counter
from pathlib import Path

import yaml
from samtranslator.parser.parser import Parser
from samtranslator.public.exceptions import InvalidDocumentException
from samtranslator.translator.translator import Translator

TOP = Path(__file__).resolve().parents[2]


class Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms (`!Ref`, `!Sub` and so on) made long."""


def long_form(loader: Loader, suffix: str, node: yaml.Node):
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        if suffix == "GetAtt":
            value = value.split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


Loader.add_multi_constructor("!", long_form)


def main() -> int:
    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
    template = yaml.load((TOP / "template.yaml").read_text(), Loader)
    try:
        # The translator accepts no local path; `sam package` puts the address of an upload in its place.
        for resource in template["Resources"].values():
            if resource["Type"] == "AWS::Serverless::Function":
                resource["Properties"]["CodeUri"] = "s3://bucket/documents.zip"
        # No managed policies by name: the template has a role of its own.
        translated = Translator({}, Parser()).translate(template, {})
    except InvalidDocumentException as error:
        print(f"template.yaml: {error.message}", file=sys.stderr)
        for cause in error.causes:
            print(f"  {cause.message}", file=sys.stderr)
        return 1
    kinds = Counter(resource["Type"] for resource in translated["Resources"].values())
    print(", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
