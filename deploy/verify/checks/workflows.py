"""GitHub's workflows are what actionlint accepts, and careful: no rights but those that a job asks for, actions of others by
digest, no credentials left behind by a checkout, a limit of time, and no code of strangers on our own runners. The scripts in
them are checked by bash."""

import json
import re

import sources
import tools

ACTIONLINT = "v1.7.12"
# What may be given to a job at all.
RIGHTS = {"contents": {"read"}, "packages": {"read", "write"}, "id-token": {"write"}}


def check(it):
    folder = it.root / ".github"
    files = sorted((folder / "workflows").glob("*.yml"))
    actionlint = tools.go_program("actionlint", "github.com/rhysd/actionlint/cmd/actionlint", ACTIONLINT)
    code, said = tools.output([actionlint, "-no-color", "-oneline", *files], cwd=it.root)
    if code:
        it.problem(said.strip())
    jobs = 0
    for path in files:
        text = path.read_text(encoding="utf-8")
        (workflow,) = sources.documents(text)
        for use, comment in re.findall(r"uses: (\S+)(.*)", text):
            if not use.startswith("./") and not (re.search(r"@[0-9a-f]{40}$", use) and re.search(r"# v\d+\.\d+\.\d+$", comment)):
                it.problem(f"{path.name}: {use} is not pinned by digest, with its version behind it")
        # YAML 1.1 reads `on` as true.
        triggers = workflow.get("on", workflow.get(True))
        if "pull_request_target" in triggers:
            it.problem(f"{path.name}: pull_request_target runs strangers' code with our rights")
        if workflow.get("permissions") != {}:
            it.problem(f"{path.name}: it must begin with no permissions at all")
        for name, job in workflow["jobs"].items():
            jobs += 1
            check_job(it, f"{path.name}, {name}", job, "pull_request" in triggers)
    for script in sorted((folder / "scripts").iterdir()):
        code, said = tools.output(["bash", "-n", script])
        if code or not script.stat().st_mode & 0o100:
            it.problem(f"{script.name}: not executable, or not bash: {said.strip()}")
    renovate(it)
    it.saw(f"{len(files)} workflows, {jobs} jobs")


def check_job(it, name, job, for_strangers):
    rights = job.get("permissions")
    if rights is None:
        it.problem(f"{name}: it does not say which permissions it needs")
    for right, level in (rights or {}).items():
        if level not in RIGHTS.get(right, set()):
            it.problem(f"{name}: {right}: {level} is more than any job of ours needs")
    if "uses" in job:
        return
    if "timeout-minutes" not in job:
        it.problem(f"{name}: it has no timeout-minutes")
    if for_strangers and job["runs-on"] != "ubuntu-24.04":
        it.problem(f"{name}: pull requests may run on GitHub's machines only")
    for step in job["steps"]:
        if step.get("uses", "").startswith("actions/checkout@") and step.get("with", {}).get("persist-credentials") is not False:
            it.problem(f"{name}: a checkout leaves its token behind: persist-credentials: false")
        # An expression in a script is code; in `env` it is a value.
        if "${{" in step.get("run", ""):
            it.problem(f"{name}: an expression inside of a script: give it as a variable")
        code, said = tools.output(["bash", "-n", "-c", step["run"]]) if "run" in step else (0, "")
        if code:
            it.problem(f"{name}: {said.strip()}")


def renovate(it):
    config = json.loads((it.root / "renovate.json").read_text(encoding="utf-8"))
    for manager in config["customManagers"]:
        for pattern in manager["matchStrings"]:
            # JavaScript names groups without the P.
            found = re.compile(pattern.replace("(?<", "(?P<"))
            patterns = [re.compile(glob.strip("/")) for glob in manager["managerFilePatterns"]]
            texts = [path.read_text(encoding="utf-8") for path in sources.files(it.root, "*.yml", "audit")
                     if any(glob.search(path.relative_to(it.root).as_posix()) for glob in patterns)]
            if not any(found.search(text) for text in texts):
                it.problem(f"renovate.json: {pattern} finds nothing")
