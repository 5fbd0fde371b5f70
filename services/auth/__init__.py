"""Who is a member, who is an officer, who is asking.

Owns the roll, the officers, passwords, sessions and security phrases.
Tells `MemberEnrolled`, `MembershipChanged`, `MemberRemoved`, `OfficerAppointed`, `OfficerDismissed`, `PasswordChanged`.
Hears nobody.
"""
