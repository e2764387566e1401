"""The layout of files without a header on the Logs screen: stated in words, else that of the flow log they are of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flowtui.aws.session import Account
from flowtui.errors import UsageError
from flowtui.records.headerless import parse_format
from flowtui.records.labels import clean
from flowtui.records.layout import Layout, LayoutError
from flowtui.tui.objects.places import Place
from flowtui.tui.widgets.ask import AskModal

if TYPE_CHECKING:
    from flowtui.lake.formats import Formats

_TITLE = "Layout of files without a header"
_HINT = (
    "A flow log's LogFormat (${version} ${account-id} …), field names, or default; several with | between, told apart "
    "by shape. A file's own header counts more. Nothing: as the flow log has it, else as the records look."
)


def parse_layouts(text: str) -> tuple[Layout, ...]:
    """Layouts as a user states them; none for an empty text.

    Raises:
        UsageError: a part is no format.
    """
    if not text.strip():
        return ()
    try:
        return tuple(dict.fromkeys(parse_format(part) for part in text.split("|")))
    except LayoutError as error:
        raise UsageError(f"That is no format: {clean(str(error))}.") from error


def layouts_text(layouts: Sequence[Layout]) -> str:
    """What stated layouts mean, for one who is typing them."""
    found = []
    for layout in layouts:
        of = "a transit gateway" if layout.kind == "tgw" else "a VPC"
        unknown = f"; no known fields, kept as text: {', '.join(map(clean, layout.unknown))}" if layout.unknown else ""
        found.append(f"{len(layout.names)} fields of {of} flow log{unknown}.")
    return "\n".join(found)


def layouts_modal(now: str) -> AskModal:
    """Asks for layouts, and tells what is typed so far."""
    return AskModal(_TITLE, now, _HINT, check=parse_layouts, tell=lambda text: layouts_text(parse_layouts(text)))


def formats_of(place: Place, stated: Sequence[Layout], accounts: Sequence[Account]) -> Formats:
    """What is known of files of a place that have no header.

    Args:
        place: where they are; the LogFormat of its flow log is taken by itself.
        stated: what the user stated.
        accounts: asked for other flow logs that files name, when the first such file turns up.
    """
    from flowtui.lake.formats import Formats

    log = place.flow_log

    def find(id: str, region: str) -> Layout:
        from flowtui.aws.flow_logs import flow_log_layout

        if log is not None and log.id == id:
            try:
                return Layout.from_log_format(log.log_format)
            except LayoutError:
                # AWS is asked, whose answer says what is wrong with it.
                pass
        return flow_log_layout(accounts, id, region)

    return Formats(stated, find)
