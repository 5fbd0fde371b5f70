"""Outgoing webhooks: events of renewals sent to programs of others, signed, without personal data, again until they are taken.

`offered` which events · `address_guard` no address inside the network · `posting` one request · `signing` secrets and signatures ·
`queueing` what an event is sent to · `sending` the queues, back-off, disabling · `administering` what admins do · `rpc` their methods.
"""
