"""Each check of `utsaga doctor`: in order as it is, and found out when it is not."""

import json
import os
import shutil
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bench.client import free_port
from graph.core.settings import Settings
from graph.core.site import SITE
from graph.release.release import FORM, Release
from graph.release.releases import Releases
from web.doctor import machine_checks, release_checks, service_checks, settings_checks, site_checks
from web.doctor.checks import CHECKS, run
from web.doctor.finding import Check, Finding, Installation, Level, Machine, ok

GIB = 1 << 30


@pytest.fixture
def installation(release: Release) -> Installation:
    """An installation in which all is well, with the release of the project's facts."""
    return Installation(
        Releases(release.path.parent),
        Settings(workers=2),
        environment={},
        port=free_port(),
        machine=Machine(open_files=20_000, memory_bytes=16 * GIB),
    )


@pytest.fixture
def copied(release: Release, tmp_path: Path) -> Releases:
    """A copy of the release that may be damaged."""
    home = tmp_path / "releases"
    shutil.copytree(release.path.parent, home, symlinks=True)
    return Releases(home)


def levels(check: Check, installation: Installation) -> set[Level]:
    return {each.level for each in check(installation)}


def found(check: Check, installation: Installation, **settings: Any) -> list[Finding]:
    """Return what a check finds with other settings, beside what is in order."""
    other = replace(installation, settings=replace(installation.settings, **settings))
    return [each for each in check(other) if each.level is not Level.OK]


def test_a_good_installation_passes_every_check(installation: Installation) -> None:
    if not (service_checks.BUILT / "names.json").exists():
        pytest.skip("the scripts of the pages have not been bundled; make does it")
    deep = replace(installation, is_deep=True)
    assert [(name, each) for name, each in run(CHECKS, deep) if each.level is not Level.OK] == []
    assert [name for name, _ in run(CHECKS, deep)] == list(CHECKS)


def test_a_check_that_cannot_be_made_is_a_failure(installation: Installation) -> None:
    def broken(_: Installation) -> Iterator[Finding]:
        yield ok("begun")
        raise OSError(13, "Permission denied", "/x")

    last = list(run({"some": broken}, installation))[-1]
    assert (last[0], last[1].level) == ("some", Level.FAIL)
    assert "Permission denied" in last[1].message


class TestMachine:
    @pytest.mark.parametrize(
        ("check", "machine", "level"),
        [
            (machine_checks.python, Machine(python=(3, 10, 4)), Level.FAIL),
            (machine_checks.system, Machine(system="darwin"), Level.FAIL),
            (machine_checks.system, Machine(processes=Path("/nowhere")), Level.WARN),
            (machine_checks.open_files, Machine(open_files=1024), Level.WARN),
            (machine_checks.open_files, Machine(open_files=256), Level.FAIL),
            (machine_checks.memory, Machine(memory_bytes=GIB), Level.WARN),
            (machine_checks.clock, Machine(now=datetime(1970, 1, 1, tzinfo=UTC)), Level.FAIL),
        ],
    )
    def test_it_is_found_out(
        self, check: Check, machine: Machine, level: Level, installation: Installation
    ) -> None:
        assert levels(check, replace(installation, machine=machine)) == {level}

    def test_the_number_of_files_that_is_named_is_enough(self, installation: Installation) -> None:
        (found,) = machine_checks.open_files(replace(installation, machine=Machine(open_files=1024)))
        connections = int(found.remedy.rpartition("=")[2])
        settings = replace(installation.settings, connections=connections)
        enough = replace(installation, settings=settings, machine=Machine(open_files=1024))
        assert levels(machine_checks.open_files, enough) == {Level.OK}

    def test_the_memory_that_is_named_is_enough(self, installation: Installation) -> None:
        small = replace(installation, settings=Settings(workers=8), machine=Machine(memory_bytes=4 * GIB))
        (found,) = machine_checks.memory(small)
        named = int(found.remedy.partition("=")[2].partition(",")[0])
        assert levels(
            machine_checks.memory, replace(small, settings=Settings(workers=8, memory_bytes=named))
        ) == {Level.OK}

    def test_a_worker_that_cannot_map_a_store_is_found_out(self, installation: Installation) -> None:
        assert found(machine_checks.memory, installation, memory_bytes=GIB)

    def test_a_clock_before_the_last_release_is_found_out(self, installation: Installation) -> None:
        machine = Machine(now=datetime(2026, 1, 2, tzinfo=UTC))
        assert levels(machine_checks.clock, replace(installation, machine=machine)) == {Level.FAIL}


class TestSettings:
    def test_a_misspelt_variable_is_found_with_what_was_meant(self, installation: Installation) -> None:
        misspelt = replace(
            installation,
            environment={
                "UTSAGA_WORKER": "2",
                "UTSAGA_RELEASES": "x",
                "UTSAGA_PUSH_USER": "dba",
                "UTSAGA_PUSH_PASSWORD": "x",
                "HOME": "/",
            },
        )
        (found,) = settings_checks.names(misspelt)
        assert found.level is Level.WARN
        assert "UTSAGA_WORKER " in found.message
        assert "UTSAGA_WORKERS" in found.remedy

    @pytest.mark.parametrize(
        ("settings", "level"),
        [
            ({"report_bytes": 2, "reports_bytes": 1}, Level.FAIL),
            ({"bodies_bytes": 1}, Level.FAIL),
            ({"connections": 0}, Level.FAIL),
            ({"seconds": 4.0}, Level.WARN),
            ({"long_after": 10.0}, Level.WARN),
            ({"long_queries": 2}, Level.WARN),
            ({"result_bytes": 4 << 30}, Level.WARN),
            ({"client_queries": 100}, Level.WARN),
            ({"client_seconds": 5.0}, Level.WARN),
            ({"crawler_seconds": 61.0}, Level.WARN),
        ],
    )
    def test_a_contradiction_is_found_out(
        self, settings: dict[str, Any], level: Level, installation: Installation
    ) -> None:
        assert [each.level for each in found(settings_checks.contradictions, installation, **settings)] == [
            level
        ]

    def test_no_time_at_all_is_found_out(self, installation: Installation) -> None:
        assert Level.FAIL in {
            each.level for each in found(settings_checks.contradictions, installation, seconds=0.0)
        }

    @pytest.mark.parametrize(
        ("settings", "level"),
        [
            ({"trusted_hops": 1}, Level.WARN),
            ({"public_base": "graph.example"}, Level.FAIL),
            ({"public_base": "http://graph.example/"}, Level.WARN),
        ],
    )
    def test_a_public_address_that_does_not_do_is_found_out(
        self, settings: dict[str, Any], level: Level, installation: Installation
    ) -> None:
        assert [each.level for each in found(settings_checks.public_address, installation, **settings)] == [
            level
        ]

    def test_a_proxy_whose_clients_are_not_known_is_found_out(self, installation: Installation) -> None:
        (warning,) = found(settings_checks.proxy, installation, public_base="https://graph.example")
        assert "UTSAGA_TRUSTED_HOPS" in warning.remedy
        behind = {"public_base": "https://graph.example", "trusted_hops": 1}
        assert found(settings_checks.proxy, installation, **behind) == []

    def test_a_public_site_without_a_publisher_is_found_out(self, installation: Installation) -> None:
        (warning,) = found(
            settings_checks.publisher, installation, public_base="https://a.example", contact="a@b.example"
        )
        assert warning.remedy == "set UTSAGA_OPERATOR, UTSAGA_LEGAL_BASIS"


class TestSite:
    def test_a_mistake_in_the_facts_is_found_with_its_file_and_line(
        self, installation: Installation, tmp_path: Path
    ) -> None:
        facts = tmp_path / "facts"
        (facts / "sources").mkdir(parents=True)
        (facts / "sources" / "a.yaml").write_text("id: source/a\nlabel: [\n")
        (fault,) = site_checks.facts(replace(installation, site=replace(SITE, facts=facts)))
        assert fault.level is Level.FAIL
        assert "a.yaml:" in fault.message
        assert fault.remedy

    def test_a_rule_that_facts_break_is_found_where_all_is_checked(
        self, installation: Installation, tmp_path: Path
    ) -> None:
        facts = tmp_path / "facts"
        shutil.copytree(SITE.facts, facts)
        source = min((facts / "sources").glob("*.yaml"))
        lines = source.read_text().splitlines(keepends=True)
        source.write_text("".join(line for line in lines if not line.startswith("publisher:")))
        broken = replace(installation, site=replace(SITE, facts=facts))
        assert levels(site_checks.facts, broken) == {Level.OK}
        assert levels(site_checks.facts, replace(broken, is_deep=True)) == {Level.FAIL}


class TestReleases:
    def test_a_site_without_facts_is_found_out(self, installation: Installation, tmp_path: Path) -> None:
        site = replace(SITE, facts=tmp_path / "facts")
        assert levels(site_checks.folders, replace(installation, site=site)) == {Level.FAIL}
        assert levels(site_checks.facts, replace(installation, site=site)) == {Level.WARN}

    def test_a_folder_that_is_a_file_is_found_out(self, installation: Installation, tmp_path: Path) -> None:
        (tmp_path / "releases").touch()
        inside = replace(installation, releases=Releases(tmp_path / "releases" / "here"))
        assert levels(release_checks.folder, inside) == {Level.FAIL}

    def test_a_folder_that_cannot_be_written_is_found_out(
        self, installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(os, "access", lambda path, mode: False)
        assert levels(release_checks.folder, installation) == {Level.WARN}
        empty = replace(installation, releases=Releases(tmp_path / "none"))
        assert levels(release_checks.folder, empty) == {Level.FAIL}
        assert levels(release_checks.reports, installation) == {Level.FAIL}

    @pytest.mark.parametrize(("free", "level"), [(1000, Level.FAIL), (150_000_000, Level.WARN)])
    def test_a_full_disk_is_found_out(
        self, free: int, level: Level, installation: Installation, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        usage = shutil.disk_usage("/")._replace(free=free)
        monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
        assert levels(release_checks.disk, installation) == {level}

    def test_without_a_release_it_says_how_to_build_one(
        self, installation: Installation, tmp_path: Path
    ) -> None:
        empty = replace(installation, releases=Releases(tmp_path / "none"))
        (warning,) = release_checks.live(empty)
        assert warning.level is Level.WARN
        assert "utsaga build" in warning.remedy
        assert levels(release_checks.worker, empty) == {Level.WARN}

    def test_a_live_release_that_is_missing_is_found_out(
        self, installation: Installation, tmp_path: Path
    ) -> None:
        (tmp_path / "current").symlink_to("8f0105934dd9-6")
        ((_, fault),) = run({"live": release_checks.live}, replace(installation, releases=Releases(tmp_path)))
        assert fault.level is Level.FAIL
        assert "8f0105934dd9-6, is missing" in fault.message

    def test_a_release_of_another_version_is_found_out(
        self, installation: Installation, copied: Releases
    ) -> None:
        path = copied.live().path
        path.rename(path.with_name(f"{path.name.partition('-')[0]}-{FORM - 1}"))
        copied.activate(copied.all()[0])
        other = replace(installation, releases=copied)
        ((_, finding),) = run({"live": release_checks.live}, other)
        assert finding.level is Level.FAIL

    def test_a_manifest_that_is_damaged_is_found_out(
        self, installation: Installation, copied: Releases
    ) -> None:
        (copied.live().path / "manifest.json").write_text("{")
        ((_, finding),) = run({"live": release_checks.live}, replace(installation, releases=copied))
        assert finding.level is Level.FAIL

    def test_a_store_that_is_damaged_is_found_out(self, installation: Installation, copied: Releases) -> None:
        shutil.rmtree(copied.live().store)
        ((_, finding),) = run({"worker": release_checks.worker}, replace(installation, releases=copied))
        assert finding.level is Level.FAIL

    @pytest.mark.parametrize("name", ["utsaga.nq.gz", "dumps/utsaga.trig.gz"])
    def test_a_file_that_has_changed_is_found_when_it_is_read(
        self, name: str, installation: Installation, copied: Releases
    ) -> None:
        file = copied.live().path / name
        file.write_bytes(file.read_bytes()[:-9] + b"unwritten")
        other = replace(installation, releases=copied)
        assert levels(release_checks.digests, other) == {Level.OK}
        deep = list(release_checks.digests(replace(other, is_deep=True)))
        assert {each.level for each in deep} == {Level.FAIL}
        assert any(str(file) in each.message for each in deep)


class TestService:
    def test_scripts_that_are_missing_are_found_out(self, installation: Installation, tmp_path: Path) -> None:
        assert {each.level for each in service_checks.scripts(installation, tmp_path)} == {Level.WARN}
        (tmp_path / "names.json").write_text(json.dumps({"editor.js": "editor-ABC.js"}))
        (missing,) = service_checks.scripts(installation, tmp_path)
        assert missing.level is Level.FAIL
        assert "editor-ABC.js" in missing.message

    def test_a_port_of_another_program_is_found_out(self, installation: Installation) -> None:
        with socket.create_server(("127.0.0.1", 0)) as other:
            taken = replace(installation, port=other.getsockname()[1])
            assert levels(service_checks.port, taken) == {Level.FAIL}
            assert levels(service_checks.running, taken) == {Level.FAIL}

    def test_a_server_that_answers_is_in_order(self, installation: Installation, server: str) -> None:
        ours = replace(installation, port=int(server.rpartition(":")[2]))
        assert levels(service_checks.port, ours) == {Level.OK}
        assert levels(service_checks.running, ours) == {Level.OK}

    def test_what_a_server_that_is_not_ready_says_is_repeated(self) -> None:
        problem = {"faults": [{"where": "tables", "message": "it is missing"}]}
        assert service_checks.faults(json.dumps(problem).encode()) == "tables: it is missing"
        assert service_checks.faults(b"<html>") == service_checks.faults(b"[]") == ""

    def test_an_endpoint_is_asked_a_query(self, installation: Installation, server: str) -> None:
        assert levels(service_checks.endpoint, installation) == {Level.OK}
        there = replace(installation, endpoint=f"{server}/sparql")
        assert levels(service_checks.endpoint, there) == {Level.OK}
        (gone,) = service_checks.endpoint(replace(installation, endpoint=f"http://127.0.0.1:{free_port()}/"))
        assert gone.level is Level.FAIL
        assert "cannot be reached" in gone.message

    def test_no_server_is_found_out(self, installation: Installation) -> None:
        assert levels(service_checks.port, installation) == {Level.OK}
        assert levels(service_checks.running, installation) == {Level.FAIL}
