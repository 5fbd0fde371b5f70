"""Every word that crosses a boundary: facts, asks, answers and refusals; nothing here imports more than pydantic.

`values` the things spoken of · `events` what has happened · `commands` what is asked for · `questions` what is asked about ·
`answers` what comes back · `refusals` the reasons for a no · `passport` who asks · `envelope` how an event travels.
"""
