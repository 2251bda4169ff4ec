#!/bin/sh
# Installs k3s and the Spin shim on this host, or brings them to another version. Safe to repeat. Run as root with the
# variables that main.tf sets; the join token, where one is needed, lies in /etc/rancher/k3s/join-token.
set -eu

fail() {
  echo "install: $1" >&2
  exit 1
}

# fetch URL FILE SHA256
fetch() {
  curl -fsSL --retry 3 --proto '=https' -o "$2" "$1" || fail "cannot download $1"
  echo "$3  $2" | sha256sum -c - >/dev/null || fail "$1 does not have the checksum $3"
}

[ "$(id -u)" -eq 0 ] || fail "run as root"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

case $(uname -m) in
  x86_64) arch=x86_64 sum=$SHIM_SHA_X86_64 ;;
  aarch64) arch=aarch64 sum=$SHIM_SHA_AARCH64 ;;
  *) fail "there is no shim for $(uname -m)" ;;
esac

# The shim first: k3s looks for it when it starts.
if [ "$(cat /etc/souk-shim 2>/dev/null || true)" != "$SHIM_VERSION" ]; then
  fetch "https://github.com/spinframework/containerd-shim-spin/releases/download/$SHIM_VERSION/containerd-shim-spin-v2-linux-$arch.tar.gz" \
    "$work/shim.tar.gz" "$sum"
  tar -xzf "$work/shim.tar.gz" -C "$work" containerd-shim-spin-v2
  install -m 0755 "$work/containerd-shim-spin-v2" /usr/local/bin/containerd-shim-spin-v2
  shim_changed=yes
fi

mkdir -p /etc/rancher/k3s
umask 077
{
  echo "node-name: \"$NODE_NAME\""
  if [ -n "$NODE_LABELS" ]; then
    echo "node-label:"
    echo "$NODE_LABELS" | tr ',' '\n' | sed 's/.*/  - "&"/'
  fi
  if [ -n "$SERVER_URL" ]; then
    echo "server: \"$SERVER_URL\""
    echo "token-file: /etc/rancher/k3s/join-token"
  fi
  if [ "$ROLE" != agent ]; then
    # The gateway is APISIX. Secrets are encrypted in etcd, and only root reads the kubeconfig.
    echo "disable: [traefik]"
    echo "secrets-encryption: true"
    echo 'write-kubeconfig-mode: "0600"'
    # Between nodes everything is encrypted: services speak to their databases without TLS (docs/deploy.md).
    echo "flannel-backend: wireguard-native"
    [ "$ROLE" != first-server ] || echo "cluster-init: true"
    if [ -n "$TLS_SANS" ]; then
      echo "tls-san:"
      echo "$TLS_SANS" | tr ',' '\n' | sed 's/.*/  - "&"/'
    fi
  fi
} >/etc/rancher/k3s/config.yaml
umask 022

unit=k3s
command=server
if [ "$ROLE" = agent ]; then
  unit=k3s-agent
  command=agent
fi

tag=$(echo "$K3S_VERSION" | sed 's/+/%2B/')
fetch "https://raw.githubusercontent.com/k3s-io/k3s/$tag/install.sh" "$work/install.sh" "$K3S_INSTALLER_SHA"
INSTALL_K3S_VERSION=$K3S_VERSION INSTALL_K3S_EXEC=$command INSTALL_K3S_SKIP_START=true sh "$work/install.sh"
systemctl enable "$unit" >/dev/null
systemctl restart "$unit"

# Noted last: what was interrupted is done again.
[ "${shim_changed:-no}" = no ] || echo "$SHIM_VERSION" >/etc/souk-shim

if [ "$ROLE" != agent ]; then
  for _ in $(seq 120); do
    k3s kubectl get --raw /readyz >/dev/null 2>&1 && exit 0
    sleep 2
  done
  fail "the API server is not ready after 4 minutes: journalctl -u $unit"
fi
