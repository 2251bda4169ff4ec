"""The chart as it is rendered, for tests that break a copy of it."""

import copy
import json
import unittest

import charts
import frame
import gateway


def objects(file=None):
    """A copy of everything that the chart gives."""
    try:
        return copy.deepcopy(charts.documents(file))
    except frame.Skipped as skipped:
        raise unittest.SkipTest(str(skipped)) from skipped


def apisix_data(rendered):
    return charts.of_kind(rendered, "ConfigMap")["api-gateway"]["data"]


def apisix():
    return gateway.read(apisix_data(objects()))


def shared(name):
    path = frame.SHARED / name
    if not path.exists():
        raise unittest.SkipTest(f"../shared/{name} is absent")
    return path


def apisix_schemas():
    return json.loads(shared("apisix-schema.json").read_text(encoding="utf-8"))


def route(found, name):
    return next(item for item in found.rules["routes"] if item["id"] == name)
