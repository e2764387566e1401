"""What every screen of flowtui is made of: header, tabs, body, prompt and footer, and the worker contract.

Threading: a screen's blocking work goes through :meth:`FlowScreen.run_job` (see :mod:`flowtui.tui.jobs`). The thread
never touches a widget. ``Worker.StateChanged`` does not bubble, so the one handler below sees every job's end: a
FlowTuiError goes to the job's own ``failed`` or the error modal, anything else is raised again here, which stops the
app with its traceback.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from functools import partial
from threading import Event
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.screen import Screen
from textual.worker import Worker, WorkerState

from flowtui.errors import FlowTuiError
from flowtui.tui.commands import FRAME_COMMANDS, SCREEN_COMMANDS, bindings
from flowtui.tui.jobs import Job, JobMoved
from flowtui.tui.theme import Glyphs
from flowtui.tui.widgets.footer import FooterBar
from flowtui.tui.widgets.header import HeaderBar, TabBar
from flowtui.tui.widgets.prompt import Prompt

if TYPE_CHECKING:
    from flowtui.tui.app import FlowTuiApp
    from flowtui.tui.requests import Request

Value = TypeVar("Value")


class FlowScreen(Screen[None]):
    """Base of the six screens. Subclasses yield their content in :meth:`compose_body` and override the hooks.

    ``NAME`` is the screen's mode. Hooks: :meth:`accept` (a request of another screen), :meth:`reload` (ctrl+r),
    :meth:`accounts_changed`, :meth:`stopped`, :meth:`filter_changed`, :meth:`copy_text`, :meth:`copy_line`,
    :meth:`console_url`, :meth:`go_back`, :meth:`shown`.
    """

    NAME: ClassVar[str] = ""
    # Whether what it shows is out of date once flow logs were made, changed or deleted.
    SHOWS_FLOW_LOGS: ClassVar[bool] = False
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*SCREEN_COMMANDS, *FRAME_COMMANDS)]
    AUTO_FOCUS = ".body-focus"

    def __init__(self) -> None:
        super().__init__()
        self._jobs: dict[str, Job[object]] = {}
        self._job_of: dict[Worker[None], Job[object]] = {}
        self._stale = False
        self.filter_text = ""

    # Frame

    def compose(self) -> ComposeResult:
        """Header, tabs, the screen's own body, prompt and footer."""
        yield HeaderBar()
        yield TabBar(self.NAME)
        with Container(id="body"):
            yield from self.compose_body()
        yield Prompt(id="prompt")
        yield FooterBar()

    def compose_body(self) -> ComposeResult:
        """The screen's own widgets. One of them has the class ``body-focus``."""
        yield from ()

    @property
    def flow(self) -> FlowTuiApp:
        """The app, by its own type."""
        return cast("FlowTuiApp", self.app)

    @property
    def glyphs(self) -> Glyphs:
        """The symbols to draw with."""
        return self.flow.glyphs

    def on_mount(self) -> None:
        """Mark the screen for ASCII drawing where asked."""
        self.set_class(self.flow.context.settings.ascii, "-ascii")

    def on_unmount(self) -> None:
        """Stop everything that still runs."""
        self.cancel_jobs()

    def on_screen_resume(self) -> None:
        """Take what other screens asked for, once the widgets are there."""
        self.refresh_frame()
        self.call_later(self._arrive)

    def _arrive(self) -> None:
        request = self.flow.take_request(self.NAME)
        if request is not None:
            self.accept(request)
        self.shown()
        self._refresh_stale()

    def outdate(self) -> None:
        """What is shown is out of date: it is read again at once, or when the screen is next in front."""
        self._stale = True
        if self.is_current:
            self._refresh_stale()

    def _refresh_stale(self) -> None:
        if self._stale:
            self._stale = False
            self.reload()

    def leave(self) -> None:
        """Another screen is about to be shown: stop the jobs that must not outlive this one's view."""
        for job in list(self._jobs.values()):
            if not job.keep:
                self.cancel_job(job.name)

    def refresh_frame(self) -> None:
        """Paint header, tabs and footer again."""
        for kind in (HeaderBar, TabBar, FooterBar):
            for bar in self.query(kind):
                bar.refresh()

    # Hooks

    def accept(self, request: Request) -> None:
        """Another screen wants something shown here."""

    def shown(self) -> None:
        """The screen is in front, its request taken."""

    def reload(self) -> None:
        """Read everything again."""

    def accounts_changed(self) -> None:
        """Other profiles were chosen: let go of what is in the old ones; :meth:`reload` follows."""

    def stopped(self) -> None:
        """The user stopped what was running."""

    def filter_changed(self, text: str) -> None:
        """The filter line's text, on each keystroke; empty when cleared."""

    def copy_text(self) -> str:
        """What ``y`` copies: an id or a value."""
        return ""

    def copy_line(self) -> str:
        """What ``Y`` copies: an ARN or a whole line."""
        return self.copy_text()

    def console_url(self) -> str:
        """The address of what is selected in the AWS console."""
        return ""

    def go_back(self) -> bool:
        """Undo one step inside the screen (close a pane); True when there was one."""
        return False

    # Work

    def run_job(
        self,
        name: str,
        make: Callable[[Event], Iterable[Value]],
        receive: Callable[[Value], None],
        *,
        done: Callable[[], None] | None = None,
        failed: Callable[[FlowTuiError], None] | None = None,
        busy: str = "",
        keep: bool = True,
        interrupt: Callable[[], None] | None = None,
        reads: bool = False,
    ) -> Job[Value]:
        """Iterate a generator in a thread and receive its values on the event loop.

        Args: as :class:`~flowtui.tui.jobs.Job`. A running job of the same name is cancelled first.
        """
        self.cancel_job(name)
        job = Job(name, make, receive, done=done, failed=failed, busy=busy, keep=keep, interrupt=interrupt, reads=reads)
        entry = cast("Job[object]", job)
        self._jobs[name] = entry

        def work() -> None:
            job.run(lambda: self.post_message(JobMoved(entry)))

        worker = self.run_worker(work, name=name, group=f"job-{name}", thread=True, exit_on_error=False)
        self._job_of[worker] = entry
        self._show_busy()
        return job

    def job(self, name: str) -> Job[object] | None:
        """A running job."""
        return self._jobs.get(name)

    def cancel_job(self, name: str) -> bool:
        """Stop a job; True when it ran."""
        job = self._jobs.pop(name, None)
        if job is None:
            return False
        job.cancel()
        self._show_busy()
        return True

    def cancel_jobs(self) -> bool:
        """Stop all jobs; True when any ran."""
        names = list(self._jobs)
        for name in names:
            self.cancel_job(name)
        return bool(names)

    def set_busy(self, name: str, text: str) -> None:
        """Change what the indicator says about a running job."""
        job = self._jobs.get(name)
        if job is not None:
            job.busy = text
            self._show_busy()

    def _show_busy(self) -> None:
        words = [job.busy for job in self._jobs.values() if job.busy]
        for tabs in self.query(TabBar):
            tabs.busy = f" {self.glyphs.dot} ".join(words)

    @on(JobMoved)
    def _job_moved(self, message: JobMoved) -> None:
        self._deliver(message.job)

    def _deliver(self, job: Job[object]) -> None:
        if job.deliver():
            # Not posted at once: a screen whose queue is never empty would not let the event loop turn.
            asyncio.get_running_loop().call_soon(self.post_message, JobMoved(job))

    @on(Worker.StateChanged)
    def _job_ended(self, event: Worker.StateChanged) -> None:
        if not event.worker.is_finished:
            return
        job = self._job_of.pop(event.worker, None)
        if job is None:
            return
        error = event.worker.error
        if event.state is WorkerState.CANCELLED:
            # Textual gives up on a thread's worker, at exit for one, without the thread knowing.
            job.cancel()
        elif event.state is WorkerState.ERROR and error is not None and not isinstance(error, FlowTuiError):
            raise error
        job.when_received(partial(self._settle, job, error))
        self._deliver(job)

    def _settle(self, job: Job[object], error: BaseException | None) -> None:
        """A job ended and all its values are received."""
        if self._jobs.get(job.name) is job:
            del self._jobs[job.name]
            self._show_busy()
        if not isinstance(error, FlowTuiError):
            job.finish()
        elif not job.fail(error):
            self.flow.show_error(error)

    # Commands

    @property
    def can_filter(self) -> bool:
        """Whether there is something here that a filter narrows."""
        return type(self).filter_changed is not FlowScreen.filter_changed

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys of the frame that mean nothing on this screen are not among its keys."""
        if action == "filter_line":
            return self.can_filter
        if action == "console":
            return type(self).console_url is not FlowScreen.console_url
        return super().check_action(action, parameters)

    def action_command_line(self) -> None:
        """Open the ``:`` line."""
        self.query_one(Prompt).open_command()

    def action_filter_line(self) -> None:
        """Open the ``/`` line."""
        self.query_one(Prompt).open_filter(self.filter_text)

    def action_escape(self) -> None:
        """Clear the filter, else stop what runs, else step back."""
        if self.filter_text:
            self.set_filter("")
        elif not self.go_back() and not self._cancel_busy():
            self.flow.back()

    def _cancel_busy(self) -> bool:
        busy = [job for job in self._jobs.values() if job.busy]
        for job in busy:
            self.cancel_job(job.name)
        if busy:
            self.notify("Stopped.", markup=False, timeout=2)
            self.stopped()
        return bool(busy)

    def action_close(self) -> None:
        """Go back inside the screen, to the screen before, or quit at the root."""
        if not self.go_back():
            self.flow.back(quit_at_root=True)

    def action_refresh_data(self) -> None:
        """Read everything again."""
        self.reload()

    def action_copy(self) -> None:
        """Copy the selected id or value."""
        self.flow.copy(self.copy_text())

    def action_copy_full(self) -> None:
        """Copy the ARN or the whole line."""
        self.flow.copy(self.copy_line())

    def action_console(self) -> None:
        """Open what is selected in the AWS console, or copy its address."""
        self.flow.open_console(self.console_url())

    def set_filter(self, text: str) -> None:
        """Set the filter from wherever it came."""
        if text != self.filter_text:
            self.filter_text = text
            self.filter_changed(text)

    @on(Prompt.FilterChanged)
    def _filter_typed(self, message: Prompt.FilterChanged) -> None:
        self.set_filter(message.text)

    @on(Prompt.CommandGiven)
    def _command_given(self, message: Prompt.CommandGiven) -> None:
        self.flow.run_command_line(message.text)
