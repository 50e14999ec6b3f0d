"""The manifests of the service, one for each version."""

from importlib.metadata import version
from typing import Any

from flask import url_for

from graph.core.namespaces import ID, NAMESPACE
from graph.core.site import SITE
from graph.matching.reconciliation_table import reconciliation_table
from web.html.app_state import app_state
from web.html.i18n import translate
from web.html.site_context import base_url
from web.reconcile.responses import entity_summary

_WIDTH, _HEIGHT = 430, 300


def manifest(*, draft: bool) -> dict[str, Any]:
    """Return the manifest of 0.2, or that of 1.0-draft; each names the one version that it is valid for."""
    entities, host = app_state().entities, base_url()
    types = reconciliation_table(entities.index.kinds).types
    common = {
        "versions": ["1.0-draft" if draft else "0.2"],
        "name": SITE.name,
        "documentation": f"{host}{url_for('ontology.document', document='ns')}",
        "logo": f"{host}{url_for('static', filename='mark.svg')}",
        "serviceVersion": version("utsaga"),
        "defaultTypes": [entity_summary(ref) for ref in entities.refs(types)],
        "batchSize": app_state().settings.reconcile_queries,
    }
    return common | (_manifest_draft(host) if draft else _manifest_0_2(host))


def _manifest_0_2(host: str) -> dict[str, Any]:
    root = url_for("reconcile.root").rstrip("/")
    return {
        "identifierSpace": ID,
        "schemaSpace": NAMESPACE,
        "view": {"url": f"{host}{url_for('resolve.page')}?iri={{{{id}}}}"},
        "preview": {
            "url": f"{host}{root}/preview?id={{{{id}}}}",
            "width": _WIDTH,
            "height": _HEIGHT,
        },
        "suggest": {
            kind: {
                "service_url": host,
                "service_path": f"{root}/suggest/{kind}",
                "flyout_service_url": host,
                "flyout_service_path": f"{root}/flyout/{kind}?id=${{id}}",
            }
            for kind in ("entity", "property", "type")
        },
        "extend": {
            "propose_properties": {"service_url": host, "service_path": f"{root}/extend/propose"},
            "property_settings": [
                {
                    "name": "limit",
                    "label": translate("reconcile.limit"),
                    "type": "number",
                    "default": 0,
                    "help_text": translate("reconcile.limit-help"),
                }
            ],
        },
    }


def _manifest_draft(host: str) -> dict[str, Any]:
    return {
        "view": {"url": f"{host}{url_for('resolve.page')}?iri={{id}}"},
        "preview": {"width": _WIDTH, "height": _HEIGHT},
        "suggest": {"entity": True, "property": True, "type": True},
        "extend": {
            "proposeProperties": True,
            "propertySettings": [
                {
                    "id": "limit",
                    "name": translate("reconcile.limit"),
                    "type": "number",
                    "default": 0,
                    "helpText": translate("reconcile.limit-help"),
                }
            ],
        },
        "standardizedScore": True,
    }
