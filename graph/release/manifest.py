"""The manifest of a release that is built."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from graph.core.namespaces import UTS
from graph.release.content_statistics import ContentStatistics
from graph.release.release import Manifest, removal_digest


def content_digest(lines: list[bytes], removed: Sequence[str] = ()) -> str:
    """Return the digest of canonical `lines` and of what was `removed`, so that a removal changes it."""
    gone = sorted(map(removal_digest, removed))
    return hashlib.sha256(b"".join([*lines, *(each.encode() for each in gone)])).hexdigest()


def describe(content: ContentStatistics, digest: str, removed: Sequence[str] = ()) -> Manifest:
    """Return the manifest of a release with this `content`, which the `digest` identifies."""
    return Manifest(
        id=digest[:12],
        digest=digest,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        triples=content.triples,
        graphs=_sorted(content.sizes),
        classes=_sorted({name: count for name, count in content.typed.items() if name.startswith(UTS)}),
        statement_kinds=_sorted(content.kinds),
        removed=sorted(map(removal_digest, removed)),
    )


def _sorted(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items()))
