import re
from pathlib import Path

import pytest

from otklik.kernel.errors import SetupError
from otklik.platform.settings import Settings, described, load_settings

DOCS = Path(__file__).parents[2] / "docs" / "settings.md"
KEY = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA="


def test_nothing_set_gives_the_defaults() -> None:
    assert load_settings({"HOME": "/root"}) == Settings()


def test_the_environment_wins_over_the_file_and_the_file_over_defaults(tmp_path: Path) -> None:
    file = tmp_path / "my.toml"
    file.write_text('port = 9000\nlocale = "en"\n', encoding="utf-8")
    settings = load_settings({"OTKLIK_PORT": "9001"}, file)
    assert (settings.port, settings.locale, settings.host) == (9001, "en", "127.0.0.1")


def test_the_file_in_the_data_folder_is_found(tmp_path: Path) -> None:
    (tmp_path / "otklik.toml").write_text("keep_raw_days = 7\n", encoding="utf-8")
    assert load_settings({"OTKLIK_DATA_DIR": str(tmp_path)}).keep_raw_days == 7


def test_a_toml_yes_or_no_is_understood(tmp_path: Path) -> None:
    file = tmp_path / "my.toml"
    file.write_text("secure_cookies = true\n", encoding="utf-8")
    assert load_settings({}, file).cookies_are_secure


def test_a_secret_can_come_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_text(KEY + "\n", encoding="utf-8")
    assert load_settings({"OTKLIK_MASTER_KEY_FILE": str(secret)}).master_key == KEY


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "eighty"),
        ("port", "70000"),
        ("port", "-1"),
        ("log_level", "loud"),
        ("log_format", "xml"),
        ("public_url", "chat.example.com"),
        ("public_url", "ftp://chat.example.com"),
        ("public_url", "https://me@chat.example.com"),
        ("database_url", "mysql://localhost/db"),
        ("allow_private_hosts", "10.0.0.0/99"),
        ("allow_private_hosts", "box:99999"),
        ("allow_private_hosts", "http://box"),
        ("trusted_proxies", "somewhere"),
        ("body_limit_bytes", "0"),
        ("session_days", "0"),
        ("data_dir", "  "),
        ("secure_cookies", "perhaps"),
    ],
)
def test_a_wrong_value_names_the_setting_and_where_it_was_set(name: str, value: str) -> None:
    variable = f"OTKLIK_{name.upper()}"
    with pytest.raises(SetupError) as caught:
        load_settings({variable: value})
    for sentence in (caught.value.en, caught.value.ru):
        assert name in sentence
        assert variable in sentence
    assert caught.value.field == name


def test_a_wrong_secret_is_not_repeated_in_the_sentence() -> None:
    with pytest.raises(SetupError) as caught:
        load_settings({"OTKLIK_DATABASE_URL": "mysql://me:hunter2@db/x"})
    assert "hunter2" not in caught.value.en + caught.value.ru


def test_a_misspelt_variable_is_pointed_out() -> None:
    with pytest.raises(SetupError, match="OTKLIK_PUBLIC_URL"):
        load_settings({"OTKLIK_PUBLIC_ULR": "https://chat.example.com"})


def test_foreign_variables_are_left_alone() -> None:
    assert load_settings({"OTKLIK_TEST_DATABASE": "x", "PORT": "1"}) == Settings()


def test_the_form_of_an_address_that_others_use_is_understood() -> None:
    settings = load_settings({"OTKLIK_DATABASE_URL": "postgres://a:b@db/otklik"})
    assert settings.database_url == "postgresql://a:b@db/otklik"


def test_networks_of_proxies_are_taken_as_written() -> None:
    settings = load_settings({"OTKLIK_TRUSTED_PROXIES": "10.0.0.1, 172.16.0.0/12,::1"})
    assert settings.trusted_proxies == "10.0.0.1, 172.16.0.0/12,::1"


def test_an_unreadable_secret_file_names_the_variable(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="OTKLIK_MASTER_KEY_FILE: cannot read"):
        load_settings({"OTKLIK_MASTER_KEY_FILE": str(tmp_path / "nowhere")})


def test_the_data_folder_is_a_path() -> None:
    assert load_settings({"OTKLIK_DATA_DIR": "/srv/otklik"}).folder == Path("/srv/otklik")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("prot = 1\n", "port"),
        ("port = = 1\n", "TOML"),
        ("nonsense_word = 1\n", "nonsense_word"),
        ("port = [1]\n", "port"),
        ("port = 1.5\n", "port"),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, text: str, part: str) -> None:
    file = tmp_path / "my.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SetupError) as caught:
        load_settings({}, file)
    assert part in caught.value.en
    assert str(file) in caught.value.en


def test_a_missing_file_that_was_asked_for_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="nowhere"):
        load_settings({}, tmp_path / "nowhere.toml")


def test_secrets_are_not_in_the_repr() -> None:
    settings = Settings(
        master_key=KEY, database_url="postgresql://a:hunter2@b/c", metrics_token="canary"
    )
    for text in (repr(settings), str(settings), f"{settings}"):
        assert KEY not in text
        assert "hunter2" not in text
        assert "canary" not in text
        assert "8080" in text


@pytest.mark.parametrize(
    ("choice", "url", "secure"),
    [
        ("auto", "https://a.example", True),
        ("auto", "http://a.example", False),
        ("auto", "", False),
        ("yes", "", True),
        ("no", "https://a.example", False),
    ],
)
def test_secure_cookies_follow_the_public_address(choice: str, url: str, *, secure: bool) -> None:
    environ = {"OTKLIK_SECURE_COOKIES": choice, "OTKLIK_PUBLIC_URL": url}
    assert load_settings(environ).cookies_are_secure is secure


def test_a_final_slash_of_the_public_address_is_dropped() -> None:
    assert load_settings({"OTKLIK_PUBLIC_URL": "https://a.example/"}).public_url == (
        "https://a.example"
    )


def test_the_table_in_the_documentation_is_this_one() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \| (.*) \|$", DOCS.read_text("utf-8"), re.MULTILINE)
    wanted = [
        (s.name, s.variable, f"{f'`{s.default}`' if s.default else 'empty'} | {s.values} | {s.doc}")
        for s in described()
    ]
    assert rows == wanted
