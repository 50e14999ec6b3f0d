"""The files of `utsaga gen-config`: made of the settings in force, and quoted as each format wants it."""

import re
from dataclasses import fields, replace
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from graph.core.errors import BadInput
from graph.core.settings import Settings
from web.cli import main
from web.deployment.deployment import Deployment
from web.deployment.kinds import KINDS
from web.deployment.rendering import render

OPERATING = (Path(__file__).parents[3] / "docs" / "operating.md").read_text()
TEMPLATES = Path(__file__).parents[3] / "web" / "deployment" / "templates"


def deployment(settings: Settings | None = None, **chosen: Any) -> Deployment:
    return Deployment.of(settings or Settings(), {}, **{"name": "graph.example", **chosen})


def text(kind: str, file: str, settings: Settings | None = None, **chosen: Any) -> str:
    return render(KINDS[kind], deployment(settings, **chosen))[file]


def words(configuration: str, directive: str) -> list[str]:
    """Return what stands after a directive of nginx, each time."""
    return re.findall(rf"^\s*{re.escape(directive)} ([^;]+);", configuration, re.MULTILINE)


class TestNginx:
    def test_limits_follow_the_settings(self) -> None:
        settings = Settings(
            seconds=100,
            queue_seconds=20,
            result_bytes=1 << 30,
            reconcile_bytes=(5 << 20) + 1,
            connections=500,
        )
        found = text("nginx", "nginx.conf", settings, port=9000)
        assert words(found, "proxy_read_timeout") == ["125s"]
        assert words(found, "proxy_max_temp_file_size") == ["1024m"]
        assert words(found, "client_max_body_size") == ["6m"]
        assert words(found, "worker_connections") == ["500"]
        assert words(found, "worker_rlimit_nofile") == ["2000"]
        assert "server 127.0.0.1:9000 max_fails=0;" in found
        assert "server 127.0.0.1:9001 max_fails=0 backup;" in found

    def test_readers_of_one_page_do_not_wait_for_each_other(self) -> None:
        """A lock of the cache has them wait for half a second each, since pages are not kept."""
        assert words(text("nginx", "nginx.conf"), "proxy_cache_lock") == []

    def test_the_limits_in_the_documentation_are_those_of_the_defaults(self) -> None:
        found = text("nginx", "nginx.conf")
        table = OPERATING.partition("Which limit is where")[2].partition("\n## ")[0]
        for directive, value in (
            ("client_header_timeout", "10 s"),
            ("client_body_timeout", "10 s"),
            ("keepalive_timeout", "60 s"),
            ("client_max_body_size", "2 MB"),
            ("worker_connections", "8,192"),
            ("send_timeout", "30 s"),
        ):
            assert re.search(rf"`{directive}`[^|;]* {value}", table), directive
            assert words(found, directive)[0] == re.sub(r"[ ,B]", "", value).lower()
        assert "`limit_conn` 32" in table
        assert words(found, "limit_conn") == ["at_once 32"]
        assert "`limit_req` 50 a second" in table
        assert "zone=rate:10m rate=50r/s" in words(found, "limit_req_zone")[0]

    def test_an_ipv6_address_is_in_brackets(self) -> None:
        assert "server [::1]:8001 max_fails=0 backup;" in text("nginx", "nginx.conf", host="::1")
        assert "reverse_proxy [::1]:8000 [::1]:8001 {" in text("caddy", "Caddyfile", host="::1")
        assert "ListenStream=[::1]:8000\n" in text("systemd", "utsaga.socket", host="::1")

    def test_tls_is_on_unless_it_is_switched_off(self) -> None:
        found = text("nginx", "nginx.conf")
        assert words(found, "ssl_certificate") == ["/etc/letsencrypt/live/graph.example/fullchain.pem"]
        assert "return 308 https://" in found
        plain = text("nginx", "nginx.conf", tls=False)
        assert "ssl" not in plain
        assert "308" not in plain
        own = text("nginx", "nginx.conf", certificate="/etc/tls/a.pem", key="/etc/tls/a.key")
        assert words(own, "ssl_certificate_key") == ["/etc/tls/a.key"]

    @pytest.mark.parametrize(
        ("hops", "chosen", "forwarded"),
        [
            (0, {}, "$remote_addr"),
            (1, {}, "$remote_addr"),
            (2, {}, "$proxy_add_x_forwarded_for"),
            (2, {"behind": ("192.0.2.0/24",)}, "$remote_addr"),
        ],
    )
    def test_the_clients_address_is_passed_on(
        self, hops: int, chosen: dict[str, Any], forwarded: str
    ) -> None:
        found = text("nginx", "nginx.conf", Settings(trusted_hops=hops), **chosen)
        assert f"X-Forwarded-For {forwarded};" in found

    def test_what_stands_in_front_sends_the_address(self) -> None:
        found = text("nginx", "nginx.conf", behind=("192.0.2.0/24", "2001:db8::/32"), proxy_protocol=True)
        assert words(found, "set_real_ip_from") == ["192.0.2.0/24", "2001:db8::/32"]
        assert words(found, "real_ip_header") == ["proxy_protocol"]
        assert all(each.endswith("proxy_protocol") for each in words(found, "listen"))


class TestSystemd:
    def test_every_setting_that_is_no_default_is_in_the_unit(self) -> None:
        settings = Settings(
            seconds=2.5,
            services=("https://a.example/", "https://b.example/"),
            log_queries=True,
            contact="a@b.example",
        )
        found = text("systemd", "utsaga.service", settings)
        for line in (
            'Environment="UTSAGA_SECONDS=2.5"',
            'Environment="UTSAGA_SERVICES=https://a.example/ https://b.example/"',
            'Environment="UTSAGA_LOG_QUERIES=true"',
            'Environment="UTSAGA_CONTACT=a@b.example"',
            'Environment="UTSAGA_PUBLIC_BASE=https://graph.example"',
            'Environment="UTSAGA_TRUSTED_HOPS=1"',
        ):
            assert line in found.splitlines()
        assert "UTSAGA_WORKERS" not in found

    def test_what_the_unit_says_gives_the_same_settings(self) -> None:
        settings = Settings(
            operator='Årstads "kommun" 100 % \\ $HOME', nesting=7, ai_crawlers=False, trusted_hops=1
        )
        found = re.findall(r'^Environment="(.*)"$', text("systemd", "utsaga.service", settings), re.MULTILINE)
        variables = dict(
            each.replace("%%", "%").replace('\\"', '"').replace("\\\\", "\\").split("=", 1) for each in found
        )
        variables.pop("UTSAGA_RELEASES")
        read = Settings.from_environment(variables, {})
        assert replace(read, public_base="", reports="reports") == settings

    def test_calls_to_other_endpoints_need_a_network(self) -> None:
        assert "PrivateNetwork=yes" in text("systemd", "utsaga.service")
        calling = text("systemd", "utsaga.service", Settings(services=("https://a.example/",)))
        assert "PrivateNetwork" not in calling
        assert "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6" in calling

    def test_there_is_a_timer_if_there_is_something_to_pull(self) -> None:
        assert "utsaga-pull.timer" not in render(KINDS["systemd"], deployment())
        found = render(KINDS["systemd"], deployment(pull="https://a.example/$x/%20"))
        assert 'pull "https://a.example/$$x/%%20" --keep 3\n' in found["utsaga-pull.service"]
        assert "utsaga-pull.timer" in found

    def test_a_program_in_a_home_can_be_read(self) -> None:
        assert "ProtectHome=yes" in text("systemd", "utsaga.service", program="/opt/utsaga/bin/utsaga")
        assert "ProtectHome=read-only" in text("systemd", "utsaga.service", program="/home/anna/bin/utsaga")


class TestContainers:
    def test_compose_is_yaml_with_the_settings(self) -> None:
        settings = Settings(operator='$Å "b"', connections=100)
        found = yaml.safe_load(text("compose", "compose.yaml", settings, site="/srv/site"))
        server, proxy = found["services"]["utsaga"], found["services"]["nginx"]
        assert server["environment"]["UTSAGA_OPERATOR"] == '$$Å "b"'
        assert server["environment"]["UTSAGA_SITE"] == "/site"
        assert "/srv/site:/site:ro" in server["volumes"]
        assert server["read_only"]
        assert proxy["read_only"]
        assert set(server["networks"]) == {"inner"}
        assert found["networks"]["inner"]["internal"]
        assert {server["restart"], proxy["restart"]} == {"always"}  # after the machine was started anew, too
        assert proxy["depends_on"]["utsaga"]["condition"] == "service_healthy"
        assert proxy["ports"] == ["80:80", "443:443"]

    def test_a_server_that_calls_endpoints_has_a_network(self) -> None:
        found = yaml.safe_load(text("compose", "compose.yaml", Settings(services=("https://a.example/",))))
        assert found["services"]["utsaga"]["networks"].keys() == {"inner", "outer"}

    def test_the_proxy_asks_an_address_that_a_restart_does_not_change(self) -> None:
        files = render(KINDS["compose"], deployment())
        found = yaml.safe_load(files["compose.yaml"])
        address = found["services"]["utsaga"]["networks"]["inner"]["ipv4_address"]
        upstreams = re.findall(r"^ +server (.*) max_fails=0;$", files["nginx.conf"], re.MULTILINE)
        assert upstreams == [f"{address}:8000"] * 2
        (network,) = (ip_network(each["subnet"]) for each in found["networks"]["inner"]["ipam"]["config"])
        proxy = found["services"]["nginx"]["networks"]["inner"]["ipv4_address"]
        assert {ip_address(address), ip_address(proxy)} <= set(list(network.hosts())[1:])

    def test_a_build_has_no_network_and_the_volume_of_the_server(self) -> None:
        services = yaml.safe_load(text("compose", "compose.yaml"))["services"]
        server, build = services["utsaga"], services["utsaga-build"]
        assert (build["network_mode"], build["command"], build["profiles"]) == ("none", "build", ["build"])
        assert {key: build[key] for key in ("image", "volumes", "environment", "read_only", "cap_drop")} == {
            key: server[key] for key in ("image", "volumes", "environment", "read_only", "cap_drop")
        }

    def test_the_image_has_two_stages_and_no_root(self) -> None:
        lines = text("containerfile", "Containerfile").splitlines()
        assert [line.partition(" AS ")[0] for line in lines if line.startswith("FROM")] == [
            "FROM docker.io/library/python:3.13-slim-trixie"
        ] * 2
        assert "USER 10001:10001" in lines
        assert "VOLUME /var/lib/utsaga" in lines


@pytest.mark.parametrize(
    "chosen",
    [
        {"name": "a; b"},
        {"name": "a\nb"},
        {"host": "localhost; evil"},
        {"certificate": "/a b"},
        {"certificate": "relative"},
        {"behind": ("all; x",)},
        {"pull": "ftp://a.example/"},
        {"pull": 'https://a.example/"'},
        {"site": "/srv/a\nb"},
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_what_would_mean_something_else_is_refused(kind: str, chosen: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match="configuration"):
        render(KINDS[kind], deployment(**chosen))


def test_a_setting_with_a_line_break_is_refused() -> None:
    with pytest.raises(BadInput, match="configuration"):
        render(KINDS["systemd"], deployment(Settings(operator="a\nUser=root")))


@pytest.mark.parametrize("kind", ["nginx", "caddy", "compose"])
def test_a_proxy_has_to_know_the_public_name(kind: str) -> None:
    with pytest.raises(BadInput, match="public address"):
        render(KINDS[kind], Deployment.of(Settings(), {}))
    named = Deployment.of(Settings(public_base="https://graph.example/"), {})
    assert any("graph.example" in each for each in render(KINDS[kind], named).values())


def test_every_template_is_of_a_kind() -> None:
    used = {template for kind in KINDS.values() for template in kind.files.values()}
    assert {path.name for path in TEMPLATES.iterdir()} - used == {"sandbox.j2"}


def test_the_documentation_lists_every_kind_with_its_files() -> None:
    rows = dict(re.findall(r"^\| `gen-config ([\w-]+)` \|(.*)$", OPERATING, re.MULTILINE))
    assert list(rows) == list(KINDS)
    for name, kind in KINDS.items():
        assert set(re.findall(r"`([^`]+)`", rows[name])) == set(kind.files)


class TestCommand:
    def test_one_file_is_printed_alone_and_several_with_their_names(self) -> None:
        one = CliRunner().invoke(main, ["gen-config", "nginx", "--name", "graph.example"])
        assert one.output == render(KINDS["nginx"], deployment())["nginx.conf"]
        several = CliRunner().invoke(main, ["gen-config", "systemd"])
        assert "# ==> utsaga.socket <==\n" in several.output

    def test_files_are_written_and_not_replaced_unless_asked(self, tmp_path: Path) -> None:
        command = ["gen-config", "systemd", "--output", str(tmp_path / "units")]
        assert CliRunner().invoke(main, command).exit_code == 0
        names = {path.name for path in (tmp_path / "units").iterdir()}
        assert names == {"utsaga.service", "utsaga.socket", "utsaga-build.service", "utsaga.sysusers.conf"}
        again = CliRunner().invoke(main, command)
        assert again.exit_code == 1
        assert "--force" in again.stderr
        assert CliRunner().invoke(main, [*command, "--force", "--port", "9000"]).exit_code == 0
        assert ":9000" in (tmp_path / "units" / "utsaga.socket").read_text()

    def test_without_a_public_name_it_says_what_to_do(self) -> None:
        found = CliRunner().invoke(main, ["gen-config", "caddy"])
        assert found.exit_code == 1
        assert "--name" in found.stderr

    def test_the_list_has_every_kind(self) -> None:
        found = CliRunner().invoke(main, ["gen-config", "--list"])
        assert [line.partition(":")[0] for line in found.output.splitlines()] == list(KINDS)


def test_no_setting_is_of_a_type_that_cannot_be_written() -> None:
    assert {type(each.default) for each in fields(Settings)} <= {str, int, float, bool, tuple}
