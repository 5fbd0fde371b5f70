"""The demo: one renewal through all six steps, driven from outside over HTTP as browsers and the bank would; `make demo`.

`environment` the instance it runs on · `users` the member and the officers · `page` and `browser` a browser without scripts · `steps` what
each user does · `bank_faults` failures at the bank · `expected` the figures worked out by hand · `event_logs` the events as they are
recorded · `checks` the outcome compared with the expected one · `report` the output.
"""
