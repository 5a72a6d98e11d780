#!/usr/bin/env bash
# `enforcer.sh build|start|stop`: enforces the NetworkPolicies of the test cluster with kube-network-policies. `build` runs once and takes
# about 5 minutes.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=$here/../../../.cache/kube-network-policies
version=v0.8.0
# kube-network-policies decides on packets that the kernel passes to it through a queue. It would set up the queue with nftables, which the
# kernel of the test cluster does not support, so this iptables rule does it. Connections from the node itself are exempt, as policies
# never apply to them.
rule=(POSTROUTING -p tcp -m conntrack --ctstate NEW -m addrtype ! --src-type LOCAL -j NFQUEUE --queue-num 98)
node() { nsenter --net=/run/netns/rig iptables -t mangle "$@"; }

build() {
  local module work
  module=$(go mod download -json sigs.k8s.io/kube-network-policies@$version | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
  work=$(mktemp -d)
  # Copies in a writable folder, because the module cache is read-only.
  install -m 0644 "$module/go.mod" "$work/enforcer.mod"
  install -m 0644 "$module/go.sum" "$work/enforcer.sum"
  CGO_ENABLED=0 go build -C "$module" -buildvcs=false -p 2 -modfile "$work/enforcer.mod" -o "$program" ./cmd
  rm -r "$work"
}

case $1 in
build)
  [ -x "$program" ] || build
  ;;
start)
  "${RIG_DIR:-../shared/cluster}/load-image.sh" "$program" dev.local/kube-network-policies:rig
  kubectl apply -f "$here/enforcer.yaml"
  kubectl -n enforcer wait --for=condition=Available --timeout=60s deployment/enforcer
  node -C "${rule[@]}" 2>/dev/null || node -A "${rule[@]}"
  ;;
stop)
  # Either may be missing after a failed start.
  node -D "${rule[@]}" 2>/dev/null || true
  kubectl delete --ignore-not-found -f "$here/enforcer.yaml"
  ;;
esac
