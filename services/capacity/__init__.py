"""Each member's employment capacity (ظرفیت اشتغال) of each Jalali year, projected from what the others tell.

Owns no facts and keeps no log: all its rows can be thrown away and derived again.
Hears: auth (MemberEnrolled, MembershipChanged), renewal (RenewalApproved, PolicyAmended), payment (PaymentConfirmed,
ConfirmationWithdrawn).
Answers: get, explain (now and as of an instant), count the units of jobs not yet declared, what if; for managers, who uses
too much and how many use which share; for strangers with a link, roughly what is left; rebuild for admins.

`policy` which tables a year goes by · `counting` what jobs use by them · `domain` from what was heard to the ledger ·
`ledger` one moment's standing, and the lines to the next · `rows` and `views` the tables, and what is asked of them ·
`trying` and `overview` what if, and a province's whole.
`rebuild` reading everything again: `reading` the sources · `filling` the tables `beside` the live ones, in `bulk` ·
`comparing` both · `rebuilds` the record of it.
"""
