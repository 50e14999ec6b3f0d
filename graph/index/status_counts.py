"""The table of how many organisations of each class have which status on each product."""

import sqlite3
from typing import Final

from graph.core.kind_table import KindTable
from graph.core.namespaces import TYPE, UTS
from graph.index.staging import digest

NO_STATUS: Final = -1  # of organisations with statements on the product but no adoption of it
_SCHEMA: Final = """
CREATE TABLE stance (product INTEGER, class INTEGER, status INTEGER, count INTEGER NOT NULL,
  PRIMARY KEY (product, class, status)) WITHOUT ROWID;
CREATE TABLE staging.latest (product INTEGER, organisation INTEGER, status INTEGER,
  PRIMARY KEY (product, organisation)) WITHOUT ROWID;
CREATE TABLE staging.class (digest INTEGER PRIMARY KEY);
"""
_LATEST: Final = """
INSERT INTO staging.latest SELECT product, organisation, status FROM (
  SELECT adoption.object AS product, adopter.object AS organisation, status.object AS status,
    ROW_NUMBER() OVER (PARTITION BY adoption.object, adopter.object
      ORDER BY COALESCE(date.value, '') DESC, name.iri DESC) AS rank
  FROM staging.link AS adoption
  JOIN staging.link AS adopter ON adopter.property = :adopter AND adopter.subject = adoption.subject
  JOIN staging.link AS status ON status.property = :status AND status.subject = adoption.subject
  JOIN staging.name ON name.digest = status.object
  LEFT JOIN staging.date ON date.digest = adoption.subject
  WHERE adoption.property = :product
) WHERE rank = 1"""
_BY_STATUS: Final = """
INSERT INTO stance SELECT product.id, class.id, status.id, COUNT(*) FROM staging.latest
JOIN staging.link ON link.property = :type AND link.subject = latest.organisation
  AND link.object IN (SELECT digest FROM staging.class)
JOIN staging.placed AS product ON product.digest = latest.product
JOIN staging.placed AS class ON class.digest = link.object
JOIN staging.placed AS status ON status.digest = latest.status
GROUP BY 1, 2, 3"""
# CROSS JOIN keeps this order: https://www.sqlite.org/optoverview.html#manual_control_of_query_plans_using_cross_join.
# Else SQLite begins with the organisations, and looks up every statement for each of them.
_WITHOUT_STATUS: Final = """
INSERT INTO stance SELECT product.id, class.id, :no_status, COUNT(*) FROM (
  SELECT DISTINCT about.object AS product, behalf.object AS organisation FROM staging.link AS about
  CROSS JOIN staging.link AS behalf ON behalf.property = :onBehalfOf AND behalf.subject = about.subject
  WHERE about.property = :about
) AS spoken
JOIN staging.link ON link.property = :type AND link.subject = spoken.organisation
  AND link.object IN (SELECT digest FROM staging.class)
JOIN staging.placed AS product ON product.digest = spoken.product
JOIN staging.placed AS class ON class.digest = link.object
WHERE NOT EXISTS (
  SELECT 1 FROM staging.latest
  WHERE latest.product = spoken.product AND latest.organisation = spoken.organisation)
GROUP BY 1, 2"""


def write_status_counts(connection: sqlite3.Connection, kinds: KindTable) -> None:
    """Write the table stance; the status of an organisation is that of its latest adoption."""
    connection.executescript(_SCHEMA)
    adopters = kinds["organisation"].classes if "organisation" in kinds else ()
    classes = [(digest(class_),) for class_ in adopters]
    connection.executemany("INSERT INTO staging.class VALUES (?)", classes)
    names = ("adopter", "status", "product", "onBehalfOf", "about")
    parameters = {name: digest(UTS + name) for name in names}
    parameters |= {"type": digest(TYPE), "no_status": NO_STATUS}
    for query in (_LATEST, _BY_STATUS, _WITHOUT_STATUS):
        connection.execute(query, parameters)
