"""Shell scripts: ShellCheck finds nothing."""

import tools


def scripts(root):
    """Files under scripts/ and deploy/ that a shell runs."""
    found = []
    for folder in ("scripts", "deploy", ".ci"):
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and path.suffix in ("", ".sh"):
                with open(path, "rb") as file:
                    first = file.readline()
                if b"bash" in first or path.suffix == ".sh":
                    found.append(path)
    return found


def check(it):
    files = scripts(it.root)
    program = tools.program("shellcheck", "it comes with the checks' packages")
    code, text = tools.output([program, "--external-sources", "--source-path=SCRIPTDIR", "--severity=warning", *files])
    if code:
        it.problem(text.strip())
    it.saw(f"{len(files)} scripts")
