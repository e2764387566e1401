"""Every way a flow log file was ever seen, or made, wrong: none lost, none shifted, each refusal with its reason."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from flowtui.errors import FlowTuiError
from flowtui.lake.sources import find_files, local_sources
from flowtui.lake.workspace import Workspace
from tests.lake.conftest import HEADER, NODATA, NODATA_ROW, SSH, SSH_ROW, ask, load_all, rejected, rows, write


def _one(workspace: Workspace, tmp_path: Path, content: str | bytes, name: str = "a.log.gz") -> None:
    report = load_all(workspace, write(tmp_path, name, content))
    assert report.failed == ()
    assert report.objects == 1
    assert report.records == len(rows(workspace))


@pytest.mark.parametrize("name", ["a.log.gz", "a.log", "a.txt"])
@pytest.mark.parametrize(
    "content",
    [
        pytest.param(f"{HEADER}\n{SSH}\n{NODATA}\n", id="as AWS writes it"),
        pytest.param(f"{HEADER}\n{SSH}\n{NODATA}", id="last line without newline"),
        pytest.param(f"{HEADER}\n{SSH.replace(' ', '  ', 1)}\n{NODATA}\n", id="double space in front"),
        pytest.param(f"{HEADER}\n{SSH.replace(' eni', '  eni')}\n{NODATA}\n", id="double space before text"),
        pytest.param(f"{HEADER}\n{SSH.replace(' 22 ', '   22  ')}\n{NODATA}\n", id="runs of spaces at a number"),
        pytest.param(f"{HEADER}\n{SSH} \n{NODATA}   \n", id="trailing spaces"),
        pytest.param(f"{HEADER}\n  {SSH}\n{NODATA}\n", id="leading spaces"),
        pytest.param(f"{HEADER} \n{SSH}\n{NODATA}\n", id="trailing space in the header"),
        pytest.param(f"{HEADER.replace(' ', '  ')}\n{SSH}\n{NODATA}\n", id="double spaces in the header"),
        pytest.param(f"{HEADER}\r\n{SSH}\r\n{NODATA}\r\n", id="CRLF"),
        pytest.param(f"{HEADER}\n{SSH}\r\n{NODATA}\n", id="CRLF and LF mixed"),
        pytest.param(f"{HEADER}\r\n{SSH}\n{NODATA}\r\n", id="CRLF header, mixed records"),
        pytest.param(f"{HEADER}\n{SSH}\n{HEADER}\n{NODATA}\n", id="header repeated inside"),
        pytest.param(f"{HEADER}\n{HEADER}\n{SSH}\n{NODATA}\n{HEADER}", id="header repeated at both ends"),
        pytest.param(f"{HEADER}\n{SSH}\n\n\n{NODATA}\n\n", id="empty lines"),
        pytest.param(f"{HEADER}\n{SSH}\n   \n{NODATA}\n", id="a line of spaces"),
        pytest.param(f"\n{HEADER}\n{SSH}\n{NODATA}\n", id="empty line first"),
        pytest.param(f"\ufeff{HEADER}\n{SSH}\n{NODATA}\n", id="byte order mark"),
        pytest.param(f"{HEADER}\n{SSH.replace(' 22 ', ' 0022 ')}\n{NODATA}\n", id="leading zeros in a number"),
    ],
)
def test_loads_both_records(workspace: Workspace, tmp_path: Path, content: str, name: str) -> None:
    _one(workspace, tmp_path, content, name)
    assert rows(workspace) == [SSH_ROW, NODATA_ROW]
    assert rejected(workspace) == []


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (SSH.rsplit(" ", 1)[0], "13 columns, 14 expected"),
        (SSH + " more", "15 columns, 14 expected"),
        (SSH.replace(" 22 ", " twenty-two "), "dstport is not a number: twenty-two"),
        (SSH.replace(" 4249 ", " 4.5 "), "bytes is not a number: 4.5"),
        (SSH.replace(" 4249 ", " 4e3 "), "bytes is not a number: 4e3"),
        (SSH.replace(" 4249 ", " 0x10 "), "bytes is not a number: 0x10"),
        (SSH.replace(" 4249 ", " 4_249 "), "bytes is not a number: 4_249"),
        (SSH.replace(" 4249 ", " -4249 "), "bytes is not a number: -4249"),
        (SSH.replace(" 4249 ", " +4249 "), "bytes is not a number: +4249"),
        (SSH.replace(" 4249 ", " 99999999999999999999 "), "bytes is not a number: 99999999999999999999"),
        (SSH.replace(" 22 ", " 99999999999 "), "dstport is not a number: 99999999999"),
        (SSH.replace(" eni-1235b8ca123456789 172.31.16.139", "  172.31.16.139"), "13 columns, 14 expected"),
        (SSH.replace(" ACCEPT OK", "  OK"), "13 columns, 14 expected"),
        (SSH.replace(" 22 ", " 2\u0662 "), "dstport is not a number: 2\u0662"),
        (SSH.replace(" 22 ", " 22\t "), "dstport is not a number: 22\t"),
        (SSH.replace(" 22 ", "\t22 "), "13 columns, 14 expected"),
        (SSH.replace(" ACCEPT ", "\x0bACCEPT\xa0"), "12 columns, 14 expected"),
        ("hello", "1 columns, 14 expected"),
        ('{"version": 2}', "2 columns, 14 expected"),
    ],
)
def test_a_bad_line_is_kept_with_its_reason(workspace: Workspace, tmp_path: Path, bad: str, reason: str) -> None:
    report = load_all(workspace, write(tmp_path, "a.log.gz", f"{HEADER}\n{SSH}\n{bad}\n{NODATA}\n"))
    assert (report.records, report.rejected, report.partial) == (2, 1, True)
    assert rows(workspace) == [SSH_ROW, NODATA_ROW]
    assert rejected(workspace) == [("a.log.gz", 3, bad, reason)]


def test_a_line_with_several_faults_is_counted_once(workspace: Workspace, tmp_path: Path) -> None:
    bad = "x y z p q r s"
    report = load_all(workspace, write(tmp_path, "a.log", f"{HEADER}\n{bad}\n{SSH}\n{bad}\n"))
    assert report.rejected == 2
    assert [row[1] for row in rejected(workspace)] == [2, 4]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_bytes_that_are_not_utf8_are_refused_as_they_are(workspace: Workspace, tmp_path: Path, ending: str) -> None:
    bad = SSH.replace("ACCEPT", "AC\udcff\udcfeEPT").encode("utf-8", "surrogateescape")
    content = ending.join([HEADER, SSH, "{}", NODATA, ""]).encode().replace(b"{}", bad)
    report = load_all(workspace, write(tmp_path, "a.log.gz", content))
    assert (report.records, report.rejected) == (2, 1)
    ((_, number, line, reason),) = rejected(workspace)
    assert (number, reason) == (3, "not UTF-8")
    assert line == SSH.replace("ACCEPT", "AC\\xff\\xfeEPT")


def test_a_line_of_megabytes_is_refused_and_cut(workspace: Workspace, tmp_path: Path) -> None:
    for count, ending in enumerate(("\n", "\r\n")):
        content = ending.join([HEADER, SSH, "x" * 3_000_000, NODATA, ""])
        report = load_all(workspace, write(tmp_path, f"{count}.log.gz", content))
        assert (report.records, report.rejected) == (2, 1)
        *_, (_, number, line, reason) = rejected(workspace)
        assert number == 3 and len(str(line)) <= 10_000 and "line cut" in str(reason)


def test_text_keeps_every_character_that_is_no_space(workspace: Workspace, tmp_path: Path) -> None:
    header = "interface-id instance-tag srcport"
    odd = [
        '"quoted',
        "it's",
        "back\\slash",
        "tab\there",
        "a,b;c|d",
        "#no-comment",
        "NULL",
        "null",
        "0012",
        "%20",
        "ünï",
    ]
    odd += ["-", "--", "[bold]"]
    content = "".join(f"eni-{number} {text} {number}\n" for number, text in enumerate(odd))
    _one(workspace, tmp_path, f"{header}\n{content}")
    found = ask(workspace, "SELECT instance_tag FROM vpc_flow_logs.flow_logs ORDER BY srcport")
    assert [row[0] for row in found] == odd


def test_account_ids_are_text(workspace: Workspace, tmp_path: Path) -> None:
    lines = [SSH.replace("123456789010", account) for account in ("001234567890", "unknown", "-")]
    _one(workspace, tmp_path, "\n".join([HEADER, *lines]))
    assert {row[1] for row in rows(workspace)} == {"001234567890", "unknown", "-"}


def test_a_header_only_file_has_no_records(workspace: Workspace, tmp_path: Path) -> None:
    for count, content in enumerate((f"{HEADER}\n", HEADER, f"{HEADER}\r\n")):
        report = load_all(workspace, write(tmp_path, f"{count}.log.gz", content))
        assert (report.objects, report.records, report.partial) == (1, 0, False)


def test_columns_are_found_by_name_whatever_their_order(workspace: Workspace, tmp_path: Path) -> None:
    names = HEADER.split()
    values = dict(zip(names, SSH.split(), strict=True))
    alphabetical = sorted(names)
    _one(workspace, tmp_path, f"{' '.join(alphabetical)}\n{' '.join(values[name] for name in alphabetical)}\n")
    assert rows(workspace) == [SSH_ROW]


def test_names_nobody_knows_are_kept_as_text_under_their_own_name(workspace: Workspace, tmp_path: Path) -> None:
    _one(workspace, tmp_path, f"future-field {HEADER} other\n007 {SSH} -\n")
    names = ask(workspace, "SELECT column_name FROM (DESCRIBE vpc_flow_logs.flow_logs)")
    assert [name for (name,) in names[13:]] == ["log_status", "future_field", "other", "dt"]
    assert rows(workspace) == [(*SSH_ROW[:-1], "007", "-", SSH_ROW[-1])]


def test_a_name_that_appears_twice_shifts_nothing(workspace: Workspace, tmp_path: Path) -> None:
    _one(workspace, tmp_path, "srcaddr srcport srcaddr dstport\n10.0.0.1 1 10.0.0.2 2\n")
    assert ask(workspace, "SELECT srcaddr, srcport, dstport FROM vpc_flow_logs.flow_logs") == [("10.0.0.1", 1, 2)]


def test_a_field_named_like_the_partition_does_not_take_its_place(workspace: Workspace, tmp_path: Path) -> None:
    _one(workspace, tmp_path, f"{HEADER} dt\n{SSH} elsewhere\n")
    ((*_, named_dt, partition),) = rows(workspace)
    assert (named_dt, partition) == ("elsewhere", "2014-12-14")


def test_a_layout_of_text_only_does_not_take_a_repeated_header_for_a_record(
    workspace: Workspace, tmp_path: Path
) -> None:
    header = "srcaddr dstaddr action"
    _one(workspace, tmp_path, f"{header}\n10.0.0.1 10.0.0.2 ACCEPT\n{header}\n- - -\n")
    found = ask(workspace, "SELECT srcaddr, dstaddr, action, dt FROM vpc_flow_logs.flow_logs ORDER BY 1 DESC")
    assert found == [("10.0.0.1", "10.0.0.2", "ACCEPT", None), ("-", "-", "-", None)]


def test_a_text_only_line_short_of_a_column_is_not_shifted(workspace: Workspace, tmp_path: Path) -> None:
    report = load_all(workspace, write(tmp_path, "a.log", "srcaddr dstaddr action\n10.0.0.1  ACCEPT\n"))
    assert (report.records, report.rejected) == (0, 1)


def test_another_header_inside_a_file_is_never_read_under_the_first(workspace: Workspace, tmp_path: Path) -> None:
    other = " ".join(reversed(HEADER.split()))
    values = " ".join(reversed(SSH.split()))
    report = load_all(
        workspace,
        write(tmp_path, "a.log.gz", f"{HEADER}\n{SSH}\n{other}\n{values}\n"),
        write(tmp_path, "b.log.gz", f"{HEADER}\n{NODATA}\n"),
    )
    assert [(Path(one.name).name, one.reason) for one in report.failed] == [
        ("a.log.gz", "line 3 is a header of another layout; split the file there")
    ]
    assert rows(workspace) == [NODATA_ROW]
    assert rejected(workspace) == []


def _gzip(text: str) -> bytes:
    return gzip.compress(text.encode())


def _flipped(data: bytes, place: int) -> bytes:
    changed = bytearray(data)
    changed[place] ^= 1
    return bytes(changed)


_WHOLE = _gzip("\n".join([HEADER, *[SSH] * 2000]))

BROKEN = {
    "empty.log": (b"", "the file is empty"),
    "empty.log.gz": (b"", "the file is empty"),
    "empty-inside.log.gz": (gzip.compress(b""), "empty"),
    "prose.log.gz": (b"Dear diary,\nnothing today.\n", "named .gz but is not gzip"),
    "prose.parquet": (b"Dear diary,\nnothing today.\n", "named .parquet but is not Parquet"),
    "truncated.log.gz": (_WHOLE[:-200], "truncated"),
    "without-trailer.log.gz": (_WHOLE[:-8], "truncated"),
    "crc.log.gz": (_flipped(_WHOLE, -6), "damaged"),
    "length.log.gz": (_flipped(_WHOLE, -2), "damaged"),
    "flipped.log.gz": (_flipped(_WHOLE, len(_WHOLE) // 2), "damaged"),
    "garbage-behind.log.gz": (_WHOLE + b"garbage", "something else follows"),
    "second-member-truncated.log.gz": (_WHOLE + _WHOLE[:50], "truncated"),
    "no-header.log.gz": (_gzip("1418530010 ACCEPT 22\n"), "no header, and no layout is known"),
    "array.json": (b"[1, 2]", "holds no log events"),
    "config.json": (b'{"name": "x"}', "holds no log events"),
    "other-events.json": (b'{"events": [{"message": "START RequestId"}]}', "no flow log records: START RequestId"),
    "cut.json": (b'{"events": [{"message": "2 1', "its JSON is truncated"),
    "damaged.json": (b'{"events": [}', "its JSON is damaged"),
    "prose.log": (b"Dear diary,\nnothing today.\n", "no header of field names: Dear diary,"),
    "binary.log": (bytes(range(1, 256)) * 10, "no header of field names"),
    "blank.log": (b"\n \n\n", "nothing but empty lines"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_set_aside_and_the_rest_loads(workspace: Workspace, tmp_path: Path, name: str) -> None:
    content, reason = BROKEN[name]
    folder = tmp_path / "logs"
    write(folder, "good.log.gz", f"{HEADER}\n{NODATA}\n")
    (folder / name).write_bytes(content)
    report = load_all(workspace, folder)
    assert [Path(failure.name).name for failure in report.failed] == [name]
    assert reason in report.failed[0].reason
    assert (report.objects, report.partial) == (1, True)
    assert rows(workspace) == [NODATA_ROW]
    assert workspace.summary().failed == 1


def test_all_broken_files_at_once(workspace: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    for number in range(5):
        write(folder, f"good{number}.log.gz", f"{HEADER}\n{NODATA}\n")
    for name, (content, _) in BROKEN.items():
        (folder / name).write_bytes(content)
    report = load_all(workspace, folder)
    assert {Path(failure.name).name for failure in report.failed} == set(BROKEN)
    assert rows(workspace) == [NODATA_ROW] * 5


def test_a_flipped_byte_that_inflates_well_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    # Stored, not compressed: the changed byte is another digit and nothing but the CRC tells.
    stored = gzip.compress(f"{HEADER}\n{SSH}\n".encode(), 0)
    place = stored.index(b" 4249 ") + 1
    path = write(tmp_path, "a", b"").with_name("a.log.gz")
    path.write_bytes(stored[:place] + b"9" + stored[place + 1 :])
    report = load_all(workspace, path)
    assert "damaged" in report.failed[0].reason and rows(workspace) == []


def test_concatenated_gzip_members_are_one_file(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "a.log.gz"
    path.write_bytes(_gzip(f"{HEADER}\n{SSH}\n2 1234567") + _gzip(NODATA[9:] + "\n") + gzip.compress(b""))
    report = load_all(workspace, path)
    assert (report.records, report.partial) == (2, False)
    assert rows(workspace) == [SSH_ROW, NODATA_ROW]


def test_gzip_is_known_by_its_content_too(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(_gzip(f"{HEADER}\n{SSH}\n"))
    text = tmp_path / "b.log.gz"
    text.write_text(f"{HEADER}\n{SSH}\n")
    assert load_all(workspace, path, text).records == 2


@pytest.mark.parametrize("name", ["a'b.log", "[x]?*.log", "with space.log", "year=2024.log", "ünï.log", "#{}.log.gz"])
def test_odd_file_names(workspace: Workspace, tmp_path: Path, name: str) -> None:
    _one(workspace, tmp_path, f"{HEADER}\n{SSH}\nbad\n", name)
    assert rejected(workspace)[0][0] == name


def test_a_file_that_goes_away_while_loading_is_set_aside(workspace: Workspace, tmp_path: Path) -> None:
    from flowtui.lake.load import load

    gone = write(tmp_path, "logs/gone.log", f"{HEADER}\n{SSH}\n")
    write(tmp_path, "logs/here.log", f"{HEADER}\n{NODATA}\n")
    sources = local_sources([tmp_path / "logs"])
    gone.unlink()
    *_, last = load(workspace, sources)
    assert last.report is not None
    assert [Path(failure.name).name for failure in last.report.failed] == ["gone.log"]
    assert rows(workspace) == [NODATA_ROW]


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("x")
    with pytest.raises(FlowTuiError, match="No flow log files under"):
        local_sources([tmp_path])


def test_a_path_that_does_not_exist_says_so(tmp_path: Path) -> None:
    with pytest.raises(FlowTuiError, match=r"No file or folder .*nowhere"):
        local_sources([tmp_path / "nowhere"])


def test_folders_are_searched_whole_and_each_file_is_taken_once(tmp_path: Path) -> None:
    for name in ("a.log", "deep/er/b.log.gz", "deep/c.txt", "notes.md", ".hidden.log"):
        write(tmp_path, name, "x")
    (tmp_path / "link.log").symlink_to(tmp_path / "a.log")
    found = find_files([tmp_path, tmp_path / "a.log", tmp_path / "deep"])
    assert [source.path.name for source in found.sources] == ["a.log", "c.txt", "b.log.gz"]
    assert found.ignored == 1


def test_what_is_no_file_with_a_name_is_left_out_of_a_folder_and_refused_by_name(tmp_path: Path) -> None:
    write(tmp_path, "a.log", "x")
    os.mkfifo(tmp_path / "pipe.log")
    (tmp_path / "dangling.log").symlink_to(tmp_path / "nowhere")
    nameless = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.log"))
    nameless.write_text("x")
    found = find_files([tmp_path])
    assert ([source.path.name for source in found.sources], found.ignored) == (["a.log"], 3)
    for path, words in ((tmp_path / "pipe.log", "no regular file"), (nameless, "not UTF-8")):
        with pytest.raises(FlowTuiError, match=words):
            find_files([path])


WHITE = ["\t", "\xa0", "\x0b", "\x0c", "\x1c", "\x85", "\u2003", "\u2028"]


@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["fast path", "slow path"])
def test_only_a_space_separates_whichever_path_reads_the_file(
    workspace: Workspace, tmp_path: Path, ending: str
) -> None:
    lines = ["interface-id instance-tag srcport", *(f"eni-{n} a{white}b {n}" for n, white in enumerate(WHITE))]
    report = load_all(workspace, write(tmp_path, "a.log.gz", ending.join([*lines, ""])))
    assert (report.records, report.rejected) == (len(WHITE), 0)
    found = ask(workspace, "SELECT instance_tag FROM vpc_flow_logs.flow_logs ORDER BY srcport")
    assert [row[0] for row in found] == [f"a{white}b" for white in WHITE]


def test_a_carriage_return_inside_a_line_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    bad = SSH.replace("ACCEPT", "ACC\rEPT")
    report = load_all(workspace, write(tmp_path, "a.log", f"{HEADER}\n{SSH}\n{bad}\n{NODATA}\n"))
    assert (report.records, report.rejected) == (2, 1)
    assert rejected(workspace) == [("a.log", 3, bad, "a carriage return inside the line")]


@pytest.mark.parametrize("zeros", [1, 511, 300_000])
@pytest.mark.parametrize("again", [False, True])
def test_zeros_behind_the_gzip_data_are_passed_over(
    workspace: Workspace, tmp_path: Path, zeros: int, again: bool
) -> None:
    data = gzip.compress(f"{HEADER}\n{SSH}\n".encode()) + bytes(zeros)
    if again:
        data += gzip.compress(f"{NODATA}\n".encode())
    (tmp_path / "a.log.gz").write_bytes(data)
    assert load_all(workspace, tmp_path / "a.log.gz").failed == ()
    assert rows(workspace) == ([SSH_ROW, NODATA_ROW] if again else [SSH_ROW])


def test_an_empty_line_before_a_refused_one_is_no_part_of_it(workspace: Workspace, tmp_path: Path) -> None:
    report = load_all(workspace, write(tmp_path, "a.log", "version\nversion\n\nversion\n\nx"))
    assert (report.records, report.rejected) == (0, 1)
    assert rejected(workspace) == [("a.log", 6, "x", "version is not a number: x")]


def _tar(content: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        entry = tarfile.TarInfo("a.log")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "pack", "kind"),
    [
        ("a.log", bz2.compress, "bzip2"),
        ("a.log", lzma.compress, "xz"),
        ("a.log.gz", gzip.compress, "gzip within gzip"),
        ("a.log", lambda text: b"\x28\xb5\x2f\xfd" + text, "Zstandard"),
        ("a.log.gz", _tar, "a tar archive"),
        ("a.log", lambda text: b"PK\x03\x04" + text, "a zip archive"),
    ],
)
def test_what_is_packed_otherwise_is_named(
    workspace: Workspace, tmp_path: Path, name: str, pack: Callable[[bytes], bytes], kind: str
):
    report = load_all(workspace, write(tmp_path, name, pack(f"{HEADER}\n{SSH}\n".encode())))
    assert [(one.reason, one.hint.partition(" ")[0]) for one in report.failed] == [(f"it is {kind}", "Unpack")]
