"""A modal with the tree of folders and files of this machine, to choose one from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import DirectoryTree, Static
from textual.widgets.directory_tree import DirEntry
from textual.widgets.tree import TreeNode

from flowtui.records.labels import clean
from flowtui.tui.widgets.facts import key_line


class FolderTree(DirectoryTree):
    """Folders, and the files with some endings; what is hidden is left out.

    Args:
        path: the folder at the top.
        endings: of the files that are shown.
    """

    ICON_NODE = "▸ "
    ICON_NODE_EXPANDED = "▾ "
    ICON_FILE = "  "

    def __init__(self, path: Path, endings: Sequence[str]) -> None:
        super().__init__(path)
        self._endings = tuple(endings)

    def filter_paths(self, paths: Iterable[Path]) -> Iterable[Path]:
        """What is shown; a folder that may not be read is there, and empty."""
        return [
            path
            for path in paths
            if not path.name.startswith(".") and (path.name.endswith(self._endings) or self._safe_is_dir(path))
        ]

    def render_label(self, node: TreeNode[DirEntry], base_style: Style, style: Style) -> Text:
        """A name, which is data: nothing in it may steer the terminal."""
        text = super().render_label(node, base_style, style)
        text.plain = clean(text.plain)
        return text


class FolderModal(ModalScreen[Path | None]):
    """Gives the folder or file under the cursor.

    Args:
        title: what for.
        start: the folder at the top.
        endings: of the files that are shown.
    """

    DEFAULT_CSS = """
    FolderModal > .box { width: 92; height: 80%; }
    FolderModal FolderTree { height: 1fr; background: $background; }
    FolderModal #folder-path { color: $muted; height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss(None)", "cancel"),
        Binding("enter", "take", "take", priority=True),
        Binding("right,l", "open(True)", show=False, priority=True),
        Binding("left,h", "open(False)", show=False, priority=True),
        Binding("j", "move(1)", show=False),
        Binding("k", "move(-1)", show=False),
        Binding("backspace,u", "up", "up"),
    ]

    def __init__(self, title: str, start: Path, endings: Sequence[str]) -> None:
        super().__init__()
        self._title = title
        self._start = start
        self._endings = endings

    def compose(self) -> ComposeResult:
        """Title, place, tree and keys."""
        with Vertical(classes="box"):
            yield Static(Content.assemble((self._title, "bold $accent")), classes="box-title")
            yield Static("", id="folder-path", markup=False)
            yield FolderTree(self._start, self._endings)
            keys = (("enter", "take"), ("→ ←", "open and close"), ("u", "folder above"), ("esc", "cancel"))
            yield Static(key_line(*keys), classes="box-keys")

    @property
    def _tree(self) -> FolderTree:
        return self.query_one(FolderTree)

    def _path(self) -> Path:
        node = self._tree.cursor_node
        return node.data.path if node is not None and node.data is not None else Path(self._tree.path)

    @on(DirectoryTree.NodeHighlighted)
    def _moved(self) -> None:
        self.query_one("#folder-path", Static).update(Content(clean(str(self._path()))))

    def action_take(self) -> None:
        """Choose what the cursor is on."""
        self.dismiss(self._path())

    def action_open(self, wide: bool) -> None:
        """Open the folder under the cursor, or close it; closing a closed one goes to the folder it is in."""
        node = self._tree.cursor_node
        if node is None:
            return
        if wide:
            node.expand()
        elif node.is_expanded and node.allow_expand:
            node.collapse()
        elif node.parent is not None:
            self._tree.move_cursor(node.parent)

    def action_move(self, lines: int) -> None:
        """Up and down."""
        (self._tree.action_cursor_down if lines > 0 else self._tree.action_cursor_up)()

    def action_up(self) -> None:
        """Make the folder above the top of the tree."""
        self._tree.path = Path(self._tree.path).parent
