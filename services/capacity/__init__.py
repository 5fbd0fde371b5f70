"""Each member's employment capacity (ظرفیت اشتغال) of each Jalali year, projected from what the others tell.

Owns no facts and keeps no log: all its rows can be thrown away and derived again.
Hears: auth (MemberEnrolled, MembershipChanged), renewal (RenewalApproved), payment (PaymentConfirmed,
ConfirmationWithdrawn).
Answers: get, explain (now and as of an instant), count the units of jobs not yet declared; rebuild for admins.

`policy` the tables of a year · `counting` what jobs use by them · `domain` from what was heard to the ledger ·
`ledger` one moment's standing, and the lines to the next · `rows` and `views` the tables, and what is asked of them.
`rebuild` reading everything again: `reading` the sources · `filling` the tables `beside` the live ones, in `bulk` ·
`comparing` both · `rebuilds` the record of it.
"""
