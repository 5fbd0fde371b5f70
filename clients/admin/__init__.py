"""The command line `tamdid`: members, officers, the desk, payments, capacity and operations from a shell.

It owns no data and decides nothing: it sends commands and queries to the services and prints their answers. `main` registers the
commands · `context` is the state of one run · `arguments` parse what is typed · `output` formats what is printed ·
`transport` is RPC over HTTP or AMQP.
"""
