#!/usr/bin/env bash
# `enforcer.sh start`, `enforcer.sh stop`: has the NetworkPolicies of the rig enforced. Builds kube-network-policies once, in about 5 minutes.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=$here/../../../.cache/kube-network-policies
version=v0.8.0
# kube-network-policies decides on each packet that the kernel hands it through a queue. It writes the rule for that in nftables,
# where this kernel has no queue; so iptables has it. Not what comes from the node itself: a policy never stops that.
rule=(POSTROUTING -p tcp -m conntrack --ctstate NEW -m addrtype ! --src-type LOCAL -j NFQUEUE --queue-num 98)
node() { nsenter --net=/run/netns/rig iptables -t mangle "$@"; }

build() {
  local module work
  module=$(go mod download -json sigs.k8s.io/kube-network-policies@$version | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
  work=$(mktemp -d)
  # In a folder that may be written: the module's own may not.
  install -m 0644 "$module/go.mod" "$work/enforcer.mod"
  install -m 0644 "$module/go.sum" "$work/enforcer.sum"
  CGO_ENABLED=0 go build -C "$module" -buildvcs=false -p 2 -modfile "$work/enforcer.mod" -o "$program" ./cmd
  rm -r "$work"
}

case $1 in
start)
  [ -x "$program" ] || build
  "${RIG_DIR:-../shared/cluster}/load-image.sh" "$program" dev.local/kube-network-policies:rig
  kubectl apply -f "$here/enforcer.yaml"
  kubectl -n enforcer wait --for=condition=Available --timeout=60s deployment/enforcer
  node -C "${rule[@]}" 2>/dev/null || node -A "${rule[@]}"
  ;;
stop)
  if node -C "${rule[@]}" 2>/dev/null; then node -D "${rule[@]}"; fi
  kubectl delete --ignore-not-found -f "$here/enforcer.yaml"
  ;;
esac
