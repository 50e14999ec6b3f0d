"""Prints which rules of OWL 2's profiles each ontology breaks, as JSON: `python owl_profiles.py FILE …`.

The OWL API (Debian's libowlapi-java) knows the rules of https://www.w3.org/TR/owl2-profiles/. This is a
program of its own because a process that has started Java cannot stop it again.
"""

import json
import sys
from pathlib import Path
from typing import Final

import jpype

JARS: Final = Path("/usr/share/java")
OWL_API: Final = JARS / "owlapi-distribution.jar"
PROFILES: Final = ("OWL2_DL", "OWL2_RL")


def violations(file: str) -> dict[str, list[str]]:
    """Return by profile what the ontology in `file` breaks of its rules; Java must have been started."""
    manager = jpype.JClass("org.semanticweb.owlapi.apibinding.OWLManager").createOWLOntologyManager()
    ontology = manager.loadOntologyFromOntologyDocument(jpype.JClass("java.io.File")(file))
    profiles = jpype.JClass("org.semanticweb.owlapi.profiles.Profiles")
    return {
        name: sorted(str(each) for each in profiles.valueOf(name).checkOntology(ontology).getViolations())
        for name in PROFILES
    }


if __name__ == "__main__":
    jpype.startJVM(classpath=[f"{JARS}/*"])
    json.dump([violations(file) for file in sys.argv[1:]], sys.stdout)
