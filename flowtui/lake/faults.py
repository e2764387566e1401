"""Why one object is not loaded, and the signal to give up."""

from __future__ import annotations

from flowtui.errors import FlowTuiError


class Unreadable(FlowTuiError):
    """An object that cannot be loaded; ``message`` is the reason."""


class CacheUnwritable(FlowTuiError):
    """No object can be kept any more: the cache's disk is full, or its folder may not be written."""


class Stopped(Exception):
    """The load was cancelled while an object was being read."""
