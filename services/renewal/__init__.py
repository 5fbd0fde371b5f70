"""Renewal: one member's renewal of one Jalali year, the manager's desk (کارتابل), and the office's working hours.

Owns       the request, each version of the declaration and its draft, the manager's decisions, who holds which request,
           internal notes, deputies, the calendar of each province, the approval rule, corrections of the capacity policy.
Publishes  `RenewalRequested`, `DeclarationSubmitted`, `DeclarationRecalled`, `MemberNoteAdded`, `ReviewOpened`, `RenewalReturned`,
           `RenewalRejected`, `RenewalApproved`, `DecisionUndone`, `RenewalExpired`, `RenewalWithdrawn`, `RenewalAssigned`,
           `RenewalReleased`, `ApprovalRuleSwitched`, `CalendarDaySet`, `PolicyAmendmentRequested`, `PolicyAmended`,
           `PolicyAmendmentDeclined`.
Consumes   auth: who is a member, in which province, with which licence; who is erased; who has appointed which officer.
"""
