"""Both templates are clean under cfn-lint, and carry what the seed document's commands need."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from flowtui.insight.bucket_policy import statements
from flowtui.stacks.plan import plan
from flowtui.stacks.templates import load_template, templates, templates_dir
from tests.insight.facts import s3_flow_log

SEED = Path(__file__).parents[2].parent / "shared" / "seed" / "vpc-flow-logs-examples.md"
MOST_BYTES_INLINE = 51_200


def test_cfn_lint_finds_nothing() -> None:
    files = [str(template.path) for template in templates()]
    run = "import sys; from cfnlint.runner import main; sys.exit(main())"
    done = subprocess.run([sys.executable, "-c", run, *files], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


@pytest.mark.parametrize("template", templates(), ids=lambda template: template.name)
def test_the_body_fits_into_a_request(template) -> None:
    assert len(template.body.encode()) < MOST_BYTES_INLINE
    assert len(template.description) <= 1024


@pytest.mark.parametrize("template", templates(), ids=lambda template: template.name)
def test_every_skipped_check_has_its_reason(template) -> None:
    for resource in template.document["Resources"].values():
        for skip in resource.get("Metadata", {}).get("checkov", {}).get("skip", []):
            assert len(skip["comment"]) > 20


@pytest.mark.skipif(not SEED.exists(), reason="the seed document is not beside this checkout")
def test_the_seed_commands_are_accepted() -> None:
    commands = re.findall(r"aws cloudformation create-stack.*?```", SEED.read_text(), re.DOTALL)
    assert len(commands) == 3
    for command in commands:
        file = re.search(r"file://(\S+)", command)
        assert file and (templates_dir() / file[1]).is_file()
        template = load_template(file[1].partition("/")[0])
        answers = dict(re.findall(r"ParameterKey=(\w+),ParameterValue=(\S+)", command))
        assert "VpcId" in answers
        planned = plan(template, answers)
        given = set(re.findall(r"--capabilities (\S+)", command))
        assert set(planned.capabilities) <= given, "the seed's command would be refused"


SEED_PARAMETERS = {
    "cloudwatch": {"VpcId": None, "RetentionInDays": "14", "TrafficType": "ALL"},
    "s3": {
        "VpcId": None,
        "TrafficType": "ALL",
        "CreateBucket": "Yes",
        "BucketName": "",
        "EnableLifecyclePolicy": "Yes",
        "RetentionInDays": "90",
        "GlacierTransitionDays": "30",
        "GlacierRetentionDays": "365",
        "EnableVersioning": "Yes",
        "ObjectLock": "No",
    },
}


@pytest.mark.parametrize("name", SEED_PARAMETERS)
def test_the_seed_parameters_have_the_seed_defaults(name: str) -> None:
    template = load_template(name)
    found = {parameter.name: parameter.default for parameter in template.parameters}
    assert found == found | SEED_PARAMETERS[name]
    assert [parameter.name for parameter in template.parameters if parameter.required] == ["VpcId"]


@pytest.mark.parametrize("template", templates(), ids=lambda template: template.name)
def test_every_parameter_is_described_and_has_its_place_in_the_form(template) -> None:
    for parameter in template.parameters:
        assert parameter.description.endswith("."), parameter.name
        assert parameter.group and parameter.label, parameter.name
        assert not parameter.pattern or parameter.constraint, parameter.name


@pytest.mark.skipif(not SEED.exists(), reason="the seed document is not beside this checkout")
def test_the_readme_has_the_seed_commands_and_console_steps_verbatim() -> None:
    seed, readme = SEED.read_text(), (Path(__file__).parents[2] / "README.md").read_text()
    commands = re.findall(r"aws cloudformation create-stack.*?(?=\n```)", seed, re.DOTALL)
    assert len(commands) == 3
    for command in commands:
        assert command in readme
    first = seed[seed.index("1. **Navigate to CloudFormation**") : seed.index("#### Option B: Using AWS CLI")].strip()
    begin = seed.index("1. Navigate to [CloudFormation Console]")
    second = seed[begin : seed.index("**Using AWS CLI**", begin)].strip()
    assert first in readme and second in readme


def test_the_policy_in_the_readme_is_the_one_flowtui_would_add() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    (policy,) = [json.loads(text) for text in re.findall(r"```json\n(.*?)```", readme, re.DOTALL)]
    log = s3_flow_log("vpc-1", "arn:aws:s3:::my-existing-bucket-name")
    assert policy["Statement"] == list(statements(log))
