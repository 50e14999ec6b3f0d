"""The command line: output, and status 1 with one line for each fault."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from graph.build import pipeline
from graph.ingest import passages
from graph.release.release import Release
from web import cli

ARTICLE = pipeline.FACTS / "sources" / "ny-teknik-office-365.yaml"


@pytest.fixture
def run(release: Release) -> "Run":
    return Run(release.path.parent)


class Run:
    def __init__(self, home: Path) -> None:
        self.home = home

    def __call__(self, *words: str, text: str | None = None) -> Result:
        return CliRunner().invoke(cli.main, ["--releases", str(self.home), *words], input=text)


def one_line_a_fault(result: Result) -> list[str]:
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    return result.stderr.splitlines()


@pytest.fixture
def text(shared: Path) -> str:
    return (shared / "sources" / "ny-teknik-office-365.txt").read_text()


def test_verify_proves_every_passage_against_the_text(run: Run, shared: Path) -> None:
    result = run("verify", "ny-teknik-office-365", str(shared / "sources" / "ny-teknik-office-365.txt"))
    found = re.search(r"(\d+) of (\d+) passages proven", result.output)
    assert result.exit_code == 0
    assert found
    assert found[1] == found[2]
    assert int(found[2]) >= 45
    assert "differs" not in result.output


def test_verify_fails_for_every_passage_in_which_a_word_was_changed(
    run: Run, text: str, tmp_path: Path
) -> None:
    spans = [(p.start, p.end) for p in passages.stated(pipeline.read_file(ARTICLE).quads)]
    changed = list(text)
    for start, end in spans:
        position = next(i for i in range(start, end) if text[i].isalpha())
        changed[position] = "ж"
    copy = tmp_path / "copy.txt"
    copy.write_text("".join(changed))
    result = run("verify", str(ARTICLE), str(copy))
    faults = one_line_a_fault(result)
    assert f"0 of {len(spans)} passages proven" in result.output
    assert "differs" in result.output
    assert len(faults) == len(spans)
    assert all(
        re.search(r"ny-teknik-office-365\.yaml:\d+: .* \[passage digest\] → ", fault) for fault in faults
    )


def test_verify_reports_a_source_that_was_not_read(run: Run, tmp_path: Path) -> None:
    copy = tmp_path / "copy.txt"
    copy.write_text("Någon text.")
    [fault] = one_line_a_fault(run("verify", "imy-region-uppsala", str(copy)))
    assert "imy-region-uppsala.yaml: the source has no passages" in fault


def test_a_statement_of_an_unread_source_is_marked_as_reported(run: Run) -> None:
    result = run("show", "source/imy-region-uppsala")
    told = " ".join(result.output.split())
    assert (
        "the source at second hand · source/imy-region-uppsala · text not read as a whole, reported in"
        in told
    )


@pytest.mark.slow
def test_validate_checks_a_new_file_together_with_the_facts(run: Run, tmp_path: Path) -> None:
    new = tmp_path / "ny.yaml"
    new.write_text(
        "id: source/ny\ntype: Report\nlabel: {sv: Ny, en: New}\nlanguage: sv\n"
        "issued: {type: gYear, value: '2019'}\n"
        "publisher: organisation/malmo-kommun\n"
    )
    assert run("validate", str(new)).exit_code == 0
    new.write_text(new.read_text().replace("malmo-kommun", "malmoo-kommun"))
    [fault] = one_line_a_fault(run("validate", str(new)))
    assert fault.startswith(f"✗ {new}:6: organisation/malmoo-kommun is not declared")


@pytest.mark.slow
def test_validate_verifies_passages_against_a_given_text(run: Run, text: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.txt"
    copy.write_text(text)
    assert run("validate", str(ARTICLE), "--text", str(copy)).exit_code == 0
    copy.write_text(text.replace("Malmö", "Lund"))
    assert "[passage digest]" in one_line_a_fault(run("validate", str(ARTICLE), "--text", str(copy)))[0]


@pytest.mark.slow
def test_build_with_check_builds_nothing(tmp_path: Path) -> None:
    result = Run(tmp_path / "none")("build", "--check")
    assert result.exit_code == 0
    assert "in order" in result.output
    assert not (tmp_path / "none").exists()


@pytest.mark.slow
def test_build_prints_the_counts_and_activates(tmp_path: Path) -> None:
    run = Run(tmp_path)
    assert "Municipality" in run("build").output
    [live] = [line for line in run("releases").output.splitlines() if "●" in line]
    name = live.split()[1]
    assert name in run("releases", "show").output
    assert run("releases", "activate", name[:6]).exit_code == 0
    assert run("releases", "diff", name, name).output == ""
    assert run("releases", "diff", name, name, "--format", "nt").output == ""
    assert one_line_a_fault(run("releases", "diff", name, name, "--format", "zip"))
    assert "0 deleted" in run("releases", "prune").output
    assert one_line_a_fault(run("releases", "activate", "zzz"))


def test_without_a_release_commands_name_the_remedy(tmp_path: Path) -> None:
    for words in (["query", "coverage"], ["show", "osl"], ["releases", "show"]):
        [fault] = one_line_a_fault(Run(tmp_path)(*words))
        assert "utsaga build" in fault


def test_a_folder_that_cannot_be_written_is_a_fault_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    place = str(tmp_path / "file" / "folder")
    run = Run(tmp_path)
    *_, fault = one_line_a_fault(run("index", "--endpoint", "http://127.0.0.1:9/sparql", "--out", place))
    assert place in fault
    assert "check the path" in fault


def test_a_stored_query_is_printed_as_a_table_or_in_any_format(run: Run) -> None:
    assert re.search(r"Municipality\s+290", run("query", "coverage").output)
    csv = run("query", "coverage", "--format", "csv").output.splitlines()
    assert csv[0] == "kind,inRegister,withStatement,withObservation"
    assert '"bindings"' in run("query", "coverage", "--format", "json").output


def test_a_parameter_filters_a_stored_query(run: Run) -> None:
    rows = run(
        "query", "adoption-status", "-p", "organisation=organisation/umea-kommun", "--format", "csv"
    ).output
    assert set(re.findall(r"organisation/([a-z-]+)", rows)) == {"umea-kommun"}


def test_queries_are_read_from_a_file_and_from_standard_input(run: Run, tmp_path: Path) -> None:
    (tmp_path / "ask.rq").write_text("ASK { ?s ?p ?o }")
    assert run("query", str(tmp_path / "ask.rq")).output == "true\n"
    assert (
        "<urn:a> <urn:b> <urn:c> ."
        in run("query", "-", text="CONSTRUCT { <urn:a> <urn:b> <urn:c> } {}").output
    )


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["query", "no-such-query"], None),
        (["query", "-", "-p", "a=b"], "ASK {}"),
        (["query", "coverage", "-p", "nonsense"], None),
        (["query", "coverage", "-p", "nonsense=1"], None),
        (["query", "coverage", "--format", "ttl"], None),
        (["query", "-"], "SELECT * { ?s ?p }"),
        (["query", "-"], "DROP ALL"),
        (["query", "-"], "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"),
        (["show", "ingen-alls"], None),
        (["show", "javascript:alert(1)"], None),
    ],
)
def test_an_error_is_printed_in_one_line(run: Run, words: list[str], text: str | None) -> None:
    assert len(one_line_a_fault(run(*words, text=text))) == 1


def test_the_queries_are_listed_with_their_parameters(run: Run) -> None:
    output = run("queries").output
    assert "who-uses-office-365" in output
    assert "organisation" in output


def test_an_entity_is_shown_with_its_statements_and_their_evidence(run: Run) -> None:
    output = run("show", "patrik-kron-malmo-kommun").output
    assert "it-chef" in output
    assert re.search(r"characters \d+–\d+, SHA-256 [0-9a-f]{12}…", " ".join(output.split()))


def test_a_retired_identifier_shows_the_successor(run: Run) -> None:
    assert "Region Stockholm" in run("show", "stockholms-lans-landsting").output
