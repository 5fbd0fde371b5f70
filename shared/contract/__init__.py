"""Everything that crosses a boundary: a folder an owner with its events, commands, queries and answers, over what they share.

`base` what every message is · `values` the types of fields · `bounds` and `numbers` their limits and grammar · `refusals` the reasons for
a refusal · `passport` who calls · `envelope` how an event travels · `catalogue` all of it by name. Nothing here imports more than pydantic.
"""
