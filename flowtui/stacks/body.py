"""CloudFormation's YAML as plain data: ``!Ref x`` becomes ``{"Ref": "x"}``, ``!If [..]`` becomes ``{"Fn::If": [..]}``.

Source of the short forms:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from flowtui.errors import FlowTuiError

if TYPE_CHECKING:
    import yaml

Node: TypeAlias = "bool | int | float | str | Sequence[Node] | Mapping[str, Node] | None"
"""A value of a template."""


def parse_body(text: str) -> dict[str, Node]:
    """Read a template of CloudFormation, YAML or JSON.

    Raises:
        FlowTuiError: the text is not a template.
    """
    import yaml

    try:
        document = yaml.load(text, Loader=_loader())
    except yaml.YAMLError as error:
        raise FlowTuiError(f"The template is not valid YAML: {error}") from error
    if not isinstance(document, dict) or "Resources" not in document:
        raise FlowTuiError("The template has no Resources.", "Is it a CloudFormation template?")
    return document


@functools.cache
def _loader() -> type[yaml.SafeLoader]:
    import yaml

    class Loader(yaml.SafeLoader):
        """A SafeLoader that also knows CloudFormation's short forms."""

    def short_form(loader: yaml.SafeLoader, name: str, node: yaml.Node) -> dict[str, Node]:
        value: Node
        if isinstance(node, yaml.ScalarNode):
            value = str(loader.construct_scalar(node))
            if name == "GetAtt":
                value = list(value.split(".", 1))
        elif isinstance(node, yaml.SequenceNode):
            value = loader.construct_sequence(node, deep=True)
        else:
            assert isinstance(node, yaml.MappingNode)
            value = {str(key): item for key, item in loader.construct_mapping(node, deep=True).items()}
        return {name if name in ("Ref", "Condition") else f"Fn::{name}": value}

    Loader.add_multi_constructor("!", short_form)
    return Loader
