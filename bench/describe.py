"""Virtuoso's page of an entity, `/describe`: a part of its faceted browser, which no package of Debian holds.

Debian's source package does. Its archive comes through apt, whose signed index has the digest; what is needed
of it is unpacked beside the data, and packed by its own script for the Virtuoso that is installed.
"""

import os
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Final
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

from bench import load
from bench.client import free_port
from bench.commands import output_of
from bench.data.registers import HUB
from bench.peers import Virtuoso, started

_HELPER: Final = "/usr/lib/apt/apt-helper"
_PARTS: Final = ("binsrc/fct/", "binsrc/oat/", "binsrc/tests/suite/test_fn.sh")
_PACKAGE: Final = "fct_dav.vad"
_SOURCES: Final = "deb-src [signed-by=$(SIGNED_BY)] $(REPO_URI) $(RELEASE) $(COMPONENT)"


class Unavailable(Exception):
    """The faceted browser cannot be had here; the text says why."""


class Describe(Virtuoso):
    """Virtuoso with its faceted browser, in a copy of the database: the other stays as it is."""

    def version(self) -> str:
        """Return what the package says it is, and where the page is from."""
        return f"{super().version()}, /describe made from the same source"

    def load(self, data: Path) -> Path:
        """Return the directory in `data` that holds the database with the browser, made if need be.

        Raises Unavailable where the source cannot be had, made or installed.
        """
        bare = super().load(data)
        try:
            package = load.once(data.parent / "virtuoso-fct", _make) / _PACKAGE
            return load.once(data / "virtuoso-describe", lambda home: self._install(bare, package, home))
        except subprocess.CalledProcessError as error:
            said = (error.stderr or error.stdout or "see make.log").strip().splitlines()
            raise Unavailable(f"{error.cmd[0]} failed: {said[-1]}") from error
        except (OSError, tarfile.TarError) as error:
            raise Unavailable(str(error)) from error

    def _install(self, bare: Path, package: Path, home: Path) -> None:
        shutil.copytree(bare, home, dirs_exist_ok=True)
        shutil.copy(package, home)
        install = f"EXEC=DB.DBA.VAD_INSTALL('{home / _PACKAGE}', 0); checkpoint;"
        with started(self, home) as running:
            sql = int((home / "sql-port").read_text())
            said = output_of("isql-vt", f"127.0.0.1:{sql}", "dba", "dba", "ERRORS=STDOUT", install)
            (home / "install.log").write_text(said)
            page = f"http://127.0.0.1:{running.endpoint.port}/describe/?url={quote(HUB, safe='')}"
            try:
                urlopen(page, timeout=60).close()
            except URLError as error:
                raise Unavailable(f"no /describe after its installation: {error}") from error


def _make(home: Path) -> None:
    """Fetch the source of the installed version and have its own script make the package in `home`."""
    source = _fetch(home)
    with tarfile.open(source) as archive:
        for member in archive:
            member.name = member.name.partition("/")[2]
            if member.name.startswith(_PARTS):
                archive.extract(member, home, filter="data")
    source.unlink()
    _pack(home)


def _fetch(home: Path) -> Path:
    """Fetch the archive with the source into `home`; the lists of packages of the system stay as they are.

    One of the three files of a source package is enough, so apt is asked for its address and digest only.
    """
    apart = home / "apt"
    (apart / "lists" / "partial").mkdir(parents=True)
    (apart / "cache").mkdir()
    sources = apart / "sources.list"
    # A line for each list of Debian's that apt knows, so that the same mirror and key are used.
    lists = ("indextargets", "--format", _SOURCES, "Created-By: Packages", "Origin: Debian")
    sources.write_text(output_of("apt-get", *lists) + "\n")
    places = {
        "Etc::sourcelist": sources,
        "Etc::sourceparts": "/dev/null",
        "State::lists": apart / "lists",
        "Cache": apart / "cache",
    }
    options = [part for name, place in places.items() for part in ("-o", f"Dir::{name}={place}")]
    output_of("apt-get", *options, "update", "--error-on=any")
    form = "--showformat=${source:Package}=${source:Version}"
    package = output_of("dpkg-query", "--show", form, "virtuoso-opensource-7-bin")
    files = output_of("apt-get", *options, "-qq", "source", "--print-uris", package).splitlines()
    shutil.rmtree(apart)
    for address, name, _, digest in map(str.split, files):
        if ".orig.tar." in name:
            output_of(_HELPER, "download-file", address.strip("'"), str(home / name), digest)
            return home / name
    raise Unavailable(f"apt names no archive with the source of {package}")


def _pack(home: Path) -> None:
    """Run the script, which starts a server of its own: on the loopback interface only."""
    place = home / "binsrc" / "fct"
    script = place / "make_vad.sh"
    text, line = script.read_text(), "ServerPort           = "
    if f"{line}$PORT" not in text:
        raise Unavailable("make_vad.sh of this version is not as it was expected to be")
    script.write_text(text.replace(f"{line}$PORT", f"{line}127.0.0.1:$PORT"))
    server = {"HOST": "127.0.0.1", "PORT": str(free_port()), "SERVER": "virtuoso-t", "ISQL": "isql-vt"}
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), **server}
    command = ["/bin/sh", str(script)]
    with (home / "make.log").open("w") as log:
        subprocess.run(command, cwd=place, env=environment, check=True, stdout=log, stderr=log)  # noqa: S603 (theirs)
    (place / _PACKAGE).rename(home / _PACKAGE)
