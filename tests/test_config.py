import re
from pathlib import Path

import pytest

from flowtui.config import SETTINGS, cache_dir, data_dir, default_config_file, load_settings
from flowtui.errors import UsageError


@pytest.fixture(autouse=True)
def no_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's own configuration file is not there."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home" / ".config"))


@pytest.fixture
def toml(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text('region = ["eu-west-1"]\nread_only = true\ntheme = "paper"\n[keys]\nquit = "x"\n', encoding="utf-8")
    return path


def test_defaults():
    settings = load_settings(environment={}, config_file=None)
    assert (settings.profile, settings.region, settings.endpoint_url, settings.demo) == ((), (), None, False)
    assert settings.workspace == data_dir() / "default.duckdb"
    assert settings.workspace_name == "default"
    assert set(settings.sources) == {setting.name for setting in SETTINGS}
    assert set(settings.sources.values()) <= {"default", str(settings.config_file)}


def test_each_place_overrides_the_next(toml: Path):
    environment = {"FLOWTUI_REGION": "us-east-2", "FLOWTUI_THEME": "dark"}
    settings = load_settings({"region": ("us-west-1",)}, environment, toml)
    assert settings.region == ("us-west-1",)
    assert settings.theme == "dark"
    assert settings.read_only is True
    assert settings.keys == {"quit": "x"}
    assert settings.ascii is False
    assert {name: settings.sources[name] for name in ("region", "theme", "read_only", "ascii")} == {
        "region": "command line",
        "theme": "environment FLOWTUI_THEME",
        "read_only": str(toml),
        "ascii": "default",
    }


def test_not_given_is_not_false(toml: Path):
    settings = load_settings({"read_only": None, "region": ()}, {}, toml)
    assert settings.read_only is True
    assert settings.region == ("eu-west-1",)
    assert load_settings({"read_only": False}, {}, toml).read_only is False


def test_aws_variables_count_after_our_own():
    environment = {"AWS_PROFILE": "aws", "AWS_DEFAULT_REGION": "b", "AWS_REGION": "a", "AWS_ENDPOINT_URL": "http://x"}
    settings = load_settings({}, environment)
    assert (settings.profile, settings.region, settings.endpoint_url) == (("aws",), ("a",), "http://x")
    assert load_settings({}, environment | {"FLOWTUI_PROFILE": "ours,other"}).profile == ("ours", "other")


def test_an_empty_variable_is_not_set():
    assert load_settings({}, {"FLOWTUI_REGION": "", "AWS_REGION": "a"}).region == ("a",)


def test_the_demo_account_has_a_workspace_of_its_own(tmp_path: Path):
    assert load_settings({"demo": True}, {}).workspace.name == "demo.duckdb"
    named = tmp_path / "mine.duckdb"
    assert load_settings({"demo": True, "workspace": str(named)}, {}).workspace == named


@pytest.mark.parametrize(("word", "flag"), [("1", True), ("Yes", True), ("off", False), ("FALSE", False)])
def test_flags_in_the_environment(word: str, flag: bool):
    assert load_settings({}, {"FLOWTUI_READ_ONLY": word}).read_only is flag


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("regoin = 'x'", "regoin"),
        ("region = 5", "region"),
        ("read_only = 'perhaps'", "read_only"),
        ("keys = 'x'", "keys"),
        ("[keys]\nquit = 1", "keys"),
        ("theme = 1", "theme"),
        ("= nonsense", "TOML"),
    ],
)
def test_a_bad_file_is_named_with_the_thing_in_it(tmp_path: Path, text: str, place: str):
    path = tmp_path / "bad.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        load_settings({}, {}, path)
    assert str(path) in caught.value.message
    assert place in caught.value.message
    assert caught.value.hint


def test_a_bad_variable_is_named():
    with pytest.raises(UsageError, match="FLOWTUI_DEMO"):
        load_settings({}, {"FLOWTUI_DEMO": "maybe"})


def test_a_named_file_must_exist(tmp_path: Path):
    with pytest.raises(UsageError, match="No configuration file"):
        load_settings({}, {}, tmp_path / "none.toml")
    with pytest.raises(UsageError, match="No configuration file"):
        load_settings({}, {"FLOWTUI_CONFIG": str(tmp_path / "none.toml")})


@pytest.mark.parametrize("content", [b"\xff\xfe", b"region = \x00"])
def test_a_file_that_is_not_text(tmp_path: Path, content: bytes):
    path = tmp_path / "bad.toml"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"bad\.toml"):
        load_settings({}, {}, path)


def test_a_folder_is_no_file(tmp_path: Path):
    with pytest.raises(UsageError, match="Cannot read"):
        load_settings({}, {}, tmp_path)


def test_the_default_file_is_read_when_it_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    if not default_config_file().is_relative_to(tmp_path):
        pytest.skip("this system keeps configuration elsewhere")
    default_config_file().parent.mkdir(parents=True)
    default_config_file().write_text('theme = "paper"', encoding="utf-8")
    settings = load_settings({}, {})
    assert settings.theme == "paper"
    assert settings.sources["theme"] == str(default_config_file())


def test_a_home_sign_is_expanded():
    assert load_settings({"workspace": "~/w.duckdb"}, {}).workspace == Path.home() / "w.duckdb"


def test_data_and_cache_are_apart():
    assert data_dir() != cache_dir()


@pytest.mark.parametrize("address", ["nonsense", "http://[::1", "ftp://x", "http://", "http://host:99999"])
def test_an_endpoint_is_a_web_address(address: str):
    with pytest.raises(UsageError) as caught:
        load_settings({"endpoint_url": address}, {}, None)
    assert address in caught.value.message and "command line" in caught.value.message


def test_regions_may_be_listed_with_commas_and_in_capitals():
    assert load_settings({"region": ("us-east-1,EU-west-1",)}, {}, None).region == ("us-east-1", "eu-west-1")
    assert load_settings({"region": ("ALL",)}, {}, None).region == ("all",)


def test_a_byte_order_mark_is_no_part_of_the_file(tmp_path: Path):
    path = tmp_path / "config.toml"
    path.write_bytes(b'\xef\xbb\xbftheme = "paper"\n')
    assert load_settings({}, {}, path).theme == "paper"


def test_the_readme_tells_every_setting_and_where_it_is_set():
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    table = readme.partition("## Settings")[2].partition("## ")[0]
    rows = [line.split("|")[1:3] for line in table.splitlines() if line.startswith("| `")]
    told = {name for names, _ in rows for name in re.findall(r"`(\w+)`", names)}
    assert told == {setting.name for setting in SETTINGS}
    variables = {name for _, names in rows for name in re.findall(r"`(\w+)`", names)}
    # Three settings share a row, which ends its variables with an ellipsis.
    known = {name for setting in SETTINGS for name in setting.variables}
    assert known - variables == {"FLOWTUI_ATHENA_CATALOG", "FLOWTUI_ATHENA_DATABASE"} and variables <= known
