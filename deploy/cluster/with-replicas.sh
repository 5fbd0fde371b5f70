#!/usr/bin/env bash
# Starts a RabbitMQ node, and makes anew the members of queues that do not run on it once it has started, as after a disk that was full to the
# last byte: they cannot read their logs any more. What the broker delivers to programs that are connected to this node would get lost with
# them, though the queue has its majority. Only where all other members run: RabbitMQ deletes the log of this one before they have agreed.
# What is then not added at once, RabbitMQ adds by itself (quorum_queue.continuous_membership_reconciliation).
set -uo pipefail

node="rabbit@$HOSTNAME"

dead() { # the queues of which this node's member, and no other, does not run
  rabbitmqctl --quiet list_queues --no-table-headers --vhost tamdid name members online | awk -F '\t' -v node="$node" '
    function has(list, count, one, i) { for (i = 1; i <= count; i++) if (list[i] == one) return 1; return 0 }
    {
      gsub(/[][ ]/, "", $2); gsub(/[][ ]/, "", $3)
      members = split($2, member, ","); running = split($3, online, ",")
      if (has(member, members, node) && !has(online, running, node) && running == members - 1 && running >= 2) print $1
    }' | sort
}

listens() { (exec 3<>/dev/tcp/127.0.0.1/5671) 2>/dev/null; } # what is opened last

renew() {
  local queue
  until listens; do sleep 2; done
  for _ in 1 2 3; do
    sleep 5
    # What was dead twice, a busy node may miss once. From the end of the alphabet: somebody waits for the calls (rpc-).
    comm -12 <(dead) <(sleep 10 && dead) | tac | while read -r queue; do
      dead </dev/null | grep --line-regexp --fixed-strings -- "$queue" >/dev/null || continue
      echo "the member of $queue on $node does not run: it is made anew"
      rabbitmq-queues --quiet delete_member --vhost tamdid "$queue" "$node" </dev/null &&
        rabbitmq-queues --quiet add_member --vhost tamdid "$queue" "$node" </dev/null ||
        echo "the member of $queue on $node could not be made anew"
    done
  done
}

renew &
exec bash /etc/tamdid/with-certificate.sh rabbitmq "$@"
