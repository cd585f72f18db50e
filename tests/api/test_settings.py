"""Configuration: from the environment, never quoted, and refused where production would be unsafe."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from api.settings import ConfigurationRefused, Settings, check_start, load_settings

KEY = base64.b64encode(bytes(32)).decode()
SECRET = "hunter2-7001014321"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in list(os.environ):
        if name.startswith("OVERGANG_"):
            monkeypatch.delenv(name)


def sound(tmp_path: Path, **changed: Any) -> Settings:
    """A configuration that production takes, with something changed."""
    given: dict[str, Any] = {
        "environment": "production",
        "data_dir": tmp_path / "data",
        "epoch_key_file": tmp_path / "keys" / "epoch",
        "issuers": [{"issuer": "https://login.example", "jwks_file": tmp_path / "jwks.json"}],
        "scanner": "clamd",
        "clamd": "127.0.0.1:3310",
    }
    return load_settings(**(given | changed))


def test_production_starts_with_a_sound_configuration(tmp_path: Path) -> None:
    settings = sound(tmp_path)
    check_start(settings)
    assert settings.production_faults() == []
    assert not settings.dev_issuer and not settings.allow_test_persons


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"dev_issuer": True}, "development-issuer"),
        ({"epoch_key_file": None}, "generated-epoch-key"),
        ({"scanner": "none"}, "no-malware-scanner"),
        ({"allow_test_persons": True}, "test-persons-allowed"),
        ({"mail_host": "mail.example", "mail_security": "none"}, "plain-text-mail"),
        ({"simulated_log": True}, "simulated-log"),
        ({"sqlite_synchronous": "NORMAL"}, "sqlite-not-durable"),
        (
            {"store": "postgres", "postgres_dsn": "postgresql://a", "vault_dsn": "postgresql://a"},
            "vault-not-apart",
        ),
        ({"issuers": [{"issuer": "http://login.example", "jwks": {"keys": []}}]}, "issuer-not-https"),
        ({"rate_limit_per_minute": 0}, "no-rate-limit"),
    ],
)
def test_production_refuses_to_start_and_names_the_fault(
    tmp_path: Path, changed: dict[str, Any], code: str
) -> None:
    settings = sound(tmp_path, **changed)
    with pytest.raises(ConfigurationRefused) as refused:
        check_start(settings)
    assert refused.value.codes == [code]
    assert settings.faults() == []


def test_production_refuses_an_epoch_key_among_the_data(tmp_path: Path) -> None:
    settings = sound(tmp_path, epoch_key_file=tmp_path / "data" / "sub" / ".." / "epoch")
    assert [fault.partition(":")[0] for fault in settings.production_faults()] == ["epoch-key-beside-data"]


def test_production_names_every_fault_at_once() -> None:
    with pytest.raises(ConfigurationRefused) as refused:
        check_start(load_settings(environment="production", dev_issuer=True))
    assert {"development-issuer", "generated-epoch-key", "no-malware-scanner"} <= set(refused.value.codes)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"epoch_key": KEY, "epoch_key_command": "cat key"}, "several-epoch-keys"),
        ({"dev_issuer": False}, "no-trusted-issuer"),
        ({"store": "postgres", "postgres_dsn": "postgresql://a"}, "postgres-dsn-missing"),
        ({"scanner": "clamd"}, "clamd-address"),
        ({"scanner": "clamd", "clamd": "nowhere"}, "clamd-address"),
        ({"issuers": [{"issuer": "https://a.example"}]}, "issuer-keys"),
    ],
)
def test_no_environment_starts_with_a_contradiction(given: dict[str, Any], code: str) -> None:
    with pytest.raises(ConfigurationRefused) as refused:
        check_start(load_settings(**given))
    assert refused.value.codes == [code]


def test_a_fresh_checkout_starts_in_development() -> None:
    settings = load_settings()
    check_start(settings)
    assert settings.environment == "development"
    assert settings.dev_issuer and settings.allow_test_persons
    assert settings.sqlite_synchronous == "FULL"


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    issuers = [{"issuer": "https://login.example", "jwks": {"keys": []}, "audience": "here"}]
    for name, value in {
        "ENVIRONMENT": "production", "DATA_DIR": str(tmp_path), "ISSUERS": json.dumps(issuers),
        "EPOCH_KEY": KEY, "TRUSTED_HOSTS": '["api.example"]', "CLAMD": "/run/clamd.sock", "POSTGRES_DSN": "",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"OVERGANG_{name}", value)
    settings = load_settings()
    assert settings.issuers[0].audience == "here"
    assert settings.trusted_hosts == ("api.example",)
    assert settings.clamd_address == Path("/run/clamd.sock")
    assert settings.postgres_dsn is None
    assert not settings.dev_issuer
    assert KEY not in repr(settings)
    assert settings.epoch_key is not None and settings.epoch_key.get_secret_value() == KEY


def test_the_command_line_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVERGANG_DATA_DIR", "elsewhere")
    assert load_settings(data_dir=Path("here")).data_dir == Path("here")


def test_a_misspelt_name_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVERGANG_ROUNDS", "3")
    monkeypatch.setenv("OVERGANG_ENVIROMENT", "production")
    with pytest.raises(ConfigurationRefused) as refused:
        load_settings()
    assert refused.value.faults == ["unknown-setting: OVERGANG_ENVIROMENT is no setting of this program"]


@pytest.mark.parametrize(
    "name",
    ["ENVIRONMENT", "MAX_BODY_BYTES", "EPOCH_KEY", "ISSUERS", "TRUSTED_HOSTS", "DEV_ISSUER", "MAIL_PORT"],
)
def test_a_bad_value_is_named_by_its_setting_and_never_quoted(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(f"OVERGANG_{name}", SECRET)
    with pytest.raises(ConfigurationRefused) as refused:
        load_settings()
    assert refused.value.faults == [f"bad-setting: OVERGANG_{name} does not have the form it must have"]
    assert refused.value.__cause__ is None and SECRET not in repr(refused.value)


def test_the_epoch_key_must_be_32_bytes() -> None:
    with pytest.raises(ConfigurationRefused, match="OVERGANG_EPOCH_KEY"):
        load_settings(epoch_key=base64.b64encode(bytes(16)).decode())


def test_the_key_command_is_split_as_a_shell_would_but_without_one() -> None:
    assert load_settings(epoch_key_command="vault read 'my key'").epoch_key_argv == [
        "vault",
        "read",
        "my key",
    ]


@pytest.mark.parametrize(
    ("clamd", "address"),
    [
        ("scan.example:3310", ("scan.example", 3310)),
        ("[::1]:3310", ("::1", 3310)),
        ("a:99999", None),
        (":1", None),
    ],
)
def test_the_scanners_address(clamd: str, address: object) -> None:
    assert load_settings(clamd=clamd).clamd_address == address
