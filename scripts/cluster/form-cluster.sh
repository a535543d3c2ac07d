#!/bin/sh
# Makes one Redis Cluster of the nodes named, none of them a replica. Doing it again does no harm, and puts a cluster
# together again whose nodes have come back with other addresses.
#
#   form-cluster.sh redis-1:6379 redis-2:6379 redis-3:6379     (host:port, or host:port@bus-port)
set -eu

SLOTS=16384
PATIENCE_S=30

host() { echo "${1%%:*}"; }
port() { rest=${1#*:}; echo "${rest%%@*}"; }
bus() { case $1 in *@*) echo "${1##*@}" ;; *) echo $(($(port "$1") + 10000)) ;; esac }
ask() { node=$1; shift; redis-cli -h "$(host "$node")" -p "$(port "$node")" "$@"; }
# Nodes are introduced to each other by address; Redis looks up no names.
address() {
  case $(host "$1") in
    *[!0-9.]*) getent ahostsv4 "$(host "$1")" | awk 'NR == 1 { print $1 }' ;;
    *) host "$1" ;;
  esac
}

first=$1
if [ "$(ask "$first" cluster info | tr -d '\r' | sed -n 's/^cluster_slots_assigned://p')" = 0 ]; then
  i=0
  for node in "$@"; do
    ask "$node" cluster set-config-epoch $((i + 1)) >/dev/null
    ask "$node" cluster addslotsrange $((i * SLOTS / $#)) $(((i + 1) * SLOTS / $# - 1)) >/dev/null
    i=$((i + 1))
  done
fi
for node in "$@"; do
  for other in "$@"; do
    [ "$node" = "$other" ] || ask "$node" cluster meet "$(address "$other")" "$(port "$other")" "$(bus "$other")" >/dev/null
  done
done

left=$((PATIENCE_S * 5))
for node in "$@"; do
  until ask "$node" cluster info | tr -d '\r' | grep -qx cluster_state:ok &&
    [ "$(ask "$node" cluster nodes | grep -c ' connected')" = $# ]; do
    left=$((left - 1))
    if [ $left -le 0 ]; then
      echo "No cluster after $PATIENCE_S s; $node says:" >&2
      ask "$node" cluster nodes >&2
      exit 1
    fi
    sleep 0.2
  done
done
