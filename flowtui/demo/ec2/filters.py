"""EC2's filters, ids and pages, the same for every Describe call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from flowtui.demo.hooks import ApiError, Call
from flowtui.demo.paging import page
from flowtui.demo.state import Json

Getter = str | Callable[[Json], Iterable[Any]]


def tags_of(*pairs: tuple[str, str]) -> list[Json]:
    """Tags in EC2's form; those without a value are left out."""
    return [{"Key": key, "Value": value} for key, value in pairs if value]


def answer(
    call: Call,
    key: str,
    items: Sequence[Json],
    *,
    id_key: str,
    ids: str,
    missing: str,
    filters: Mapping[str, Getter],
    filter_parameter: str = "Filters",
) -> Json:
    """The answer of a Describe call.

    Args:
        call: the call.
        key: the answer's member, ``Vpcs``.
        items: everything in the region.
        id_key: an item's own id, ``VpcId``.
        ids: the parameter that lists ids, ``VpcIds``.
        missing: the error code for an unknown id.
        filters: filter names, each with the item's member or a function that tells its values.
        filter_parameter: ``Filters``, or ``Filter`` where EC2 says so.

    Raises:
        ApiError: an unknown id, filter or token.
    """
    wanted = call.get(ids)
    if wanted:
        there = {item[id_key] for item in items}
        absent = [name for name in wanted if name not in there]
        if absent:
            kind = id_key.removesuffix("Id")
            raise ApiError(missing, f"The {kind[0].lower() + kind[1:]} ID '{', '.join(absent)}' does not exist")
        items = [item for item in items if item[id_key] in wanted]
    for given in call.get(filter_parameter, ()):
        items = [item for item in items if _matches(item, given, filters)]
    shown, token = page(items, call.get("NextToken"), call.get("MaxResults"), code="InvalidNextToken")
    return {key: list(shown), **({"NextToken": token} if token else {})}


def _matches(item: Json, given: Json, filters: Mapping[str, Getter]) -> bool:
    name, patterns = given.get("Name", ""), given.get("Values", ())
    return any(fnmatchcase(_text(value), pattern) for value in _values(item, name, filters) for pattern in patterns)


def _values(item: Json, name: str, filters: Mapping[str, Getter]) -> Iterable[Any]:
    tags: list[Json] = item.get("Tags") or item.get("TagSet") or []
    if name.startswith("tag:"):
        return [tag["Value"] for tag in tags if tag["Key"] == name[4:]]
    if name == "tag-key":
        return [tag["Key"] for tag in tags]
    if name not in filters:
        raise ApiError("InvalidParameterValue", f"The filter '{name}' is invalid")
    getter = filters[name]
    if callable(getter):
        return getter(item)
    return [item[getter]] if getter in item else []


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
