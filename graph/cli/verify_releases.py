"""The command that compares the files of releases with their digests."""

import click

from graph.cli.group import out
from graph.core.errors import Fault, Unavailable
from graph.release import release_check
from graph.release.release import FORM, Release
from graph.release.release_files import read_listing
from graph.release.releases import Releases


@click.command("verify")
@click.argument("names", nargs=-1)
@click.pass_obj
def verify_releases(releases: Releases, names: tuple[str, ...]) -> None:
    """Compare every file of the releases NAMES, or of all, with its digest; list what is damaged."""
    damaged: list[Fault] = []
    for release in [releases.get(name) for name in names] or releases.all():
        found = release_check.faults(release)
        out.print(f"{release.manifest.id}: {_result(release, found)}", highlight=False)
        damaged += found
    if not names:
        damaged += [
            Fault(str(path), "its manifest cannot be read", "manifest", "delete this folder, and build again")
            for path in release_check.unreadable(releases)
        ]
    if damaged:
        raise Unavailable.of(damaged)


def _result(release: Release, found: list[Fault]) -> str:
    if release.form < FORM:
        return "not checked: an earlier version of this program made it"
    if found:
        return f"damaged; {release_check.remedy(release)}"
    files = read_listing(release.path)
    return f"whole: {len(files)} files, {sum(each.size for each in files) / 1e6:,.1f} MB"
