"""Other people's programs, each in an environment of its own, installed when a benchmark first asks for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def peer(folder: Path, package: str) -> Path | None:
    """The ``bin`` folder of an environment that has a package; None, and a line that says so, when it cannot be had."""
    place = folder / f"env-{package}"
    done = place / "installed"
    if not done.exists():
        print(f"  installing {package} in an environment of its own …")
        try:
            subprocess.run([sys.executable, "-m", "venv", str(place)], check=True, capture_output=True)
            pip = [str(place / "bin/pip"), "install", "--quiet", package]
            subprocess.run(pip, check=True, capture_output=True, text=True)
        except subprocess.CalledProcessError as error:
            said = str(error.stderr or "").strip().splitlines() or ["no reason given"]
            print(f"  {package} is left out: it could not be installed ({said[-1]})")
            return None
        done.touch()
    return place / "bin"
