"""Each member's employment capacity (ظرفیت اشتغال) of each Jalali year, projected from the events of the other services.

Owns no facts: all its rows but the recorded policies can be dropped and derived again. Its log says what they came to.
Publishes: CapacityGranted, CapacityNearlyUsed, CapacityFreed.
Consumes: auth (MemberEnrolled, MembershipChanged, MemberErased), renewal (RenewalApproved, PolicyAmended), payment (PaymentConfirmed,
ConfirmationWithdrawn).
Answers: a member's capacity and its ledger (now and as of an instant), the units of jobs not yet declared, what if; for
managers, who uses too much and how many members use which share; for strangers with a link, roughly what is left; for
admins, the rebuild of its projections.

`ledger` the pure rules and the fold from events to lines · `grants` what of it others follow · `policies` the tables a year goes by · `tables` all rows ·
`projection` the projector and the queries of its rows.
"""
