"""Checks an answer against the shape that botocore's service description promises."""

from datetime import datetime

_SCALARS = {
    "string": str,
    "integer": int,
    "long": int,
    "boolean": bool,
    "timestamp": datetime,
    "double": float,
    "float": float,
}


def assert_fits(answer, shape, path="answer"):
    """No unknown member, no wrong type, no missing required member, at any depth."""
    if shape.type_name == "structure":
        assert isinstance(answer, dict), path
        if path == "answer":
            answer = {name: value for name, value in answer.items() if name != "ResponseMetadata"}
        unknown = set(answer) - set(shape.members)
        assert not unknown, f"{path}: unknown {unknown}"
        missing = set(shape.required_members) - set(answer)
        assert not missing, f"{path}: missing {missing}"
        for name, value in answer.items():
            assert_fits(value, shape.members[name], f"{path}.{name}")
    elif shape.type_name == "list":
        assert isinstance(answer, list), path
        for number, item in enumerate(answer):
            assert_fits(item, shape.member, f"{path}[{number}]")
    elif shape.type_name == "map":
        assert isinstance(answer, dict), path
    elif shape.type_name == "blob":
        assert hasattr(answer, "read"), path
    else:
        assert isinstance(answer, _SCALARS[shape.type_name]), f"{path}: {answer!r} is no {shape.type_name}"
        assert not (isinstance(answer, bool) and shape.type_name in ("integer", "long")), path
        if enum := getattr(shape, "enum", None):
            # EC2 answers nat_gateway and available where its description says natGateway and Available.
            assert plain(answer) in map(plain, enum), f"{path}: {answer!r} is none of {enum}"
        if isinstance(answer, datetime):
            assert answer.tzinfo is not None, path


def plain(word):
    return word.lower().replace("_", "").replace("-", "")
