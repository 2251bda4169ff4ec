"""Every file that a cluster or a tool reads as YAML or TOML can be read: a duplicate key or a tab is found here, not on a
Friday evening."""

import tomllib

import yaml

import sources


def check(it):
    files = sources.files(it.root, "*.yaml", "*.yml", "*.toml")
    for path in files:
        # A chart's templates are not YAML yet: the helm check reads what comes out of them.
        if "templates" in path.parts:
            continue
        try:
            if path.suffix == ".toml":
                tomllib.loads(path.read_text(encoding="utf-8"))
            else:
                sources.documents(path.read_text(encoding="utf-8"))
        except (yaml.YAMLError, tomllib.TOMLDecodeError) as error:
            it.problem(f"{path.relative_to(it.root)}: {error}")
    it.saw(f"{len(files)} files")
