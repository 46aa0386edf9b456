"""The compose file against the Compose specification's own schema: no Docker engine runs here."""

import copy
import json
from importlib.resources import files

import jsonschema
import pytest
import yaml

from ediary.launcher.places import BASE

SERVICES = {"web", "worker", "scheduler", "migrate", "backup", "postgres", "redis"}
OURS = ["web", "worker", "scheduler", "migrate", "backup"]


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((BASE / "docker-compose.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def schema():
    vendored = files("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json"
    return json.loads(vendored.read_text(encoding="utf-8"))


def test_compose_file_keeps_the_specification(compose, schema):
    jsonschema.validate(compose, schema)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda file: file["services"]["web"].update(read_onli=True),
        lambda file: file["services"]["web"].update(ports="8000"),
        lambda file: file["services"]["web"]["healthcheck"].update(retries=[]),
        lambda file: file.update(service={}),
    ],
)
def test_schema_refuses_a_spoilt_compose_file(compose, schema, spoil):
    spoilt = copy.deepcopy(compose)
    spoil(spoilt)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(spoilt, schema)


def test_services_are_the_ones_we_run(compose):
    assert set(compose["services"]) == SERVICES


@pytest.mark.parametrize("name", OURS)
def test_our_containers_have_no_more_rights_than_they_need(compose, name):
    service = compose["services"][name]
    assert service["user"] == "10001:10001"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", ["web", "worker", "scheduler", "postgres", "redis"])
def test_every_lasting_service_has_a_health_check(compose, name):
    assert compose["services"][name]["healthcheck"]["test"]


def test_secrets_come_through_files_only(compose):
    for name in OURS:
        service = compose["services"][name]
        named = {key for key in service["environment"] if key.endswith("_FILE")}
        read = {service["environment"][key].removeprefix("/run/secrets/") for key in named}
        assert read == set(service["secrets"]), name
        assert not {"SECRET_KEY", "DATABASE_URL", "REDIS_URL"} & set(service["environment"])
    assert all(set(secret) == {"file"} for secret in compose["secrets"].values())


def test_only_the_migration_and_the_backup_hold_the_owner_role(compose):
    holders = {
        name for name in OURS if "database_owner_url" in compose["services"][name]["secrets"]
    }
    assert holders == {"migrate", "backup"}


def test_every_secret_is_made_by_the_script(compose):
    script = (BASE / "docker" / "make-secrets").read_text(encoding="utf-8")
    assert not [name for name in compose["secrets"] if name not in script]


def test_the_image_runs_as_an_ordinary_user():
    lines = (BASE / "Dockerfile").read_text(encoding="utf-8").splitlines()
    users = [line.split()[1] for line in lines if line.startswith("USER")]
    assert users[-1] == "10001:10001"
    assert "--require-hashes" in "\n".join(lines)


def test_the_web_server_knows_of_the_proxy_before_it(compose):
    assert compose["services"]["web"]["environment"]["PROXIES"] == "${PROXIES:-1}"
