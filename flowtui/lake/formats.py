"""Which layouts the lines of a file without a header may have."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flowtui.errors import FlowTuiError
from flowtui.lake.faults import Unreadable
from flowtui.records.headerless import is_default
from flowtui.records.layout import DEFAULT_LAYOUT, Layout
from flowtui.records.paths import ObjectPath

FindLayout = Callable[[str, str], Layout]
"""The layout of a flow log by its id and region; raises FlowTuiError."""

_HINT = (
    "State the layout of files without a header: --format default, --format '${version} ${account-id} …' as the flow "
    "log's LogFormat has it, or --flow-log fl-…; on the Logs screen F."
)


@dataclass(frozen=True, slots=True)
class Known:
    """Layouts that lines without a header may have.

    Args:
        layouts: one or several, the likelier first.
        by_shape: whether nothing but the records' shape tells.
    """

    layouts: tuple[Layout, ...]
    by_shape: bool = False


class Formats:
    """What is known of files without a header. Any thread may ask.

    Args:
        given: layouts that the user states for all of them.
        find: looks up the flow log that a file's name tells; None where no account may be asked.
    """

    def __init__(self, given: Sequence[Layout] = (), find: FindLayout | None = None) -> None:
        self.given = tuple(dict.fromkeys(given))
        self._find = find
        self._found: dict[str, Layout | FlowTuiError] = {}
        self._lock = threading.Lock()

    def settle(self, loaded: str) -> bool:
        """Whether records that were loaded under a layout's header would be again, whatever their file holds.

        Where layouts are stated now that are not this one, only the file itself tells: it may have a header.
        """
        return not self.given or any(layout.header == loaded for layout in self.given)

    def layouts_of(self, key: str, sample: Sequence[str]) -> Known:
        """The layouts for a file: stated, else the one of the flow log in its name, else the default by shape.

        Args:
            key: the file's path or object key.
            sample: its first lines; of a file without any the layout does not matter.

        Raises:
            Unreadable: nothing tells; the hint says how to.
        """
        if self.given:
            return Known(self.given)
        path = ObjectPath.parse(key.rpartition("/")[2])
        found = self._of_flow_log(path) if path and path.flow_log_id and self._find else None
        if isinstance(found, Layout):
            return Known((found,))
        if not sample:
            return Known((DEFAULT_LAYOUT,))
        if is_default(sample):
            return Known((DEFAULT_LAYOUT,), by_shape=True)
        reason = f"; {found.message}" if found else ""
        raise Unreadable(f"its lines have no header, and no layout is known for them{reason}", _HINT)

    def _of_flow_log(self, path: ObjectPath) -> Layout | FlowTuiError:
        assert self._find is not None  # checked by the caller
        with self._lock:
            if path.flow_log_id not in self._found:
                try:
                    self._found[path.flow_log_id] = self._find(path.flow_log_id, path.region)
                except FlowTuiError as error:
                    self._found[path.flow_log_id] = error
            return self._found[path.flow_log_id]
