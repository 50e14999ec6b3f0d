"""What the programs that read the files of `utsaga gen-config` say about them."""

import http.client
import os
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import trustme

from bench.client import free_port
from bench.hostile.exchange import Address
from bench.soak import served
from bench.strangers.proxy import command, generated, local
from graph.core.settings import Settings
from graph.release.release import Release
from tests.service.conftest import PROXY_SETTINGS
from web.deployment.deployment import Deployment
from web.deployment.kinds import KINDS
from web.deployment.rendering import render

NAME = "utsaga.example"
CALLING = Settings(services=("https://a.example/sparql",), operator='Å "b" 100 %')
SCHEMA_CHECKER = str(Path(sys.executable).with_name("check-jsonschema"))
EXPOSURE = {"utsaga.service": 0.3, "utsaga-build.service": 0.3, "utsaga-pull.service": 1.2}


def written(kind: str, place: Path, settings: Settings | None = None, **chosen: Any) -> list[Path]:
    """Write the files of a kind into `place`, and return them."""
    deployment = Deployment.of(settings or Settings(), {}, **{"name": NAME, **chosen})
    paths = []
    for name, text in render(KINDS[kind], deployment).items():
        (place / name).write_text(text)
        paths.append(place / name)
    return paths


def checked(*words: str | Path, **variables: str) -> str:
    """Run a program, which has to be there and to find nothing wrong; return all it prints."""
    found = shutil.which(str(words[0]), path=f"{os.environ['PATH']}:/usr/sbin")
    if not found:
        pytest.skip(f"{words[0]} is not installed")
    ended = subprocess.run(
        [found, *map(str, words[1:])],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout + ended.stderr


class TestSystemd:
    @pytest.mark.parametrize("settings", [Settings(), CALLING])
    def test_the_units_are_valid(self, settings: Settings, tmp_path: Path) -> None:
        paths = written("systemd", tmp_path, settings, pull="https://a.example/%20")
        units = [path for path in paths if path.suffix != ".conf"]
        assert len(units) == 5
        assert checked("systemd-analyze", "verify", "--man=no", *units) == ""

    def test_a_unit_with_a_mistake_is_found_out(self, tmp_path: Path) -> None:
        paths = written("systemd", tmp_path)
        paths[0].write_text(paths[0].read_text().replace("ProtectSystem=strict", "ProtectSystem=perhaps"))
        assert "perhaps" in checked("systemd-analyze", "verify", "--man=no", paths[0])

    def test_the_units_are_in_a_sandbox(self, tmp_path: Path) -> None:
        written("systemd", tmp_path, pull="https://a.example/")
        for name, most in EXPOSURE.items():
            words = ("systemd-analyze", "security", "--offline=true", "--no-pager", tmp_path / name)
            exposure = re.search(rf"exposure level for {re.escape(name)}: ([0-9.]+)", checked(*words))
            assert exposure
            assert float(exposure[1]) <= most

    def test_the_user_can_be_made(self, tmp_path: Path) -> None:
        (file,) = (path for path in written("systemd", tmp_path) if path.suffix == ".conf")
        assert "utsaga" in checked("systemd-sysusers", "--dry-run", file)


class TestCompose:
    @pytest.mark.parametrize(
        ("settings", "chosen"),
        [(Settings(), {}), (CALLING, {"site": "/srv/site"}), (Settings(), {"tls": False})],
    )
    @pytest.mark.parametrize(
        "words",
        [
            (SCHEMA_CHECKER, "--builtin-schema", "vendor.compose-spec"),  # of https://compose-spec.io
            ("docker-compose", "--profile", "build", "config", "--quiet", "--file"),
        ],
        ids=["schema", "docker-compose"],
    )
    def test_the_file_is_valid(
        self, words: tuple[str, ...], settings: Settings, chosen: dict[str, Any], tmp_path: Path
    ) -> None:
        file = written("compose", tmp_path, settings, **chosen)[0]
        checked(*_with_file(words, file))

    def test_a_file_with_a_mistake_is_found_out(self, tmp_path: Path) -> None:
        file = written("compose", tmp_path)[0]
        file.write_text(file.read_text().replace("read_only: true", "read_only: [perhaps]"))
        with pytest.raises(AssertionError, match="read_only"):
            checked(SCHEMA_CHECKER, "--builtin-schema", "vendor.compose-spec", file)


def _with_file(words: tuple[str, ...], file: Path) -> tuple[str | Path, ...]:
    """Return a command about `file`: it stands last, or before the words of a subcommand."""
    if words[-1] == "--file":
        return (words[0], "--file", file, *words[1:-1])
    return (*words, file)


@pytest.mark.proxy
class TestCaddy:
    @pytest.mark.parametrize(
        "chosen",
        [{}, {"tls": False}, {"behind": ("192.0.2.0/24",)}],
    )
    def test_the_configuration_is_valid(self, chosen: dict[str, Any], tmp_path: Path) -> None:
        (file,) = written("caddy", tmp_path, **chosen)
        words = ("caddy", "validate", "--adapter", "caddyfile", "--config", file)
        assert "Valid configuration" in checked(*words, HOME=str(tmp_path))

    def test_it_is_formatted_as_caddy_does(self, tmp_path: Path) -> None:
        (file,) = written("caddy", tmp_path, behind=("192.0.2.0/24",))
        checked("caddy", "fmt", "--overwrite", file)
        assert (
            file.read_text()
            == render(KINDS["caddy"], Deployment.of(Settings(), {}, name=NAME, behind=("192.0.2.0/24",)))[
                "Caddyfile"
            ]
        )


@pytest.mark.proxy
class TestNginx:
    @pytest.mark.parametrize("chosen", [{}, {"behind": ("192.0.2.0/24",), "proxy_protocol": True}])
    @pytest.mark.parametrize("kind", ["nginx", "compose"])
    def test_the_configuration_is_valid(self, kind: str, chosen: dict[str, Any], tmp_path: Path) -> None:
        certificate, key = certified(tmp_path)
        file = next(path for path in written(kind, tmp_path, **chosen) if path.name == "nginx.conf")
        replaced = {
            f"/etc/letsencrypt/live/{NAME}/fullchain.pem": str(certificate),
            f"/etc/letsencrypt/live/{NAME}/privkey.pem": str(key),
            "/etc/nginx/tls/fullchain.pem": str(certificate),
            "/etc/nginx/tls/privkey.pem": str(key),
            "/var/cache/nginx/utsaga": str(tmp_path / "cache"),
            "/var/cache/utsaga": str(tmp_path / "cache"),
            "10.213.77.2:8000": "127.0.0.1:8000",
            "user nginx;": "user www-data;",
            "/run/nginx.pid": str(tmp_path / "nginx.pid"),
        }
        text = file.read_text()
        for old, new in replaced.items():
            text = text.replace(old, new)
        with tempfile.TemporaryDirectory() as place:  # nginx opens what it listens on, and ports may be taken
            numbers = count()
            text = re.sub(
                r"listen \S*?80|listen \S*?443", lambda _: f"listen unix:{place}/{next(numbers)}", text
            )
            file.write_text(text)
            assert "test is successful" in checked(*command(tmp_path, file, "-t"))
            assert next(numbers) == 4

    def test_pages_come_over_tls_and_the_server_knows_the_client(
        self, server_behind: Address, tmp_path: Path
    ) -> None:
        with secured(tmp_path, server_behind[1]) as (address, context):
            connection = http.client.HTTPSConnection(*address, timeout=30, context=context)
            connection.request("GET", "/organisation/malmo-kommun", headers={"Host": NAME})
            reply = connection.getresponse()
            body = reply.read().decode()
            assert reply.status == 200
            assert reply.getheader("Strict-Transport-Security") == "max-age=31536000"
            assert f"https://{NAME}/" in body
            connection.close()

    def test_what_never_changes_is_kept_and_all_else_is_asked_for(
        self, server_behind: Address, tmp_path: Path
    ) -> None:
        with secured(tmp_path, server_behind[1]) as (address, context):
            connection = http.client.HTTPSConnection(*address, timeout=30, context=context)

            def get(path: str) -> str:
                connection.request("GET", path, headers={"Host": NAME})
                reply = connection.getresponse()
                assert reply.status == 200
                return reply.read().decode()

            script = re.search(r"/static/built/[\w-]+\.js", get("/query"))
            if not script:
                pytest.skip("the scripts of the pages have not been bundled; make does it")
            get(script[0])
            kept = list((tmp_path / "cache").rglob("*"))
            assert [
                f"{NAME}{script[0]}" in path.read_text(errors="replace") for path in kept if path.is_file()
            ] == [True]
            connection.close()


@pytest.fixture(scope="module")
def server_behind(release: Release) -> Iterator[Address]:
    """A server that trusts one proxy."""
    with served(release.path.parent, settings=PROXY_SETTINGS) as (address, _):
        yield address


def certified(place: Path) -> tuple[Path, Path]:
    """Return the files of a new certificate for the site, and of its key."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(place / "authority.pem"))
    certificate = authority.issue_cert(NAME, "127.0.0.1")
    certificate.cert_chain_pems[0].write_to_path(str(place / "certificate.pem"))
    certificate.private_key_pem.write_to_path(str(place / "key.pem"))
    return place / "certificate.pem", place / "key.pem"


@contextmanager
def secured(place: Path, upstream: int) -> Iterator[tuple[Address, ssl.SSLContext]]:
    """Run nginx with TLS on a free port; give its address, and what a client has to trust."""
    text = generated(*certified(place))
    address: Address = ("127.0.0.1", free_port())
    file = place / "nginx.conf"
    file.write_text(local(text, place, address[1], upstream, free_port()))
    context = ssl.create_default_context(cafile=str(place / "authority.pem"))
    with subprocess.Popen(command(place, file)) as process:
        try:
            _wait_for(address, context, process)
            yield address, context
        finally:
            process.terminate()
            process.wait(10)


def _wait_for(address: Address, context: ssl.SSLContext, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(200):
        connection = http.client.HTTPSConnection(*address, timeout=5, context=context)
        try:
            connection.request("GET", "/healthz", headers={"Host": NAME})
            if connection.getresponse().status == 200:
                return
        except OSError:
            assert process.poll() is None
        finally:
            connection.close()
        time.sleep(0.1)
    pytest.fail("nginx does not answer")
