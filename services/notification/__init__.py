"""The notification service: what is told to whom about the facts of the other services, by which way, and whether it arrived.

Owns       notices (the inbox), the messages sent of them, a person's addresses and choices, reminders.
Publishes  `NoticeDue`, `NoticeSent`, `NoticeDelivered`, `NoticeFailed`, `NoticePassed`, `NoticeRead`, `ResendRequested`,
           `AddressProved`, `AddressStopped`; nobody follows them.
Consumes   auth, renewal and payment: what `notices/kinds.py` makes a notice of, and what `followed.py` needs for texts and reminders.

`notices` which fact is told to whom, once · `delivery` by which way, and what became of it · `providers` SMS and e-mail ·
`webhooks` events sent to programs of others · `addresses` proved numbers and mailboxes · `templates` the texts · `reminders` what is due without an event.
"""
