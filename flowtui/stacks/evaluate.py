"""Evaluates a template on this machine: rules, conditions, and what its resources would say.

Only the functions the bundled templates use, and their nearest relatives, are known; another one is refused rather
than guessed. Ids that only AWS can give (a generated bucket name, an ARN) stay as ``<LogicalId>`` unless the caller
supplies them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from flowtui.errors import FlowTuiError
from flowtui.stacks.body import Node

_NO_VALUE = "AWS::NoValue"
_VARIABLE = re.compile(r"\$\{(!?)([^}]+)\}")


# Beginning of a region's name, its partition and that partition's domain (botocore's partitions.json).
_PARTITIONS = (
    ("cn-", "aws-cn", "amazonaws.com.cn"),
    ("us-gov-", "aws-us-gov", "amazonaws.com"),
    ("us-iso-", "aws-iso", "c2s.ic.gov"),
    ("us-isob-", "aws-iso-b", "sc2s.sgov.gov"),
    ("eu-isoe-", "aws-iso-e", "cloud.adc-e.uk"),
    ("us-isof-", "aws-iso-f", "csp.hci.ic.gov"),
    ("eusc-", "aws-eusc", "amazonaws.eu"),
    ("", "aws", "amazonaws.com"),
)


def partition_of(region: str) -> tuple[str, str]:
    """The partition of a region, as ARNs name it, and its domain."""
    return next((name, domain) for begin, name, domain in _PARTITIONS if region.startswith(begin))


def pseudo_parameters(account_id: str, region: str, stack_name: str) -> dict[str, str]:
    """Values of ``AWS::AccountId`` and the like; the partition follows from the region."""
    partition, domain = partition_of(region)
    return {
        "AWS::AccountId": account_id,
        "AWS::Region": region,
        "AWS::Partition": partition,
        "AWS::StackName": stack_name,
        "AWS::URLSuffix": domain,
    }


class Evaluation:
    """One template with one set of answers.

    Args:
        document: the parsed template.
        values: an answer for every parameter, as text.
        pseudo: values of pseudo parameters; those absent stay visible as ``<AWS::Region>``.
        attributes: what AWS gave: ``"FlowLogBucket"`` for a Ref, ``"FlowLogBucket.Arn"`` for a GetAtt.
    """

    def __init__(
        self,
        document: Mapping[str, Node],
        values: Mapping[str, str],
        pseudo: Mapping[str, str] | None = None,
        attributes: Mapping[str, str] | None = None,
    ) -> None:
        self._document = document
        self._values = values
        self._pseudo = pseudo or {}
        self._attributes = attributes or {}
        self._functions: dict[str, Callable[[Node], Node]] = {
            "Ref": lambda node: self._ref(str(node)),
            "Condition": lambda node: self.condition(str(node)),
            "Fn::GetAtt": self._get_att,
            "Fn::If": self._if,
            "Fn::Sub": self._sub,
            "Fn::Join": self._join,
            "Fn::FindInMap": self._find_in_map,
            "Fn::Equals": self._equals,
            "Fn::Not": lambda node: not self._truth(_items(node)[0]),
            "Fn::And": lambda node: all(self._truth(item) for item in _items(node)),
            "Fn::Or": lambda node: any(self._truth(item) for item in _items(node)),
            "Fn::Contains": self._contains,
        }

    def condition(self, name: str) -> bool:
        """Whether a condition of the template holds.

        Raises:
            FlowTuiError: there is no such condition.
        """
        conditions = _mapping(self._document.get("Conditions"))
        if name not in conditions:
            raise FlowTuiError(f"The template has no condition {name}.")
        return self._truth(conditions[name])

    def active(self) -> dict[str, Mapping[str, Node]]:
        """Resources that will be made, by logical id, in the template's order."""
        resources = _mapping(self._document.get("Resources"))
        return {name: _mapping(resource) for name, resource in resources.items() if self._made(_mapping(resource))}

    def properties(self, logical_id: str) -> dict[str, Node]:
        """The resolved properties of a resource that will be made."""
        resolved = self.resolve(self.active()[logical_id].get("Properties") or {})
        assert isinstance(resolved, dict)
        return resolved

    def outputs(self) -> dict[str, str]:
        """The outputs the stack will have."""
        declared = _mapping(self._document.get("Outputs"))
        return {
            name: _text(self.resolve(_mapping(output).get("Value")))
            for name, output in declared.items()
            if self._made(_mapping(output))
        }

    def broken_rules(self) -> tuple[str, ...]:
        """What the rules say against these answers, each sentence once; empty when they agree."""
        broken: dict[str, None] = {}
        for rule in _mapping(self._document.get("Rules")).values():
            rule = _mapping(rule)
            if "RuleCondition" in rule and not self._truth(rule["RuleCondition"]):
                continue
            for assertion in _items(rule.get("Assertions")):
                parts = _mapping(assertion)
                if not self._truth(parts.get("Assert")):
                    broken[str(parts.get("AssertDescription", "A rule of the template is broken."))] = None
        return tuple(broken)

    def resolve(self, node: Node) -> Node:
        """A value with its functions evaluated; what becomes ``AWS::NoValue`` is left out.

        Raises:
            FlowTuiError: a function that is not known here.
        """
        if isinstance(node, Mapping):
            if len(node) == 1:
                key = next(iter(node))
                if key in self._functions:
                    return self._functions[key](node[key])
                if key.startswith("Fn::"):
                    raise FlowTuiError(f"The template uses {key}, which cannot be evaluated here.")
            pairs = ((key, self.resolve(value)) for key, value in node.items())
            return {key: value for key, value in pairs if value is not None}
        if isinstance(node, Sequence) and not isinstance(node, str):
            return [value for value in (self.resolve(item) for item in node) if value is not None]
        return node

    def _made(self, declared: Mapping[str, Node]) -> bool:
        return "Condition" not in declared or self.condition(str(declared["Condition"]))

    def _truth(self, node: Node) -> bool:
        value = self.resolve(node)
        if isinstance(value, bool):
            return value
        raise FlowTuiError(f"The template has a condition that is neither true nor false: {node}")

    def _ref(self, name: str) -> Node:
        if name == _NO_VALUE:
            return None
        for known in (self._values, self._pseudo, self._attributes):
            if name in known:
                return known[name]
        if name in _mapping(self._document.get("Resources")) or name.startswith("AWS::"):
            return f"<{name}>"
        raise FlowTuiError(f"The template refers to {name}, which it does not have.")

    def _get_att(self, node: Node) -> Node:
        name = node if isinstance(node, str) else ".".join(str(part) for part in _items(node))
        return self._attributes.get(name, f"<{name}>")

    def _if(self, node: Node) -> Node:
        name, yes, no = _items(node)
        return self.resolve(yes if self.condition(str(name)) else no)

    def _sub(self, node: Node) -> Node:
        text, extra = (node, {}) if isinstance(node, str) else (str(_items(node)[0]), _mapping(_items(node)[1]))

        def replaced(match: re.Match[str]) -> str:
            literal, name = match.groups()
            if literal:
                return "${" + name + "}"
            if name in extra:
                return _text(self.resolve(extra[name]))
            return _text(self._get_att(name) if "." in name else self._ref(name))

        return _VARIABLE.sub(replaced, text)

    def _join(self, node: Node) -> Node:
        separator, parts = _items(node)
        return str(separator).join(_text(part) for part in _items(self.resolve(parts)))

    def _find_in_map(self, node: Node) -> Node:
        found: Node = self._document.get("Mappings")
        for key in _items(self.resolve(node)):
            found = _mapping(found).get(_text(key))
        return found

    def _equals(self, node: Node) -> Node:
        left, right = _items(self.resolve(node))
        return _text(left) == _text(right)

    def _contains(self, node: Node) -> Node:
        values, wanted = _items(self.resolve(node))
        return _text(wanted) in [_text(value) for value in _items(values)]


def _mapping(node: Node) -> Mapping[str, Node]:
    return node if isinstance(node, Mapping) else {}


def _items(node: Node) -> Sequence[Node]:
    return node if isinstance(node, Sequence) and not isinstance(node, str) else ()


def _text(node: Node) -> str:
    """A scalar as CloudFormation compares it."""
    return str(node).lower() if isinstance(node, bool) else "" if node is None else str(node)
