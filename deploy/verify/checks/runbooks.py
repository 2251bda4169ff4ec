"""Every alert names its runbook, the page is there and says what to look at and what to mend, and no page is about an
alert that is gone. Links between pages lead somewhere."""

import re

import sources

HEADINGS = ("**What it does to the shop.**", "## Look", "## Mend")


def check(it):
    folder = it.root / "docs/runbooks"
    pages = {path.stem: path.read_text() for path in folder.glob("*.md")}
    alerts = set()
    for path in sorted((it.root / "monitoring/prometheus/rules").glob("*.yml")):
        for document in sources.documents(path.read_text()):
            for rule in (rule for group in document["groups"] for rule in group["rules"] if "alert" in rule):
                name = rule["alert"]
                alerts.add(name)
                if rule["annotations"].get("runbook") != f"docs/runbooks/{name}.md":
                    it.problem(f"{path.name}: the alert {name} does not name docs/runbooks/{name}.md")
                for part in ("summary", "description"):
                    if not rule["annotations"].get(part):
                        it.problem(f"{path.name}: the alert {name} has no {part}")
                if rule["labels"]["severity"] not in ("page", "ticket"):
                    it.problem(f"{path.name}: the alert {name} is neither a page nor a ticket")
    for name in sorted(alerts ^ pages.keys()):
        it.problem(f"docs/runbooks/{name}.md and the alert {name}: one of them is not there")
    for name, text in sorted(pages.items()):
        if not text.startswith(f"# {name}\n") or any(heading not in text for heading in HEADINGS):
            it.problem(f"docs/runbooks/{name}.md: it must begin with its name and have {', '.join(HEADINGS)}")
        for target in re.findall(r"\]\(([^)#]+)", text):
            if not (folder / target).exists():
                it.problem(f"docs/runbooks/{name}.md: {target} is not there")
    it.saw(f"{len(alerts)} alerts, {len(pages)} runbooks")
