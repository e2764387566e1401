"""The answers given last for each VPC, kept in a file of the data folder.

What cannot be read is forgotten and what cannot be written is not kept: it only saves typing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flowtui.config import data_dir

KEEP = 200
"""VPCs remembered; those used longest ago go first."""


@dataclass(frozen=True, slots=True)
class Last:
    """The template used last for a VPC, empty for none, and the answers that were not defaults, by template."""

    template: str
    answers: Mapping[str, Mapping[str, str]]


class Remembered:
    """A JSON object of VPC ids.

    Args:
        path: the file; the default is in the data folder.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or data_dir() / "deploy-answers.json"

    def recall(self, vpc_id: str) -> Last:
        """What was answered last for a VPC."""
        found = self._read().get(vpc_id)
        if not isinstance(found, dict):
            return Last("", {})
        answers = {
            name: {str(key): str(value) for key, value in given.items()}
            for name, given in found.items()
            if isinstance(given, dict)
        }
        return Last(str(found.get("template", "")), answers)

    def note(self, vpc_id: str, template: str, answers: Mapping[str, str]) -> None:
        """Keep the answers for a VPC in place of those given for the same template before."""
        everything = self._read()
        before = everything.pop(vpc_id, None)
        entry = before if isinstance(before, dict) else {}
        everything[vpc_id] = entry | {"template": template, template: dict(answers)}
        for oldest in list(everything)[:-KEEP]:
            del everything[oldest]
        new = self.path.with_name(f"{self.path.name}.{os.getpid()}.new")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            new.write_text(json.dumps(everything, indent=1), encoding="utf-8")
            new.replace(self.path)
        except OSError:
            return

    def _read(self) -> dict[str, object]:
        try:
            found = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}
