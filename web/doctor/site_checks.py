"""Checks of the site: its folders, and the facts that releases are made of."""

from collections.abc import Iterator
from typing import Final

from graph.core.errors import UtsagaError
from web.doctor.finding import Finding, Installation, fail, ok, warn

_SHOWN: Final = 5  # faults of facts


def folders(installation: Installation) -> Iterator[Finding]:
    """Check that the folders of the site are there."""
    missing = [
        path
        for path in (installation.site.facts, installation.site.ontology, installation.site.queries)
        if not path.is_dir()
    ]
    for path in missing:
        yield fail(
            f"{path} is not there", "correct [folders] in utsaga.toml, or name another site with --site"
        )
    if not missing:
        yield ok(f"the site is {installation.site.name}, in {installation.site.folder}")


def facts(installation: Installation) -> Iterator[Finding]:
    """Check that the facts can be read; with `is_deep`, that they follow every rule."""
    from graph.build import pipeline  # noqa: PLC0415 (its libraries take half a second to import)

    folder = installation.site.facts
    if not folder.is_dir():
        yield warn("no facts could be read: their folder is not there", "see the check before")
        return
    try:
        read = pipeline.read(folder)
        if installation.is_deep:
            pipeline.require_sound(read, folder)
    except UtsagaError as error:
        for each in error.faults[:_SHOWN]:
            yield fail(f"{each.where}: {each.message}", each.remedy)
        if len(error.faults) > _SHOWN:
            yield fail(f"and {len(error.faults) - _SHOWN} more faults", "run utsaga build, which prints all")
        return
    followed = (
        "follow every rule" if installation.is_deep else "can be read (--deep compares them with the rules)"
    )
    yield ok(f"the facts of {len(read)} files {followed}")
