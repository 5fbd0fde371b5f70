"""The command line `tamdid`: the roll, the officers, the desk, the payments, the capacity and the logs, from a terminal.

It owns nothing and decides nothing: it asks the services, through the gateway's JSON API or straight at the broker, and shows
what they answer. `main` puts it together · `server` is what it talks to (`http`, `amqp`) · `sessions` is who is signed in ·
`terminal` and `output` are what a person or a program reads.
"""
