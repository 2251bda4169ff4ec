# Shared by the scripts in this folder: which environment, which cluster, and saying what is done. To be sourced.
# shellcheck shell=bash disable=SC2034
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
env=${ENV:-dev}
namespace=${NAMESPACE:-souk}
release=souk
# The registry that k3d runs beside the cluster: as this machine pushes to it, and as the cluster pulls from it.
push_registry=localhost:5000
cluster_registry=souk-registry.localhost:5000

say() {
  echo "==> $1"
}

fail() {
  echo "$(basename "$0"): $1" >&2
  exit 1
}

case $env in
  dev) context=${KUBE_CONTEXT:-k3d-souk} ;;
  prod)
    context=${KUBE_CONTEXT:-}
    [ -n "$context" ] || fail "ENV=prod wants KUBE_CONTEXT=NAME, so that nobody deploys to a cluster by accident (kubectl config get-contexts)"
    ;;
  *) fail "there is no ENV=$env: dev or prod" ;;
esac

need() {
  local program
  for program in "$@"; do
    command -v "$program" >/dev/null || fail "$program is missing: install it and try again (docs/deploy.md names versions)"
  done
}

kube() {
  kubectl --context "$context" "$@"
}

helm_at() {
  helm --kube-context "$context" "$@"
}

# chart NAME NAMESPACE REPOSITORY CHART VERSION [OPTION...]: installs or upgrades a chart of somebody else's; the newest one
# when VERSION is empty.
chart() {
  local name=$1 where=$2 repository=$3 chart=$4 version=$5
  shift 5
  say "$name ${version:+$version }in $where"
  local source=("$chart" --repo "$repository")
  case $repository in oci://*) source=("$repository/$chart") ;; esac
  helm_at upgrade --install "$name" "${source[@]}" ${version:+--version "$version"} --namespace "$where" --create-namespace --wait --timeout 10m "$@"
}

# indent FILE SPACES: a file's lines, moved to the right.
indent() {
  sed "/./s/^/$(printf '%*s' "$2" '')/" "$1"
}
