#!/usr/bin/env bash
# Starts a RabbitMQ node, and makes anew the members of queues that do not run on it once it has started, as after a disk that was full to the
# last byte: they cannot read their logs any more. What the broker delivers to programs that are connected to this node would get lost with
# them, though the queue has its majority; that majority has all of their messages.
set -uo pipefail

renew() {
  local node="rabbit@$HOSTNAME" queue
  rabbitmqctl --quiet await_startup --timeout 600 || return
  sleep 10
  rabbitmqctl --quiet list_queues --no-table-headers --vhost tamdid name members online |
    awk -F '\t' -v node="$node" 'index($2, node) && !index($3, node) { print $1 }' |
    while read -r queue; do
      echo "the member of $queue on $node does not run: it is made anew"
      rabbitmq-queues --quiet delete_member --vhost tamdid "$queue" "$node" </dev/null &&
        rabbitmq-queues --quiet add_member --vhost tamdid "$queue" "$node" </dev/null
    done
}

renew &
exec bash /etc/tamdid/with-certificate.sh rabbitmq "$@"
