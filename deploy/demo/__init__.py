"""The demo: one renewal through all six steps, driven from outside over HTTP as browsers and the bank would; `make demo`.

`page` and `browser` what a person uses · `people` who · `steps` what they do · `expected` what must come of it ·
`logs` the events as they are recorded · `telling` how it is printed · `checking` what is held against what was expected.
"""
