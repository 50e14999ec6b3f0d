"""`reconciler` matches a column of a table: https://jvfe.github.io/reconciler/."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from reconciler import reconcile, webutils

from graph.core.namespaces import ID, UTS

pytestmark = pytest.mark.filterwarnings(
    "ignore:The inplace keyword in DataFrame.drop is deprecated",  # reconciler's own use of it
)


@pytest.fixture
def service(server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of the service, for a client that numpy 2 is mended for: it is older."""
    monkeypatch.setattr(np, "NaN", np.nan, raising=False)
    with webutils.http:
        yield f"{server}/reconcile"
    webutils.perform_query.cache_clear()


def test_names_with_a_type_and_a_property_are_matched(service: str) -> None:
    table = pd.DataFrame(
        {
            "stad": ["Göteborgs stad", "Malmö", "Uppsala", "Lund"],
            "län": ["Västra Götalands län", "Skåne län", "Uppsala län", "Skåne län"],
        }
    )
    found = reconcile(table["stad"], "Municipality", 1, {"inCounty": table["län"]}, service)
    assert list(found["input_value"]) == list(table["stad"])
    slugs = ["goteborgs-kommun", "malmo-kommun", "uppsala-kommun", "lunds-kommun"]
    assert list(found["id"]) == [f"{ID}organisation/{slug}" for slug in slugs]
    assert found["match"].all()
    assert set(found["type_id"]) == {f"{UTS}Municipality"}


def test_a_blank_name_and_an_unknown_one_leave_the_others_their_matches(service: str) -> None:
    found = reconcile(pd.Series(["", "Göteborgs stad", "xyzzy"]), reconciliation_endpoint=service)
    by_name = found.set_index("input_value")
    assert by_name.loc["Göteborgs stad", "id"] == f"{ID}organisation/goteborgs-kommun"
    assert list(by_name["match"]) == [False, True, False]
    assert by_name.loc[["", "xyzzy"], "id"].isna().all()


def test_more_than_a_batch_of_the_client_is_matched(service: str, server: str) -> None:
    names = pd.read_csv(f"{server}/organisation.csv?type=Municipality")[["id", "label_sv"]].head(35)
    found = reconcile(names["label_sv"], reconciliation_endpoint=service).set_index("input_value")
    assert found.loc[names["label_sv"], "id"].tolist() == names["id"].tolist()
