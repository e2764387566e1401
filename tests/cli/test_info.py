import json

from flowtui import __version__
from flowtui.config import SETTINGS


def test_every_setting_with_its_source(run, tmp_path, monkeypatch):
    monkeypatch.setenv("FLOWTUI_THEME", "nord")
    config = tmp_path / "config.toml"
    config.write_text('region = ["eu-west-1"]\n')
    found = json.loads(run("info", "--output", "json", "--config", str(config), "--read-only").out)
    assert found["versions"]["flowtui"] == __version__
    assert set(found["settings"]) == {setting.name for setting in SETTINGS}
    assert found["settings"]["region"]["value"] == ["eu-west-1"]
    assert str(config) in found["settings"]["region"]["source"]
    assert "FLOWTUI_THEME" in found["settings"]["theme"]["source"]
    assert found["settings"]["read_only"]["value"] is True
    assert found["settings"]["endpoint_url"]["source"] == "default"
    assert found["paths"]["config"] == str(config)


def test_the_table_names_everything_once(run):
    outcome = run("info")
    assert outcome.status == 0
    for name in ("Versions", "Paths", "Settings", "duckdb", "workspace", "read_only"):
        assert name in outcome.out


def test_a_configuration_file_that_is_not_there_is_a_usage_error(run, tmp_path):
    outcome = run("info", "--config", str(tmp_path / "none.toml"))
    assert outcome.status == 2
    assert "none.toml" in outcome.err


def test_a_value_of_the_wrong_kind_names_its_place(run, monkeypatch):
    monkeypatch.setenv("FLOWTUI_READ_ONLY", "perhaps")
    outcome = run("info")
    assert outcome.status == 2
    assert "FLOWTUI_READ_ONLY" in outcome.err
