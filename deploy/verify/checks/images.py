"""Dockerfiles: hadolint finds nothing, what is copied is there, and what runs has no rights and no tools."""

import re

import application
import sources
import tools


def stages(text):
    """The lines of each stage, the last one of which is what runs, by name."""
    found, name = {}, None
    for line in re.sub(r"\\\n", " ", text).splitlines():
        start = re.match(r"FROM\s+(\S+)(?:\s+AS\s+(\S+))?", line)
        if start:
            name = start.group(2) or start.group(1)
            found[name] = [line]
        elif name:
            found[name].append(line)
    return found


def copied(text):
    """What is copied from the repository."""
    for line in re.sub(r"\\\n", " ", text).splitlines():
        match = re.match(r"COPY\s+(.*)", line)
        if match and "--from" not in line:
            yield from [word for word in match.group(1).split() if not word.startswith("--")][:-1]


def tools_problems(text):
    """The image of relay and mailer: built elsewhere, distroless, not root."""
    found = stages(text)
    lines = found.get("tools", [])
    problems = [] if len(found) > 1 else ["there is no stage of its own for building"]
    if not lines or "distroless" not in lines[0]:
        problems.append("the image of the tools is not distroless")
    users = [line.split()[1] for line in lines if line.startswith("USER")]
    if not users or users[-1].split(":")[0] in ("0", "root"):
        problems.append("the tools run as root")
    if any(line.startswith("RUN") for line in lines):
        problems.append("a distroless image has no shell to RUN with")
    return problems


def migrate_problems(text, databases):
    """The image of the migrations has those of every service with a database."""
    lines = " ".join(stages(text).get("migrate", []))
    loop = re.search(r"for service in ([a-z ]+);", lines)
    named = set(loop.group(1).split()) if loop else set()
    return [f"the image of the migrations lacks those of {name}" for name in sorted(set(databases) - named)]


def embedded(root):
    """Files of the repository that the tools and what they share with components have in them: (source, path)."""
    for folder in ("components/shared", "host-tools"):
        for source in sorted((root / folder).rglob("src/**/*.rs")):
            if "tests" in source.parts:
                continue
            for name in re.findall(r'include_(?:str|bytes)!\(\s*"((?:\.\./)+[^"]+)"', source.read_text(encoding="utf-8")):
                path = (source.parent / name).resolve()
                if path.is_relative_to(root):
                    yield source.relative_to(root), path.relative_to(root)


def context_problems(root, text):
    """What the tools are built of is copied to where they are built."""
    names = list(copied(text))
    return [f"{source} has {path} in it, which is not copied" for source, path in embedded(root)
            if not any(path.is_relative_to(name) for name in names)]


def check(it):
    files = sources.files(it.root, "Dockerfile")
    for path in files:
        code, text = tools.output([tools.program("hadolint", "it comes with the checks' packages"), "--no-color", path])
        if code:
            it.problem(text.strip())
        content = path.read_text(encoding="utf-8")
        context = it.root if "deploy/images/Dockerfile" in str(path) else path.parent
        for name in copied(content):
            if not (context / name).exists():
                it.problem(f"{path.relative_to(it.root)} copies {name}, which is not there")
    text = (it.root / "deploy/images/Dockerfile").read_text(encoding="utf-8")
    databases = [name for name, service in application.services(it.root).items() if service.database]
    for problem in [*tools_problems(text), *migrate_problems(text, databases), *context_problems(it.root, text)]:
        it.problem(f"deploy/images/Dockerfile: {problem}")
    it.saw(f"{len(files)} Dockerfiles")
