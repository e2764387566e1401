from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import duckdb
import pytest

from flowtui.errors import WorkspaceError
from flowtui.lake.batch import load_batch
from flowtui.lake.load import load
from flowtui.lake.plan import plan
from flowtui.lake.sources import local_sources
from flowtui.lake.workspace import Workspace
from tests.lake.conftest import (
    HEADER,
    NODATA,
    NODATA_ROW,
    RDP,
    SSH,
    SSH_ROW,
    ask,
    load_all,
    open_soon,
    rejected,
    rows,
    write,
)


def test_loading_twice_adds_nothing(workspace: Workspace, tmp_path: Path) -> None:
    write(tmp_path, "logs/a.log.gz", f"{HEADER}\n{SSH}\nbad\n")
    write(tmp_path, "logs/b.log", f"{HEADER}\n{NODATA}\n")
    first = load_all(workspace, tmp_path / "logs")
    second = load_all(workspace, tmp_path / "logs")
    assert (first.objects, first.records, first.skipped) == (2, 2, 0)
    assert (second.objects, second.records, second.skipped, second.partial) == (0, 0, 2, False)
    assert rows(workspace) == [SSH_ROW, NODATA_ROW]
    assert len(rejected(workspace)) == 1
    assert workspace.summary().objects == 2


def test_a_changed_file_replaces_its_rows_and_refused_lines(workspace: Workspace, tmp_path: Path) -> None:
    other = write(tmp_path, "b.log", f"{HEADER}\n{NODATA}\nworse\n")
    path = write(tmp_path, "a.log", f"{HEADER}\n{SSH}\n{RDP}\nbad\n")
    load_all(workspace, path, other)
    write(tmp_path, "a.log", f"{HEADER}\n{SSH}\nbadder\n")
    report = load_all(workspace, path, other)
    assert (report.objects, report.records, report.skipped) == (1, 1, 1)
    assert rows(workspace) == [SSH_ROW, NODATA_ROW]
    assert [(row[0], row[2]) for row in rejected(workspace)] == [("a.log", "badder"), ("b.log", "worse")]
    assert workspace.summary().objects == 2


def test_a_changed_file_may_change_its_kind(workspace: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path, "a.log", f"{HEADER}\n{SSH}\n")
    load_all(workspace, path)
    write(tmp_path, "a.log", "tgw-id srcaddr bytes\ntgw-1 10.0.0.1 5\n")
    load_all(workspace, path)
    assert rows(workspace) == []
    assert ask(workspace, "SELECT tgw_id, srcaddr, bytes FROM vpc_flow_logs.transit_gateway_flow_logs") == [
        ("tgw-1", "10.0.0.1", 5)
    ]


def test_a_column_goes_from_the_view_with_the_last_file_that_has_it(workspace: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path, "a.log", f"{HEADER} vpc-id\n{SSH} vpc-1\n")
    load_all(workspace, path)
    assert rows(workspace) == [(*SSH_ROW[:-1], "vpc-1", SSH_ROW[-1])]
    write(tmp_path, "a.log", f"{HEADER}\n{SSH}\n")
    load_all(workspace, path)
    assert rows(workspace) == [SSH_ROW]


def test_a_failed_file_is_tried_again(workspace: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path, "a.log", "nonsense\n")
    assert len(load_all(workspace, path).failed) == 1
    assert len(load_all(workspace, path).failed) == 1
    assert ask(workspace, "SELECT status, count(*) FROM flowtui.objects GROUP BY 1") == [("failed", 1)]
    write(tmp_path, "a.log", f"{HEADER}\n{SSH}\n")
    assert load_all(workspace, path).records == 1
    assert ask(workspace, "SELECT status, reason, rows FROM flowtui.objects") == [("loaded", "", 1)]


def test_a_file_that_turned_bad_keeps_what_was_loaded_of_it(workspace: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path, "a.log", f"{HEADER}\n{SSH}\n")
    load_all(workspace, path)
    path.write_text("nonsense\n")
    assert len(load_all(workspace, path).failed) == 1
    assert rows(workspace) == [SSH_ROW]


def test_a_path_given_twice_is_loaded_once(workspace: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path, "a.log", f"{HEADER}\n{SSH}\n")
    sources = local_sources([path])
    *_, last = load(workspace, [*sources, *sources])
    assert last.report is not None and last.report.records == 1
    assert rows(workspace) == [SSH_ROW]


def test_a_dry_run_loads_nothing_and_knows_what_is_there(workspace: Workspace, tmp_path: Path) -> None:
    first = write(tmp_path, "a.log", f"{HEADER}\n{SSH}\n")
    second = write(tmp_path, "b.log", f"{HEADER}\n{RDP}\n")
    load_all(workspace, first)
    planned = plan(workspace, local_sources([first, second]))
    assert (planned.objects, planned.size, planned.skipped) == (1, second.stat().st_size, 1)
    assert (planned.fetched, planned.usd, planned.records) == (0, 0.0, 1)
    assert plan(None, local_sources([first, second])).objects == 2
    assert rows(workspace) == [SSH_ROW]


def _many(folder: Path, files: int, lines: int) -> dict[str, int]:
    """Files of records and the number in each, by name."""
    chance = random.Random(files)
    counts = {}
    for number in range(files):
        count = lines + number
        text = "".join(f"{SSH.replace(' 4249 ', f' {chance.randrange(10**6)} ')}\n" for _ in range(count))
        counts[write(folder, f"{number:04}.log.gz", f"{HEADER}\n{text}").name] = count
    return counts


def _counts(workspace: Workspace) -> dict[object, object]:
    """Rows that each object really has, which must also be what the ledger says."""
    found = ask(
        workspace,
        "SELECT parse_filename(o.key), count(*), any_value(o.rows) FROM flowtui.objects o "
        'JOIN flowtui.vpc_records r ON r."object id" = o.id GROUP BY ALL',
    )
    assert all(rows == noted for _, rows, noted in found)
    orphans = 'SELECT count(*) FROM flowtui.vpc_records WHERE "object id" NOT IN (SELECT id FROM flowtui.objects)'
    assert ask(workspace, orphans) == [(0,)]
    return {name: rows for name, rows, _ in found}


def _threads() -> list[str]:
    """Those of loads."""
    return [one.name for one in threading.enumerate() if one.name in ("flowtui-load", "flowtui-aside")]


def test_closing_the_generator_leaves_nothing_half_done(workspace: Workspace, tmp_path: Path) -> None:
    counts = _many(tmp_path / "logs", 30, 8000)
    steps = load(workspace, local_sources([tmp_path / "logs"]))
    for progress in steps:
        if progress.stage == "loading":
            break
    steps.close()
    # A thread has said that it is done a moment before it is gone.
    deadline = time.monotonic() + 30
    while (left := _threads()) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert left == []
    loaded = _counts(workspace)
    assert loaded.items() <= counts.items()
    report = load_all(workspace, tmp_path / "logs")
    assert report.skipped == len(loaded)
    assert _counts(workspace) == counts


def test_an_interruption_by_key_leaves_nothing_half_done(workspace: Workspace, tmp_path: Path) -> None:
    counts = _many(tmp_path / "logs", 30, 8000)
    with pytest.raises(KeyboardInterrupt):
        for progress in (steps := load(workspace, local_sources([tmp_path / "logs"]))):
            if progress.stage == "loading":
                steps.throw(KeyboardInterrupt())
    assert _counts(workspace).items() <= counts.items()
    load_all(workspace, tmp_path / "logs")
    assert _counts(workspace) == counts


def test_a_batch_that_fails_at_its_end_is_rolled_back(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, "a.log", f"{HEADER} vpc-id\n{SSH} vpc-1\nbad\n")

    def fail(*_: object) -> None:
        raise duckdb.IOException("IO Error: No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("flowtui.lake.batch.refresh_views", fail)
        with pytest.raises(WorkspaceError, match="No room left"):
            load_all(workspace, path)
    assert rows(workspace) == [] and rejected(workspace) == []
    assert load_all(workspace, path).records == 1


def test_a_statement_that_fails_for_one_file_spares_the_others(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _many(tmp_path / "logs", 9, 3)
    seen = []

    def stumbling(
        cursor: object, path: object, files: list[object], *arguments: object, slowly: bool = False
    ) -> object:
        seen.append((len(files), slowly))
        if not slowly and any("0004" in str(file.path) for file in files):  # type: ignore[attr-defined]  # a wrapper takes what its original takes
            raise duckdb.InvalidInputException("Invalid Input Error: the parser stumbled")
        return load_batch(cursor, path, files, *arguments, slowly=slowly)  # type: ignore[arg-type]  # a wrapper takes what its original takes

    monkeypatch.setattr("flowtui.lake.writer.load_batch", stumbling)
    report = load_all(workspace, tmp_path / "logs")
    assert (report.objects, report.failed) == (9, ())
    assert (1, True) in seen
    assert len(_counts(workspace)) == 9


def test_two_loads_at_once_do_each_object_once(workspace: Workspace, tmp_path: Path) -> None:
    counts = _many(tmp_path / "logs", 40, 500)
    reports = []
    threads = [
        threading.Thread(target=lambda: reports.append(load_all(workspace, tmp_path / "logs"))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(report.objects for report in reports) == 40
    assert sum(report.skipped for report in reports) == 80
    assert _counts(workspace) == counts


@pytest.mark.parametrize("seed", range(4))
def test_killed_in_the_middle_and_run_again(tmp_path: Path, seed: int) -> None:
    counts = _many(tmp_path / "logs", 20, 6000)
    path = tmp_path / "w.duckdb"
    process = subprocess.Popen(
        [sys.executable, "-c", _SLOWLY, str(path), str(tmp_path / "logs")], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    with process.stdout:
        for _ in range(1 + 3 * seed):
            process.stdout.readline()
        time.sleep(random.Random(seed).random() * 0.1)
        process.kill()
        process.wait()
    with open_soon(path) as workspace:
        partly = _counts(workspace)
        assert partly.items() <= counts.items()
        report = load_all(workspace, tmp_path / "logs")
        assert (report.objects, report.skipped) == (20 - len(partly), len(partly))
        assert _counts(workspace) == counts


# Small batches, so that a kill finds some committed and one at work.
_SLOWLY = """
import sys
from pathlib import Path
import flowtui.lake.load as module
from flowtui.lake.sources import local_sources
from flowtui.lake.workspace import Workspace
module._SMALL_BATCH = 1
module._LARGE_COUNT = 2
module._TICK_S = 0.001
with Workspace.open(Path(sys.argv[1])) as workspace:
    for progress in module.load(workspace, local_sources([sys.argv[2]])):
        print(progress.objects_done, flush=True)
"""
