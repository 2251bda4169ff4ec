"""What the charts know of spin.toml, streams.toml and the OpenAPI documents is up to date."""

import generated


def check(it):
    wanted = generated.files(it.root)
    for path, text in wanted.items():
        if not path.exists():
            it.problem(f"{path.relative_to(it.root)} is missing: run scripts/deploy-generate")
        elif path.read_text(encoding="utf-8") != text:
            it.problem(f"{path.relative_to(it.root)} is out of date: run scripts/deploy-generate")
    it.saw(f"{len(wanted)} files")
