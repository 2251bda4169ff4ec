"""Finding and reading the project's files."""

import os

import yaml

SKIPPED = {".git", ".souk", "target", "node_modules", "dist"}


class Loader(yaml.SafeLoader):
    """YAML that refuses a key written twice, of which the first would be lost."""

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key_node, _ in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge":
                continue
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} stands twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


def documents(text):
    """All YAML documents of a text that are not empty."""
    return [document for document in yaml.load_all(text, Loader) if document is not None]


def files(root, *patterns):
    """The project's files with such names, built and installed ones left out."""
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in SKIPPED)
        here = root.__class__(folder)
        found += [here / name for name in sorted(names) if any((here / name).match(pattern) for pattern in patterns)]
    return found
