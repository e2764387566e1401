"""Waiting for work in threads, by condition and never by the clock."""

from __future__ import annotations

PATIENCE = 3000


async def until(pilot, condition, what="it"):
    """Let the app run until the condition holds."""
    for _ in range(PATIENCE):
        if condition():
            await pilot.pause()
            return
        await pilot.pause(0.01)
    raise AssertionError(f"{what} did not happen")


async def idle(pilot):
    """Let the app run until the screen in front has no job left and the header knows who we are."""
    app = pilot.app

    def quiet() -> bool:
        jobs = getattr(app.screen, "_jobs", {})
        return not jobs and all(worker.is_finished for worker in app.workers if worker.group == "identity")

    # What was just asked for by a key or by another screen has to become a job first.
    await pilot.pause()
    await until(pilot, quiet, "the end of all jobs")


def text_of(app):
    """The screen as lines of text."""
    return [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]


async def shows(pilot, *texts):
    """Let the app run until all of these are on the screen; the lines that are there then.

    A key press returns when it was handled, which is before its answer is painted.
    """

    def there() -> bool:
        shown = "\n".join(text_of(pilot.app))
        return all(text in shown for text in texts)

    await until(pilot, there, " and ".join(map(repr, texts)) + " on the screen")
    return text_of(pilot.app)
