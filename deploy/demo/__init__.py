"""The demo: one renewal through all six steps, driven from outside over HTTP as browsers and the bank would; `make demo`.

`place` where it takes place · `people` who takes part · `page` and `browser` what a person uses · `steps` what each does ·
`faults` what may go wrong at the bank · `expected` what must come of it · `logs` the events as they are recorded ·
`checking` what came held against what must come · `telling` how it is printed.
"""
