"""Kubernetes and the operators would take every object of the chart, and know each of its fields."""

import charts
import schemas


def check(it):
    crds = schemas.custom(it.need_shared("crds"))
    for file in charts.values_files():
        objects = charts.documents(file)
        names = set()
        for item in objects:
            for problem in schemas.problems(item, crds):
                it.problem(f"{charts.label(file)}: {problem}")
            name = (item["apiVersion"], item["kind"], item["metadata"]["name"])
            if name in names:
                it.problem(f"{charts.label(file)}: {item['kind']} {item['metadata']['name']} stands twice")
            names.add(name)
        it.saw(f"{len(objects)} objects of {charts.label(file)}")
