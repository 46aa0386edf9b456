"""The embedded servers: closed to strangers, back after a kill, stopped when told so."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from ediary.launcher.accounts import server_account
from ediary.launcher.broker import Broker
from ediary.launcher.postgres import Cluster
from ediary.launcher.servers import exports

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cluster(own_folder):
    made = Cluster(own_folder / "pg")
    assert made.start() is True
    yield made
    made.stop("immediate")


@pytest.fixture
def broker(own_folder):
    made = Broker(own_folder / "broker")
    made.start()
    yield made
    made.stop()


def ask(url, statement):
    with psycopg.connect(url, autocommit=True) as link:
        return link.execute(statement).fetchone()


def test_a_second_start_finds_the_first(cluster):
    assert cluster.start() is False


def test_two_starts_at_once_make_one_server(own_folder):
    with ThreadPoolExecutor(2) as pool:
        begun = list(pool.map(lambda _: Cluster(own_folder / "twice").start(), range(2)))
    assert sorted(begun) == [False, True]
    Cluster(own_folder / "twice").stop("immediate")


def test_data_are_kept_safely(cluster):
    for setting, value in [
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("data_checksums", "on"),
        ("password_encryption", "scram-sha-256"),
        ("listen_addresses", "127.0.0.1"),
        ("unix_socket_directories", ""),
        ("server_encoding", "UTF8"),
    ]:
        shown = cluster.psql("-Atc", f"SHOW {setting}", capture_output=True).stdout
        assert shown == f"{value}\n", setting
    assert (cluster.folder / "passwords.json").stat().st_mode & 0o777 == 0o600
    assert cluster.data.stat().st_mode & 0o777 == 0o700
    assert cluster.data.stat().st_uid == server_account().uid != 0


def test_nobody_enters_without_the_password(cluster):
    url = cluster.url("web").replace(cluster.passwords()["web"], "guess")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url)


def test_the_web_role_owns_nothing_and_makes_nothing(cluster):
    for statement in [
        "CREATE TABLE public.mine (id int)",
        "CREATE TEMPORARY TABLE mine (id int)",
        "CREATE ROLE other",
        "SET ROLE ediary_owner",
        "SET ROLE ediary_audit",
        "CREATE DATABASE other",
    ]:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ask(cluster.url("web"), statement)


def test_the_owner_hands_tables_to_the_audit_role(cluster):
    with psycopg.connect(cluster.url("owner"), autocommit=True) as link:
        link.execute("CREATE TABLE history (id int)")
        link.execute("ALTER TABLE history OWNER TO ediary_audit")
        link.execute("INSERT INTO history VALUES (1)")
        assert link.execute("SELECT count(*) FROM history").fetchone() == (1,)
        link.execute("DROP TABLE history")


def test_the_audit_role_owns_tables_in_every_new_database(cluster):
    url = cluster.url("owner")
    with psycopg.connect(url, autocommit=True) as link:
        link.execute("CREATE DATABASE another")
    with psycopg.connect(cluster.url("owner", "another"), autocommit=True) as link:
        link.execute("CREATE TABLE history (id int)")
        link.execute("ALTER TABLE history OWNER TO ediary_audit")
    with psycopg.connect(url, autocommit=True) as link:
        link.execute("DROP DATABASE another")


def test_a_killed_server_comes_back_with_all_that_was_committed(cluster):
    with psycopg.connect(cluster.url("owner"), autocommit=True) as link:
        link.execute("CREATE TABLE kept (id int)")
        for number in range(20):
            link.execute("INSERT INTO kept VALUES (%s)", [number])
        os.kill(cluster.server_pid(), signal.SIGKILL)
    assert not cluster.is_ready()
    assert cluster.start() is True
    assert ask(cluster.url("owner"), "SELECT count(*) FROM kept") == (20,)


def test_half_a_cluster_is_never_used(own_folder):
    torn = Cluster(own_folder / "torn")
    unfinished = torn.home / "data.unfinished"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18", encoding="ascii")
    torn.start()
    assert ask(torn.url("web"), "SELECT 1") == (1,)
    torn.stop("immediate")


def test_another_server_on_our_port_is_not_taken_for_ours(own_folder, cluster):
    stranger = Cluster(own_folder / "stranger")
    stranger.folder.mkdir(exist_ok=True)
    (stranger.folder / "port").write_text(str(cluster.running_port()), encoding="ascii")
    stranger.start()
    assert stranger.running_port() != cluster.running_port()
    stranger.stop("immediate")


def test_a_recreated_database_is_empty(own_folder):
    own = Cluster(own_folder / "again")
    own.start()
    with psycopg.connect(own.url("owner"), autocommit=True) as link:
        link.execute("CREATE TABLE old (id int)")
    own.recreate_database()
    assert ask(own.url("owner"), "SELECT to_regclass('old')") == (None,)
    own.stop("immediate")


def test_the_broker_wants_its_password(broker):
    assert broker.is_ready()
    broker.password = lambda: "guess"
    assert b"WRONGPASS" in broker.ask("PING")


def test_the_broker_keeps_what_it_took_through_a_kill(broker):
    assert b"+OK" in broker.ask("SET key value")
    time.sleep(1.2)  # everysec
    os.kill(broker.server_pid(), signal.SIGKILL)
    while broker.ask("PING"):
        time.sleep(0.01)
    assert broker.start() is True
    assert b"value" in broker.ask("GET key")


def test_the_broker_refuses_to_forget_when_memory_ends(broker):
    assert b"noeviction" in broker.ask("CONFIG GET maxmemory-policy")


def test_a_stopped_server_is_silent(own_folder):
    broker = Broker(own_folder / "stopped")
    broker.start()
    broker.stop()
    assert not broker.is_ready()
    assert broker.server_pid() == 0


def test_exports_survive_the_shell():
    assert exports({"NAME": "it's $HOME"}) == "export NAME='it'\"'\"'s $HOME'\n"
